"""A charge as whoever holds its code sees it: what to pay, into which account, what the bank has said so far, and what happens next.

The code of a charge (60 random bits) lies on a paper; nothing else about the payer is shown than their name and what it is for.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from bakhong.core.actor import OPERATOR
from bakhong.core.numbers import format_money
from bakhong.payments.models import (
    BankAccount,
    Charge,
    ChargeState,
    Feed,
    Helper,
    Receipt,
    SuspenseItem,
    SuspenseReason,
)
from bakhong.payments.queries.billers import account_of
from bakhong.payments.queries.charges import charge_by_reference, helper_of
from bakhong.payments.queries.overview import word_of_feed
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.vietqr import encode
from bakhong.people import scope
from bakhong.people.models import Organisation, Person
from bakhong.people.queries.doubles import with_doubles

MOST_OWN = 100
LIVE_FOR = timedelta(hours=6)  # a broker that said nothing for so long may be cut off

SHORT, OVER, WHOLE, TWICE, LATE, ELSEWHERE = "short", "over", "whole", "twice", "late", "elsewhere"
_TROUBLE = {
    SuspenseReason.UNDERPAID: SHORT,
    SuspenseReason.OVERPAID: OVER,
    SuspenseReason.DOUBLE: TWICE,
    SuspenseReason.CLOSED: LATE,
    SuspenseReason.WRONG_ACCOUNT: ELSEWHERE,
}


@dataclass(frozen=True)
class Trouble:
    """Money that came for this charge and does not pay it. `amount`: đồng that came; `missing` and `excess`: against the charge."""

    kind: str
    amount: int
    missing: int = 0
    excess: int = 0


@dataclass(frozen=True)
class Bill:
    """`to_pay`: đồng the square asks for now, 0 where nothing is to be transferred. `bank`, `account`, `holder`: "" for cash alone.

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
        return f"{self.charge.state}.{trouble}.{'1' if self.receipt and self.receipt.file else '0'}"


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
    items = list(SuspenseItem.objects.filter(charge=charge, closed_at=None).select_related("line"))
    trouble = _trouble(charge, items)
    return Bill(
        charge,
        bank=bank_name(account.bank_bin) if account is not None else "",
        bank_bin=account.bank_bin if account is not None else "",
        account=account.number if account is not None else "",
        holder=account.holder if account is not None else "",
        feed=account if account is not None and account.feed != Feed.STATEMENT else None,
        to_pay=_to_pay(charge, trouble),
        trouble=trouble,
        receipt=Receipt.objects.filter(charge=charge, cancelled_at=None).first(),
        helper=helper_of(charge),
        is_overdue=_is_overdue(charge, on),
    )


def _trouble(charge: Charge, items: list[SuspenseItem]) -> Trouble | None:
    """What came in all, where several came: the reason of the latest says which kind, unless together they are too little or too much."""
    if not items:
        return None
    came = sum(item.line.amount for item in items)
    kind = _TROUBLE.get(SuspenseReason(items[-1].reason))
    if kind is None:
        return None
    if kind in (SHORT, OVER):
        kind = SHORT if came < charge.amount else OVER if came > charge.amount else WHOLE
    return Trouble(kind, came, max(0, charge.amount - came), max(0, came - charge.amount))


def _to_pay(charge: Charge, trouble: Trouble | None) -> int:
    """Whoever paid too little may send the rest under the same note; after anything else nothing more is to be sent."""
    if charge.state != ChargeState.OPEN:
        return 0
    if trouble is None:
        return int(charge.amount)
    return trouble.missing if trouble.kind == SHORT else 0


def explained(found: Bill, phone: str) -> tuple[str, str]:
    """(head, what happens next) of money that came and does not fit; ("", "") where all is well."""
    trouble = found.trouble
    if trouble is None:
        return "", ""
    call = _("Cần hỏi, gọi %(phone)s.") % {"phone": phone} if phone else _("Cần hỏi, gọi bộ phận một cửa.")
    came, amount = format_money(trouble.amount), format_money(found.charge.amount)
    words = {
        SHORT: (
            _("THIẾU %(missing)s") % {"missing": format_money(trouble.missing)},
            _(
                "Ngân hàng báo đã nhận %(came)s trên %(amount)s. Tiền đã nhận không mất. Chuyển nốt phần thiếu bằng mã dưới đây, "
                "giữ nguyên nội dung; kế toán ghép lại trong giờ làm việc."
            ),
        ),
        OVER: (
            _("THỪA %(excess)s") % {"excess": format_money(trouble.excess)},
            _(
                "Ngân hàng báo đã nhận %(came)s, khoản này chỉ %(amount)s. Đừng chuyển thêm. Kế toán gọi lại để trả phần thừa rồi ghi nhận."
            ),
        ),
        WHOLE: (
            _("Đã nhận đủ trong nhiều lần chuyển"),
            _("Ngân hàng báo đã nhận %(came)s. Đừng chuyển thêm. Kế toán ghép các lần chuyển rồi ghi nhận."),
        ),
        TWICE: (
            _("ĐÃ TRẢ HAI LẦN"),
            _(
                "Khoản này đã trả xong; lần chuyển sau là %(came)s. Số tiền đó không mất: kế toán chuyển trả về tài khoản của người gửi."
            ),
        ),
        LATE: (
            _("Khoản thu này đã huỷ"),
            _("Ngân hàng báo đã nhận %(came)s sau khi huỷ. Số tiền đó không mất: kế toán chuyển trả lại."),
        ),
        ELSEWHERE: (
            _("Tiền vào tài khoản khác"),
            _(
                "Ngân hàng báo đã nhận %(came)s ở một tài khoản khác của đơn vị thu. Đừng chuyển lại. Kế toán đang xem."
            ),
        ),
    }
    head, told = words[trouble.kind]
    return head, f"{told % {'came': came, 'amount': amount}} {call}"


@dataclass(frozen=True)
class Own:
    """A bill as whoever owes it sees it among theirs. `receipt` where it is paid."""

    charge: Charge
    receipt: Receipt | None
    is_overdue: bool


def own_bills(person: Person, *, on: date) -> list[Own]:
    """What this person, or a business of theirs, owes or has paid, and their household as a whole; never another member's alone.

    What was charged to a record that was merged into theirs is theirs too, until the two are taken apart.
    Open ones first, the next due day first; then the latest. At most `MOST_OWN`; what was withdrawn is left out.
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
            .exclude(state=ChargeState.WITHDRAWN)
            .select_related("biller")
            .order_by("state", "due_on", "-pk")[:MOST_OWN]
        )
        receipts = {
            each.charge_id: each for each in Receipt.objects.filter(charge__in=rows, cancelled_at=None)
        }
    told = [Own(row, receipts.get(row.pk), _is_overdue(row, on)) for row in rows]
    return sorted(told, key=lambda each: each.charge.state != ChargeState.OPEN)


def _is_overdue(charge: Charge, on: date) -> bool:
    return bool(charge.state == ChargeState.OPEN and charge.due_on is not None and charge.due_on < on)
