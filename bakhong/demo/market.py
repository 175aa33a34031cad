"""A market of the demo: its stalls and their cards, last month collected and reconciled, this month under way."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.demo.bank import Bank
from bakhong.demo.money import (
    BANK,
    MARKET,
    Book,
    book_of,
    bring_cash,
    moment,
    month_before,
    note_of,
    to_the_bank,
)
from bakhong.demo.rules.money import ROUNDS, Paying, payings, sellers
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.closing import close_days
from bakhong.payments.actions.market_fees import raise_month
from bakhong.payments.actions.refunding import approve_refund, ask_refund
from bakhong.payments.actions.stall_accounts import set_first_account
from bakhong.payments.actions.stalls import Facts, open_market, open_stall
from bakhong.payments.actions.stickers import check_sticker, issue_stickers
from bakhong.payments.actions.suspense import attribute, explain
from bakhong.payments.actions.taking import take_statement
from bakhong.payments.models import Charge, Market, Stall, SuspenseItem
from bakhong.payments.rules.purposes import unaccented
from bakhong.payments.rules.vietqr import encode
from bakhong.places.models import Unit

NAME = "Chợ Mẫu"
SWAPPED, REPRINTED, LOOKED_AT = 6, 9, range(30)
THIEF = "MAUKEGIAN001"


def load_market(commune: Unit, villages: list[Unit], *, by: Actor, at: datetime) -> int:
    """Returns how many charges were made; 0 where the market is there, or nobody keeps its books."""
    book = book_of(commune, MARKET, at)
    if book is None or Market.objects.filter(unit=commune, name=NAME).exists():
        return 0
    with transaction.atomic():
        market = open_market(unit=commune, name=NAME, address="Khu dữ liệu dùng thử", biller=book.biller, by=OPERATOR, at=at)  # fmt: skip
        stalls = open_stalls(market, villages, by=by, at=moment(month_before(day_of(at), 1), -72))
        bank = Bank(book.account, 1_500_000)
        _Month(book, bank, market, month_before(day_of(at), 1), at).collect()
        _Month(book, bank, market, month_before(day_of(at)), at).begin()
        look_round(stalls, commune, by=book.collector, at=at)
    close_days(billers=[book.biller], at=at)
    return Charge.objects.filter(biller=book.biller).count()


def open_stalls(market: Market, villages: list[Unit], *, by: Actor, at: datetime) -> list[Stall]:
    """The register, each seller's own account, and the cards to hang up. `by` keeps the register of the commune."""
    made = []
    for each in sellers():
        facts = Facts(
            code=each.code, owner_name=each.owner, name=f"{each.trade} {each.owner.rsplit(' ', 1)[-1]}",
            trade=each.trade, phone=f"05180{each.number:05d}", monthly_fee=each.fee,
        )  # fmt: skip
        village = villages[each.number % len(villages)]
        stall = open_stall(village=village, facts=facts, market=market, by=by, at=at)
        if each.account:
            stall = set_first_account(
                stall=stall,
                bank_bin=BANK,
                account=each.account,
                holder=unaccented(each.owner).upper(),
                by=by,
                at=at,
            )
        made.append(stall)
    issue_stickers(stalls=made, by=by, at=at)
    return made


def look_round(stalls: list[Stall], commune: Unit, *, by: Actor, at: datetime) -> None:
    """A round with a telephone a day ago: one code is another's, one a bank's own reprint of the same account, the others as printed."""
    for number in LOOKED_AT:
        stall = stalls[number]
        if not stall.account:
            continue
        scanned = stall.stickers.get(ended_at=None).payload
        if number == SWAPPED:
            scanned = encode(bank_bin=BANK, account=THIEF)
        elif number == REPRINTED:
            scanned = encode(bank_bin=stall.bank_bin, account=stall.account, name="QUAY MAU")
        check_sticker(
            stall=stall, unit=commune, scanned=scanned, among=Stall.objects.none(), key=_key(stall, "look"),
            by=by, at=at - timedelta(hours=26) + timedelta(minutes=number),
        )  # fmt: skip


def _key(stall: Stall, what: str) -> UUID:
    return uuid5(stall.uuid, what)


class _Month:
    """The fees of one month, day by day, as they happen until `until`."""

    def __init__(self, book: Book, bank: Bank, market: Market, first: date, until: datetime) -> None:
        self.book, self.bank, self.market, self.first, self.until = book, bank, market, first, until

    def collect(self) -> None:
        """A whole month: everything that happens on a day, then its statement, then what did not fit is put right."""
        charges = self._raise()
        for day in range(1, 29):
            for paying in payings():
                self._day_of(paying, charges[paying.number], day)
            self.bank.work(self._at(day, 16))
            if day in ROUNDS:
                self._round(day, lacking=5_000 if day == ROUNDS[-1] else 0)
        self._put_right(charges)
        last = month_before(self.first, -1) - timedelta(days=1)
        self._at_the_bank(moment(last, 20))
        content, name = self.bank.statement(self.first, last)
        take_statement(
            account=self.book.account,
            content=content,
            name=name,
            by=self.book.accountant,
            at=min(moment(last, 32), self.until),
        )  # what the broker never told of is in it

    def begin(self) -> None:
        """A month under way: the first have paid, one too little, one without the code; the collector has been to some."""
        charges = self._raise()
        moments = {
            each: moment(self.first, 24 * (each.day - 1) + 8 + each.number / 12) for each in payings()[:33]
        }
        for paying, on in sorted(moments.items(), key=lambda pair: pair[1]):
            if on > self.until - timedelta(hours=1):
                break
            if paying.number in (4, 10):
                charge, is_short = charges[paying.number], paying.number == 4
                note = note_of(charge) if is_short else "NOP TIEN CHO"
                self.bank.tell(self.bank.move(charge.amount - 10_000 * is_short, note, on))
            elif paying.how == "cash":
                self._cash(charges[paying.number], on)
            elif paying.how != "owes":
                self.bank.tell(
                    self.bank.move(charges[paying.number].amount, note_of(charges[paying.number]), on)
                )
            self.bank.work(on + timedelta(minutes=1))

    def _raise(self) -> list[Charge]:
        """In the order of the stalls."""
        raised = raise_month(
            market=self.market, month=self.first, due_on=self.first + timedelta(days=14),
            by=self.book.accountant, at=min(moment(self.first, 7.5), self.until),
        )  # fmt: skip
        found = {each.customer_code: each for each in raised.made}
        return [found[each.code] for each in sellers()]

    def _day_of(self, paying: Paying, charge: Charge, day: int) -> None:
        at = self._at(day, 8 + paying.number / 12)
        if paying.how == "short" and day == paying.day + 2:
            self.bank.tell(self.bank.move(10_000, note_of(charge), at))
        if day != paying.day or paying.how == "owes":
            return
        if paying.how in ("cash", "neighbour"):
            self._cash(charge, at, helper="Bà hàng bên" if paying.how == "neighbour" else "")
            return
        movement = self.bank.move(self._sent(paying, charge), self._note(paying, charge), at)
        if paying.how != "untold":
            self.bank.tell(movement, times=3 if paying.how == "repeated" else 1)
        if paying.how == "twice":
            self.bank.tell(self.bank.move(charge.amount, note_of(charge), at + timedelta(minutes=1)))

    def _sent(self, paying: Paying, charge: Charge) -> int:
        return charge.amount - 10_000 if paying.how == "short" else charge.amount

    def _note(self, paying: Paying, charge: Charge) -> str:
        if paying.how == "nameless":
            return "CHUYEN TIEN PHI CHO"
        if paying.how == "mangled":
            code = charge.reference.lower()
            return f"mbvcb.{paying.number}.{code[:6]} {code[6:11]}-{code[11:]} ct tu tk"
        return f"{note_of(charge)} FT{paying.number:04d}"

    def _cash(self, charge: Charge, at: datetime, helper: str = "") -> None:
        take_cash(
            charge=charge, key=self.book.key("cash", charge.uuid), by=self.book.collector, at=at, collector=True,
            helper_name=helper, helper_relation="hàng xóm" if helper else "",
        )  # fmt: skip

    def _round(self, day: int, lacking: int) -> None:
        """Counted in the evening, at the bank the next morning."""
        brought = bring_cash(self.book, self._at(day, 17), lacking=lacking)
        if brought:
            at = self._at(day + 1, 7.4)
            reference = to_the_bank(self.book, brought, at)
            self.bank.tell(self.bank.move(brought, f"NOP TIEN MAT {reference}", at + timedelta(minutes=20)))

    def _at_the_bank(self, at: datetime) -> None:
        """What the bank does by itself at a month's end."""
        for amount, note, why in (
            (1_215, "TRA LAI TIEN GUI", "Lãi tiền gửi không kỳ hạn."),
            (-11_000, "PHI QUAN LY TK", "Phí quản lý tài khoản của ngân hàng."),
        ):
            self.bank.tell(self.bank.move(amount, note, at))
            self.bank.work(at + timedelta(minutes=10))
            item = SuspenseItem.objects.filter(biller=self.book.biller, closed_at=None).latest("pk")
            explain(item=item, why=why, by=self.book.accountant, at=at + timedelta(hours=1))

    def _put_right(self, charges: list[Charge]) -> None:
        """What waited is put where it belongs: the two parts together, the nameless one after a call, the double one is sent back."""
        at, waiting = self._at(28, 16.5), SuspenseItem.objects.filter(biller=self.book.biller, closed_at=None)
        how = {each.how: charges[each.number] for each in payings()}
        short = list(waiting.filter(charge=how["short"]))
        attribute(items=short, charge=how["short"], by=self.book.accountant, at=at)
        nameless = list(waiting.filter(reason="no_reference"))
        attribute(items=nameless, charge=how["nameless"], by=self.book.accountant, at=at)
        double = waiting.get(reason="double")
        asked = ask_refund(
            item=double, amount=double.line.amount, to_name="NGUOI BAN MAU", to_bank_bin=BANK, to_account="MAUQUAY0031",
            why="Chuyển hai lần cho một tháng.", key=self.book.key("refund", double.uuid), by=self.book.accountant, at=at,
        )  # fmt: skip
        approved = approve_refund(refund=asked, by=OPERATOR, at=at + timedelta(hours=1))
        self.bank.tell(
            self.bank.move(-approved.amount, f"HOAN TIEN {approved.reference}", at + timedelta(hours=2))
        )
        self.bank.work(at + timedelta(hours=2.1))

    def _at(self, day: int, hour: float) -> datetime:
        return moment(self.first + timedelta(days=day - 1), hour)
