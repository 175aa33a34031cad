"""Bills to print: what is owed and the code to pay it by, one on a sheet of A5, or four on A4 to cut apart."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import segno

from bakhong.core.numbers import format_day, format_money
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.payments.models import Charge
from bakhong.payments.queries.billers import account_of
from bakhong.payments.queries.charges import payload_of
from bakhong.payments.rules.banks import bank_name

_TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "bills.typ"


def bills_pdf(
    charges: Sequence[Charge], *, pay_url: str, phone: str, paper: Literal["a4", "a5"], at: datetime
) -> bytes:
    """`pay_url`: where the code of the paper is typed in, without "https://". `phone`: whom to ask, where the biller has none."""
    shown = [_bill(each, phone) for each in charges]
    return typst_pdf(_TEMPLATE, {"paper": paper, "bills": shown, "pay_url": pay_url}, at=at)


def _bill(charge: Charge, phone: str) -> Mapping[str, Any]:
    payload = payload_of(charge)
    account = account_of(charge) if payload else None
    return {
        "biller": charge.biller.name,
        "phone": charge.biller.phone or phone,
        "title": charge.title,
        "payer": charge.payer_name,
        "place": charge.village.full_name,
        "code": charge.customer_code,
        "amount": format_money(charge.amount),
        "due": format_day(charge.due_on) if charge.due_on else "",
        "reference": charge.reference,
        "purpose": charge.purpose,
        "bank": bank_name(account.bank_bin) if account else "",
        "account": account.number if account else "",
        "holder": account.holder if account else "",
        "qr": _square(payload) if payload else "",
    }


def _square(payload: str) -> str:
    """A whole SVG document; paper of a bill is folded and handled (Q)."""
    held = BytesIO()
    segno.make(payload, error="q", micro=False).save(held, kind="svg", border=4, xmldecl=False, omitsize=True)
    return held.getvalue().decode()
