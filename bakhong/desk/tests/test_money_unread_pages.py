"""The accountant's page of what the bank told and nobody could read; alarms in words, read by whoever keeps a market's books."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.core.actor import OPERATOR
from bakhong.core.numbers import format_money
from bakhong.desk.tests.casework import Enter, text
from bakhong.desk.tests.money import a_biller, an_account, told
from bakhong.desk.views.money.alarm_words import FAULTS, PROBLEMS, SILENCES, alarm_words
from bakhong.payments.actions.alarms import raise_alarm, tell_alarms
from bakhong.payments.actions.deliveries import Unread, keep_unread
from bakhong.payments.models import (
    AlarmKind,
    BankAccount,
    Biller,
    BillerMember,
    Delivery,
    FeedAlarm,
    SuspenseItem,
)
from bakhong.payments.statement_words import REJECTING
from bakhong.people import scope
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
ROOM = Path(__file__).resolve().parents[2] / "payments"


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def bank(biller: Biller, at: datetime) -> BankAccount:
    return an_account(biller, at)


@pytest.fixture
def unread(bank: BankAccount, at: datetime) -> Delivery:
    with scope.seeing(OPERATOR):
        row = Unread("1", "21/11/2026 | 5.000,50 | tien nuoc", "amount_unclear")
        keep_unread(account=bank, source="statement", unread=[row], at=at)
        body = '{"id": 7, "transferAmount": "x1", "content": "nop tien cho"}'
        keep_unread(account=bank, source="pull", unread=[Unread("7", body, "bad_amount")], at=at)
        return Delivery.objects.get(source="statement")


def address(biller: Biller) -> str:
    return reverse("desk:unread", args=[biller.unit.uuid, biller.uuid])


def test_each_stands_with_its_reason_and_is_left_aside_with_one(
    enter: Enter, thuong_xuan: Unit, biller: Biller, unread: Delivery
) -> None:
    client = enter("accountant", thuong_xuan)
    first = text(client.get(reverse("desk:money", args=[thuong_xuan.uuid])))
    assert "2 tin của ngân hàng chưa đọc được" in first
    page = text(client.get(address(biller)))
    for said in ("5.000,50", "nop tien cho", "Số tiền không phải số nguyên đồng", "Thử đọc lại", "Người lo"):
        assert said in page
    refused = client.post(address(biller), {"deed": "drop", "delivery": unread.pk, "why": "x"})
    assert refused.status_code == 422
    assert 'value="x"' in text(refused)
    why = "Đã nhập ở tệp sau"
    assert (
        client.post(address(biller), {"deed": "drop", "delivery": unread.pk, "why": why}).status_code == 302
    )
    assert why in text(client.get(f"{address(biller)}?dropped=1"))
    assert client.post(address(biller), {"deed": "again", "delivery": unread.pk}).status_code == 302
    assert "5.000,50" in text(client.get(address(biller)))


def test_the_chair_reads_and_changes_nothing_and_others_do_not_exist(
    enter: Enter, thuong_xuan: Unit, biller: Biller, unread: Delivery, at: datetime
) -> None:
    client = enter("chair", thuong_xuan)
    assert "Thử đọc lại" not in text(client.get(address(biller)))
    assert client.post(address(biller), {"deed": "drop", "delivery": unread.pk}).status_code == 403
    market = a_biller(thuong_xuan, at, kind="market", name="Chợ")
    accountant = enter("accountant", thuong_xuan)
    assert accountant.get(address(market)).status_code == 404
    assert accountant.post(address(biller), {"delivery": unread.pk + 99}).status_code == 404


def test_a_markets_accountant_reads_the_alarm_that_is_sent(
    enter: Enter, thuong_xuan: Unit, at: datetime
) -> None:
    client = enter("biller_accountant", thuong_xuan)
    who = User.objects.get(pk=client.session[SESSION_KEY])
    market = a_biller(thuong_xuan, at, kind="market", name="Chợ")
    BillerMember.objects.create(
        biller=market,
        staff=f"staff:{who.uuid}",
        label="Chị Hoa",
        duty="accountant",
        valid_from=date(2026, 1, 1),
    )
    with scope.seeing(OPERATOR):
        raise_alarm(account=an_account(market, at), kind=AlarmKind.SILENT, detail="http_500", at=at)
        tell_alarms(at=at)
    assert "Cần xem nguồn tin của tài khoản 1234" in text(
        client.get(reverse("desk:my_messages", args=[thuong_xuan.uuid]))
    )
    first = text(client.get(reverse("desk:money", args=[thuong_xuan.uuid])))
    assert "nơi cung cấp trả lời lỗi 500" in first
    assert "http_500" not in first


def test_every_code_that_is_raised_has_words() -> None:
    sources = [ROOM / each for each in ("rules/webhooks.py", "actions/deliveries.py", "adapters/sepay.py")]
    said = "\n".join(each.read_text() for each in sources)
    problems = set(re.findall(r'BadDelivery\("(\w+)"', said)) | set(re.findall(r'"(\w+)", at\)', said))
    assert problems >= {
        "bad_amount",
        "other_body",
        "error",
        "bad_day",
    }  # they are found where they are raised
    assert (problems | REJECTING) - PROBLEMS.keys() - FAULTS.keys() == set()
    assert set(re.findall(r'Silent\("(\w+)"\)', said)) - SILENCES.keys() == set()


@pytest.mark.parametrize("kind", AlarmKind)
@pytest.mark.parametrize(
    "detail", ["", "sepay", "2026-11-20/2026-11-22/-50000", "pull", "TimeoutError", "list_full"]
)
def test_no_code_of_ours_stands_on_the_screen(
    bank: BankAccount, thuong_xuan: Unit, at: datetime, kind: AlarmKind, detail: str
) -> None:
    alarm = FeedAlarm(biller=bank.biller, account=bank, kind=kind, detail=detail, hour=at)
    words = alarm_words(alarm, thuong_xuan)
    assert words.step
    assert words.url
    for code in filter(None, (detail, "sepay", "_")):
        assert code not in words.what
    if kind == AlarmKind.GAP and detail.endswith("50000"):
        assert f"{format_money(50_000)} tiền ra chưa được báo, từ 20/11/2026 đến 22/11/2026" in words.what


def test_the_last_statement_of_a_closed_account_can_be_taken(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    address = reverse("desk:statement", args=[thuong_xuan.uuid])
    client = enter("accountant", thuong_xuan)
    BankAccount.objects.filter(pk=bank.pk).update(closed_on=date(2026, 10, 31))
    page = text(client.get(address))
    assert "đã đóng ngày 31/10/2026" in page
    content = "Ngày giao dịch,Ghi có,Nội dung\n30/10/2026,5.000,ck\n".encode()
    file = SimpleUploadedFile("thang10.csv", content)
    assert client.post(address, {"account": bank.uuid, "file": file}).status_code == 302
    BankAccount.objects.filter(pk=bank.pk).update(closed_on=date(2025, 10, 1))
    assert "đã đóng ngày" not in text(client.get(address))


def test_the_queue_says_what_is_late_and_what_is_nobodys(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 10_000, "a"), ("21/11/2026", 20_000, "b"))  # nobody reconciles yet
    client = enter("accountant", thuong_xuan)
    with scope.seeing(OPERATOR):
        first = SuspenseItem.objects.order_by("pk").first()
        assert first is not None
        SuspenseItem.objects.filter(pk=first.pk).update(opened_at=at - timedelta(days=14))
    address = reverse("desk:suspense", args=[thuong_xuan.uuid])
    page = text(client.get(address))
    for said in ("Chưa có người lo 2", "Quá hạn 1", "quá hạn"):
        assert said in page
    late = text(client.get(f"{address}?late=1"))
    assert "10.000" in late
    assert "1 dòng quá 7 ngày làm việc" in text(
        enter("chair", thuong_xuan).get(reverse("desk:money_summary", args=[thuong_xuan.uuid]))
    )
