"""A statement taken in: the bank's own word, which fills what notifications left out."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import collecting_later
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.payments import scope
from bakhong.payments.actions.alarms import raise_alarm
from bakhong.payments.actions.deliveries import Unread, accept_delivery, keep_unread, take_deliveries
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import Matched, match_lines
from bakhong.payments.actions.settling import told_when_overtaken
from bakhong.payments.models import (
    AlarmKind,
    BankAccount,
    BankLine,
    ColumnMapping,
    Delivery,
    DeliveryState,
    Statement,
)
from bakhong.payments.permissions import RECONCILE, require
from bakhong.payments.queries.contradicted import missing_from
from bakhong.payments.rules.lines import STATEMENT
from bakhong.payments.statement_files import StatementFile, read_statement
from bakhong.payments.statement_words import MOST_PROBLEMS, RowProblem

__all__ = [
    "Preview",
    "Taken",
    "accept_delivery",
    "preview_statement",
    "take_deliveries",
    "take_lines",
    "take_statement",
]


@dataclass(frozen=True)
class Preview:
    """What a file would give. `columns`: meaning → position, as proposed or remembered; `is_enough`: it can be taken in like this."""

    header: tuple[str, ...]
    rows: list[list[str]]
    columns: Mapping[str, int]
    total: int
    problems: list[RowProblem]
    is_enough: bool
    is_remembered: bool
    file: StatementFile


@dataclass
class Taken:
    """What became of a statement. `lines`: movements told of, repeated rows included = new + duplicates."""

    statement: Statement
    lines: int
    new: int = 0
    matched: int = 0
    suspense: int = 0
    duplicates: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    def as_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("lines", "new", "matched", "suspense", "duplicates")}


def preview_statement(
    *,
    account: BankAccount,
    content: bytes,
    name: str,
    at: datetime,
    columns: Mapping[str, int] | None = None,
) -> Preview:
    """Read a file without storing anything. Whoever calls has asked who may.

    Raises: Unreadable; statement_files.NotAStatement; Refusal.
    """
    remembered = _remembered(account)
    read = read_statement(content, filename=name, until=day_of(at), remembered=remembered, columns=columns)
    return Preview(
        read.layout.titles,
        read.sample,
        read.layout.columns,
        read.rows,
        read.problems,
        read.layout.is_enough,
        read.layout.shape in remembered,
        read,
    )


@collecting_later()
def take_statement(
    *,
    account: BankAccount,
    content: bytes,
    name: str,
    columns: Mapping[str, int] | None = None,
    by: Actor,
    at: datetime,
) -> Taken:
    """Take in every movement of a file, all in one transaction; what was told before is met again and counted as such.

    `columns` (meaning → position) is remembered for the account's next file with these headings.
    Raises: NotAllowed; Unreadable; statement_files.NotAStatement; Refusal where no column says when or how much, or for another account's;
    Conflict where somebody else who settles was in the way: nothing was taken, and it can be sent again.
    """
    require(RECONCILE, account.biller, by=by)
    with told_when_overtaken(), scope.seeing([account.biller_id]), transaction.atomic():
        remembered = _remembered(account)
        read = read_statement(
            content, filename=name, until=day_of(at), remembered=remembered, columns=columns
        )
        if not read.layout.is_enough:
            raise Refusal(_("Hãy chọn cột nào là ngày và cột nào là số tiền."))
        _require_account(account, read)
        if columns:
            _remember(account, read, by, at)
        return _take(account, read, content, name, by, at)


def _take(
    account: BankAccount, read: StatementFile, content: bytes, name: str, by: Actor, at: datetime
) -> Taken:
    statement = Statement.objects.create(
        biller_id=account.biller_id, account=account, file_name=name[:200], sha256=hashlib.sha256(content).hexdigest(),
        first=read.first, last=read.last, opening=read.edges.opening, closing=read.edges.closing,
        off=read.off, taken_at=at, taken_by=by.id, taken_by_label=by.label[:120],
    )  # fmt: skip
    lines = take_lines(account=account, told=read.told, source=STATEMENT, at=at, statement=statement)
    found = match_lines(lines.new, by=by, at=at) if lines.new else Matched()
    problems = [*read.problems, *_unconfirmed(statement)]
    _found_again(account, read, at)
    taken = Taken(
        statement, len(read.told) + read.repeated, len(lines.new), found.matched, found.suspense,
        len(read.told) + read.repeated - len(lines.new), problems,
    )  # fmt: skip
    _close(taken, problems)
    _alarm(account, problems, _set_aside(account, read, at), by, at)
    audit.record(
        by=by,
        at=at,
        deed="payments.take_statement",
        object_kind="bank_account",
        object_id=account.uuid,
        place_id=account.biller.unit_id,
        statement=str(statement.uuid),
        **taken.as_json(),
    )
    return taken


def _require_account(account: BankAccount, read: StatementFile) -> None:
    """Raises: Refusal for a file that says it is another account's."""
    if read.numbers and not any(account.number in each or each in account.number for each in read.numbers):
        raise Refusal(
            _(
                "Tệp này ghi số tài khoản %(theirs)s, không phải %(ours)s. Hãy chọn đúng tài khoản rồi gửi lại."
            )
            % {"theirs": read.numbers[0], "ours": account.number}
        )


def _close(taken: Taken, problems: list[RowProblem]) -> None:
    statement = taken.statement
    for name, count in taken.as_json().items():
        setattr(statement, name, count)
    statement.problems = [each.as_json() for each in problems[:MOST_PROBLEMS]]
    statement.save(update_fields=["lines", "new", "matched", "suspense", "duplicates", "problems"])


def _unconfirmed(statement: Statement) -> list[RowProblem]:
    """Lines of whole days of the statement that no statement has: a broker told of money that the bank does not know."""
    missing = BankLine.objects.filter(missing_from(statement)).count()
    return [RowProblem(0, "unconfirmed", str(missing))] if missing else []


def _set_aside(account: BankAccount, read: StatementFile, at: datetime) -> str:
    """Rows that told of money and were not taken wait for somebody, once however many files have them; the code of the first new one."""
    turns: Counter[str] = Counter()
    unread = []
    for each in read.rejected:
        turns[each.text] += 1
        unread.append(Unread(str(turns[each.text]), each.text, each.code))
    return unread[0].problem if keep_unread(account=account, source=STATEMENT, unread=unread, at=at) else ""


def _found_again(account: BankAccount, read: StatementFile, at: datetime) -> None:
    """A row that was set aside and is taken now, with its columns said otherwise, waits no longer."""
    rows = Delivery.objects.filter(account=account, source=STATEMENT, state=DeliveryState.FAILED)
    waiting = {body: pk for pk, body in rows.values_list("pk", "body")}
    if not waiting:
        return
    texts = (read.text_of(each.row) for each in read.told if each.row)
    taken = [waiting[text] for text in texts if text in waiting]
    Delivery.objects.filter(pk__in=taken).update(state=DeliveryState.DONE, done_at=at)


def _alarm(account: BankAccount, problems: list[RowProblem], set_aside: str, by: Actor, at: datetime) -> None:
    if set_aside:
        raise_alarm(account=account, kind=AlarmKind.ROWS, detail=set_aside, by=by, at=at)
    codes = {each.code for each in problems}
    if codes & {"balance_jumps", "sums_differ"}:
        raise_alarm(account=account, kind=AlarmKind.GAP, detail=STATEMENT, by=by, at=at)
    if "unconfirmed" in codes:
        raise_alarm(account=account, kind=AlarmKind.UNCONFIRMED, detail=STATEMENT, by=by, at=at)


def _remembered(account: BankAccount) -> dict[str, Mapping[str, int]]:
    return dict(ColumnMapping.objects.filter(account=account).values_list("shape", "columns"))


def _remember(account: BankAccount, read: StatementFile, by: Actor, at: datetime) -> None:
    ColumnMapping.objects.update_or_create(
        account=account,
        shape=read.layout.shape,
        defaults={"columns": dict(read.layout.columns), "said_at": at, "said_by": by.id},
    )
