"""The ledger on screen."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bakhong.audit.models import Event
from bakhong.desk.tests.money import a_biller, an_account, an_entry
from bakhong.payments.models import BankAccount, Biller
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def bank(biller: Biller, at: datetime) -> BankAccount:
    return an_account(biller, at)


def test_it_shows_the_accounts_and_that_debits_equal_credits(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    an_entry(biller, bank, at, 150_000)
    page = (
        enter("accountant", thuong_xuan).get(reverse("desk:ledger", args=[thuong_xuan.uuid])).content.decode()
    )
    assert "Tiền gửi Agribank …1234" in page
    assert "150.000\xa0đ" in page
    assert "nợ bằng có" in page


def test_it_shows_what_stood_at_the_end_of_a_day(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    an_entry(biller, bank, at, 150_000)
    client = enter("accountant", thuong_xuan)
    address = reverse("desk:ledger", args=[thuong_xuan.uuid, biller.uuid])
    for day in (at, at.replace(year=2030)):
        told = f"{day:%d/%m/%Y}"
        answer = client.get(address, {"on": told})
        assert answer.status_code == 200
        assert "150.000\xa0đ" in answer.content.decode()
        assert f"?print=1&amp;on={told}" in answer.content.decode()
        assert client.get(address, {"on": told, "print": "1"}).status_code == 200
    assert client.get(address, {"on": "01/01/2020"}).status_code == 200
    assert client.get(address, {"on": "31/02/2026"}).status_code == 400


def test_an_account_shows_its_entries_a_page_at_a_time(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    for number in range(51):
        an_entry(biller, bank, at, 1000 + number)
    client = enter("accountant", thuong_xuan)
    address = reverse("desk:ledger_account", args=[thuong_xuan.uuid, biller.uuid, "suspense"])
    first = client.get(address)
    assert first.content.decode().count("data-row") == 50
    rest = client.get(address + first.context["next_url"])
    assert rest.content.decode().count("data-row") == 1
    assert "1.000\xa0đ" in rest.content.decode()


def test_one_entry_says_what_was_moved(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    entry = an_entry(biller, bank, at, note="gọi hỏi người gửi")
    address = reverse("desk:ledger_entry", args=[thuong_xuan.uuid, biller.uuid, entry.key])
    page = enter("chair", thuong_xuan).get(address).content.decode()
    assert "200.000\xa0đ" in page
    assert "gọi hỏi người gửi" in page


def test_taking_entries_along_is_written_down(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    an_entry(biller, bank, at, 150_000)
    address = reverse("desk:ledger_xlsx", args=[thuong_xuan.uuid, biller.uuid])
    client = enter("accountant", thuong_xuan)
    answer = client.post(address, {"first": "01/11/2026", "last": "22/11/2026"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    assert 150_000 in [cell.value for row in book.active for cell in row]
    assert Event.objects.filter(deed="desk.export", details__what="ledger").exists()
    assert client.get(address).status_code == 404
    assert client.post(address, {"first": "31/02/2026"}).status_code == 400


def test_another_billers_ledger_answers_like_none(
    enter: Enter, thuong_xuan: Unit, biller: Biller, at: datetime
) -> None:
    """The board of a market is not the commune's: who is no member of it finds nothing, and no tab to it."""
    market = a_biller(thuong_xuan, at, "market", "Chợ CANARY")
    an_entry(market, an_account(market, at, "9999999"), at)
    client = enter("accountant", thuong_xuan)
    for name, more in (
        ("ledger", []),
        ("ledger_account", ["suspense"]),
        ("ledger_entry", ["line:x"]),
        ("ledger_xlsx", []),
    ):
        answer = client.get(reverse(f"desk:{name}", args=[thuong_xuan.uuid, market.uuid, *more]))
        assert answer.status_code == 404, name
        assert "CANARY" not in answer.content.decode()
    assert "CANARY" not in client.get(reverse("desk:ledger", args=[thuong_xuan.uuid])).content.decode()


def test_without_a_biller_it_says_the_first_step(enter: Enter, thuong_xuan: Unit) -> None:
    page = (
        enter("accountant", thuong_xuan).get(reverse("desk:ledger", args=[thuong_xuan.uuid])).content.decode()
    )
    assert "Bước đầu: khai đơn vị thu" in page
