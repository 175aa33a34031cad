"""Reads about staff and the roster."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from bakhong.accounts.models import Assignment, Certificate, Invitation, Official, User
from bakhong.accounts.permissions import StaffActor, covered_ids, covering_ids, live
from bakhong.accounts.rules.certificates import is_named, plain_serial
from bakhong.accounts.rules.positions import CHAIR, Seat, seat
from bakhong.accounts.rules.tokens import hash_of
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound
from bakhong.core.text import identity_key
from bakhong.places.models import Unit

EXPIRES_SOON = timedelta(days=60)


# --- who may what ----------------------------------------------------------------------------------------------------


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def places_where(user: User, permission: str, on: date) -> QuerySet[Unit]:
    """The places at which the user holds a role with the permission; what lies below them is not listed."""
    return Unit.objects.filter(pk__in=StaffActor(user, on).places_where(permission))


def visible_units(user: User, on: date, permission: str = "figures.view") -> QuerySet[Unit]:
    """Every unit, former ones of the area included, for which the user holds the permission on the day."""
    places = StaffActor(user, on).places_where(permission)
    return Unit.objects.filter(pk__in=covered_ids(places, on) if places else ())


def may_manage(by: Actor, user: User, on: date) -> bool:
    """True when `by` could have given every role the user holds (or, without any now, ever held)."""
    held = list(user.assignments.filter(live(on))) or list(user.assignments.all())
    if not held:
        return by.may("accounts.grant_system_admin")
    return all(
        by.may("accounts.manage", each.place_id) and by.may(f"accounts.grant_{each.role}", each.place_id)
        for each in held
    )


# --- people ----------------------------------------------------------------------------------------------------------


def user_by_email(email: str) -> User:
    """Raises: NotFound."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise NotFound(_("Không có tài khoản nào dùng e-mail “%(email)s”.") % {"email": email[:80]})
    return user


def actor_by_email(email: str, *, at: datetime) -> StaffActor:
    """The member of staff in whose name a command runs.

    Raises: NotFound.
    """
    return StaffActor(user_by_email(email), day_of(at))


def open_invitation(token: str, at: datetime) -> Invitation | None:
    """The invitation of a link that still works. A card is none: it sets a PIN, never a passphrase."""
    return _still_open(at).filter(token_hash=hash_of(token), user__phone=None).first()


def open_card(code: str, at: datetime) -> Invitation | None:
    """The card whose printed code still works."""
    return _still_open(at).filter(token_hash=hash_of(code), user__phone__isnull=False).first()


def _still_open(at: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, expires_at__gt=at, user__is_active=True).select_related(
        "user"
    )


def assignments_at(unit: Unit, on: date) -> QuerySet[Assignment]:
    """Roles in force at the unit or below it, from the unit down, people by name."""
    return (
        Assignment.objects.filter(live(on), place_id__in=covered_ids([unit.pk], on))
        .select_related("user", "place")
        .order_by("place__level", "place__sort_key", "user__name", "pk")
    )


def labels_of(actor_ids: set[str]) -> dict[str, str]:
    """{actor id: name} for the staff among these actors."""
    uuids = [actor.removeprefix("staff:") for actor in actor_ids if actor.startswith("staff:")]
    return {f"staff:{user.uuid}": str(user) for user in User.objects.filter(uuid__in=uuids)}


# --- roster ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """An official on a day with the certificate that lasts longest among those that work on it (None: none works)."""

    official: Official
    certificate: Certificate | None
    is_expiring: bool
    has_lapsed: bool  # had one once, none works now


@dataclass(frozen=True)
class Roster:
    """The headcount of a unit and all below it on a day: the denominator of criteria G1 and G2, and the numerator of G2."""

    on: date
    entries: tuple[Entry, ...]

    @property
    def headcount(self) -> int:
        return len(self.entries)

    @property
    def certified(self) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if each.certificate)

    @property
    def expiring(self) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if each.is_expiring)

    @property
    def uncertified(self) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if not each.certificate)


def roster_on(unit: Unit, on: date) -> Roster:
    """Who was on the roster of the unit or of a unit below it on the day, with the state of their certificates."""
    officials = (
        Official.objects.filter(live(on), unit_id__in=covered_ids([unit.pk], on))
        .select_related("unit", "user")
        .prefetch_related(Prefetch("certificates", Certificate.objects.order_by("valid_to")))
        .order_by("unit__level", "unit__sort_key", "name", "pk")
    )
    return Roster(on, tuple(_entry(official, on) for official in officials))


def _entry(official: Official, on: date) -> Entry:
    certificates = list(official.certificates.all())
    working = [each for each in certificates if _works(each, on)]
    best = working[-1] if working else None
    return Entry(
        official=official,
        certificate=best,
        is_expiring=best is not None and best.valid_to <= on + EXPIRES_SOON,
        has_lapsed=best is None and any(each.valid_from <= on for each in certificates),
    )


def seat_of(actor: Actor, unit: Unit, on: date) -> Seat:
    """Under which words this actor signs for the unit on the day: as the roster has them, else by their role."""
    if not isinstance(actor, StaffActor):
        return Seat(actor.label, CHAIR)
    above = covering_ids(unit.pk, on)
    official = (
        Official.objects.filter(live(on), user=actor.user, unit_id__in=above)
        .order_by("-unit__level", "pk")
        .first()
    )
    roles = {role for role, place in actor.held if place in above}
    return seat(official.name if official else actor.label, official.position if official else "", roles)


def may_sign_with(actor: Actor, named: str, serial: str, issuer: str, certified: str, on: date) -> bool:
    """Whether a certificate is of the person whom a paper names: it bears their name, or the roster says that it is theirs."""
    if is_named(named, certified):
        return True
    official = official_of_certificate(serial, issuer, certified, on)
    return official is not None and official.user is not None and f"staff:{official.user.uuid}" == actor.id


def official_of_certificate(serial: str, issuer: str, name: str, on: date) -> Official | None:
    """Whose certificate of the roster this is on a day. The number alone is not enough, two authorities may give the same one: the
    authority or the person's name must agree too, both of which people type in their own way."""
    wanted = plain_serial(serial)
    working = Certificate.objects.filter(valid_from__lte=on, valid_to__gt=on).select_related("official")
    for each in working if wanted else ():
        is_theirs = is_named(each.official.name, name) or identity_key(each.issuer) == identity_key(issuer)
        if plain_serial(each.serial) == wanted and is_theirs and _works(each, on):
            return each.official
    return None


def _works(certificate: Certificate, on: date) -> bool:
    is_revoked = certificate.revoked_on is not None and certificate.revoked_on <= on
    return certificate.valid_from <= on < certificate.valid_to and not is_revoked
