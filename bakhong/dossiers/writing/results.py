"""The result of a dossier as PDF, in the layout of decree 30, from its answers and what the officer who decides says."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bakhong.accounts.rules.positions import Seat
from bakhong.core.days import day_of
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.dossiers.models import Dossier, Kind
from bakhong.dossiers.queries.answers import standing_sheet
from bakhong.dossiers.queries.books import numbers_of
from bakhong.dossiers.queries.undone import last_standing
from bakhong.dossiers.rules.books import COPIES, books
from bakhong.dossiers.writing.shared import TYPST, day, head, verification
from bakhong.eforms.queries.answers import Sheet
from bakhong.eforms.rules.answers import shown
from bakhong.procedures.rules.catalogue import Procedure, Result

# A procedure without a layout of its own gets the plain one.
LAYOUTS = frozenset({"marriage_status", "certified_copies", "allowance_decision", "culture_house"})


def result_pdf(
    *,
    dossier: Dossier,
    procedure: Procedure,
    result: Result,
    said: Mapping[str, Any],
    signer: Seat,
    code: str,
    at: datetime,
) -> bytes:
    """`said`: what the officer entered, by the codes of `result.asks`; `code`: printed on it, by which it is checked."""
    layout = result.template if result.template in LAYOUTS else "plain"
    data = {
        **head(dossier.village, at),
        "subject": f"{result.name()}: {dossier.code}",
        "title": result.name(),
        "number": str(said.get("number", "")),
        "signer": signer.name,
        "position": signer.position,
        "authority": signer.authority,
        "verify": verification(code),
        "replaces": _replaced(dossier),
        "dossier": dossier.code,
        "procedure": procedure.title(),
        "legal_basis": list(procedure.legal_basis),
        "name": dossier.applicant_name,
        "address": dossier.applicant_address,
        "fee": dossier.fee_amount,
        "numbers": [each.number for each in numbers_of(dossier, COPIES)],
        "volume": books()[COPIES].of_year(day_of(at).year),
        **(_answered(standing_sheet(dossier)) if dossier.draft is not None else {"answers": {}, "codes": {}}),
        "said": {each.code: _said(said.get(each.code)) for each in result.asks},
        "asks": [[each.vi, _said(said.get(each.code))] for each in result.asks if each.code != "number"],
    }
    return typst_pdf(TYPST / "results" / f"{layout}.typ", data, at=at)


def _replaced(dossier: Dossier) -> str:
    """What stands on a result made anew, of the one that was revoked before it."""
    revoked = last_standing(dossier, Kind.CANCEL_RESULT)
    if revoked is None:
        return ""
    number = f"số {revoked.data['number']}" if revoked.data.get("number") else "đã trả trước đây"
    return f"Văn bản này thay văn bản {number}, đã thu hồi ngày {day(day_of(revoked.at))}."


def _answered(sheet: Sheet) -> dict[str, Any]:
    return {"answers": answers_shown(sheet), "codes": codes_of(sheet)}


def answers_shown(sheet: Sheet) -> dict[str, Any]:
    """code → the answer in words; a group → a list of such rows."""
    told: dict[str, Any] = {group: [{} for _ in range(count)] for group, count in sheet.asked.rows.items()}
    for line in sheet.asked.lines:
        text = shown(line.question, sheet.values.get(line.path))
        group, _dot, rest = line.path.partition(".")
        if rest:
            row, _dot, code = rest.partition(".")
            told[group][int(row)][code] = text
        else:
            told[line.path] = text
    return told


def codes_of(sheet: Sheet) -> dict[str, str]:
    """code → the code of the option that was chosen, where layouts decide by it."""
    return {
        line.path: str(sheet.values[line.path])
        for line in sheet.asked.lines
        if line.question.options and isinstance(sheet.values.get(line.path), str)
    }


def _said(value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    text = "" if value is None else str(value)
    if len(text) == 10 and text[4:5] == "-" and text[7:8] == "-":
        return "/".join(reversed(text.split("-")))
    return text
