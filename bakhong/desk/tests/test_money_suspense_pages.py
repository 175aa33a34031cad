"""Money that no rule could place: the queue, a line of it, and everything that may be done about it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.money import a_biller, a_charge, an_account, told, waiting
from bakhong.payments.actions.billers import add_member
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.depositing import deposit
from bakhong.payments.models import BankAccount, Biller, Charge, SuspenseItem
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def bank(biller: Biller, at: datetime) -> BankAccount:
    return an_account(biller, at)


@pytest.fixture
def charge(biller: Biller, at: datetime) -> Charge:
    return a_charge(biller, at)


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def page_of(item: SuspenseItem, unit: Unit) -> str:
    return reverse("desk:suspense_item", args=[unit.uuid, item.uuid])


def now_of(row: Charge | SuspenseItem) -> None:
    with scope.seeing(OPERATOR):
        row.refresh_from_db()


def test_the_queue_says_what_is_missing_who_looks_after_it_and_what_comes_next(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, charge: Charge, at: datetime
) -> None:
    client = enter("accountant", thuong_xuan)
    told(bank, at, ("20/11/2026", 200, f"{charge.reference} tien nuoc"), ("21/11/2026", 5000, "ung ho"))
    page = text(client.get(reverse("desk:suspense", args=[thuong_xuan.uuid])))
    assert "THIẾU 199.800\xa0đ" in page
    assert "CHƯA RÕ 5.000\xa0đ" in page
    assert "chờ phần còn thiếu" in page
    assert "accountant" in page  # the owner
    assert page.index("THIẾU") < page.index("CHƯA RÕ")


def test_a_filter_leaves_one_reason(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, charge: Charge, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 200, f"{charge.reference}"), ("21/11/2026", 5000, "ung ho"))
    address = reverse("desk:suspense", args=[thuong_xuan.uuid])
    page = text(enter("accountant", thuong_xuan).get(address, {"reason": "underpaid"}))
    assert "THIẾU" in page
    assert "CHƯA RÕ 5.000" not in page
    assert enter("accountant", thuong_xuan).get(address, {"reason": "x", "page": "y"}).status_code == 200


def test_what_is_missing_stands_first_and_largest(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, charge: Charge, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 200, f"ck {charge.reference.lower()} nuoc"))
    page = text(enter("accountant", thuong_xuan).get(page_of(waiting(bank)[0], thuong_xuan)))
    assert "<h1>THIẾU 199.800\xa0đ</h1>" in page
    assert f'<mark class="bk-mark--done">{charge.reference.lower()}</mark>' in page
    assert 'value="attribute" data-key="F9"' not in page  # too little makes nothing paid


def test_a_typed_code_puts_it_where_it_belongs_and_it_can_be_undone(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, charge: Charge, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 200_000, "tien nuoc nha chi Hoa"))
    (item,) = waiting(bank)
    client = enter("accountant", thuong_xuan)
    address = page_of(item, thuong_xuan)
    assert "Tiền nước tháng 11/2026" in text(client.get(address))  # suggested by its amount
    sent = client.post(address, {"deed": "attribute", "reference": charge.reference.lower()})
    assert sent.status_code == 302
    now_of(charge)
    assert (charge.state, charge.method) == ("paid", "transfer")
    closed = text(client.get(address))
    assert "đã vào khoản thu" in closed
    assert "Ghi nhầm, gỡ lại" in closed
    assert client.post(address, {"deed": "undo", "why": "gõ nhầm mã"}).status_code == 302
    now_of(charge)
    assert charge.state == "open"
    assert "CHƯA RÕ 200.000" in text(client.get(address))


def test_less_than_owed_is_refused_whoever_presses(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, charge: Charge, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 199_999, charge.reference))
    (item,) = waiting(bank)
    address = page_of(item, thuong_xuan)
    answer = enter("accountant", thuong_xuan).post(address, {"deed": "attribute", "charge": str(charge.uuid)})
    assert answer.status_code == 422
    now_of(charge)
    assert charge.state == "open"


def test_two_parts_that_are_the_whole_are_put_together(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, charge: Charge, at: datetime
) -> None:
    told(bank, at, ("19/11/2026", 60_000, charge.reference), ("20/11/2026", 140_000, charge.reference))
    item = waiting(bank)[0]
    client = enter("accountant", thuong_xuan)
    address = page_of(item, thuong_xuan)
    page = text(client.get(address))
    assert "đúng từng đồng" in page
    assert "140.000\xa0đ (20/11/2026)" in page
    assert client.post(address, {"deed": "attribute", "charge": str(charge.uuid)}).status_code == 302
    now_of(charge)
    assert charge.state == "paid"
    assert waiting(bank) == []


def test_what_is_for_no_charge_is_explained_and_can_be_undone(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 1234, "lai tien gui"))
    (item,) = waiting(bank)
    client = enter("accountant", thuong_xuan)
    address = page_of(item, thuong_xuan)
    assert client.post(address, {"deed": "explain", "why": "lãi"}).status_code == 422
    assert client.post(address, {"deed": "explain", "why": "lãi tiền gửi tháng 11"}).status_code == 302
    assert waiting(bank) == []
    assert "lãi tiền gửi tháng 11" in text(client.get(address))
    queue = reverse("desk:suspense", args=[thuong_xuan.uuid])
    assert "Xem các dòng đã xử lý" in text(client.get(queue))
    assert address in text(client.get(queue, {"closed": "1"}))
    assert client.post(address, {"deed": "undo", "why": "nhầm dòng"}).status_code == 302
    assert len(waiting(bank)) == 1


def test_the_next_step_and_the_owner_are_changed(
    enter: Enter, staff: Callable[..., User], thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    client = enter("accountant", thuong_xuan)
    told(bank, at, ("20/11/2026", 1234, "khong ro"))
    (item,) = waiting(bank)
    colleague = staff("biller_accountant", thuong_xuan)
    add_member(biller=bank.biller, staff=colleague, duty="accountant", villages=(), by=OPERATOR, at=at)
    address = page_of(item, thuong_xuan)
    assert client.post(address, {"deed": "step", "step": "call", "note": "gọi chị Hoá"}).status_code == 302
    assert client.post(address, {"deed": "assign", "owner": str(colleague.uuid)}).status_code == 302
    now_of(item)
    assert (item.next_step, item.note, item.owner) == ("call", "gọi chị Hoá", f"staff:{colleague.uuid}")
    assert client.post(address, {"deed": "step", "step": "nothing"}).status_code == 422
    assert client.post(address, {"deed": "assign", "owner": "x"}).status_code == 422
    assert client.post(address, {"deed": "dance"}).status_code == 404


def test_the_chair_reads_and_changes_nothing(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 1234, "khong ro"))
    (item,) = waiting(bank)
    client = enter("chair", thuong_xuan)
    assert "Đây là tiền của khoản nào?" not in text(client.get(page_of(item, thuong_xuan)))
    assert client.post(page_of(item, thuong_xuan), {"deed": "step", "step": "call"}).status_code == 403


def test_another_billers_line_answers_like_none(
    enter: Enter, thuong_xuan: Unit, biller: Biller, at: datetime
) -> None:
    market = a_biller(thuong_xuan, at, "market", "Chợ CANARY")
    bank = an_account(market, at, "9999999")
    told(bank, at, ("20/11/2026", 1234, "CANARY"))
    (item,) = waiting(bank)
    client = enter("accountant", thuong_xuan)
    for answer in (
        client.get(page_of(item, thuong_xuan)),
        client.post(page_of(item, thuong_xuan), {"deed": "explain", "why": "lấy tiền của chợ"}),
        client.get(reverse("desk:refund_of_item", args=[thuong_xuan.uuid, item.uuid])),
    ):
        assert answer.status_code == 404
        assert "CANARY" not in text(answer)
    assert "CANARY" not in text(client.get(reverse("desk:suspense", args=[thuong_xuan.uuid])))


def test_an_empty_queue_says_that_all_is_placed(enter: Enter, thuong_xuan: Unit, bank: BankAccount) -> None:
    page = text(enter("accountant", thuong_xuan).get(reverse("desk:suspense", args=[thuong_xuan.uuid])))
    assert "Mọi đồng tiền đã vào đúng khoản thu" in page


def test_money_waits_since_the_banks_day(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, charge: Charge, at: datetime
) -> None:
    """A statement brings old lines late: they are the oldest all the same."""
    told(bank, at, ("20/11/2026", 5000, "ung ho"))
    told(bank, at, ("02/11/2026", 7000, "chua ro"))
    client = enter("accountant", thuong_xuan)
    page = text(client.get(reverse("desk:suspense", args=[thuong_xuan.uuid])))
    assert page.index("CHƯA RÕ 7.000") < page.index("CHƯA RÕ 5.000")
    oldest = next(each for each in waiting(bank) if each.line.amount == 7000)
    days = (day_of(at) - oldest.line.on).days
    assert f"đã chờ {days} ngày" in text(client.get(page_of(oldest, thuong_xuan)))
    assert f"lâu nhất {days} ngày" in text(client.get(reverse("desk:money", args=[thuong_xuan.uuid])))


def test_the_same_amount_alone_invites_to_nothing(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, charge: Charge, at: datetime
) -> None:
    told(
        bank, at, ("20/11/2026", 200_000, "chuyen tien"), ("21/11/2026", 200_000, "LE THI HOA nop tien nuoc")
    )
    client, default = enter("accountant", thuong_xuan), 'value="attribute" data-key="F9"'
    alone, named = (text(client.get(page_of(each, thuong_xuan))) for each in waiting(bank))
    assert "Chỉ cùng số tiền" in alone
    assert default not in alone
    assert "bk-state--done" not in alone
    assert default in named
    assert "Chỉ cùng số tiền" not in named


def test_one_transfer_for_two_is_given_to_both_and_the_rest_waits(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, biller: Biller, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        both = [a_charge(biller, at, amount, title=f"Học phí {amount}") for amount in (150_000, 200_000)]
    told(bank, at, ("20/11/2026", 400_000, " ".join(each.reference for each in both)))
    (item,) = waiting(bank)
    accountant = enter("accountant", thuong_xuan)
    page = text(accountant.get(page_of(item, thuong_xuan)))
    assert "Một lần chuyển cho nhiều khoản" in page
    assert "350.000\xa0đ trên 400.000\xa0đ" in page
    accountant.post(
        page_of(item, thuong_xuan), {"deed": "split", "charge": [str(each.uuid) for each in both]}
    )
    for each in both:
        now_of(each)
        assert each.state == "paid"
    page = text(accountant.get(page_of(item, thuong_xuan)))
    assert "CÒN THỪA 50.000\xa0đ" in page
    assert "Đề nghị trả lại" in page
    with scope.seeing(OPERATOR):
        settlement = both[0].settlements.get()
    told_back = {"deed": "undo", "settlement": str(settlement.uuid), "why": "Nhầm con"}
    accountant.post(page_of(item, thuong_xuan), told_back)
    states = []
    for each in both:
        now_of(each)
        states.append(each.state)
    assert states == ["open", "paid"]


def test_too_much_pays_the_charge_and_the_rest_waits(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, biller: Biller, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        charge = a_charge(biller, at, 200_000)
    told(bank, at, ("20/11/2026", 250_000, charge.reference))
    (item,) = waiting(bank)
    accountant = enter("accountant", thuong_xuan)
    assert "Ghi đủ khoản này, còn 50.000\xa0đ để trả lại" in text(accountant.get(page_of(item, thuong_xuan)))
    accountant.post(page_of(item, thuong_xuan), {"deed": "split", "charge": str(charge.uuid)})
    now_of(charge)
    assert charge.state == "paid"
    refund = reverse("desk:refund_of_item", args=[thuong_xuan.uuid, item.uuid])
    assert "50.000\xa0đ" in text(accountant.get(refund))


def test_a_deposit_whose_note_was_left_out_is_put_where_it_belongs(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, biller: Biller, charge: Charge, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        take_cash(charge=charge, key=new_uuid(), by=OPERATOR, at=at)
        brought = deposit(biller=biller, account=bank, amount=200_000, key=new_uuid(), by=OPERATOR, at=at)
    told(bank, at, ("20/11/2026", 200_000, "NOP TIEN MAT"), ("20/11/2026", 199_999, "NOP TIEN MAT"))
    right, other = waiting(bank)
    accountant = enter("accountant", thuong_xuan)
    assert "Là tiền quỹ nộp vào?" in text(accountant.get(page_of(right, thuong_xuan)))
    assert "Là tiền quỹ nộp vào?" not in text(accountant.get(page_of(other, thuong_xuan)))
    said = {"deed": "deposit", "deposit": str(brought.uuid)}
    assert accountant.post(page_of(other, thuong_xuan), said).status_code == 422
    assert accountant.post(page_of(right, thuong_xuan), said).status_code == 302
    with scope.seeing(OPERATOR):
        brought.refresh_from_db()
    assert brought.line_id == right.line_id
