"""Cash: at the desk, from house to house, and handed over against a count."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.money import a_biller, a_charge, an_account, told
from bakhong.payments.models import (
    BankAccount,
    Biller,
    BillerMember,
    CashPayment,
    Charge,
    Deposit,
    HandOver,
    Helper,
)
from bakhong.people import scope
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def account(biller: Biller, at: datetime) -> BankAccount:
    return an_account(biller, at)


@pytest.fixture
def charge(biller: Biller, account: BankAccount, at: datetime) -> Charge:
    with scope.seeing(OPERATOR):
        return a_charge(biller, at, account=account)


@pytest.fixture
def village(thuong_xuan: Unit, at: datetime) -> Unit:
    (made,) = create_villages(
        commune=thuong_xuan, villages=[("thon", "Mẫu 1")], valid_from=date(2025, 7, 1), by=OPERATOR, at=at
    )
    return made


def url(unit: Unit, name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *args])


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.content.decode().replace("\xa0", " ")))


def state_of(charge: Charge) -> tuple[str, str]:
    with scope.seeing(OPERATOR):
        found = Charge.objects.get(pk=charge.pk)
    return found.state, found.method


def keyed(**said: Any) -> dict[str, Any]:
    return {"form_key": str(uuid4()), **said}


def collector_of(biller: Biller, client: Client, villages: list[int]) -> str:
    user = User.objects.get(pk=client.session["_auth_user_id"])
    member = BillerMember.objects.create(
        biller=biller, staff=f"staff:{user.uuid}", label="Hà Văn Thu", duty="collector", villages=villages,
        valid_from="2025-07-01",
    )  # fmt: skip
    return str(member.staff)


def test_a_scanned_code_opens_the_charge(enter: Enter, thuong_xuan: Unit, charge: Charge) -> None:
    desk = enter("one_stop_officer", thuong_xuan)
    answer = desk.post(url(thuong_xuan, "cash"), {"q": charge.reference.lower()})
    assert answer["Location"] == url(thuong_xuan, "cash_charge", charge.uuid)
    page = text(desk.get(answer["Location"]))
    assert "200.000 đ" in page
    assert "bk-square" in page
    assert "Đã đếm đủ 200.000 đ tiền mặt" in page


def test_a_name_is_looked_for_and_stands_in_no_address(
    enter: Enter, thuong_xuan: Unit, charge: Charge
) -> None:
    desk = enter("one_stop_officer", thuong_xuan)
    page = text(desk.post(url(thuong_xuan, "cash"), {"q": "thị hoá"}))
    assert "Tiền nước tháng 11/2026" in page
    assert "Tiền nước" not in text(desk.get(url(thuong_xuan, "cash") + "?q=Hoá"))
    assert "Không có khoản thu nào khớp" in text(desk.post(url(thuong_xuan, "cash"), {"q": "Nguyễn Z"}))
    assert (
        desk.post(url(thuong_xuan, "cash"), {"q": "a\0b"}).status_code == 200
    )  # looked for as a dossier's code too


def test_cash_is_taken_once_and_named_cash(enter: Enter, thuong_xuan: Unit, charge: Charge) -> None:
    desk = enter("one_stop_officer", thuong_xuan)
    form = keyed(ten="Lò Thị Mai", la_ai="hàng xóm")
    for _time in range(2):
        assert desk.post(url(thuong_xuan, "cash_charge", charge.uuid), form).status_code == 302
    assert state_of(charge) == ("paid", "cash")
    with scope.seeing(OPERATOR):
        assert CashPayment.objects.filter(charge=charge).count() == 1
    page = text(desk.get(url(thuong_xuan, "cash_charge", charge.uuid)))
    assert "Xác nhận đã nhận tiền" in page
    assert "Lò Thị Mai (hàng xóm)" in page
    answer = desk.post(url(thuong_xuan, "cash_charge", charge.uuid), keyed())
    assert answer.status_code == 409


def test_cash_beside_money_that_waits_needs_a_tick(
    enter: Enter, thuong_xuan: Unit, account: BankAccount, charge: Charge, at: datetime
) -> None:
    told(account, at, ("20/11/2026", 150_000, charge.purpose))
    desk = enter("one_stop_officer", thuong_xuan)
    where = url(thuong_xuan, "cash_charge", charge.uuid)
    assert "THIẾU 50.000 đ" in text(desk.get(where))
    answer = desk.post(where, keyed())
    assert (answer.status_code, state_of(charge)) == (422, ("open", ""))
    assert 'name="known"' in text(answer)
    assert desk.post(where, keyed(known="1")).status_code == 302
    assert state_of(charge) == ("paid", "cash")


def test_an_officer_pays_with_their_own_account(enter: Enter, thuong_xuan: Unit, charge: Charge) -> None:
    desk = enter("one_stop_officer", thuong_xuan)
    desk.post(url(thuong_xuan, "cash_charge", charge.uuid), {"help": "1"})
    assert state_of(charge) == ("open", "")  # nothing but the bank's word pays it
    with scope.seeing(OPERATOR):
        helper = Helper.objects.get(charge=charge)
    assert helper.is_staff


def test_somebody_elses_money_is_not_there(
    enter: Enter, thuong_xuan: Unit, at: datetime, charge: Charge
) -> None:
    with scope.seeing(OPERATOR):
        market = a_biller(thuong_xuan, at, kind="market", name="Chợ")
        theirs = a_charge(market, at)
    desk = enter("one_stop_officer", thuong_xuan)
    assert desk.get(url(thuong_xuan, "cash_charge", theirs.uuid)).status_code == 404
    assert desk.post(url(thuong_xuan, "cash_charge", theirs.uuid), keyed()).status_code == 404
    assert "Không có khoản thu nào khớp" in text(desk.post(url(thuong_xuan, "cash"), {"q": theirs.reference}))
    assert state_of(theirs) == ("open", "")


def test_who_collects_sees_the_round_and_no_other(
    enter: Enter, thuong_xuan: Unit, biller: Biller, charge: Charge, at: datetime, village: Unit
) -> None:
    with scope.seeing(OPERATOR):
        near = a_charge(biller, at, 30_000, village=village, payer_name="Lường Văn Gần")
    phone = enter("collector", thuong_xuan)
    collector_of(biller, phone, [village.pk + 1_000_000])
    page = text(phone.get(url(thuong_xuan, "cash_collect")))
    assert "Lường Văn Gần" not in page  # of another village than the round's
    assert "Lê Thị Hoá" in page  # of whom no village is known
    BillerMember.objects.update(villages=[village.pk])
    assert "Lường Văn Gần" in text(phone.get(url(thuong_xuan, "cash_collect")))
    assert "Lê Thị Hoá" not in text(phone.post(url(thuong_xuan, "cash_collect"), {"q": "Gần"}))
    assert state_of(near) == ("open", "")


def test_the_bag_is_filled_and_counted_out(
    enter: Enter, thuong_xuan: Unit, biller: Biller, charge: Charge, at: datetime
) -> None:
    phone, desk = enter("collector", thuong_xuan), enter("one_stop_officer", thuong_xuan)
    who = collector_of(biller, phone, [])
    answer = phone.post(url(thuong_xuan, "cash_collect_charge", charge.uuid), keyed())
    assert answer["Location"] == url(thuong_xuan, "cash_collect")
    page = text(phone.get(url(thuong_xuan, "cash_collect")))
    assert "đã thu 1 khoản: <strong>200.000 đ" in page
    assert state_of(charge) == ("paid", "cash")
    assert "200.000 đ" in text(desk.get(url(thuong_xuan, "hand_over")))
    count = url(thuong_xuan, "hand_over_count", biller.uuid, who)
    added = text(desk.post(count, keyed(add="1", n100000="1", n50000="1")))
    assert "thiếu 50.000 đ" in added
    refused = desk.post(count, keyed(n100000="1", n50000="1"))
    assert refused.status_code == 422
    assert 'name="n100000" value="1"' in text(refused)
    assert desk.post(count, keyed(n100000="một")).status_code == 422
    done = desk.post(count, keyed(n100000="1", n50000="1", note="Rơi mất một tờ"))
    assert done.status_code == 302
    sheet = text(desk.get(done["Location"]))
    assert "Rơi mất một tờ" in sheet
    assert "150.000 đ" in sheet
    with scope.seeing(OPERATOR):
        assert HandOver.objects.get().amount == 150_000
    assert "Không ai đang giữ tiền mặt" in text(desk.get(url(thuong_xuan, "hand_over")))
    assert desk.post(done["Location"], {"why": ""}).status_code == 422
    assert phone.post(done["Location"], {"why": "Nhầm"}).status_code == 403
    assert desk.post(done["Location"], {"why": "Đếm sót một tờ"}).status_code == 302
    assert "200.000 đ" in text(desk.get(count))  # the bag is theirs again
    assert "Đếm sót một tờ" in text(desk.get(done["Location"]))


def test_nobody_counts_their_own_bag(enter: Enter, thuong_xuan: Unit, biller: Biller, charge: Charge) -> None:
    phone = enter("collector", thuong_xuan)
    who = collector_of(biller, phone, [])
    phone.post(url(thuong_xuan, "cash_collect_charge", charge.uuid), keyed())
    answer = phone.post(url(thuong_xuan, "hand_over_count", biller.uuid, who), keyed(n200000="1"))
    assert answer.status_code == 403
    with scope.seeing(OPERATOR):
        assert not HandOver.objects.exists()


def test_empty_pages_say_the_first_step(enter: Enter, thuong_xuan: Unit) -> None:
    desk = enter("one_stop_officer", thuong_xuan)
    assert "Bước đầu" in text(desk.get(url(thuong_xuan, "cash")))
    assert "chưa được giao thu" in text(desk.get(url(thuong_xuan, "cash_collect")))
    assert "Không ai đang giữ" in text(desk.get(url(thuong_xuan, "hand_over")))


def test_cash_of_the_desk_is_brought_to_the_bank(
    enter: Enter, thuong_xuan: Unit, biller: Biller, account: BankAccount, charge: Charge
) -> None:
    desk, phone = enter("one_stop_officer", thuong_xuan), enter("collector", thuong_xuan)
    desk.post(url(thuong_xuan, "cash_charge", charge.uuid), keyed())
    form = url(thuong_xuan, "deposit_new", biller.uuid)
    assert "200.000 đ" in text(desk.get(form))
    told = {"account": str(account.uuid), "amount": "200.001"}
    refused = desk.post(form, keyed(**told))
    assert refused.status_code == 422
    assert "200.001" in text(refused)
    collector_of(biller, phone, [])
    assert phone.post(form, keyed(**(told | {"amount": "1"}))).status_code in (403, 422)
    again = keyed(**(told | {"amount": "150.000"}))
    for _time in range(2):
        assert desk.post(form, again).status_code == 302
    with scope.seeing(OPERATOR):
        made = Deposit.objects.get()
    assert made.amount == 150_000
    page = text(desk.get(url(thuong_xuan, "deposits")))
    assert made.reference in page
    assert "50.000 đ" in page


def test_a_collector_undoes_a_wrong_press_until_the_bag_is_counted(
    enter: Enter, thuong_xuan: Unit, biller: Biller, charge: Charge
) -> None:
    phone, desk = enter("collector", thuong_xuan), enter("one_stop_officer", thuong_xuan)
    who = collector_of(biller, phone, [])
    phone.post(url(thuong_xuan, "cash_collect_charge", charge.uuid), keyed())
    with scope.seeing(OPERATOR):
        taken = CashPayment.objects.get()
    undo = url(thuong_xuan, "cash_undo", taken.uuid)
    assert undo in text(phone.get(url(thuong_xuan, "cash_collect")))
    assert desk.post(undo).status_code == 404  # another's
    for _time in range(2):
        assert phone.post(undo).status_code == 302
    assert state_of(charge) == ("open", "")
    assert "Không ai đang giữ" in text(desk.get(url(thuong_xuan, "hand_over")))
    phone.post(url(thuong_xuan, "cash_collect_charge", charge.uuid), keyed())
    with scope.seeing(OPERATOR):
        second = CashPayment.objects.exclude(pk=taken.pk).get()
    desk.post(url(thuong_xuan, "hand_over_count", biller.uuid, who), keyed(n200000="1"))
    assert "nhờ kế toán" in text(phone.post(url(thuong_xuan, "cash_undo", second.uuid), follow=True))
    assert state_of(charge) == ("paid", "cash")


def test_the_accountant_notes_the_receipt_made_elsewhere_and_takes_wrong_cash_back(
    enter: Enter, thuong_xuan: Unit, biller: Biller, charge: Charge
) -> None:
    desk, books = enter("one_stop_officer", thuong_xuan), enter("accountant", thuong_xuan)
    desk.post(url(thuong_xuan, "cash_charge", charge.uuid), keyed())
    page = url(thuong_xuan, "charge", charge.uuid)
    assert f"/tra-tien/{charge.reference}/xac-nhan.pdf" in text(books.get(page))
    refused = books.post(page, {"deed": "official", "series": "BL01", "number": "", "on": "x"})
    assert refused.status_code == 422
    told = {"deed": "official", "series": "BL01", "number": "0000123", "on": ""}
    assert books.post(page, told).status_code == 302
    assert "0000123" in text(books.get(page))
    assert books.post(page, {"deed": "take_back", "why": ""}).status_code == 422
    assert state_of(charge) == ("paid", "cash")
    assert desk.post(page, {"deed": "take_back", "why": "Nhầm người"}).status_code in (403, 404)
    assert books.post(page, {"deed": "take_back", "why": "Nhầm người"}).status_code == 302
    assert state_of(charge) == ("open", "")
