"""Whose task it is when nobody has taken it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from bakhong.accounts.models import Assignment
from bakhong.accounts.permissions import covering_ids, live
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.actor import OPERATOR
from bakhong.payments.models import Biller, BillerKind, BillerMember, Duty
from bakhong.payments.permissions import RECONCILE


@dataclass(frozen=True)
class Owner:
    """An actor's id, and the name people know them by."""

    id: str
    label: str


def owner_of(biller: Biller, on: date) -> Owner:
    """The biller's accountant on the day, else who reconciles for the commune (of its own money), else the operator: never nobody."""
    rows = BillerMember.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), biller=biller, duty=Duty.ACCOUNTANT, valid_from__lte=on
    )
    member = rows.order_by("pk").first()
    if member is not None:
        return Owner(member.staff, member.label)
    return (_of_the_commune(biller, on) if biller.kind == BillerKind.COMMUNE else None) or Owner(
        OPERATOR.id, OPERATOR.label
    )


def _of_the_commune(biller: Biller, on: date) -> Owner | None:
    roles = [code for code, role in ROLES.items() if RECONCILE in role.permissions]
    rows = Assignment.objects.filter(
        live(on), role__in=roles, place__in=covering_ids(biller.unit_id, on), user__is_active=True
    )
    found = sorted(rows.select_related("user"), key=lambda each: (each.place_id != biller.unit_id, each.pk))
    return Owner(f"staff:{found[0].user.uuid}", str(found[0].user)) if found else None
