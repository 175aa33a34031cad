"""The card that hangs at a stall, as PDF."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import segno

from bakhong.core.days import day_of
from bakhong.core.numbers import format_day
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.payments.models import Sticker
from bakhong.payments.queries.stalls import place_words, tail
from bakhong.payments.rules.banks import bank_name
from bakhong.places.models import Unit

_TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "sticker_cards.typ"


def cards_pdf(
    cards: Sequence[Sticker],
    *,
    commune: Unit,
    check_url: str,
    phone: str,
    paper: Literal["a4", "a6"],
    at: datetime,
) -> bytes:
    """Four cards on a sheet of A4, or one a page of A6. `check_url`: where anybody checks a code, without "https://"."""
    shown = [_card(each, commune, check_url, phone) for each in cards]
    return typst_pdf(_TEMPLATE, {"paper": paper, "cards": shown}, at=at)


def _card(card: Sticker, commune: Unit, check_url: str, phone: str) -> dict[str, Any]:
    stall = card.stall
    return {
        "commune": commune.full_name,
        "owner": stall.owner_name,
        "holder": stall.account_holder.upper(),
        "bank": bank_name(stall.bank_bin),
        "tail": tail(stall.account),
        "place": place_words(stall),
        "seal": card.seal_code,
        "qr": _square(card.payload),
        "check_url": check_url,
        "phone": phone,
        "day": format_day(day_of(card.issued_at)),
    }


def _square(payload: str) -> str:
    """A whole SVG document. A quarter of it may be worn off or dirty (Q): it hangs in the open for years."""
    held = BytesIO()
    segno.make(payload, error="q", micro=False).save(held, kind="svg", border=4, xmldecl=False, omitsize=True)
    return held.getvalue().decode()
