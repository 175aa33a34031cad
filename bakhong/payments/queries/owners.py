"""Whose task it is when nobody has taken it, and who is told where something about a biller's money is odd."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor, covering_ids, live
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.actor import OPERATOR
from bakhong.core.text import name_key
from bakhong.payments.models import Biller, BillerKind, BillerMember, Duty
from bakhong.payments.permissions import APPROVE, MANAGE, OF_THE_COMMUNE, RECONCILE, billers_for

_STAFF = "staff:"


@dataclass(frozen=True)
class Owner:
    """An actor's id, the name people know them by, and where mail reaches them."""

    id: str
    label: str
    email: str = ""


NOBODY = Owner(OPERATOR.id, OPERATOR.label)  # of the staff: whoever runs the program


def owner_of(biller: Biller, on: date) -> Owner:
    """The biller's accountant on the day, else who reconciles for the commune (of its own money), else the operator: never nobody.

    Whoever cannot do it any more (left, disabled, another role) is passed over.
    """
    users = _accountants(biller, on)
    if biller.kind == BillerKind.COMMUNE:
        users += _at(biller, on, RECONCILE)
    found = next((each for each in users if may_reconcile(each, biller, on)), None)
    return _owner(found) if found else NOBODY


def told_of(biller: Biller, on: date) -> list[Owner]:
    """Who is told of what is odd: whose task it is; where that is nobody of the staff, who manages billers there, else the chair."""
    owner = owner_of(biller, on)
    if owner != NOBODY:
        return [owner]
    above = _at(biller, on, MANAGE) or _at(biller, on, APPROVE, OF_THE_COMMUNE)
    return [_owner(each) for each in above] or [NOBODY]


def watchers_of(biller: Biller, on: date) -> list[Owner]:
    """Who is told of a new account of the biller: who sets up there, the chair, and who keeps the biller's books."""
    above = _at(biller, on, MANAGE) + _at(biller, on, APPROVE, OF_THE_COMMUNE)
    return [_owner(each) for each in _once([*above, *_accountants(biller, on)])]


def possible_owners(biller: Biller, on: date) -> list[User]:
    """Who may be given an item: those who reconcile for the biller on the day, by name."""
    users = [each for each in _at(biller, on, RECONCILE) if may_reconcile(each, biller, on)]
    return sorted(users, key=lambda user: name_key(str(user)))


def may_reconcile(user: User, biller: Biller, on: date) -> bool:
    return billers_for(StaffActor(user, on), RECONCILE).filter(pk=biller.pk).exists()


def user_of(actor_id: str) -> User | None:
    """The member of staff of an actor's id; None for any other actor, and who is gone."""
    if not actor_id.startswith(_STAFF):
        return None
    return User.objects.filter(uuid=UUID(actor_id.removeprefix(_STAFF)), is_active=True).first()


def _accountants(biller: Biller, on: date) -> list[User]:
    """Those of the biller's members, the first one given first."""
    rows = BillerMember.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), biller=biller, duty=Duty.ACCOUNTANT, valid_from__lte=on
    )
    found = (user_of(each) for each in rows.order_by("pk").values_list("staff", flat=True))
    return [each for each in found if each is not None]


def _at(biller: Biller, on: date, *permissions: str) -> list[User]:
    """Who holds these by one role at the biller's commune; those of the commune itself before those above it."""
    roles = [code for code, role in ROLES.items() if role.permissions >= set(permissions)]
    rows = Assignment.objects.filter(
        live(on), role__in=roles, place__in=covering_ids(biller.unit_id, on), user__is_active=True
    )
    held = sorted(rows.select_related("user"), key=lambda each: (each.place_id != biller.unit_id, each.pk))
    return _once(each.user for each in held)


def _once(users: Iterable[User]) -> list[User]:
    return list({each.pk: each for each in users}.values())


def _owner(user: User) -> Owner:
    return Owner(f"{_STAFF}{user.uuid}", str(user), user.email or "")
