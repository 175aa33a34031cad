"""Money that goes back: one asks, another decides, a transfer with its reference ends it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.money import a_biller, a_charge, an_account, told, waiting
from bakhong.payments.actions.refunding import ask_refund
from bakhong.payments.models import BankAccount, Biller, Refund
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]
WHOM = {
    "to_name": "Lê Thị Hoá",
    "to_bank_bin": "970436",
    "to_account": "0071 000 123456",
    "why": "Chuyển hai lần",
}


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def bank(biller: Biller, at: datetime) -> BankAccount:
    return an_account(biller, at)


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def the_refund() -> Refund:
    with scope.seeing(OPERATOR):
        return Refund.objects.get()


def asked(client: Client, unit: Unit, bank: BankAccount, at: datetime) -> str:
    """The page of a refund of 5.000 đồng that waits."""
    told(bank, at, ("20/11/2026", 5000, "nham"))
    address = reverse("desk:refund_of_item", args=[unit.uuid, waiting(bank)[0].uuid])
    answer = client.post(address, WHOM)
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def test_one_asks_another_approves_and_the_bank_ends_it(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    clerk, chair = enter("accountant", thuong_xuan), enter("chair", thuong_xuan)
    page = asked(clerk, thuong_xuan, bank, at)
    own = text(clerk.get(page))
    assert "người khác phải duyệt" in own
    assert "0071000123456" not in own
    assert "Trả lại 5.000\xa0đ cho Lê Thị Hoá" in text(
        chair.get(reverse("desk:money_summary", args=[thuong_xuan.uuid]))
    )
    assert chair.post(page, {"deed": "approve"}).status_code == 302
    ready = text(clerk.get(page))
    assert "0071000123456" in ready
    assert "segno" in ready
    assert "&lt;svg" not in ready
    assert the_refund().reference in ready
    assert "0071000123456" not in text(chair.get(page))  # who does not send it sees the last digits
    told(bank, at, ("21/11/2026", -5000, f"tra lai {the_refund().reference}"), opening=1_005_000)
    assert the_refund().state == "sent"
    assert "Ngân hàng báo đã chuyển" in text(clerk.get(page))
    assert "0071000123456" not in text(clerk.get(page))


def test_nobody_approves_what_they_asked_for(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    clerk = enter("accountant", thuong_xuan)
    page = asked(clerk, thuong_xuan, bank, at)
    assert clerk.post(page, {"deed": "approve"}).status_code == 403
    assert the_refund().state == "asked"


def test_refusing_needs_a_reason(enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime) -> None:
    page = asked(enter("accountant", thuong_xuan), thuong_xuan, bank, at)
    chair = enter("chair", thuong_xuan)
    assert chair.post(page, {"deed": "refuse", "why": " "}).status_code == 422
    assert chair.post(page, {"deed": "refuse", "why": "Chưa hỏi người chuyển"}).status_code == 302
    assert the_refund().state == "refused"
    assert "Chưa hỏi người chuyển" in text(chair.get(page))
    assert chair.post(page, {"deed": "dance"}).status_code == 404


def test_a_wrong_account_keeps_what_was_typed(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 5000, "nham"))
    address = reverse("desk:refund_of_item", args=[thuong_xuan.uuid, waiting(bank)[0].uuid])
    answer = enter("accountant", thuong_xuan).post(address, {**WHOM, "to_account": "12"})
    assert answer.status_code == 422
    assert "5 đến 19 chữ số" in text(answer)
    assert "Chuyển hai lần" in text(answer)


def test_a_part_of_a_payment_goes_back_and_never_more(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    charge = a_charge(biller, at)
    told(bank, at, ("20/11/2026", 200_000, charge.reference))
    client = enter("accountant", thuong_xuan)
    address = reverse("desk:refund_of_charge", args=[thuong_xuan.uuid, charge.uuid])
    assert 'value="200.000"' in text(client.get(address))
    assert client.post(address, {**WHOM, "amount": "200.001"}).status_code == 422
    assert client.post(address, {**WHOM, "amount": "50.000 đ"}).status_code == 302
    assert the_refund().amount == 50_000


def test_the_same_form_sent_twice_asks_once(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 5000, "nham"))
    client = enter("accountant", thuong_xuan)
    address = reverse("desk:refund_of_item", args=[thuong_xuan.uuid, waiting(bank)[0].uuid])
    form = {**WHOM, "form_key": "01999999-0000-7000-8000-000000000001"}
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    the_refund()


def test_another_billers_refund_answers_like_none(
    enter: Enter, thuong_xuan: Unit, biller: Biller, at: datetime
) -> None:
    market = a_biller(thuong_xuan, at, "market", "Chợ CANARY")
    theirs = an_account(market, at, "9999999")
    told(theirs, at, ("20/11/2026", 5000, "CANARY"))
    with scope.seeing(OPERATOR):
        (item,) = waiting(theirs)
        refund = ask_refund(
            item=item, amount=5000, to_name="CANARY", why="nhầm", key=item.uuid, by=OPERATOR, at=at
        )
    client = enter("accountant", thuong_xuan)
    page = reverse("desk:refund", args=[thuong_xuan.uuid, refund.uuid])
    assert client.get(page).status_code == 404
    assert enter("chair", thuong_xuan).post(page, {"deed": "approve"}).status_code == 404
    assert "CANARY" not in text(client.get(reverse("desk:refunds", args=[thuong_xuan.uuid])))
