"""What may be collected in cash: at the desk by whoever comes, in the villages by who goes round, and who holds how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.core.text import squeeze
from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    Biller,
    CashPayment,
    Charge,
    ChargeState,
    Deposit,
    Duty,
    HandOver,
    LedgerAccount,
)
from bakhong.payments.permissions import COLLECT, billers_for, memberships
from bakhong.payments.queries.ledger import balance, find_account
from bakhong.payments.rules.references import find_references
from bakhong.places.models import Unit

MOST = 60


@dataclass(frozen=True)
class Round:
    """Whose money somebody collects, and where; no villages: everywhere."""

    biller: Biller
    villages: frozenset[int]


@dataclass(frozen=True)
class Holder:
    """Cash that a collector holds for a biller, in đồng."""

    biller: Biller
    collector: str
    label: str
    held: int


def billers_at(actor: Actor, unit: Unit) -> QuerySet[Biller]:
    """For whom the actor may take cash in this commune."""
    return billers_for(actor, COLLECT).filter(unit=unit, keeps_ledger=True, valid_to=None)


def charge_at(actor: Actor, unit: Unit, uuid: UUID) -> Charge | None:
    """One of them, whatever its state; None where it is somebody else's."""
    return _charges(billers_at(actor, unit)).filter(uuid=uuid).first()


def found_at_desk(actor: Actor, unit: Unit, text: str, *, about: Sequence[UUID] = ()) -> list[Charge]:
    """By the code of its paper, what it is `about` (a dossier found by its own code), the customer's code, telephone or name.

    What was paid or withdrawn is found by its code alone, so that the page can say so.
    """
    said = squeeze(text.replace("\0", ""))[:120]
    if not said:
        return []
    rows = _charges(billers_at(actor, unit))
    references = find_references(said)
    if references or about:
        return list(rows.filter(Q(reference__in=references) | Q(about__in=list(about)))[:MOST])
    match = Q(customer_code__iexact=said) | Q(payer_phone=said) | Q(payer_name__icontains=said)
    return list(rows.filter(match, state=ChargeState.OPEN).order_by("payer_name", "due_on", "pk")[:MOST])


def rounds_of(actor: Actor, unit: Unit, on: date) -> list[Round]:
    """Where the actor goes from house to house; for who is no collector of anybody, all whose money they may take, everywhere."""
    billers = {each.pk: each for each in billers_at(actor, unit)}
    mine = memberships(actor, on).filter(biller__in=billers, duty=Duty.COLLECTOR)
    rounds = [Round(billers[each.biller_id], frozenset(each.villages)) for each in mine]
    return rounds or [Round(each, frozenset()) for each in billers.values()]


def open_on(rounds: Sequence[Round], text: str = "") -> list[Charge]:
    """What is still to be paid there, house by house; at most `MOST`: the name finds the rest."""
    where = Q(pk__in=[])
    for each in rounds:
        here = Q(village__in=each.villages) | Q(village=each.biller.unit_id) if each.villages else Q()
        where |= Q(biller=each.biller) & here
    rows = _charges(None).filter(where, state=ChargeState.OPEN)
    said = squeeze(text.replace("\0", ""))[:120]
    if said:
        references = find_references(said)
        rows = rows.filter(Q(reference__in=references) if references else Q(payer_name__icontains=said))
    return list(rows.order_by("village__name", "payer_name", "pk")[:MOST])


def taken_on(billers: Sequence[Biller], collector: str, on: date) -> tuple[int, int]:
    """(how many sums, how much in đồng) a collector took on a day; what was taken back is left out."""
    rows = CashPayment.objects.filter(
        biller__in=[each.pk for each in billers],
        collector=collector,
        at__gte=datetime.combine(on, time.min, VIET_NAM),
        settlements__taken_back=None,
    )
    told = rows.aggregate(count=Count("pk"), sum=Sum("amount"))
    return int(told["count"] or 0), int(told["sum"] or 0)


def holders_at(actor: Actor, unit: Unit) -> list[Holder]:
    """Every collector who holds cash, the most first."""
    rows = LedgerAccount.objects.filter(
        biller__in=billers_at(actor, unit), kind=AccountKind.COLLECTOR
    ).select_related("biller")
    found = [Holder(each.biller, each.collector, each.label, balance(each)) for each in rows]
    return sorted((each for each in found if each.held), key=lambda each: -each.held)


def hand_overs_at(actor: Actor, unit: Unit, most: int = 20) -> list[HandOver]:
    """The last ones."""
    rows = HandOver.objects.filter(biller__in=billers_at(actor, unit)).select_related("biller")
    return list(rows.order_by("-pk")[:most])


def desk_cash(biller: Biller) -> int:
    """What lies at the desk by the books, in đồng."""
    found = find_account(biller, AccountKind.CASH)
    return balance(found) if found is not None else 0


def open_accounts(biller: Biller) -> list[BankAccount]:
    return list(BankAccount.objects.in_use().filter(biller=biller).order_by("pk"))


def deposits_under_way(billers: Sequence[Biller]) -> list[Deposit]:
    """Cash brought to the bank of which the bank has not told yet, the oldest first."""
    rows = Deposit.objects.filter(biller__in=[each.pk for each in billers], line=None, undone_at=None)
    return list(rows.select_related("biller", "account").order_by("pk"))


def _charges(billers: QuerySet[Biller] | None) -> QuerySet[Charge]:
    rows = Charge.objects.select_related("biller", "account", "village", "biller__unit").order_by("-pk")
    return rows if billers is None else rows.filter(biller__in=billers)
