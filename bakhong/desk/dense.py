"""A whole form on one screen of staff: saving every page of it at once, and what the screen says of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bakhong.core.actor import Actor
from bakhong.desk.masking import HIDDEN
from bakhong.eforms.actions import save_pages
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import Sheet, open_sheet
from bakhong.eforms.queries.contradictions import said_otherwise


def save_every_page(
    draft: Draft, posted: Mapping[str, list[str]], *, revision: int | None, by: Actor, at: datetime
) -> dict[str, str]:
    """Keep what was typed on every page that is asked. Returns path → sentence of what is wrong or still missing.

    Raises: Stale; Closed; NotAllowed.
    """
    return dict(save_pages(draft=draft, posted=posted, revision=revision, by=by, at=at))


def read_wrong(errors: Mapping[str, str], sheet: Sheet) -> dict[str, str]:
    """After a mere save only what cannot be read is told: what is still empty is work to do, not a mistake."""
    return {path: words for path, words in errors.items() if path in sheet.rows and sheet.rows[path].problem}


def behind_masks(draft: Draft) -> set[str]:
    """What there is to be seen of somebody's numbers in the form."""
    sheet = open_sheet(draft)
    return {
        HIDDEN[line.question.type]
        for line in sheet.asked.lines
        if line.question.type in HIDDEN and sheet.values.get(line.path)
    }


def asked_in(forms: list[Any]) -> list[Any]:
    """Every question on the screen, in order."""
    return [
        asking
        for form in forms
        for section in form.sections
        for asking in (
            [section.question] if section.question else [q for row in section.rows for q in row.questions]
        )
    ]


def is_to_type(asking: Any) -> bool:
    """The answer is needed and not there."""
    is_open = asking.is_shown and not asking.is_locked
    return bool(is_open and asking.line.question.required and not asking.text)


def to_type(forms: list[Any]) -> int:
    """How many answers are needed and not there."""
    return sum(map(is_to_type, asked_in(forms)))


def put_contradictions(forms: list[Any], sheet: Sheet, lang: str, on: date) -> None:
    """Under what is filled in: the commune's own records, where they say otherwise."""
    found = said_otherwise(sheet, lang, on)
    for each in asked_in(forms):
        each.against = found.get(each.path)


def put_cursor(forms: list[Any]) -> None:
    """Into the first wrong answer, else the first empty one that is needed."""
    asked = [each for each in asked_in(forms) if each.is_shown and not each.is_locked and not each.masked]
    wrong = [each for each in asked if each.bound.errors]
    empty = [each for each in asked if not each.text and each.line.question.required]
    for each in (wrong + empty)[:1]:
        each.bound.field.widget.attrs["autofocus"] = True
