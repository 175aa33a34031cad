"""Anybody asks whether the code at a stall is right."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bakhong.core.actor import OPERATOR
from bakhong.payments.actions.stickers import issue_sticker
from bakhong.payments.models import Sticker, StickerCheck
from bakhong.payments.rules.vietqr import encode
from bakhong.payments.tests.stalls import ACCOUNT, BIN, OTHER, a_market, a_stall
from bakhong.people import scope
from bakhong.people.tests.conftest import village, villages  # noqa: F401
from bakhong.places.models import Unit
from bakhong.portal.views import sticker_check

PAGE = "/kiem-tra-ma-qr/"


@pytest.fixture(autouse=True)
def _commune(here: Unit) -> None:
    pass


@pytest.fixture
def everybody() -> Iterator[None]:
    scope.open_to(None)
    yield
    scope.close()


@pytest.fixture
def card(village: Unit, thuong_xuan: Unit, at: datetime) -> Sticker:  # noqa: F811
    made = issue_sticker(stall=a_stall(village, at, market=a_market(thuong_xuan, at)), by=OPERATOR, at=at)
    scope.close()  # as for any stranger
    return made


def asked(status: int = 200, **told: object) -> str:
    names = {"seal": "niem-phong", "text": "ma", "photo": "anh", "market": "cho", "number": "so"}
    response = Client().post(PAGE, {names[name]: value for name, value in told.items()})
    assert response.status_code == status
    return response.content.decode()


def photo(payload: str, beside: str = "") -> SimpleUploadedFile:
    out, sheet = BytesIO(), Image.new("RGB", (1800, 1500), "#c9b48a")
    for text, scale, place in ((payload, 7, (500, 300)), (beside, 5, (100, 1000))):
        held = BytesIO()
        if text:
            segno.make(text, error="m").save(held, kind="png", scale=scale)
            sheet.paste(Image.open(held).convert("RGB"), place)
    sheet.save(out, "JPEG", quality=70)
    return SimpleUploadedFile("ma.jpg", out.getvalue(), "image/jpeg")


def test_it_says_whose_account_a_right_code_pays_and_no_more(card: Sticker) -> None:
    page = asked(photo=photo(card.payload))
    assert "Đúng mã đã đăng ký" in page
    assert "LE THI HOA" in page
    assert "Agribank …2345" in page
    assert ACCOUNT not in page
    assert "0912345678" not in page


def test_a_code_pasted_over_the_card_is_told_by_the_seal(card: Sticker) -> None:
    page = asked(photo=photo(encode(bank_bin=BIN, account=OTHER)), seal=card.seal_code.lower())
    assert "ĐÃ BỊ THAY HOẶC SỬA" in page
    with scope.seeing(OPERATOR):
        (kept,) = StickerCheck.objects.all()
    assert kept.by == "public"


def test_a_small_code_under_the_right_one_is_told(card: Sticker) -> None:
    page = asked(photo=photo(card.payload, beside=encode(bank_bin=BIN, account=OTHER)))
    assert "ĐÃ BỊ THAY HOẶC SỬA" in page


def test_who_says_at_which_stall_needs_no_seal(card: Sticker) -> None:
    market, swapped = card.stall.market, encode(bank_bin=BIN, account=OTHER)
    assert market is not None
    told = {"text": swapped, "market": str(market.uuid), "number": "a12"}
    assert "ĐÃ BỊ THAY HOẶC SỬA" in asked(**told)
    refused = asked(422, **told | {"number": "Z9"})
    assert "không có sạp số đó" in refused
    assert 'value="Z9"' in refused


def test_it_does_not_swear_to_what_it_does_not_know(card: Sticker) -> None:
    assert "Không có trong danh sách của xã" in asked(text=encode(bank_bin=BIN, account=OTHER))
    assert "không phải mã chuyển tiền" in asked(text="https://nhan-tien.example/")
    assert "Không có trong danh sách của xã" in asked(text=card.payload, seal="QBF56-WQNT4")


@pytest.mark.parametrize(
    "told", [{}, {"text": "  "}, {"text": "x", "seal": "sai"}, {"photo": SimpleUploadedFile("x", b"x")}]
)
def test_it_says_plainly_what_cannot_be_read(told: dict[str, object], card: Sticker) -> None:
    assert "Cần xem lại" in asked(422, **told)


def test_reading_the_page_asks_nothing_and_guessing_ends(
    card: Sticker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Client().get(PAGE).status_code == 200
    monkeypatch.setattr(sticker_check, "TRIES", 2)
    for _ in range(2):
        asked(text=card.payload)
    assert "Đã thử" in asked(429, text=card.payload)
