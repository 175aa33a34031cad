"""A charge as whoever holds its code sees it: what to pay, into which account, what the bank has said so far, and what happens next.

The code of a charge (60 random bits) lies on a paper; nothing else about the payer is shown than their name and what it is for.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Sum

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.payments.models import (
    BankAccount,
    Charge,
    ChargeState,
    Feed,
    Helper,
    Receipt,
    Refund,
    RefundState,
    SuspenseItem,
    SuspenseReason,
)
from bakhong.payments.queries.billers import account_of
from bakhong.payments.queries.charges import charge_by_reference, helper_of
from bakhong.payments.queries.overview import word_of_feed
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.vietqr import encode
from bakhong.payments.sealed import CannotOpen, unseal
from bakhong.people import scope
from bakhong.people.models import Organisation, Person
from bakhong.people.queries.doubles import with_doubles

MOST_OWN = 100
LIVE_FOR = timedelta(hours=6)  # a broker that said nothing for so long may be cut off

SHORT, OVER, WHOLE, TWICE, LATE, ELSEWHERE = "short", "over", "whole", "twice", "late", "elsewhere"
RETURNING, LEFT = "returning", "left"  # goes back; what is left of a transfer that paid
STUCK = "stuck"  # it fits, and could not be written down
_TROUBLE = {
    SuspenseReason.UNDERPAID: SHORT,
    SuspenseReason.OVERPAID: OVER,
    SuspenseReason.DOUBLE: TWICE,
    SuspenseReason.CLOSED: LATE,
    SuspenseReason.WRONG_ACCOUNT: ELSEWHERE,
    SuspenseReason.FAULT: STUCK,
}


@dataclass(frozen=True)
class Trouble:
    """Money that came for this charge and does not pay it. `amount`: đồng that came; `missing` and `excess`: against the charge."""

    kind: str
    amount: int
    missing: int = 0
    excess: int = 0


@dataclass(frozen=True)
class Returned:
    """Money that goes back. `is_sent`: it went, on the day `on`; else it was approved on that day. `tail`: of the account, "" for cash."""

    amount: int
    on: date
    is_sent: bool
    tail: str


@dataclass(frozen=True)
class Bill:
    """`to_pay`: đồng the square asks for now, 0 where nothing is to be transferred. `bank`, `account`, `holder`: "" for cash alone.

    `cancelled`: the last confirmation that is worth nothing any more, where no other one stands.

    `feed`: the account where a broker tells of its movements; None where its statement does.
    """

    charge: Charge
    bank: str = ""
    bank_bin: str = ""
    account: str = ""
    holder: str = ""
    feed: BankAccount | None = None
    to_pay: int = 0
    trouble: Trouble | None = None
    receipt: Receipt | None = None
    helper: Helper | None = None
    is_overdue: bool = False
    returned: tuple[Returned, ...] = ()
    cancelled: Receipt | None = None

    @property
    def is_open(self) -> bool:
        return bool(self.charge.state == ChargeState.OPEN)

    @property
    def is_paid(self) -> bool:
        return bool(self.charge.state == ChargeState.PAID)

    @property
    def has_code(self) -> bool:
        return bool(self.to_pay and self.account)

    @property
    def payload(self) -> str:
        """The square of what is to be paid now, in the charge's own account and note."""
        return encode(
            bank_bin=self.bank_bin,
            account=self.account,
            amount=self.to_pay,
            purpose=self.charge.purpose,
        )

    @property
    def mark(self) -> str:
        """Another one as soon as anything changed that the page shows."""
        trouble = f"{self.trouble.kind}{self.trouble.amount}" if self.trouble else ""
        back = "".join(f"{each.amount}{'s' if each.is_sent else 'a'}" for each in self.returned)
        return f"{self.charge.state}.{trouble}.{'1' if self.receipt and self.receipt.file else '0'}{back}"


def bill(reference: str, *, on: date) -> Bill | None:
    """By the code, however it was typed: blanks, dashes, lower case. None where there is no such charge."""
    with scope.seeing(OPERATOR):
        charge = charge_by_reference(reference)
        return bill_of(charge, on=on) if charge is not None else None


def is_told_at_once(found: Bill, *, at: datetime) -> bool:
    """Whether whoever waits may be promised seconds: the account's broker told something in the last hours."""
    if found.feed is None:
        return False
    with scope.seeing(OPERATOR):
        last = word_of_feed(found.feed)
    return last is not None and at - last <= LIVE_FOR


def bill_of(charge: Charge, *, on: date) -> Bill:
    """On a connection that sees the charge's money (`seeing(OPERATOR)`)."""
    account = account_of(charge) if charge.state == ChargeState.OPEN else None
    trouble = _trouble(charge, waiting_for(charge))
    receipts = list(Receipt.objects.filter(charge=charge).order_by("-pk"))
    receipt = next((each for each in receipts if each.cancelled_at is None), None)
    return Bill(
        charge,
        bank=bank_name(account.bank_bin) if account is not None else "",
        bank_bin=account.bank_bin if account is not None else "",
        account=account.number if account is not None else "",
        holder=account.holder if account is not None else "",
        feed=account if account is not None and account.feed != Feed.STATEMENT else None,
        to_pay=_to_pay(charge, trouble),
        trouble=trouble,
        receipt=receipt,
        cancelled=receipts[0] if receipts and receipt is None else None,
        helper=helper_of(charge),
        is_overdue=_is_overdue(charge, on),
        returned=_returned(charge),
    )


@dataclass(frozen=True)
class Waiting:
    """Money in suspense that names a charge. `is_asked`: somebody asked already that it goes back; `is_rest`: a part of it was placed."""

    amount: int
    reason: str
    is_asked: bool
    is_rest: bool


def waiting_for(charge: Charge) -> list[Waiting]:
    """In the order it came. What was taken back from it is looked at as anybody's."""
    asked = Refund.objects.filter(item=OuterRef("pk"), state=RefundState.ASKED)
    rows = SuspenseItem.objects.filter(charge=charge, closed_at=None, reason__in=list(_TROUBLE))
    told = rows.annotate(is_asked=Exists(asked)).order_by("pk")
    return [
        Waiting(amount, reason, is_asked, amount < came)
        for amount, reason, is_asked, came in told.values_list("amount", "reason", "is_asked", "line__amount")
    ]


def _trouble(charge: Charge, waiting: list[Waiting]) -> Trouble | None:
    """What came in all. What is asked to go back counts no more; a charge that is paid or withdrawn wants nothing, whatever came."""
    kept = [each for each in waiting if not each.is_asked]
    back = [each for each in waiting if each.is_asked]
    if not kept:
        return Trouble(RETURNING, sum(each.amount for each in back)) if back else None
    came = sum(each.amount for each in kept)
    return Trouble(
        _kind(charge, kept[-1], came), came, max(0, charge.amount - came), max(0, came - charge.amount)
    )


def _kind(charge: Charge, latest: Waiting, came: int) -> str:
    """The reason of the latest says which kind, unless together they are too little or too much."""
    if charge.state == ChargeState.PAID:
        return LEFT if latest.is_rest else TWICE
    if charge.state != ChargeState.OPEN:
        return LATE
    kind = _TROUBLE[SuspenseReason(latest.reason)]
    if kind not in (SHORT, OVER):
        return kind
    return SHORT if came < charge.amount else OVER if came > charge.amount else WHOLE


def _returned(charge: Charge) -> tuple[Returned, ...]:
    """What was approved to go back, or went: of the payment, and of money that came for the charge without paying it."""
    rows = Refund.objects.filter(Q(charge=charge) | Q(item__charge=charge))
    told = rows.filter(state__in=(RefundState.APPROVED, RefundState.SENT)).select_related("line")
    return tuple(_back(each) for each in told.order_by("pk"))


def _back(refund: Refund) -> Returned:
    assert refund.decided_at is not None
    on = refund.line.on if refund.line is not None else day_of(refund.decided_at)
    return Returned(refund.amount, on, refund.state == RefundState.SENT, _tail(refund))


def _tail(refund: Refund) -> str:
    if not refund.to_account:
        return ""
    try:
        return unseal(refund.to_account, f"payments_refund.to_account:{refund.uuid}")[-4:]
    except CannotOpen:
        return "…"


def _to_pay(charge: Charge, trouble: Trouble | None) -> int:
    """Whoever paid too little may send the rest under the same note; what goes back pays nothing; after anything else no more is sent."""
    if charge.state != ChargeState.OPEN:
        return 0
    if trouble is None or trouble.kind == RETURNING:
        return int(charge.amount)
    return trouble.missing if trouble.kind == SHORT else 0


@dataclass(frozen=True)
class Own:
    """A bill as whoever owes it sees it among theirs. `receipt` where it is paid; `returned`: đồng of it that go back, or went."""

    charge: Charge
    receipt: Receipt | None
    is_overdue: bool
    returned: int = 0


def own_bills(person: Person, *, on: date) -> list[Own]:
    """What this person, or a business of theirs, owes or has paid, and their household as a whole; never another member's alone.

    What was charged to a record that was merged into theirs is theirs too, until the two are taken apart.
    Open ones first, the next due day first; then the latest. At most `MOST_OWN`; what was withdrawn is left out, unless it was paid before.
    """
    mine = list(with_doubles([person.pk]))
    with scope.seeing(OPERATOR):
        businesses = list(Organisation.objects.filter(owner__in=mine).values_list("pk", flat=True))
    whose = Q(person__in=mine) | Q(organisation__in=businesses)
    if person.household_id is not None:
        whose |= Q(household=person.household_id, person=None)
    with scope.seeing(OPERATOR):
        rows = list(
            Charge.objects.filter(whose)
            .exclude(~Exists(Receipt.objects.filter(charge=OuterRef("pk"))), state=ChargeState.WITHDRAWN)
            .select_related("biller")
            .order_by("state", "due_on", "-pk")[:MOST_OWN]
        )
        receipts = {
            each.charge_id: each for each in Receipt.objects.filter(charge__in=rows, cancelled_at=None)
        }
        live = Refund.objects.filter(charge__in=rows, state__in=(RefundState.APPROVED, RefundState.SENT))
        back = dict(live.values_list("charge").annotate(sum=Sum("amount")))
    told = [Own(row, receipts.get(row.pk), _is_overdue(row, on), back.get(row.pk, 0)) for row in rows]
    return sorted(told, key=lambda each: each.charge.state != ChargeState.OPEN)


def _is_overdue(charge: Charge, on: date) -> bool:
    return bool(charge.state == ChargeState.OPEN and charge.due_on is not None and charge.due_on < on)
