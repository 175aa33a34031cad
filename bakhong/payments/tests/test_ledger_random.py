"""Whatever is done in whatever order, the money agrees: deeds at random, all of it asked after each."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.db.models import Case, F, QuerySet, Sum, When
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bakhong.core.actor import Operator
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.calling_off import call_off_refund
from bakhong.payments.actions.cash import hand_over, take_cash
from bakhong.payments.actions.closing import close_day
from bakhong.payments.actions.depositing import deposit, deposit_arrived, undo_deposit
from bakhong.payments.actions.refunding import (
    approve_refund,
    ask_refund,
    refund_in_cash,
    refund_sent,
    refuse_refund,
)
from bakhong.payments.actions.settling import settle_by_lines, settle_matched
from bakhong.payments.actions.suspense import attribute, explain, split, suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.actions.waiting import reverse
from bakhong.payments.models import (
    AccountKind,
    BankLine,
    Biller,
    Charge,
    Deposit,
    Entry,
    LineState,
    Receipt,
    Refund,
    Settlement,
    SuspenseItem,
)
from bakhong.payments.queries.ledger import GROW_BY_DEBITS, balances, held_by, sheet
from bakhong.payments.queries.reconciling import check
from bakhong.payments.tests.ledger_world import (
    account_of,
    biller_of,
    charge_of,
    check_deferred,
    everybody,
    line_of,
)
from bakhong.places.models import Unit

__all__ = ["everybody"]

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
DESK, CHAIR = Operator("staff:desk", "Quầy"), Operator("staff:chair", "Chủ tịch")
COLLECTOR = Operator("staff:collector", "Người thu")
AMOUNTS = st.sampled_from([10_000, 20_000, 30_000])
PICK = st.integers(min_value=0, max_value=50)
SAVED: dict[str, Any] = {}


class Ledger(RuleBasedStateMachine):
    """One biller with one account. A deed that is refused leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.at = AT

    @initialize()
    def begin(self) -> None:
        self.biller: Biller = biller_of(SAVED["unit"], AT)
        self.bank = account_of(self.biller, AT)
        for amount in (10_000, 20_000, 30_000) * 3:
            self.owe(amount)
            self.move(amount, "in")
        self.cash(0, goes_round=True)
        self.cash(0, goes_round=False)
        self.match(0)
        for amount in (10_000, 20_000):
            self.owe(amount)
            self.move(amount, "in")
            self.move(amount, "out")

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def do(self, deed: Callable[..., object], **told: Any) -> None:
        with contextlib.suppress(Refusal):
            deed(at=self.at, **({"by": DESK} | told))

    def some(self, rows: Any, pick: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None

    def waiting(self, pick: int) -> QuerySet[SuspenseItem]:
        """Mostly what waits, now and then what is closed, which has to be refused."""
        return SuspenseItem.objects.all() if pick % 5 == 0 else SuspenseItem.objects.filter(closed_at=None)

    @rule(amount=AMOUNTS)
    def owe(self, amount: int) -> None:
        charge_of(self.biller, SAVED["unit"], self.at, amount).save(force_insert=True)

    @rule(amount=AMOUNTS, way=st.sampled_from(["in", "in", "in", "out"]))
    def move(self, amount: int, way: str) -> None:
        line_of(self.bank, self.at, amount, on=self.at.date(), direction=way).save(force_insert=True)

    @rule(pick=PICK)
    def match(self, pick: int) -> None:
        """As the matcher does: what is somebody's is settled, all else waits."""
        lines = list(BankLine.objects.filter(state=LineState.NEW).order_by("pk"))
        charges = list(Charge.objects.filter(state="open").order_by("pk"))
        pairs = [(charges[(turn + pick) % len(charges)], line) for turn, line in enumerate(lines) if charges]
        done = {each.line_id for each in settle_matched(pairs, by=DESK, at=self.at)}
        suspend([(line, "unknown", None) for line in lines if line.pk not in done], by=DESK, at=self.at)

    @rule(pick=PICK, likely=st.booleans())
    def settle(self, pick: int, likely: bool) -> None:
        """Of lines that might do, or of any two."""
        charge = self.some(Charge.objects.filter(state="open") if likely else Charge.objects.all(), pick)
        if charge and likely:
            fit = BankLine.objects.filter(amount=charge.amount, direction="in")
            line = self.some(fit.filter(state__in=("new", "suspense")), pick)
            self.do(settle_by_lines, charge=charge, lines=[line] if line else [])
        elif charge:
            lines = list(BankLine.objects.order_by("pk"))[pick % 7 :][:2]
            self.do(settle_by_lines, charge=charge, lines=lines)

    @rule(pick=PICK)
    def place(self, pick: int) -> None:
        item = self.some(self.waiting(pick), pick)
        charge = self.some(
            Charge.objects.filter(amount=item.amount, state="open") if item else Charge.objects.none(),
            pick,
        )
        if charge:
            self.do(attribute, items=[item], charge=charge)

    @rule(pick=PICK, number=st.integers(1, 3))
    def share(self, pick: int, number: int) -> None:
        """One line for several charges, more or less than it has; the rest waits."""
        largest = SuspenseItem.objects.filter(closed_at=None, line__direction="in").order_by("-amount")
        item = largest.first() if pick % 3 else self.some(self.waiting(pick), pick)
        charges = list(Charge.objects.filter(state="open").order_by("amount", "pk")[:number])
        if item and charges:
            self.do(split, item=item, charges=charges)

    @rule(pick=PICK)
    def set_aside(self, pick: int) -> None:
        item = self.some(self.waiting(pick), pick)
        if item:
            self.do(explain, item=item, why="Lãi tiền gửi")

    @rule(pick=PICK)
    def undo(self, pick: int) -> None:
        entry = self.some(Entry.objects.filter(kind__in=("explained", "difference", "received")), pick)
        if entry:
            self.do(reverse, entry=entry, why="Nhầm")

    @rule(pick=PICK, goes_round=st.booleans())
    def cash(self, pick: int, goes_round: bool) -> None:
        charge = self.some(Charge.objects.filter(state="open"), pick)
        if charge:
            self.do(
                take_cash,
                charge=charge,
                key=new_uuid(),
                collector=goes_round,
                by=COLLECTOR if goes_round else DESK,
            )

    @rule(off=st.sampled_from([0, 0, 1_000, -1_000]))
    def give(self, off: int) -> None:
        held = max(held_by(self.biller, COLLECTOR.id) + off, 0)
        counted = {1_000: held // 1_000}
        self.do(
            hand_over, biller=self.biller, collector=COLLECTOR.id, counted=counted, note="Lẻ", key=new_uuid()
        )

    @rule(amount=AMOUNTS, arrives=st.booleans())
    def bring(self, amount: int, arrives: bool) -> None:
        self.do(deposit, biller=self.biller, account=self.bank, amount=amount, key=new_uuid())
        brought = self.some(Deposit.objects.filter(line=None), amount)
        if brought and arrives:
            self.do(deposit_arrived, deposit=brought, line=self.line(brought.amount, "in"))

    @rule(pick=PICK, part=st.sampled_from([0, 0, 1_000]), in_cash=st.booleans())
    def ask(self, pick: int, part: int, in_cash: bool) -> None:
        told = {"to_name": "An", "why": "Nhầm", "key": new_uuid()}
        told |= {} if in_cash else {"to_bank_bin": "970436", "to_account": "0011002233"}
        item = self.some(self.waiting(pick), pick)
        charge = self.some(Charge.objects.filter(state="paid"), pick)
        if pick % 2 and charge:
            self.do(ask_refund, charge=charge, amount=part or charge.amount, **told)
        elif item:
            self.do(ask_refund, item=item, amount=item.amount, **told)

    @rule(pick=PICK, yes=st.sampled_from([True, True, False]))
    def decide(self, pick: int, yes: bool) -> None:
        self.ask(pick, 0, in_cash=bool(pick % 3))
        refund = self.some(Refund.objects.filter(state="asked"), pick)
        if refund and yes:
            self.do(approve_refund, refund=refund, by=CHAIR)
        elif refund:
            self.do(refuse_refund, refund=refund, why="Chưa rõ", by=CHAIR)

    @rule(pick=PICK)
    def send(self, pick: int) -> None:
        self.decide(pick, yes=True)
        refund = self.some(Refund.objects.filter(state="approved"), pick)
        if refund:
            self.do(refund_in_cash, refund=refund)
            self.do(refund_sent, refund=refund, line=self.line(refund.amount, "out"))

    @rule(pick=PICK)
    def think_again(self, pick: int) -> None:
        """What was approved, or is on its way to the bank, is not any more."""
        self.decide(pick, yes=True)
        refund = self.some(Refund.objects.filter(state__in=("approved", "sent", "off")), pick)
        if refund:
            self.do(call_off_refund, refund=refund, why="Sai số", by=CHAIR)
        brought = self.some(Deposit.objects.all(), pick)
        if brought:
            self.do(undo_deposit, deposit=brought, why="Chưa đi")

    def line(self, amount: int, way: str) -> BankLine:
        """One of that amount that may do, else a new one."""
        fit = BankLine.objects.filter(amount=amount, direction=way, state__in=("new", "suspense"))
        if not fit.exists():
            self.move(amount, way)
        return self.some(fit, amount)  # type: ignore[no-any-return]

    @rule(pick=PICK)
    def gone_back(self, pick: int) -> None:
        settlement = self.some(Settlement.objects.filter(taken_back=None), pick)
        if settlement:
            self.do(take_back, settlement=settlement, why="Nhầm người")

    @rule(days=st.integers(1, 3))
    @precondition(lambda self: hasattr(self, "biller"))
    def sleep(self, days: int) -> None:
        self.at += timedelta(days=days)
        self.do(close_day, biller=self.biller, on=(self.at - timedelta(days=1)).date(), note="Để lại")

    @invariant()
    @precondition(lambda self: hasattr(self, "biller"))
    def everything_agrees(self) -> None:
        check_deferred()
        standing = {(each.kind, each.code): amount for each, amount in balances(self.biller)}
        have = sum(amount for (kind, _code), amount in standing.items() if kind in GROW_BY_DEBITS)
        assert have == sum(standing.values()) - have
        booked = BankLine.objects.exclude(state=LineState.NEW)
        signed = Sum(Case(When(direction="in", then=F("amount")), default=-F("amount")))
        in_bank = sum(amount for (kind, _code), amount in standing.items() if kind == AccountKind.BANK)
        assert in_bank == (booked.aggregate(sum=signed)["sum"] or 0)
        paid = Charge.objects.filter(state="paid")
        settled = Settlement.objects.filter(taken_back=None)
        assert paid.aggregate(sum=Sum("amount")) == settled.aggregate(sum=Sum("amount"))
        assert sorted(Receipt.objects.values_list("number", flat=True)) == list(
            range(1, Receipt.objects.count() + 1)
        )
        assert set(Receipt.objects.filter(cancelled_at=None).values_list("charge", flat=True)) == set(
            paid.values_list("pk", flat=True)
        )
        assert sum(each.amount for each in sheet(self.biller, COLLECTOR.id)) == held_by(
            self.biller, COLLECTOR.id
        )
        assert standing.get((AccountKind.CASH, "cash"), 0) >= 0
        for line in BankLine.objects.exclude(state=LineState.NEW).filter(direction="in"):
            item = SuspenseItem.objects.filter(line=line).first()
            told = settled.filter(line=line).aggregate(sum=Sum("amount"))["sum"] or 0
            assert told + (item.amount + item.aside if item else 0) <= line.amount
        odd = [each for each in check([self.biller]).problems if each.code != "line_not_booked"]
        assert odd == []
        assert all(each.owner for each in SuspenseItem.objects.filter(closed_at=None))


@pytest.mark.usefixtures("everybody")
def test_deeds_at_random(thuong_xuan: Unit) -> None:
    SAVED["unit"] = thuong_xuan
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=10,
            stateful_step_count=18,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
