"""A commune's money for tests of pages: its biller, an account, a market board beside it, and entries, lines and charges."""

from datetime import date, datetime
from typing import Any

from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.posting import post
from bakhong.payments.actions.taking import take_statement
from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    BankLine,
    Biller,
    BillerKind,
    Charge,
    Entry,
    EntryKind,
    SuspenseItem,
)
from bakhong.payments.queries.ledger import account
from bakhong.payments.rules.references import new_reference
from bakhong.payments.tests.accounts import DECIDED
from bakhong.people import scope
from bakhong.places.models import Unit

DAY = date(2026, 11, 22)
FIRST_DAY = date(2025, 7, 1)


def a_biller(unit: Unit, at: datetime, kind: str = BillerKind.COMMUNE, name: str = "") -> Biller:
    return Biller.objects.create(
        unit=unit,
        kind=kind,
        name=name or f"UBND {unit.full_name}",
        services=["water", "environment", "dossier_fee"],
        valid_from=FIRST_DAY,
        made_at=at,
        made_by=OPERATOR.id,
    )


def an_account(biller: Biller, at: datetime, number: str = "3500201001234") -> BankAccount:
    return BankAccount.objects.create(
        biller=biller,
        bank_bin="970405",
        number=number,
        holder="UBND XA",
        opened_on=FIRST_DAY,
        made_at=at,
        made_by=OPERATOR.id,
        decided_at=at,
        **DECIDED,
    )


def a_charge(biller: Biller, at: datetime, amount: int = 200_000, **more: Any) -> Charge:
    """Owed for water by somebody of the commune."""
    reference = more.pop("reference", None) or new_reference()
    values: dict[str, Any] = {
        "village": biller.unit,
        "service": "water",
        "payer_name": "Lê Thị Hoá",
        "title": "Tiền nước tháng 11/2026",
        "amount": amount,
        "reference": reference,
        "purpose": f"{reference} NUOC",
        "client_key": new_uuid(),
        "digest": b"0" * 32,
        "made_at": at,
        "made_by": OPERATOR.id,
    } | more
    with scope.seeing(OPERATOR):
        return Charge.objects.create(biller=biller, **values)


def a_line(
    bank: BankAccount, at: datetime, amount: int = 200_000, content: str = "ck", **more: Any
) -> BankLine:
    values: dict[str, Any] = {
        "identity": f"ref:{new_uuid()}",
        "direction": "in",
        "on": DAY,
        "learned_at": at,
    } | more
    with scope.seeing(OPERATOR):
        return BankLine.objects.create(
            account=bank, biller=bank.biller, amount=amount, content=content, **values
        )


def an_entry(biller: Biller, bank: BankAccount, at: datetime, amount: int = 200_000, note: str = "") -> Entry:
    """Money of a bank account that waits in suspense."""
    with scope.seeing(OPERATOR):
        line = a_line(bank, at, amount)
        return post(
            biller=biller,
            kind=EntryKind.SUSPENDED,
            debit=account(biller, AccountKind.BANK, bank_account=bank),
            credit=account(biller, AccountKind.SUSPENSE),
            amount=amount,
            on=DAY,
            by=OPERATOR,
            at=at,
            key=f"line:{line.uuid}",
            line=line,
            note=note,
        )


HEAD = "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung"


def a_file(*rows: tuple[str, int, str], opening: int = 1_000_000) -> bytes:
    """A statement as .csv: (day, amount, note) of each line, negative for money that goes out."""
    lines, balance = [HEAD], opening
    for number, (day, amount, note) in enumerate(rows, 1):
        balance += amount
        out, came = (str(-amount), "") if amount < 0 else ("", str(amount))
        lines.append(f"{day},FT{number:05},{out},{came},{balance},{note}")
    return "\n".join(lines).encode()


def told(bank: BankAccount, at: datetime, *rows: tuple[str, int, str], opening: int = 1_000_000) -> None:
    """The bank's word of these lines, matched as far as rules can."""
    with scope.seeing(OPERATOR):
        take_statement(
            account=bank, content=a_file(*rows, opening=opening), name="saoke.csv", by=OPERATOR, at=at
        )


def waiting(bank: BankAccount) -> list[SuspenseItem]:
    with scope.seeing(OPERATOR):
        rows = SuspenseItem.objects.filter(biller=bank.biller, closed_at=None).select_related(
            "line", "charge"
        )
        return list(rows.order_by("pk"))
