"""Several codes in one picture, and a stall named by its number: the worst counts, and no decoy silences an alarm."""

from datetime import datetime

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.messaging.models import Message
from bakhong.payments.actions.stickers import (
    MOST_ALARMS,
    check_in_public,
    check_sticker,
    issue_sticker,
    settle_alarm,
)
from bakhong.payments.models import Market, Stall, Sticker, StickerCheck, Verdict
from bakhong.payments.rules.vietqr import encode
from bakhong.payments.tests.stalls import BIN, OTHER, a_market, a_stall
from bakhong.people.tests.conftest import everybody, village, villages  # noqa: F401
from bakhong.places.models import Unit

FORGED = encode(bank_bin=BIN, account=OTHER)
LINK = "https://zalo.me/0912345678"


@pytest.fixture
def market(thuong_xuan: Unit, at: datetime) -> Market:
    return a_market(thuong_xuan, at)


@pytest.fixture
def card(village: Unit, market: Market, at: datetime) -> Sticker:  # noqa: F811
    return issue_sticker(stall=a_stall(village, at, market=market), by=OPERATOR, at=at)


def test_a_second_code_beside_a_right_one_is_the_verdict(
    card: Sticker,
    village: Unit,  # noqa: F811
    market: Market,
    at: datetime,
) -> None:
    other = a_stall(village, at, market=market, code="A13", account="1500201054321")
    neighbours = issue_sticker(stall=other, by=OPERATOR, at=at).payload

    def look(stall: Stall | None, *codes: str) -> StickerCheck:
        return check_sticker(
            stall=stall, unit=village, scanned=codes, among=Stall.objects.all(), key=new_uuid(), by=OPERATOR, at=at
        )  # fmt: skip

    for stall in (card.stall, None):
        found = look(stall, card.payload, FORGED)  # the card is the larger one
        assert (found.verdict, found.scanned, found.stall) == (Verdict.CHANGED, FORGED, card.stall)
        assert "second" in found.differences
        assert found.alarmed_at is not None
        assert look(stall, card.payload, LINK).verdict == Verdict.GENUINE  # a visiting card pays nobody
    assert look(None, card.payload, neighbours).verdict == Verdict.GENUINE  # two cards on one table
    assert look(card.stall, card.payload, neighbours).verdict == Verdict.CHANGED
    assert look(card.stall, LINK).verdict == Verdict.UNREADABLE


def test_the_number_over_the_stall_tells_a_swap_without_a_seal(
    card: Sticker, market: Market, at: datetime
) -> None:
    assert check_in_public(scanned=FORGED, at=at).verdict == Verdict.UNKNOWN
    found = check_in_public(scanned=FORGED, market=market, number=" a12 ", at=at)
    assert (found.verdict, found.stall) == (Verdict.CHANGED, card.stall)
    assert Message.objects.filter(template="sticker_alarm").count() == 1
    with pytest.raises(Refusal):
        check_in_public(scanned=FORGED, market=market, number="Z9", at=at)
    assert check_in_public(scanned=card.payload, market=market, number="A12", at=at).is_right


def test_a_decoy_silences_nothing_and_a_flood_ends(card: Sticker, market: Market, at: datetime) -> None:
    def ask(code: str) -> int:
        check_in_public(scanned=code, market=market, number="A12", at=at)
        return StickerCheck.objects.count()

    assert [ask("000201 rác"), ask(FORGED), ask(FORGED)] == [1, 2, 2]
    settle_alarm(check=StickerCheck.objects.get(scanned=FORGED), note="đã gỡ", by=OPERATOR, at=at)
    assert ask(FORGED) == 3  # it hangs there again
    for turn in range(MOST_ALARMS):
        ask(f"000201{turn}")
    assert StickerCheck.objects.count() == MOST_ALARMS
