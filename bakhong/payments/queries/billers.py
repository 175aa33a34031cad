"""Who collects in a commune, into which account, and who works for them."""

from datetime import date

from django.db.models import Q, QuerySet

from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.core.actor import Actor, Operator
from bakhong.payments.models import AccountState, BankAccount, Biller, BillerMember, Charge
from bakhong.payments.permissions import MANAGE, may_confirm_account
from bakhong.places.models import Unit


def account_for(biller: Biller, service: str) -> BankAccount | None:
    """Where this is paid into today: the account kept for the service, else the one for all."""
    open_ones = list(biller.accounts.in_use().order_by("pk"))
    own = [each for each in open_ones if service in each.services]
    return next(iter(own or [each for each in open_ones if not each.services]), None)


def account_of(charge: Charge) -> BankAccount | None:
    """Where the charge is paid into now: the account it was made with, while that is open; else its biller's of today for the service."""
    if charge.account is not None and charge.account.closed_on is None:
        return charge.account
    return account_for(charge.biller, charge.service)


def waiting_accounts(actor: Actor, unit: Unit) -> list[BankAccount]:
    """Accounts of the commune's billers that wait for a second person, where the actor may be that one."""
    rows = BankAccount.objects.filter(biller__unit=unit, state=AccountState.ASKED, closed_on=None)
    asked = rows.exclude(made_by=actor.id).select_related("biller").order_by("made_at", "pk")
    return [each for each in asked if may_confirm_account(each.biller, by=actor)]


def billers_of(unit: Unit, on: date) -> QuerySet[Biller]:
    """Who collects in the commune on the day, the commune itself first."""
    live = Q(valid_to=None) | Q(valid_to__gt=on)
    return Biller.objects.filter(live, unit__in=covered_ids([unit.pk], on)).order_by("kind", "name")


def managed_by(actor: Actor, unit: Unit, on: date) -> QuerySet[Biller]:
    """What the actor may set up there: also billers they do not work for, whose money they do not see."""
    if isinstance(actor, Operator) or (isinstance(actor, StaffActor) and actor.may(MANAGE, unit.pk)):
        return billers_of(unit, on)
    return Biller.objects.none()


def members_of(biller: Biller, on: date) -> QuerySet[BillerMember]:
    """Who works for it on the day or later."""
    return biller.members.filter(Q(valid_to=None) | Q(valid_to__gt=on)).order_by("duty", "label")
