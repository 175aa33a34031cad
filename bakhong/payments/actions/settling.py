"""Charges are paid here and nowhere else: by bank lines, or by counted cash, of exactly the amount owed.

What is locked, in this order: charges, lines (each by key), accounts of collectors, the year of receipts. Whoever settles many for one
biller does so in one call a transaction, so that nobody holds the year of receipts while waiting for a charge.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many, one_of
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.numbers import format_money
from bakhong.payments.actions.posting import NewEntry, book_line, post_many
from bakhong.payments.actions.receipts import make_receipts
from bakhong.payments.actions.waiting import ATTRIBUTED, place_part, stop_waiting
from bakhong.payments.models import (
    AccountKind,
    BankLine,
    CashPayment,
    Charge,
    ChargeState,
    Direction,
    EntryKind,
    LedgerAccount,
    LineState,
    Method,
    Settlement,
    SuspenseItem,
)
from bakhong.payments.permissions import COLLECT, RECONCILE, require
from bakhong.payments.queries.ledger import account
from bakhong.payments.signals import charge_paid

_DEADLOCK = "40P01"


class NotExact(Refusal):
    """The money is not exactly what is owed."""


@contextmanager
def told_when_overtaken() -> Iterator[None]:
    """Where somebody settles many things of this biller in one transaction, the database may end ours: it is said, and tried again.

    Raises: Conflict.
    """
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
            raise
        raise Conflict(_("Sổ đang được ghi nhiều việc cùng lúc; hãy bấm lại sau vài giây.")) from None


@dataclass(frozen=True)
class Share:
    """So many đồng of a held line, for one charge. `is_all`: nothing of the line is left to wait."""

    line: BankLine
    amount: int
    is_all: bool = True


@dataclass(frozen=True)
class _Paying:
    """A held charge and shares of held lines of exactly its amount."""

    charge: Charge
    shares: Sequence[Share]


def settle_by_lines(
    *, charge: Charge, lines: Sequence[BankLine], by: Actor, at: datetime
) -> list[Settlement]:
    """A charge is paid by all that is free of these lines, new or waiting, which sums to its amount. The same again gives the same.

    Raises: NotAllowed; NotExact; Conflict when the charge or a line is not free any more.
    """
    require(RECONCILE, charge.biller, by=by)
    with told_when_overtaken(), transaction.atomic():
        held = held_charges([charge.pk])[0]
        rows = held_lines([line.pk for line in lines])
        before = _settled_so(held, rows)
        if before:
            return before
        shares = _whole(rows)
        _require_free(held, shares)
        return _settle([_Paying(held, shares)], by=by, at=at)


def settle_from_line(
    *, charges: Sequence[Charge], line: BankLine, by: Actor, at: datetime
) -> list[Settlement]:
    """Each of these charges is paid by its own amount of one line that waits; the rest of the line waits on. The same again gives the same.

    Raises: NotAllowed; NotExact where more is owed than waits; Conflict when a charge or the line is not free any more.
    """
    for charge in charges:
        require(RECONCILE, charge.biller, by=by)
    with told_when_overtaken(), transaction.atomic():
        held = held_charges([charge.pk for charge in charges])
        row = held_lines([line.pk])[0]
        before = list(row.settlements.filter(taken_back=None, charge__in=held).order_by("pk"))
        if len(before) == len(held):
            return before
        shares = _shares(held, row)
        for each, share in zip(held, shares, strict=True):
            _require_free(each, [share])
        return _settle(
            [_Paying(each, [share]) for each, share in zip(held, shares, strict=True)], by=by, at=at
        )


def _shares(charges: Sequence[Charge], line: BankLine) -> list[Share]:
    """Raises: NotExact."""
    free, owed = free_of([line])[line.pk], sum(each.amount for each in charges)
    if owed > free or line.state != LineState.SUSPENSE:
        raise NotExact(
            _("Các khoản cộng lại là %(owed)s, dòng tiền chỉ còn %(free)s.")
            % {"owed": format_money(owed), "free": format_money(free)}
        )
    last = charges[-1].pk
    return [Share(line, each.amount, is_all=owed == free and each.pk == last) for each in charges]


def free_of(lines: Sequence[BankLine]) -> dict[int, int]:
    """By the key of a held line, the đồng of it that are nobody's yet."""
    waiting = [line.pk for line in lines if line.state == LineState.SUSPENSE]
    items = SuspenseItem.objects.filter(line__in=waiting, closed_at=None) if waiting else []
    left = {item.line_id: item.amount for item in items}
    return {line.pk: line.amount if line.state == LineState.NEW else left.get(line.pk, 0) for line in lines}


def _whole(lines: Sequence[BankLine]) -> list[Share]:
    free = free_of(lines)
    return [Share(line, free[line.pk]) for line in lines]


def settle_matched(pairs: Sequence[tuple[Charge, BankLine]], *, by: Actor, at: datetime) -> list[Settlement]:
    """The same for the matcher: each pair is a charge and one line of its amount.

    A pair whose charge or line is not free any more when its turn comes is left out; what is left out can be told from the answer.

    Raises: NotAllowed.
    """
    for biller in {charge.biller_id: charge.biller for charge, _line in pairs}.values():
        require(RECONCILE, biller, by=by)
    with transaction.atomic():
        charges = {each.pk: each for each in held_charges(charge.pk for charge, _line in pairs)}
        lines = _hold(line for _charge, line in pairs)
        left = free_of(list(lines.values()))
        free: dict[int, _Paying] = {}
        for charge, line in pairs:
            held, row = charges[charge.pk], lines[line.pk]
            if held.pk not in free and left[row.pk] == held.amount and not _why_not(held, [row]):
                free[held.pk] = _Paying(held, [Share(row, left[row.pk])])
                left[row.pk] = 0
        return _settle(list(free.values()), by=by, at=at) if free else []


def settle_by_cash(*, charge: Charge, cash: CashPayment, by: Actor, at: datetime) -> Settlement:
    """A charge is paid by cash that was taken for it (`actions/cash.py`), at the desk or by a collector.

    Raises: NotAllowed; NotExact; Conflict.
    """
    require(COLLECT, charge.biller, by=by)
    with transaction.atomic():
        held = held_charges([charge.pk])[0]
        _require_open(held)
        if cash.amount != held.amount or cash.charge_id != held.pk:
            raise NotExact(_("Chỉ nhận đúng số tiền phải nộp."))
        entry = NewEntry(
            held.biller, EntryKind.CASH, cash_account(cash), _purpose(held), cash.amount, day_of(cash.at),
            f"cash:{cash.uuid}", charge=held,
        )  # fmt: skip
        made = Settlement(charge=held, cash=cash, biller=held.biller, amount=cash.amount, at=at)
        _write([entry], [made], by=by, at=at)
        pay([(held, Method.CASH, cash.at)], by=by, at=at)
    return made


def cash_account(cash: CashPayment) -> LedgerAccount:
    """Where a sum of cash lies when it is taken: with the collector, else at the desk."""
    if not cash.collector:
        return account(cash.biller, AccountKind.CASH)
    return account(cash.biller, AccountKind.COLLECTOR, collector=cash.collector, label=cash.collector_label)


def held_charges(keys: Iterable[int]) -> list[Charge]:
    # Fetched beside, not joined: a statement holds ten thousands of one biller's.
    rows = Charge.objects.select_for_update().prefetch_related("biller")
    return list(rows.filter(one_of("pk", set(keys))).order_by("pk"))


def held_lines(keys: Iterable[int]) -> list[BankLine]:
    rows = BankLine.objects.select_for_update().prefetch_related("biller", "account")
    return list(rows.filter(one_of("pk", set(keys))).order_by("pk"))


def _hold(lines: Iterable[BankLine]) -> dict[int, BankLine]:
    """Lock lines that were read before, and learn their states anew: nothing else of a line that money rests on ever changes."""
    mine = {line.pk: line for line in lines}
    rows = BankLine.objects.select_for_update().filter(one_of("pk", mine)).order_by("pk")
    for key, state in rows.values_list("pk", "state"):
        mine[key].state = state
    return mine


def _settled_so(charge: Charge, lines: Sequence[BankLine]) -> list[Settlement]:
    """The settlements that stand, if they are of these lines and no others."""
    standing = list(charge.settlements.filter(taken_back=None).order_by("id"))
    return standing if {each.line_id for each in standing} == {line.pk for line in lines} else []


def _require_free(charge: Charge, shares: Sequence[Share]) -> None:
    """Raises: Conflict, NotExact."""
    why = _why_not(charge, [share.line for share in shares])
    if why:
        raise Conflict(why)
    total = sum(share.amount for share in shares)
    if not shares or total != charge.amount:
        raise NotExact(
            _("Tiền vào là %(total)s, khoản phải nộp là %(owed)s: phải đúng bằng nhau.")
            % {"total": format_money(total), "owed": format_money(charge.amount)}
        )


def _require_open(charge: Charge) -> None:
    """Raises: Conflict."""
    if charge.state == ChargeState.PAID:
        raise Conflict(_("Khoản này đã được trả rồi."))
    if charge.state != ChargeState.OPEN:
        raise Conflict(_("Khoản này đã huỷ, không nhận tiền nữa."))


def _why_not(charge: Charge, lines: Sequence[BankLine]) -> str:
    """Why these lines cannot be for this charge whatever their amounts; "" when they can."""
    try:
        _require_open(charge)
    except Conflict as conflict:
        return str(conflict)
    if any(line.biller_id != charge.biller_id or line.direction != Direction.IN for line in lines):
        return _("Chỉ tiền vào tài khoản của chính đơn vị thu mới trả được khoản này.")
    if any(line.state not in (LineState.NEW, LineState.SUSPENSE) for line in lines):
        return _("Có dòng tiền đã được xử lý rồi; hãy tải lại trang.")
    return ""


def _settle(paying: Sequence[_Paying], *, by: Actor, at: datetime) -> list[Settlement]:
    """Entries, settlements, states, receipts of what was found free, all of them held."""
    purposes: dict[tuple[int, str], LedgerAccount] = {}
    banks: dict[int, LedgerAccount] = {}
    entries, made = [], []
    for each in paying:
        charge = each.charge
        service = (charge.biller_id, charge.service)
        if service not in purposes:
            purposes[service] = _purpose(charge)
        for share in each.shares:
            settlement = Settlement(
                charge_id=charge.pk,
                line_id=share.line.pk,
                biller_id=charge.biller_id,
                amount=share.amount,
                at=at,
            )
            entries.append(_entry(settlement, charge, share.line, purposes[service], banks))
            made.append(settlement)
    # What waits grows less before it pays: no đồng of a line is in two places (0013).
    shares = [share for each in paying for share in each.shares]
    for share in shares:
        if not share.is_all:
            place_part(share.line, share.amount)
    stop_waiting([share.line.pk for share in shares if share.is_all], outcome=ATTRIBUTED, by=by, at=at)
    _write(entries, made, by=by, at=at)
    pay(
        [(each.charge, Method.TRANSFER, max(came_at(share.line, at) for share in each.shares)) for each in paying],
        by=by, at=at,
    )  # fmt: skip
    return made


def _entry(
    settlement: Settlement,
    charge: Charge,
    line: BankLine,
    purpose: LedgerAccount,
    banks: dict[int, LedgerAccount],
) -> NewEntry:
    """From the bank's account; from suspense where the line was booked there already."""
    if line.state == LineState.SUSPENSE:
        return NewEntry(
            line.biller, EntryKind.ATTRIBUTED, account(line.biller, AccountKind.SUSPENSE), purpose, settlement.amount,
            day_of(settlement.at), f"settlement:{settlement.uuid}", line, charge,
        )  # fmt: skip
    told = book_line(
        line, kind=EntryKind.RECEIVED, against=purpose, bank=banks.get(line.account_id), charge=charge
    )
    banks[line.account_id] = told.debit
    return told


def _purpose(charge: Charge) -> LedgerAccount:
    return account(charge.biller, AccountKind.PURPOSE, service=charge.service, label=charge.service)


def _write(
    entries: Sequence[NewEntry], settlements: Sequence[Settlement], *, by: Actor, at: datetime
) -> None:
    for settlement, entry in zip(settlements, post_many(entries, by=by, at=at), strict=True):
        settlement.entry = entry
    insert_many(settlements)


def pay(paid: Sequence[tuple[Charge, Method, datetime]], *, by: Actor, at: datetime) -> None:
    """States, trail, the rooms above, and last of all the receipts."""
    for charge, method, moment in paid:
        charge.state, charge.method, charge.paid_at = ChargeState.PAID, method, moment
    charges = [charge for charge, _method, _moment in paid]
    _store_paid(charges)
    audit.record_many(
        by=by,
        at=at,
        deed="payments.settle",
        object_kind="charge",
        objects=[(charge.uuid, charge.village_id) for charge in charges],
    )
    for charge in charges:
        charge_paid.send(sender=Charge, charge=charge, by=by, at=at)
    make_receipts(charges, by=by, at=at)


def _store_paid(charges: Sequence[Charge]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_charge c SET state = 'paid', method = p.method, paid_at = p.paid_at"
            " FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS p (id, method, paid_at) WHERE c.id = p.id",
            [
                [charge.pk for charge in charges],
                [str(charge.method) for charge in charges],
                [charge.paid_at for charge in charges],
            ],
        )


def came_at(line: BankLine, at: datetime) -> datetime:
    """When the money of a line came: as the bank says; else now, where it is the same day; else the first moment of its day."""
    if line.booked_at is not None:
        return line.booked_at
    return at if day_of(at) == line.on else datetime.combine(line.on, time(), VIET_NAM)
