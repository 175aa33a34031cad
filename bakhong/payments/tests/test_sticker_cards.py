"""The printed card: what it says, and that a telephone reads its square."""

from datetime import datetime
from io import BytesIO

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from bakhong.core.actor import OPERATOR
from bakhong.documents.codes_in_pictures import codes_in
from bakhong.payments.actions.stickers import issue_stickers
from bakhong.payments.models import Sticker
from bakhong.payments.queries.stickers import cards_of
from bakhong.payments.tests.stalls import ACCOUNT, a_market, a_stall
from bakhong.payments.writing.stickers import cards_pdf
from bakhong.people.tests.conftest import everybody, village, villages  # noqa: F401
from bakhong.places.models import Unit


@pytest.fixture
def cards(village: Unit, thuong_xuan: Unit, at: datetime) -> list[Sticker]:  # noqa: F811
    market = a_market(thuong_xuan, at)
    names = ["Lê Thị Hoá", "Công Tằng Tôn Nữ Hoàng Thị Quỳnh Như Ý", "An", "Hà Bé", "Lò Thị Ỏ"]
    stalls = [
        a_stall(village, at, market=market, code=f"A{number}", owner=name)
        for number, name in enumerate(names)
    ]
    issue_stickers(stalls=stalls, by=OPERATOR, at=at)
    return cards_of(stalls)


def pages(cards: list[Sticker], unit: Unit, paper: str, at: datetime) -> list[str]:
    made = cards_pdf(
        cards,
        commune=unit,
        check_url="xa.example/kiem-tra-ma-qr/",
        phone="0237 000 0000",
        paper=paper,  # type: ignore[arg-type]
        at=at,
    )
    return [each.extract_text() for each in PdfReader(BytesIO(made)).pages]


def test_four_cards_stand_on_a_sheet_and_one_on_a_small_one(
    cards: list[Sticker], thuong_xuan: Unit, at: datetime
) -> None:
    assert len(pages(cards, thuong_xuan, "a4", at)) == 2
    assert len(pages(cards, thuong_xuan, "a6", at)) == 5


def test_a_card_says_who_sells_and_no_whole_account(
    cards: list[Sticker], thuong_xuan: Unit, at: datetime
) -> None:
    (text,) = pages(cards[:1], thuong_xuan, "a6", at)
    for told in (
        "LÊ THỊ HOÁ",
        "Agribank",
        "2345",
        cards[0].seal_code,
        "xa.example/kiem-tra-ma-qr/",
        "A0",
        "0237 000 0000",
    ):
        assert told in text
    assert ACCOUNT not in text


def test_a_worn_square_is_still_read(cards: list[Sticker]) -> None:
    """A corner of a tenth of it is gone, as on a card that hung in the rain."""
    held, worn = BytesIO(), BytesIO()
    segno.make(cards[0].payload, error="q", micro=False).save(held, kind="png", scale=8)
    square = Image.open(held).convert("RGB")
    side = square.width
    square.paste("white", (side * 2 // 3, side * 2 // 3, side * 9 // 10, side * 9 // 10))
    square.save(worn, "PNG")
    assert codes_in(worn.getvalue()) == [cards[0].payload]
