"""The card as a file."""

from collections.abc import Sequence
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bakhong.desk.frame import now, today
from bakhong.payments.models import Sticker
from bakhong.payments.queries.stalls import commune_of
from bakhong.payments.writing.stickers import cards_pdf
from bakhong.places.models import Unit
from bakhong.places.queries import contact_of


def check_url(request: HttpRequest) -> str:
    """Where anybody checks a code, as it is read out: without "https://"."""
    return request.build_absolute_uri(reverse("portal:sticker_check")).partition("://")[2]


def cards_answer(
    request: HttpRequest, cards: Sequence[Sticker], unit: Unit, paper: Literal["a4", "a6"], name: str
) -> HttpResponse:
    commune = commune_of(unit, today())
    contact = contact_of(commune, today())
    made = cards_pdf(
        cards,
        commune=commune,
        check_url=check_url(request),
        phone=contact.phone if contact else "",
        paper=paper,
        at=now(),
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
