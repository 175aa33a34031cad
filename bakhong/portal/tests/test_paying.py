"""The page of a charge: what to pay and how, what the bank said, and what becomes of money that does not fit."""

import gzip
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from bakhong.core.actor import OPERATOR
from bakhong.payments.actions.charging import withdraw_charge
from bakhong.payments.models import BankAccount, Charge, Helper, Receipt
from bakhong.payments.queries.bills import bill
from bakhong.payments.queries.charges import payload_of
from bakhong.payments.rules.vietqr import decode
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.paying import HOLDER, NOW, bank_says, owed


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit) -> Iterator[None]:
    yield
    scope.close()


@pytest.fixture
def charge(here: Unit) -> Charge:
    return owed(here)


def at(charge: Charge, more: str = "") -> str:
    return f"/tra-tien/{charge.reference}/{more}"


def text_of(answer: Any) -> str:
    return str(answer.content.decode().replace("\xa0", " "))


def test_it_says_what_to_pay_and_to_whom(client: Client, charge: Charge) -> None:
    page = text_of(client.get(at(charge)))
    assert "200.000 đ" in page
    for told in (charge.purpose, "3500205111222", HOLDER, "Agribank", "Lê Văn An"):
        assert told in page
    assert "bk-square" in page.split("<main")[1]
    assert "xac-nhan.pdf" not in page


@pytest.mark.parametrize(
    ("feed", "hours", "is_live"),
    [("sepay", 1, True), ("sepay", 24, False), ("sepay", None, False), ("statement", 1, False)],
)
def test_it_promises_seconds_only_where_the_bank_spoke_lately(
    feed: str, hours: int | None, is_live: bool, client: Client, charge: Charge
) -> None:
    pulled_at = None if hours is None else datetime.now(UTC) - timedelta(hours=hours)
    with scope.seeing(OPERATOR):
        BankAccount.objects.filter(pk=charge.account_id).update(feed=feed, pulled_at=pulled_at)
    page = text_of(client.get(at(charge)))
    assert ("thường sau vài giây" in page) is is_live
    assert ("Kế toán nhập sao kê" in page) is not is_live


def test_the_square_asks_for_exactly_that(charge: Charge) -> None:
    found = bill(charge.reference, on=NOW.date())
    assert found is not None
    code = decode(found.payload)
    assert (code.amount, code.account, code.purpose, code.dynamic) == (
        200_000,
        "3500205111222",
        charge.purpose,
        True,
    )
    assert found.payload == payload_of(charge)


def test_a_code_is_found_however_it_is_typed(client: Client, charge: Charge) -> None:
    typed = " ".join(re.findall("....?", charge.reference.lower()))
    answer = client.post("/tra-tien/", {"ma": typed})
    assert (answer.status_code, answer["Location"]) == (302, at(charge))
    assert client.get(at(charge).lower()).status_code == 200


def test_guessing_is_slowed_down(client: Client, charge: Charge) -> None:
    for _try in range(10):
        assert client.post("/tra-tien/", {"ma": "BK777777777777S"}).status_code == 404
    assert client.post("/tra-tien/", {"ma": charge.reference}).status_code == 429


def test_right_codes_are_not_counted(client: Client, charge: Charge) -> None:
    assert {client.post("/tra-tien/", {"ma": charge.reference}).status_code for _try in range(12)} == {302}


def test_what_is_not_there_keeps_what_was_typed(client: Client) -> None:
    answer = client.post("/tra-tien/", {"ma": "BK12"})
    assert answer.status_code == 404
    assert 'value="BK12"' in answer.content.decode()
    assert client.get("/tra-tien/BK777777777777S/").status_code == 404


def test_it_says_that_the_money_came(client: Client, charge: Charge) -> None:
    before = json.loads(client.get(at(charge, "trang-thai/")).content)
    bank_says(charge)
    after = json.loads(client.get(at(charge, "trang-thai/")).content)
    assert (before["state"], after["state"]) == ("open", "paid")
    assert before["mark"] != after["mark"]
    page = text_of(client.get(at(charge)))
    assert "Đã nhận tiền" in page
    assert "bk-square" not in page.split("<main")[1]
    with scope.seeing(OPERATOR):
        receipt = Receipt.objects.get(charge=charge)
    assert f"{receipt.number}/{receipt.year}" in page


def test_too_little_says_how_much_is_missing(client: Client, charge: Charge) -> None:
    bank_says(charge, 200)
    page = text_of(client.get(at(charge)))
    assert "THIẾU 199.800 đ" in page
    assert "Đã nhận tiền</h1>" not in page
    found = bill(charge.reference, on=NOW.date())
    assert found is not None
    assert decode(found.payload).amount == 199_800
    bank_says(charge, 199_800)
    page = text_of(client.get(at(charge)))
    assert "Đã nhận đủ trong nhiều lần" in page
    assert "bk-square" not in page.split("<main")[1]


def test_too_much_asks_for_nothing_more(client: Client, charge: Charge) -> None:
    bank_says(charge, 250_000)
    page = text_of(client.get(at(charge)))
    assert "THỪA 50.000 đ" in page
    assert client.get(at(charge, "ma-qr.png")).status_code == 404


def test_twice_is_paid_and_says_what_becomes_of_the_second(client: Client, charge: Charge) -> None:
    bank_says(charge)
    bank_says(charge)
    page = text_of(client.get(at(charge)))
    assert "Đã nhận tiền" in page
    assert "ĐÃ TRẢ HAI LẦN" in page


def test_what_was_withdrawn_is_not_to_be_paid(client: Client, charge: Charge) -> None:
    with scope.seeing(OPERATOR):
        withdraw_charge(charge=charge, why="Ghi nhầm hộ", by=OPERATOR, at=NOW)
    page = text_of(client.get(at(charge)))
    assert "đã huỷ" in page
    assert "Ghi nhầm hộ" in page
    assert "bk-square" not in page.split("<main")[1]


def test_the_picture_is_the_same_square(client: Client, charge: Charge) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    answer = client.get(at(charge, "ma-qr.png"))
    assert answer["Content-Disposition"].startswith("attachment")
    image = Image.open(io.BytesIO(answer.content)).convert("L")
    assert [each.text for each in zxingcpp.read_barcodes(image)] == [payload_of(charge)]
    assert len(answer.content) < 40_000


def test_who_pays_for_another_stands_on_the_confirmation(client: Client, charge: Charge) -> None:
    assert client.post(at(charge, "tra-giup/"), {"ten": " ", "la_ai": ""}).status_code != 302
    answer = client.post(at(charge, "tra-giup/"), {"ten": "Lò Thị Mai", "la_ai": "hàng xóm"})
    assert answer.status_code == 302
    with scope.seeing(OPERATOR):
        assert Helper.objects.get(charge=charge).name == "Lò Thị Mai"
    assert "Lò Thị Mai" in text_of(client.get(at(charge)))
    bank_says(charge)
    page = text_of(client.get(at(charge)))
    assert "Lò Thị Mai (hàng xóm)" in page
    assert client.post(at(charge, "tra-giup/"), {"ten": "Người khác"}).status_code == 409


def test_the_helpers_form_is_a_page_that_does_not_reload_itself(client: Client, charge: Charge) -> None:
    waiting = text_of(client.get(at(charge)))
    assert f';url={at(charge)}"' in waiting
    assert "<form" not in waiting.split("<main")[1]
    assert f'href="{at(charge, "tra-giup/")}"' in waiting
    for answer in (client.get(at(charge, "tra-giup/")), client.post(at(charge, "tra-giup/"), {"ten": " "})):
        assert answer.status_code in (200, 422)
        assert 'http-equiv="refresh"' not in text_of(answer)
        assert 'name="ten"' in text_of(answer)
    kept = text_of(client.post(at(charge, "tra-giup/"), {"ten": "", "la_ai": "hàng xóm"}))
    assert 'value="hàng xóm"' in kept
    bank_says(charge)
    assert client.get(at(charge, "tra-giup/"))["Location"] == at(charge)


def test_a_bill_that_is_over_does_not_reload_itself(client: Client, charge: Charge) -> None:
    with scope.seeing(OPERATOR):
        withdraw_charge(charge=charge, why="Ghi nhầm hộ", by=OPERATOR, at=NOW)
    assert 'http-equiv="refresh"' not in text_of(client.get(at(charge)))


def test_the_confirmation_is_written_when_it_is_asked_for(client: Client, charge: Charge) -> None:
    assert client.post(at(charge, "xac-nhan.pdf")).status_code == 404
    bank_says(charge)
    assert client.get(at(charge, "xac-nhan.pdf")).status_code == 302  # looking writes nothing
    first = client.post(at(charge, "xac-nhan.pdf"))
    assert b"".join(first)[:5] == b"%PDF-"  # type: ignore[call-overload]
    assert client.get(at(charge, "xac-nhan.pdf"))["Content-Type"] == "application/pdf"


def test_it_is_small_and_kept_by_nobody(client: Client, charge: Charge) -> None:
    answer = client.get(at(charge), headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= 15_000
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    page = gzip.decompress(answer.content).decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert len(client.get(at(charge, "trang-thai/")).content) < 120


def test_without_an_account_it_sends_to_the_desk(client: Client, charge: Charge) -> None:
    with scope.seeing(OPERATOR):
        type(charge.account).objects.update(closed_on=NOW.date())
    page = text_of(client.get(at(charge)))
    assert "Trả tiền mặt tại bộ phận một cửa" in page
    assert "3500205111222" not in page
