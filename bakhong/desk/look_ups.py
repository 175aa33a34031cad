"""Papers the State should know, on the pages of staff: whether somebody looked, what it told, and what can be done about it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound
from bakhong.desk.paper_rows import PaperRow
from bakhong.dossiers.actions.looking_up import look_up
from bakhong.dossiers.models import Check, Dossier, LookedUp, PaperCheck
from bakhong.dossiers.permissions import may_work
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.looking_up import Told, can_ask, look_up_words, may_be_looked_up
from bakhong.dossiers.queries.updates import register_name
from bakhong.dossiers.rules.states import FINISHED
from bakhong.eforms.models import Draft, KnownBy

LOOK_UP = "look-up/"  # a deed of the desk's form; the paper's code follows

_MARKS = {
    "": "doing",
    LookedUp.FOUND: "done",
    LookedUp.NOT_FOUND: "late",
    LookedUp.SILENT: "late",
}


def may_look(draft: Draft) -> bool:
    """Only of an applicant the officer has before them is a register asked."""
    return draft.person is not None and draft.known_by == KnownBy.OFFICER


def ask_for_row(rows: Sequence[PaperRow], code: str, *, draft: Draft, by: Actor, at: datetime) -> None:
    """Ask where a paper of a draft should be known. What is said ticks its row; the officer decides, by handing the dossier in.

    Raises: NotFound for another paper; Refusal where it cannot be asked from here.
    """
    row = next((each for each in rows if each.paper.code == code), None)
    if row is None or draft.person is None or not may_look(draft):
        raise NotFound(_("Không có giấy này để tra."))
    told = look_up(person=draft.person, paper=row.paper, about=("draft", draft.uuid), by=by, at=at)
    row.told = f"{told.whom}: {LookedUp(told.state).label}"
    row.is_found, row.is_lost = told.state == LookedUp.FOUND, told.state == LookedUp.NOT_FOUND
    if row.is_lost:
        row.reason = row.reason or why_not_found(told, day_of(at))


def mark_held(check: PaperCheck) -> tuple[str, str]:
    """The mark of a paper that is looked up instead of brought, and its word."""
    word = LookedUp(check.looked_up).label if check.looked_up else _("cán bộ tự tra")
    return _MARKS[check.looked_up], str(word)


def look_boxes(dossier: Dossier, checks: list[PaperCheck], by: Actor) -> dict[str, dict[str, Any]]:
    """paper → what its row offers: `told` what looking told so far, `ask` whether a register can be asked, `why` the reason to begin with;
    only for whoever may work on it, while it is open."""
    found = [each for each in checks if may_be_looked_up(each)]
    if not found or dossier.state in FINISHED or not may_work(by, dossier.village_id):
        return {}
    procedure = procedure_of(dossier)
    boxes = {}
    for number, check in enumerate(found, start=1):
        paper = procedure.paper(check.paper) if procedure is not None else None
        boxes[check.paper] = {
            "number": number,
            "where": register_name(check.register),
            "told": look_up_words(check),
            "ask": paper is not None and dossier.person is not None and can_ask(paper),
            "is_found": check.state == Check.HELD and check.looked_up == LookedUp.FOUND,
            "is_lost": check.state == Check.NOT_FOUND,
            "why": _why(check),
        }
    return boxes


def why_not_found(told: Told, on: date) -> str:
    """What may be written as the reason, where a register was asked and has nothing."""
    return _("Tra %(where)s ngày %(day)s: không có.") % {"where": told.whom, "day": f"{on:%d/%m/%Y}"}


def _why(check: PaperCheck) -> str:
    if check.reason:
        return check.reason
    if check.looked_up != LookedUp.NOT_FOUND or check.looked_up_at is None:
        return ""
    return why_not_found(Told(check.looked_up, check.looked_up_by), day_of(check.looked_up_at))
