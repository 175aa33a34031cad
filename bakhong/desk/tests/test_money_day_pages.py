"""The first screen, the days and the chair's view."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.core.days import VIET_NAM
from bakhong.desk.tests.money import a_biller, a_charge, an_account, told
from bakhong.payments.actions.alarms import raise_alarm
from bakhong.payments.models import AlarmKind, BankAccount, Biller, Close, FeedAlarm
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def bank(biller: Biller, at: datetime) -> BankAccount:
    return an_account(biller, at)


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def first(unit: Unit) -> str:
    return reverse("desk:money", args=[unit.uuid])


def test_nothing_unexplained_is_said_first(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    charge = a_charge(biller, at)
    told(bank, at, ("20/11/2026", 200_000, charge.reference), ("21/11/2026", 5000, "ung ho"))
    page = text(enter("accountant", thuong_xuan).get(first(thuong_xuan)))
    assert "<h1>Tiền chưa giải thích: 0\xa0đ</h1>" in page
    assert "Xử lý 1 dòng tiền chờ, 5.000\xa0đ" in page
    assert "Agribank …1234" in page


def test_a_missing_line_is_unexplained_money_and_the_first_thing_to_do(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("19/11/2026", 10_000, "a"), opening=0)
    told(bank, at, ("20/11/2026", 10_000, "b"), opening=75_000)
    page = text(enter("accountant", thuong_xuan).get(first(thuong_xuan)))
    assert "<h1>Tiền chưa giải thích: 65.000\xa0đ</h1>" in page
    assert "Tìm 65.000\xa0đ chưa giải thích" in page


def test_who_keeps_the_books_lands_here(enter: Enter, thuong_xuan: Unit, bank: BankAccount) -> None:
    answer = enter("accountant", thuong_xuan).get(reverse("desk:home"))
    assert answer.headers["Location"] == first(thuong_xuan)


def test_without_a_biller_or_an_account_it_says_the_first_step(
    enter: Enter, thuong_xuan: Unit, at: datetime
) -> None:
    client = enter("accountant", thuong_xuan)
    assert "Bước đầu: khai đơn vị thu" in text(client.get(first(thuong_xuan)))
    a_biller(thuong_xuan, at)
    assert "Chưa có tài khoản ngân hàng nào" in text(client.get(first(thuong_xuan)))
    assert "Chưa có tài khoản nào" in text(client.get(reverse("desk:statement", args=[thuong_xuan.uuid])))


def test_an_alarm_stands_until_somebody_has_seen_it(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        raise_alarm(account=bank, kind=AlarmKind.FORGED, at=at)
        alarm = FeedAlarm.objects.get()
    client = enter("accountant", thuong_xuan)
    assert "Đã xem" in text(client.get(first(thuong_xuan)))
    address = reverse("desk:money_alarm", args=[thuong_xuan.uuid, alarm.uuid])
    assert enter("chair", thuong_xuan).post(address).status_code == 403
    assert client.post(address).status_code == 302
    assert "Đã xem" not in text(client.get(first(thuong_xuan))).replace("Đã ghi là đã xem", "")


def test_a_day_is_closed_once_and_shown_on_paper(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("19/11/2026", 10_000, "a"), ("20/11/2026", 10_000, "b"))
    client = enter("accountant", thuong_xuan)
    day = reverse("desk:day", args=[thuong_xuan.uuid, biller.uuid, "2026-11-20"])
    page = text(client.get(day))
    assert "Khoá các ngày từ 19/11/2026 đến 20/11/2026" in page
    assert client.post(day, {"note": ""}).status_code == 302
    closed = text(client.get(day))
    assert "đã khoá" in closed
    assert 'name="note"' not in closed
    days = text(client.get(reverse("desk:days", args=[thuong_xuan.uuid])))
    assert days.count("đã khoá") == 2
    sheet = text(client.get(reverse("desk:day_sheet", args=[thuong_xuan.uuid, biller.uuid, "2026-11-20"])))
    assert "Biên bản đối chiếu ngày 20/11/2026" in sheet
    assert "Tiền gửi Agribank …1234" in sheet
    assert "nội dung không có mã khoản thu" in sheet  # what of the day still waits
    assert (
        client.get(reverse("desk:day", args=[thuong_xuan.uuid, biller.uuid, "2026-13-40"])).status_code == 404
    )
    assert (
        client.get(reverse("desk:day", args=[thuong_xuan.uuid, biller.uuid, "2027-01-01"])).status_code == 404
    )


def test_a_day_with_money_unexplained_closes_only_with_a_note(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("19/11/2026", 10_000, "a"), opening=0)
    told(bank, at, ("20/11/2026", 10_000, "b"), opening=75_000)
    client = enter("accountant", thuong_xuan)
    day = reverse("desk:day", args=[thuong_xuan.uuid, biller.uuid, "2026-11-20"])
    refused = client.post(day, {"note": " "})
    assert refused.status_code == 422
    assert "65.000\xa0đ" in text(refused)
    assert not Close.objects.exists()
    assert enter("chair", thuong_xuan).post(day, {"note": "cứ khoá"}).status_code == 403
    assert client.post(day, {"note": "đã hỏi ngân hàng, chờ trả lời"}).status_code == 302
    assert Close.objects.get().unexplained == 65_000


def test_lines_of_a_day_open_from_its_numbers(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("19/11/2026", 10_000, "dong mot"), ("20/11/2026", -7_000, "hai"))
    address = reverse("desk:bank_lines", args=[thuong_xuan.uuid, biller.uuid])
    client = enter("accountant", thuong_xuan)
    page = text(client.get(address, {"first": "20/11/2026", "last": "20/11/2026"}))
    assert "hai" in page
    assert "dong mot" not in page
    assert "ra 7.000\xa0đ (1 dòng)" in page
    assert client.get(address, {"statement": "x"}).status_code == 404
    assert client.get(address, {"first": "x", "state": "y", "from": "z"}).status_code == 200


def test_what_was_paid_is_listed_behind_its_sum(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    charge = a_charge(biller, at)
    told(bank, at, ("20/11/2026", 200_000, charge.reference))
    address = reverse("desk:taken", args=[thuong_xuan.uuid, biller.uuid])
    client = enter("accountant", thuong_xuan)
    page = text(client.get(address, {"first": "01/11/2026"}))
    assert "Chuyển khoản 200.000\xa0đ (1/1 khoản)" in page
    assert "Lê Thị Hoá" in page
    assert "Lê Thị Hoá" not in text(client.get(address, {"first": "01/11/2026", "method": "cash"}))
    assert client.get(address, {"first": "01/11/2026", "last": "01/10/2026"}).status_code == 400


def test_the_chair_sees_calmly_that_all_agrees(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    charge = a_charge(biller, at)
    told(bank, datetime.now(UTC), ("20/11/2026", 200_000, charge.reference))
    page = text(enter("chair", thuong_xuan).get(reverse("desk:money_summary", args=[thuong_xuan.uuid])))
    assert "Tiền của xã: khớp từng đồng" in page
    assert re.search(
        r"Chỉ tính \d+ đơn vị thu mà bạn được xem", page
    )  # whoever sees one biller is not told of all
    assert "200.000\xa0đ" in page


@pytest.mark.parametrize("name", ["money", "money_summary"])
def test_nothing_agrees_with_a_bank_that_said_nothing(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, name: str
) -> None:
    page = text(enter("accountant", thuong_xuan).get(reverse(f"desk:{name}", args=[thuong_xuan.uuid])))
    assert "chưa có số liệu ngân hàng" in page
    assert "khớp từng đồng" not in page


@pytest.mark.parametrize("name", ["money", "money_summary"])
def test_it_agrees_as_far_as_the_bank_has_told(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime, name: str
) -> None:
    charge, long_ago = a_charge(biller, at), datetime.now(UTC) - timedelta(days=9)
    told(bank, long_ago, ("10/11/2026", 200_000, charge.reference))
    page = text(enter("accountant", thuong_xuan).get(reverse(f"desk:{name}", args=[thuong_xuan.uuid])))
    assert f"khớp đến ngày {long_ago.astimezone(VIET_NAM):%d/%m/%Y}" in page
    assert "khớp từng đồng" not in page


def test_another_billers_days_answer_like_none(
    enter: Enter, thuong_xuan: Unit, biller: Biller, at: datetime
) -> None:
    market = a_biller(thuong_xuan, at, "market", "Chợ CANARY")
    told(an_account(market, at, "9999999"), at, ("19/11/2026", 10_000, "CANARY"))
    client = enter("accountant", thuong_xuan)
    for name, more in (
        ("money", []),
        ("days", []),
        ("day", ["2026-11-19"]),
        ("day_sheet", ["2026-11-19"]),
        ("bank_lines", []),
        ("taken", []),
    ):
        answer = client.get(reverse(f"desk:{name}", args=[thuong_xuan.uuid, market.uuid, *more]))
        assert answer.status_code == 404, name
        assert "CANARY" not in text(answer)
    assert client.post(
        reverse("desk:day", args=[thuong_xuan.uuid, market.uuid, "2026-11-19"]), {"note": "x"}
    ).status_code == 404  # fmt: skip


def test_no_key_opens_two_things_on_these_pages(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("19/11/2026", 10_000, "a"))
    client = enter("accountant", thuong_xuan)
    unit = thuong_xuan.uuid
    pages = [
        reverse(f"desk:{name}", args=[unit])
        for name in ("money", "suspense", "statement", "days", "refunds", "ledger")
    ]
    pages.append(reverse("desk:day", args=[unit, biller.uuid, "2026-11-19"]))
    for address in pages:
        keys = re.findall(r'data-key="([^"]+)"', text(client.get(address)))
        assert len(keys) == len(set(keys)), (address, sorted(keys))
