"""Who collects money in the demo's commune: itself, a market board and a cooperative for the rubbish, with accounts that no bank has.

A stage that is there is left alone; each is one transaction, so that one that was broken off begins anew.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM, day_of
from bakhong.demo.accounts import EARLIER, make_collectors, staff_of
from bakhong.payments.actions.bank_accounts import approve_account, open_account
from bakhong.payments.actions.billers import add_member, commune_biller, open_biller
from bakhong.payments.actions.cash import hand_over
from bakhong.payments.actions.depositing import deposit
from bakhong.payments.models import BankAccount, Biller, BillerKind, Charge, Duty
from bakhong.payments.queries.ledger import held_by
from bakhong.places.models import Unit

KEYS = UUID("9d0b6a1e-5f0c-4b61-9d43-0c8c2a4b7a10")
BANK = "970405"
MARKET, COOPERATIVE = "Ban quản lý chợ Mẫu", "Hợp tác xã Môi trường Mẫu"
ACCOUNTS = {
    MARKET: ("MAUCHO0001", "BAN QUAN LY CHO MAU"),
    COOPERATIVE: ("MAUMOITRUONG1", "HTX MOI TRUONG MAU"),
}
COMMUNE_ACCOUNT = ("MAUUBNDXA0001", "UBND XA MAU")


@dataclass(frozen=True)
class Book:
    """A biller with its account, whoever keeps its books and whoever collects its cash."""

    biller: Biller
    account: BankAccount
    accountant: Actor
    collector: Actor

    def key(self, *what: object) -> UUID:
        return uuid5(KEYS, f"{self.biller.name}/{'/'.join(map(str, what))}")


def open_billers(commune: Unit, *, by: Actor, at: datetime) -> None:
    """The three of them, four months ago, before the first dossier is charged for.

    No account has a broker set: every five minutes the worker would ask the real one about it.
    """
    if Biller.objects.filter(unit=commune, name=MARKET).exists():
        return
    since = at - EARLIER
    accountants = _accountants()
    collectors = make_collectors(commune=commune, by=by, at=at)
    chair = staff_of("chair", at)  # the second person of every account
    if len(accountants) < len(ACCOUNTS) or chair is None:
        return
    with transaction.atomic():
        _account(commune_biller(commune, at=since), COMMUNE_ACCOUNT, by=by, second=chair, at=since)
        for name, kind, service, accountant, collector in (
            (MARKET, BillerKind.MARKET, "market", accountants[0], collectors[0]),
            (COOPERATIVE, BillerKind.COOPERATIVE, "environment", accountants[1], collectors[1]),
        ):
            biller = open_biller(
                unit=commune, kind=kind, name=name, services=[service], phone="0237 000 0002", by=by, at=since
            )
            _account(biller, ACCOUNTS[name], by=by, second=chair, at=since)
            add_member(biller=biller, staff=accountant, duty=Duty.ACCOUNTANT, villages=(), by=by, at=since)
            add_member(biller=biller, staff=collector, duty=Duty.COLLECTOR, villages=(), by=by, at=since)


def _account(biller: Biller, told: tuple[str, str], *, by: Actor, second: Actor, at: datetime) -> None:
    number, holder = told
    made = open_account(biller=biller, bank_bin=BANK, number=number, holder=holder, by=by, at=at)
    approve_account(account=made, note="Đã gọi đơn vị thu, quét thử mã đúng tên.", by=second, at=at)


def book_of(commune: Unit, name: str, at: datetime) -> Book | None:
    """None where the demo's people were not made."""
    biller = Biller.objects.filter(unit=commune, name=name).first()
    if biller is None:
        return None
    working = {each.duty: each.staff for each in biller.members.all()}
    users = {f"staff:{user.uuid}": user for user in User.objects.all()}
    accountant, collector = (
        StaffActor(users[working[duty]], day_of(at)) for duty in (Duty.ACCOUNTANT, Duty.COLLECTOR)
    )
    return Book(biller, biller.accounts.get(), accountant, collector)


def bring_cash(book: Book, at: datetime, *, lacking: int = 0) -> int:
    """The collector's cash is counted at the desk; what came, in đồng. `lacking`: what the count finds too little."""
    from bakhong.demo.rules.money import notes_for

    held = held_by(book.biller, book.collector.id)
    if not held:
        return 0
    hand_over(
        biller=book.biller, collector=book.collector.id, counted=notes_for(held - lacking),
        note="Trả lại thừa cho người mua, đã nhắc." if lacking else "", key=book.key("hand-over", day_of(at)),
        by=book.accountant, at=at, label=book.collector.label,
    )  # fmt: skip
    return held - lacking


def to_the_bank(book: Book, amount: int, at: datetime) -> str:
    """The desk's cash goes to the bank; the reference that stands in its note."""
    made = deposit(
        biller=book.biller, account=book.account, amount=amount, key=book.key("deposit", day_of(at)), by=book.accountant, at=at
    )  # fmt: skip
    return made.reference


def month_before(day: date, months: int = 0) -> date:
    """The first day of the month so many months before.

    >>> month_before(date(2026, 1, 15), 2)
    datetime.date(2025, 11, 1)
    """
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), VIET_NAM) + timedelta(hours=hour)


def note_of(charge: Charge) -> str:
    return charge.purpose


def _accountants() -> list[User]:
    from bakhong.demo.accounts import PEOPLE

    emails = [email for role, _unit, _name, email in PEOPLE if role == "biller_accountant"]
    found = {user.email: user for user in User.objects.filter(email__in=emails)}
    return [found[email] for email in emails if email in found]
