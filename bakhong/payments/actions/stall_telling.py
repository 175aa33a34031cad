"""Telling the seller and the commune that something about a stall's code or account is not as it was."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid5

from bakhong.accounts.models import Assignment
from bakhong.accounts.permissions import live
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.numbers import format_day
from bakhong.messaging.actions.sending import Recipient, send
from bakhong.payments.models import Stall
from bakhong.payments.queries.stalls import commune_of, contact_before, place_words
from bakhong.people.models import Person
from bakhong.people.queries.doubles import who_they_are
from bakhong.people.scope import admitting
from bakhong.places.models import Unit


def tell_seller(*, stall: Stall, template: str, key: UUID, by: Actor, at: datetime) -> None:
    """On their page where the roll knows them; somebody of the commune calls where no letter goes."""
    to = Recipient(
        person_uuid=_owner(stall),
        holder_uuid=stall.uuid,
        phone=stall.phone,
        name=stall.owner_name,
    )
    _send(to, stall.village, place_words(stall), ("stall", stall.uuid), template, key, by, at)


def tell_before(*, stall: Stall, template: str, key: UUID, by: Actor, at: datetime) -> None:
    """The number that stood in the register until less than a month ago, whoever answers there now."""
    before = contact_before(stall, at)
    if before is None or not before.phone:
        return
    to = Recipient(holder_uuid=stall.uuid, phone=before.phone, name=before.owner_name)
    where = place_words(stall)
    _send(to, stall.village, where, ("stall", stall.uuid), template, uuid5(key, "before"), by, at)


def _owner(stall: Stall) -> UUID | None:
    """Who the owner is: the record that is kept, where theirs was merged."""
    owner = stall.organisation.owner_id
    if owner is None:
        return None
    found: UUID | None = (
        Person.objects.filter(pk=who_they_are([owner])[owner]).values_list("uuid", flat=True).first()
    )
    return found


def tell_staff(
    *,
    village: Unit,
    where: str,
    about: tuple[str, UUID],
    permissions: Collection[str],
    template: str,
    key: UUID,
    by: Actor,
    at: datetime,
) -> None:
    """Everybody of the commune who holds one of the permissions there."""
    roles = [code for code, role in ROLES.items() if role.permissions & set(permissions)]
    commune = commune_of(village, day_of(at))
    rows = Assignment.objects.filter(live(day_of(at)), role__in=roles, place=commune, user__is_active=True)
    for user in {row.user for row in rows.select_related("user")}:
        to = Recipient(actor_id=f"staff:{user.uuid}", email=user.email or "", name=str(user))
        _send(to, commune, where, about, template, key, by, at)


def _send(
    to: Recipient,
    village: Unit,
    where: str,
    about: tuple[str, UUID],
    template: str,
    key: UUID,
    by: Actor,
    at: datetime,
) -> None:
    """Under a key made of the deed's: told once, however often this runs."""
    commune = commune_of(village, day_of(at))
    with admitting(commune.pk):  # the message is the commune's; whoever scans may see one village only
        send(
            key=uuid5(key, f"{template}:{to.actor_id}"),
            template=template,
            to=to,
            values={"code": where, "day": format_day(day_of(at))},
            about=about,
            unit=commune,
            by=by,
            at=at,
        )
