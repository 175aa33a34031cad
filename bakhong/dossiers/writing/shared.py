"""What every paper of a dossier begins with: the office, the day, the QR of its page."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.conf import settings

from bakhong.core.days import VIET_NAM, day_of
from bakhong.documents.rules.codes import shown as code_shown
from bakhong.dossiers.rules.codes import plain_tracking_code
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors, contact_of

TYPST = Path(__file__).resolve().parent.parent / "typst"


def head(unit: Unit, at: datetime) -> dict[str, Any]:
    """The office above and below, the place and the day: as decree 30 begins a paper."""
    on = day_of(at)
    province = next((each for each in ancestors(unit, on) if each.level == Level.PROVINCE), None)
    contact = contact_of(unit, on)
    return {
        "parent": f"UBND {province.full_name}" if province is not None else "",
        "agency": f"Uỷ ban nhân dân {unit.full_name}",
        "commune": unit.full_name,
        "province": province.full_name if province is not None else "",
        "place": unit.name,
        "day": on.isoformat(),
        "phone": contact.phone if contact is not None else "",
    }


def desk_head(unit: Unit, at: datetime) -> dict[str, Any]:
    """The head of a slip: the centre where dossiers are handed in (Circular 01/2018/TT-VPCP, annex)."""
    told = head(unit, at)
    return {
        **told,
        "parent": told["agency"],
        "agency": "Trung tâm Phục vụ hành chính công",
    }


def tracking_address(code: str) -> str:
    """Where the page of a dossier is, for its QR."""
    return f"{settings.ORIGIN}/tra-cuu/{plain_tracking_code(code)}/"


def verification(code: str) -> dict[str, str]:
    """What a paper says of how it is checked."""
    address = f"{settings.ORIGIN}/kiem-tra/{code}/"
    return {
        "code": code_shown(code),
        "url": f"{settings.ORIGIN}/kiem-tra/".split("://", 1)[-1],
        "link": address,
        "qr": qr(address),
    }


def qr(text: str) -> str:
    """An SVG of a QR code."""
    content = BytesIO()
    segno.make(text, error="m", micro=False).save(content, kind="svg", scale=4, border=1, xmldecl=False)
    return content.getvalue().decode()


def moment(at: datetime | None) -> str:
    """An ISO moment in Vietnamese time, "" for none; the templates write it in words."""
    return at.astimezone(VIET_NAM).isoformat() if at is not None else ""


def day(on: date | None) -> str:
    return on.strftime("%d/%m/%Y") if on is not None else ""


def short_moment(at: datetime | None) -> str:
    """
    >>> from datetime import UTC
    >>> short_moment(datetime(2026, 11, 22, 3, tzinfo=UTC))
    '10:00 22/11/2026'
    """
    return at.astimezone(VIET_NAM).strftime("%H:%M %d/%m/%Y") if at is not None else ""
