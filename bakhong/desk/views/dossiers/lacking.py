"""What somebody at the desk takes home when their dossier cannot be taken in yet: everything that is missing, at once.

Source: Decree 61/2018/NĐ-CP: directions to complete a dossier are given whole and once; the wording of its successor,
Decree 118/2025/NĐ-CP, was not seen.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language

from bakhong.accounts.access import StaffRequest
from bakhong.desk.dense import asked_in, is_to_type, read_wrong
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.paper_rows import PaperRow
from bakhong.desk.views.dossiers.filling import Work, filling_page, found_work, save_all
from bakhong.dossiers.permissions import RECEIVE
from bakhong.eforms.models import State
from bakhong.eforms.queries.answers import open_sheet
from bakhong.eforms.queries.pages import forms_of_sheet
from bakhong.places.models import Unit


@unit_page(RECEIVE, post=RECEIVE)
def lacking(request: StaffRequest, unit: Unit, procedure: str, draft: UUID) -> HttpResponseBase:
    """Keeps what was typed, then shows the slip. Which papers were seen is known from this press alone, so a mere visit leads back."""
    work = found_work(request, unit, procedure, draft)
    if request.method != "POST" or work.draft.state == State.SUBMITTED:
        return redirect("desk:filling", unit=unit.uuid, procedure=procedure, draft=draft)
    save_all(request, work)
    if work.problem:
        return filling_page(request, unit, work)
    lang = get_language() or "vi"
    return page(
        request,
        "desk/dossiers/lacking.html",
        unit=unit,
        active="intake",
        draft=work.draft,
        person=work.draft.person,
        procedure_code=procedure,
        procedure_name=work.procedure.short.of(lang),
        papers=[row.paper for row in work.rows if _is_lacking(row)],
        questions=_questions(work, lang),
        written_at=now(),
    )


def _is_lacking(row: PaperRow) -> bool:
    """Only what the resident must bring: what a register holds is looked up by the officer."""
    return row.paper.required and not row.paper.held_by and not row.given()


def _questions(work: Work, lang: str) -> list[Any]:
    """Empty though needed, or filled in so that it cannot be read, in the form's order."""
    sheet = open_sheet(work.draft)
    forms = forms_of_sheet(sheet, lang, read_wrong(work.errors, sheet), None)
    return [each for each in asked_in(forms) if is_to_type(each) or each.bound.errors]
