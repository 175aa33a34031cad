"""Who may do what with whose money.

A permission is held at the biller's commune. What is the commune's own (`BillerKind.COMMUNE`) is for everybody of the commune's
staff who holds it there; of another biller, and of the commune's for a market board's accountant, only its members (`BillerMember`),
so that a market board's lines are not read by the neighbour's cooperative.
"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import NotAllowed
from bakhong.payments.models import Biller, BillerKind, BillerMember
from bakhong.places.models import Unit

VIEW = "payments.view"
CHARGE = "payments.charge"
COLLECT = "payments.collect"
RECONCILE = "payments.reconcile"
REFUND = "payments.refund"
APPROVE = "payments.approve"
MANAGE = "payments.manage"
OF_THE_COMMUNE = "figures.view"  # the commune's own staff hold it, a market board's accountant does not


def memberships(actor: Actor, on: date) -> QuerySet[BillerMember]:
    """Whom this actor works for on the day."""
    return BillerMember.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), staff=actor.id, valid_from__lte=on
    )


def billers_for(actor: Actor, permission: str) -> QuerySet[Biller]:
    """The billers with whose money the actor may do this. None for residents: theirs is reached by a code or their own record."""
    if isinstance(actor, Operator):
        return Biller.objects.all()
    if not isinstance(actor, StaffActor):
        return Biller.objects.none()
    units = covered_ids(actor.places_where(permission), actor.on)
    own = covered_ids(actor.places_where(OF_THE_COMMUNE), actor.on) & units
    mine = memberships(actor, actor.on).values("biller")
    return Biller.objects.filter(Q(kind=BillerKind.COMMUNE, unit__in=own) | Q(pk__in=mine), unit__in=units)


def require(permission: str, biller: Biller, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not isinstance(by, Operator) and not billers_for(by, permission).filter(pk=biller.pk).exists():
        raise NotAllowed(_("Bạn không có quyền làm việc này với tiền của đơn vị thu này."))


def require_setup(unit: Unit, *, by: Actor) -> None:
    """Who sets up billers of a commune need not work for them, and sees none of their money by it. Raises: NotAllowed."""
    if not isinstance(by, Operator) and not by.may(MANAGE, unit.pk):
        raise NotAllowed(_("Bạn không có quyền cài đặt đơn vị thu ở xã này."))


def may_confirm_account(biller: Biller, *, by: Actor) -> bool:
    """Who may be the second person of an account of the biller: who sets up there, the chair, and whoever approves for the biller."""
    if isinstance(by, Operator):
        return True
    if not isinstance(by, StaffActor):
        return False
    if by.may(MANAGE, biller.unit_id):
        return True
    is_theirs = (
        by.may(OF_THE_COMMUNE, biller.unit_id) or memberships(by, by.on).filter(biller=biller).exists()
    )
    return by.may(APPROVE, biller.unit_id) and is_theirs


# --- providers: they keep books of their own, the commune keeps what their lists say -----------------------------------


def providers_for(actor: Actor, permission: str) -> QuerySet[Biller]:
    """The billers without a ledger here whose lists the actor may read (or take in): the commune's staff, and their members."""
    providers = Biller.objects.filter(keeps_ledger=False)
    if isinstance(actor, Operator):
        return providers
    if not isinstance(actor, StaffActor):
        return providers.none()
    units = covered_ids(actor.places_where(permission), actor.on)
    own = covered_ids(actor.places_where(OF_THE_COMMUNE), actor.on) & units
    mine = memberships(actor, actor.on).values("biller")
    return providers.filter(Q(unit__in=own) | Q(unit__in=units, pk__in=mine))


def require_provider(permission: str, biller: Biller, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not providers_for(by, permission).filter(pk=biller.pk).exists():
        raise NotAllowed(_("Bạn không có quyền làm việc này với danh sách của đơn vị này."))


# --- stalls: they hang on a village, and are no biller's ----------------------------------------------------------------

SEE_STALLS = "stalls.view"
KEEP_STALLS = "stalls.manage"
CHECK_STALLS = "stalls.check"


def stall_area(actor: Actor, permission: str) -> frozenset[int] | None:
    """The units whose stalls the actor may see (keep, check); None: everywhere (the operator)."""
    if isinstance(actor, Operator):
        return None
    if not isinstance(actor, StaffActor):
        return frozenset()
    return covered_ids(actor.places_where(permission), actor.on)


def require_stalls(permission: str, place_id: int, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not by.may(permission, place_id):
        raise NotAllowed(_("Bạn không có quyền làm việc này với điểm bán ở đây."))
