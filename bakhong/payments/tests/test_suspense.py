"""What waits is given to somebody, has a next step, and ends where it belongs: a charge, to the đồng, or an explanation."""

from datetime import datetime
from typing import Any

import pytest

from bakhong.accounts.models import User
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.actions.settling import NotExact
from bakhong.payments.actions.suspense import assign, attribute, explain, set_step
from bakhong.payments.actions.waiting import reverse
from bakhong.payments.models import AccountKind, BankAccount, Biller, Entry, SuspenseItem
from bakhong.payments.queries.ledger import balances
from bakhong.payments.queries.owners import owner_of
from bakhong.payments.queries.suspense import open_items, suggestions
from bakhong.payments.rules.lines import Told
from bakhong.payments.tests.feed_world import (
    DAY,
    MakeFee,
    bank,
    biller,
    everybody,
    fee,
    staff,
    told,
    village,
    villages,
)
from bakhong.payments.tests.ledger_world import check_deferred
from bakhong.places.models import Unit

__all__ = ["bank", "biller", "everybody", "fee", "staff", "village", "villages"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def wait(bank: BankAccount, actor: Actor, at: datetime) -> Any:
    """`wait(told(…))`: the item of a line that fits nothing."""

    def make(movement: Told) -> SuspenseItem:
        taken = take_lines(account=bank, told=[movement], source="sepay", at=at)
        match_lines(taken.new, by=actor, at=at)
        return SuspenseItem.objects.select_related("line", "biller").get(line=taken.new[0])

    return make


def standing(biller: Biller) -> dict[str, int]:
    return {account.kind: amount for account, amount in balances(biller) if amount}


def test_parts_that_add_up_pay_the_charge_when_somebody_says_so(
    wait: Any, fee: MakeFee, biller: Biller, actor: Actor, at: datetime
) -> None:
    charge = fee(100_000)
    parts = [wait(told(60_000, charge.reference)), wait(told(40_000, charge.reference))]
    with pytest.raises(NotExact):
        attribute(items=parts[:1], charge=charge, by=actor, at=at)
    attribute(items=parts, charge=charge, by=actor, at=at)
    attribute(items=parts, charge=charge, by=actor, at=at)  # once more is the same
    check_deferred()
    charge.refresh_from_db()
    assert charge.state == "paid"
    assert not SuspenseItem.objects.filter(closed_at=None).exists()
    assert standing(biller) == {AccountKind.BANK: 100_000, AccountKind.PURPOSE: 100_000}


def test_money_for_no_charge_is_explained_and_that_can_be_undone(
    wait: Any, biller: Biller, actor: Actor, at: datetime
) -> None:
    item = wait(told(1234, "LAI TIEN GUI"))
    with pytest.raises(Refusal):
        explain(item=item, why="  a ", by=actor, at=at)
    for turn in (1, 2):
        explain(item=item, why="Lãi tiền gửi tháng 11", by=actor, at=at)
        assert standing(biller) == {AccountKind.BANK: 1234, AccountKind.OTHER: 1234}
        with pytest.raises(Conflict):
            explain(item=item, why="Lãi tiền gửi tháng 11", by=actor, at=at)
        reverse(
            entry=Entry.objects.filter(kind="explained").latest("pk"), why=f"Nhầm lần {turn}", by=actor, at=at
        )
        assert standing(biller) == {AccountKind.BANK: 1234, AccountKind.SUSPENSE: 1234}


def test_money_that_went_out_is_explained_the_other_way(
    wait: Any, biller: Biller, actor: Actor, at: datetime
) -> None:
    explain(item=wait(told(11_000, "PHI", direction="out")), why="Phí dịch vụ ngân hàng", by=actor, at=at)
    assert standing(biller) == {AccountKind.BANK: -11_000, AccountKind.OTHER: -11_000}


def test_it_is_given_to_who_may_and_has_a_step(
    wait: Any, staff: Any, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    accountant, clerk = staff("accountant", thuong_xuan), staff("one_stop_officer", thuong_xuan)
    item = wait(told(5000, "an trua"))
    assert item.owner == accountant.id  # nobody was named: who reconciles for the commune
    with pytest.raises(Refusal):
        assign(item=item, owner=clerk.user, by=actor, at=at)
    other = User.objects.create(email="second@example.vn", name="Kế toán hai")
    with pytest.raises(Refusal):
        assign(item=item, owner=other, by=actor, at=at)
    assert assign(item=item, owner=accountant.user, by=actor, at=at).owner == accountant.id
    assert set_step(item=item, step="call", note=" đã gọi ", by=actor, at=at).note == "đã gọi"
    with pytest.raises(Refusal):
        set_step(item=item, step="nothing", by=actor, at=at)
    for deed in (set_step, explain):
        with pytest.raises(NotAllowed):
            deed(
                item=item, by=clerk, at=at, **({"step": "call"} if deed is set_step else {"why": "không rõ"})
            )
    deeds = set(Event.objects.filter(object_kind="suspense_item").values_list("deed", flat=True))
    assert deeds == {"payments.assign_suspense", "payments.step_suspense"}


def test_nobody_there_means_the_operator(biller: Biller) -> None:
    assert owner_of(biller, DAY).id == "operator"


def test_likely_charges_come_first(wait: Any, fee: MakeFee) -> None:
    other, named, torn = fee(70_000), fee(70_000, payer_name="Trịnh Văn Quyết"), fee(70_000)
    assert fee(80_000)
    item = wait(told(70_000, f"TRINH VAN QUYET {torn.reference[:9]} nop"))
    assert suggestions(item) == [torn, named, other]
    assert suggestions(wait(told(70_000, "x", direction="out"))) == []


def test_another_communes_accountant_sees_none(wait: Any, staff: Any, thuong_xuan: Unit) -> None:
    wait(told(5000, "an trua"))
    elsewhere = Unit.objects.filter(level="commune").exclude(pk=thuong_xuan.pk).earliest("pk")
    assert open_items(staff("accountant", thuong_xuan)).count() == 1
    assert open_items(staff("accountant", elsewhere)).count() == 0
