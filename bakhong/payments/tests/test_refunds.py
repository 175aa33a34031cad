"""Money goes back by four eyes, from where it stands, once."""

from datetime import datetime

import pytest
from django.db import Error, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.refunding import (
    approve_refund,
    ask_refund,
    refund_in_cash,
    refund_sent,
    refuse_refund,
)
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.actions.suspense import suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import AccountKind, BankAccount, Biller, Receipt, Refund, SuspenseItem
from bakhong.payments.queries.ledger import account, balance
from bakhong.payments.queries.reconciling import check
from bakhong.payments.sealed import unseal
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    chair,
    check_deferred,
    collector,
    everybody,
    make_charge,
    make_line,
    staff,
    village,
    villages,
)

__all__ = [
    "accountant", "bank", "biller", "chair", "collector", "everybody", "make_charge", "make_line", "staff", "village", "villages",
]  # fmt: skip


TO = {"to_name": "LE VAN AN", "to_bank_bin": "970436", "to_account": "0011002233"}


def left(biller: Biller) -> dict[str, int]:
    kinds = (AccountKind.SUSPENSE, AccountKind.REFUND, AccountKind.CASH)
    return {kind.value: balance(account(biller, kind)) for kind in kinds}


@pytest.fixture
def item(make_line: MakeLine, actor: Actor, at: datetime) -> SuspenseItem:
    return suspend([(make_line(), "double", None)], by=actor, at=at)[0]


def test_money_in_suspense_goes_back(
    item: SuspenseItem, make_line: MakeLine, biller: Biller, bank: BankAccount, accountant: StaffActor, chair: StaffActor,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    key = new_uuid()
    asked = ask_refund(item=item, amount=200_000, why="Trả hai lần", key=key, by=accountant, at=at, **TO)
    assert (
        ask_refund(item=item, amount=200_000, why="Trả hai lần", key=key, by=accountant, at=at, **TO) == asked
    )
    assert b"0011002233" not in bytes(asked.to_account or b"")
    assert unseal(asked.to_account or b"", f"payments_refund.to_account:{asked.uuid}") == "0011002233"
    with pytest.raises(Conflict):
        ask_refund(item=item, amount=200_000, why="Trả hai lần", key=new_uuid(), by=accountant, at=at, **TO)
    assert left(biller) == {"suspense": 200_000, "refund": 0, "cash": 0}
    approve_refund(refund=asked, by=chair, at=at)
    with pytest.raises(Conflict):
        approve_refund(refund=asked, by=chair, at=at)
    item.refresh_from_db()
    assert (item.outcome, item.line.state) == ("refunded", "explained")
    assert left(biller) == {"suspense": 0, "refund": 200_000, "cash": 0}
    with pytest.raises(Refusal):
        refund_sent(refund=asked, line=make_line(199_999, direction="out"), by=actor, at=at)
    line = make_line(direction="out")
    for _ in range(2):
        sent = refund_sent(refund=asked, line=line, by=actor, at=at)
    assert (sent.state, sent.account) == ("sent", bank)
    assert left(biller) == {"suspense": 0, "refund": 0, "cash": 0}
    assert balance(account(biller, AccountKind.BANK, bank_account=bank)) == 0


def test_the_same_key_with_another_account_is_a_conflict(
    item: SuspenseItem, accountant: StaffActor, at: datetime
) -> None:
    """Back, a digit corrected, sent again: the first account must not be taken for the corrected one."""
    key = new_uuid()
    asked = ask_refund(item=item, amount=200_000, why="Trả hai lần", key=key, by=accountant, at=at, **TO)
    told = {"amount": 200_000, "why": "Trả hai lần", **TO}
    others = [
        {"to_account": "0011002234"},
        {"to_bank_bin": "970405"},
        {"to_bank_bin": "", "to_account": ""},
        {"to_name": "LE VAN ANH"},
        {"why": "Trả thừa"},
    ]
    for other in others:
        with pytest.raises(Conflict, match="nội dung khác"):
            ask_refund(item=item, key=key, by=accountant, at=at, **(told | other))
    assert ask_refund(item=item, key=key, by=accountant, at=at, **told) == asked


def test_nobody_approves_what_they_asked_for(
    item: SuspenseItem, accountant: StaffActor, actor: Actor, chair: StaffActor, at: datetime
) -> None:
    asked = ask_refund(item=item, amount=200_000, why="Trả hai lần", key=new_uuid(), by=actor, at=at, **TO)
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        approve_refund(refund=asked, by=actor, at=at)
    with pytest.raises(NotAllowed):
        approve_refund(refund=asked, by=accountant, at=at)
    with pytest.raises(Error, match="refund_four_eyes"), transaction.atomic():
        Refund.objects.filter(pk=asked.pk).update(state="approved", decided_at=at, decided_by=actor.id)
    # What was asked for is what is approved.
    for change in ({"amount": 1}, {"to_account": b"x"}, {"asked_by": "x"}):
        with pytest.raises(Error, match="stays"), transaction.atomic():
            Refund.objects.filter(pk=asked.pk).update(**change)
    assert approve_refund(refund=asked, by=chair, at=at).decided_by == chair.id  # negative control


def test_refused_it_may_be_asked_again(
    item: SuspenseItem, accountant: StaffActor, chair: StaffActor, at: datetime
) -> None:
    asked = ask_refund(
        item=item, amount=200_000, why="Trả hai lần", key=new_uuid(), by=accountant, at=at, **TO
    )
    with pytest.raises(Refusal, match="lý do"):
        refuse_refund(refund=asked, why="", by=chair, at=at)
    refuse_refund(refund=asked, why="Chưa có giấy", by=chair, at=at)
    again = ask_refund(
        item=item, amount=200_000, why="Đã có giấy", key=new_uuid(), by=accountant, at=at, **TO
    )
    assert again.state == "asked"


def test_a_charge_paid_back_whole_is_asked_for_no_more(
    make_charge: MakeCharge,
    make_line: MakeLine,
    biller: Biller,
    actor: Actor,
    accountant: StaffActor,
    chair: StaffActor,
    at: datetime,
) -> None:
    charge = make_charge()
    settle_by_lines(charge=charge, lines=[make_line()], by=actor, at=at)
    asked = ask_refund(
        charge=charge, amount=200_000, why="Được miễn", key=new_uuid(), by=accountant, at=at, **TO
    )
    with pytest.raises(Refusal, match="lớn hơn"):
        ask_refund(charge=charge, amount=1, why="Được miễn", key=new_uuid(), by=accountant, at=at, **TO)
    approve_refund(refund=asked, by=chair, at=at)
    check_deferred()
    charge.refresh_from_db()
    assert (charge.state, charge.withdrawn_why) == ("withdrawn", "Được miễn")
    assert Receipt.objects.get().cancelled_at == at
    assert balance(account(biller, AccountKind.PURPOSE, service="dossier_fee")) == 0
    assert left(biller)["refund"] == 200_000


def test_a_part_paid_back_leaves_it_paid(
    make_charge: MakeCharge,
    make_line: MakeLine,
    biller: Biller,
    actor: Actor,
    accountant: StaffActor,
    chair: StaffActor,
    at: datetime,
) -> None:
    charge = make_charge()
    (made,) = settle_by_lines(charge=charge, lines=[make_line()], by=actor, at=at)
    asked = ask_refund(
        charge=charge, amount=50_000, why="Giảm phí", key=new_uuid(), by=accountant, at=at, **TO
    )
    approve_refund(refund=asked, by=chair, at=at)
    check_deferred()
    charge.refresh_from_db()
    assert charge.state == "paid"
    assert balance(account(biller, AccountKind.PURPOSE, service="dossier_fee")) == 150_000
    with pytest.raises(Conflict, match="trả lại"):
        take_back(settlement=made, why="Nhầm", by=accountant, at=at)


def test_without_an_account_it_is_given_at_the_desk(
    make_charge: MakeCharge, biller: Biller, accountant: StaffActor, chair: StaffActor, at: datetime
) -> None:
    charge = make_charge()
    take_cash(charge=charge, key=new_uuid(), by=accountant, at=at)
    asked = ask_refund(
        charge=charge, amount=200_000, to_name="An", why="Thu nhầm", key=new_uuid(), by=accountant, at=at
    )
    with pytest.raises(Conflict):
        refund_in_cash(refund=asked, by=accountant, at=at)
    approve_refund(refund=asked, by=chair, at=at)
    refund_in_cash(refund=asked, by=accountant, at=at)
    check_deferred()
    assert left(biller) == {"suspense": 0, "refund": 0, "cash": 0}


@pytest.mark.parametrize(
    "change",
    [{"to_bank_bin": ""}, {"to_account": "12 34"}, {"to_bank_bin": "000000"}, {"to_name": ""}, {"why": ""}],
)
def test_where_to_has_to_be_said(
    change: dict[str, str], item: SuspenseItem, accountant: StaffActor, at: datetime
) -> None:
    told = {"why": "Trả hai lần", **TO} | change
    with pytest.raises(Refusal):
        ask_refund(item=item, amount=200_000, key=new_uuid(), by=accountant, at=at, **told)


def test_a_part_of_what_waits_is_not_paid_back(
    item: SuspenseItem, accountant: StaffActor, at: datetime
) -> None:
    with pytest.raises(Refusal, match="nguyên vẹn"):
        ask_refund(item=item, amount=1, why="Trả hai lần", key=new_uuid(), by=accountant, at=at, **TO)


def test_the_last_part_paid_back_ends_the_charge(
    make_charge: MakeCharge, make_line: MakeLine, biller: Biller, actor: Actor, accountant: StaffActor, chair: StaffActor, at: datetime,
) -> None:  # fmt: skip
    charge = make_charge()
    settle_by_lines(charge=charge, lines=[make_line()], by=actor, at=at)
    for state in ("paid", "withdrawn"):
        asked = ask_refund(
            charge=charge, amount=100_000, why="Được miễn", key=new_uuid(), by=accountant, at=at, **TO
        )
        approve_refund(refund=asked, by=chair, at=at)
        check_deferred()
        charge.refresh_from_db()
        assert charge.state == state
        assert check([biller]).problems == []
    assert left(biller) == {"suspense": 0, "refund": 200_000, "cash": 0}
    assert balance(account(biller, AccountKind.PURPOSE, service="dossier_fee")) == 0


def test_what_is_asked_of_one_payment_is_not_of_the_next(
    make_charge: MakeCharge,
    make_line: MakeLine,
    actor: Actor,
    accountant: StaffActor,
    chair: StaffActor,
    at: datetime,
) -> None:
    (made,) = settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)
    asked = ask_refund(
        charge=made.charge, amount=200_000, why="Được miễn", key=new_uuid(), by=accountant, at=at, **TO
    )
    with pytest.raises(Conflict, match="chờ duyệt"):
        take_back(settlement=made, why="Nhầm", by=accountant, at=at)
    refuse_refund(refund=asked, why="Nhầm người", by=chair, at=at)
    assert take_back(settlement=made, why="Nhầm", by=accountant, at=at).state == "open"
