""" "Xác nhận đã nhận tiền" as PDF on A5: who paid what to whom, how, with a code by which anybody may check it. No tax receipt."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.conf import settings

from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.numbers import format_day, format_money
from bakhong.documents.rules.codes import shown
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.payments.models import Biller, BillerKind, Charge, Method, Receipt
from bakhong.payments.rules.in_words import in_words
from bakhong.places.models import Level
from bakhong.places.queries import ancestors, contact_of

_TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "receipt.typ"


def receipt_number(receipt: Receipt) -> str:
    """As it is printed: "12/2026/XNTT"."""
    return f"{receipt.number}/{receipt.year}/XNTT"


def receipt_content(receipt: Receipt, *, code: str) -> bytes:
    """The paper; `code` is the code of verification it bears."""
    charge, biller = receipt.charge, receipt.biller
    data = _head(biller, receipt.at) | {
        "subject": f"Xác nhận đã nhận tiền {receipt_number(receipt)}",
        "number": receipt_number(receipt),
        "payer": receipt.payer_name,
        "helper": _helper(receipt),
        "what": _what(charge),
        "period": f"Tháng {charge.period:%m/%Y}" if charge.period else "",
        "amount": format_money(receipt.amount),
        "words": in_words(receipt.amount),
        "how": "Tiền mặt" if receipt.method == Method.CASH else "Chuyển khoản vào tài khoản của đơn vị thu",
        "came": _moment(charge.paid_at or receipt.at),
        "taker": receipt.by_label if receipt.method == Method.CASH else "",
        "reference": charge.reference,
        "official": _official(receipt),
        "verify": {
            "code": shown(code),
            "url": f"{settings.ORIGIN}/kiem-tra/".split("://", 1)[-1],
            "link": f"{settings.ORIGIN}/kiem-tra/{code}/",
            "qr": _square(f"{settings.ORIGIN}/kiem-tra/{code}/"),
        },
    }
    return typst_pdf(_TEMPLATE, data, at=receipt.at)


def _head(biller: Biller, at: datetime) -> dict[str, Any]:
    """The office above, who collects, the place and the day: as decree 30 begins a paper."""
    on = day_of(at)
    unit = biller.unit
    is_commune = biller.kind == BillerKind.COMMUNE
    province = next((each for each in ancestors(unit, on) if each.level == Level.PROVINCE), None)
    contact = contact_of(unit, on)
    return {
        "parent": f"UBND {province.full_name}" if is_commune and province else "",
        "agency": f"Uỷ ban nhân dân {unit.full_name}" if is_commune else biller.name,
        "tax_code": biller.tax_code,
        "place": unit.name,
        "day": on.isoformat(),
        "phone": biller.phone or (contact.phone if contact is not None else ""),
    }


def _what(charge: Charge) -> str:
    code = f" (mã khách hàng {charge.customer_code})" if charge.customer_code else ""
    return f"{charge.title}{code}"


def _helper(receipt: Receipt) -> str:
    relation = f" ({receipt.paid_by_relation})" if receipt.paid_by_relation else ""
    return f"{receipt.paid_by}{relation}" if receipt.paid_by else ""


def _official(receipt: Receipt) -> str:
    if not receipt.official_number:
        return ""
    on = f" ngày {format_day(receipt.official_on)}" if receipt.official_on else ""
    return f"{receipt.official_series} số {receipt.official_number}{on}".strip()


def _moment(at: datetime) -> str:
    """A moment of which only the day is known (midnight) is shown as a day."""
    local = at.astimezone(VIET_NAM)
    return f"{local:%d/%m/%Y}" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M ngày %d/%m/%Y}"


def _square(text: str) -> str:
    held = BytesIO()
    segno.make(text, error="m", micro=False).save(held, kind="svg", scale=4, border=1, xmldecl=False)
    return held.getvalue().decode()
