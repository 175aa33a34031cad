"""The result of a dossier as PDF, in the layout of decree 30, from its answers and what the officer who decides says."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bakhong.core.days import day_of
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.books import numbers_of
from bakhong.dossiers.rules.books import COPIES, books
from bakhong.dossiers.writing.shared import TYPST, head, verification
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import open_sheet
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
    signer: str,
    position: str,
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
        "signer": signer,
        "position": position,
        "verify": verification(code),
        "dossier": dossier.code,
        "procedure": procedure.title(),
        "legal_basis": list(procedure.legal_basis),
        "name": dossier.applicant_name,
        "address": dossier.applicant_address,
        "fee": dossier.fee_amount,
        "numbers": [each.number for each in numbers_of(dossier, COPIES)],
        "volume": books()[COPIES].of_year(day_of(at).year),
        "answers": answers_shown(dossier.draft) if dossier.draft is not None else {},
        "codes": codes_of(dossier.draft) if dossier.draft is not None else {},
        "said": {each.code: _said(said.get(each.code)) for each in result.asks},
        "asks": [[each.vi, _said(said.get(each.code))] for each in result.asks if each.code != "number"],
    }
    return typst_pdf(TYPST / "results" / f"{layout}.typ", data, at=at)


def answers_shown(draft: Draft) -> dict[str, Any]:
    """code → the answer in words; a group → a list of such rows."""
    sheet = open_sheet(draft)
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


def codes_of(draft: Draft) -> dict[str, str]:
    """code → the code of the option that was chosen, where layouts decide by it."""
    sheet = open_sheet(draft)
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
