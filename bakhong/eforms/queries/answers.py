"""The answers of a draft: opened, and which questions they leave asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bakhong.core.actor import OPERATOR
from bakhong.eforms.contents import offered_of, value_of
from bakhong.eforms.models import Answer, Draft, Origin
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.rules.spec import FormSpec
from bakhong.eforms.rules.visible import Asked, asked
from bakhong.people import scope
from bakhong.people.models import Person


@dataclass(frozen=True)
class Sheet:
    """A draft opened: its spec, the rows of its answers, and what is asked now."""

    draft: Draft
    spec: FormSpec
    rows: Mapping[str, Answer]
    values: Mapping[str, Any]  # readable answers, those of hidden questions too
    asked: Asked


@dataclass(frozen=True)
class Provenance:
    """Where an answer comes from."""

    path: str
    origin: str
    ref: str
    label: str
    as_of: date | None
    offered: Any
    is_corrected: bool
    typed_by: str
    was_known: bool | None


def open_sheet(draft: Draft) -> Sheet:
    rows = {row.path: row for row in Answer.objects.filter(draft=draft)}
    spec = spec_of(draft.version)
    values = {path: value_of(row) for path, row in rows.items() if not row.problem}
    return Sheet(draft, spec, rows, values, asked(spec, values))


def overlaid(sheet: Sheet, values: Mapping[str, Any]) -> Sheet:
    """The sheet as it stands with other values (path → value) over its own; what they make asked, or hide, follows."""
    now = {**sheet.values, **values}
    return Sheet(sheet.draft, sheet.spec, sheet.rows, now, asked(sheet.spec, now))


def subject_of(draft: Draft) -> Person | None:
    """Who the draft is about, also where whoever works on it came by its code and may not see them: for deeds, never for a page.

    `draft` was read with its person, so that one the connection may not see is None there.
    """
    if draft.person_id is None or draft.person is not None:
        return draft.person
    with scope.seeing(OPERATOR):
        return Person.objects.filter(pk=draft.person_id).first()


def answers_of(draft: Draft) -> dict[str, Any]:
    """path → value of every question that is asked and has an answer. What hides behind a condition is left out.

    The number of rows of a group stands under the group's code.
    """
    return answers_in(open_sheet(draft))


def answers_in(sheet: Sheet) -> dict[str, Any]:
    """`answers_of`, of a draft that is open already."""
    found = {
        line.path: sheet.values[line.path]
        for line in sheet.asked.lines
        if sheet.values.get(line.path) is not None
    }
    return {**sheet.asked.rows, **found}


def conditions_data(draft: Draft) -> dict[str, Any]:
    """What conditions are evaluated over (`rules.logic.evaluate`): code → value, a group → a list of rows."""
    return dict(open_sheet(draft).asked.data)


def provenance(draft: Draft) -> dict[str, Provenance]:
    """path → where the answer comes from, for every question that is asked and answered."""
    sheet = open_sheet(draft)
    return {
        line.path: _of(sheet.rows[line.path])
        for line in sheet.asked.lines
        if line.path in sheet.rows and sheet.values.get(line.path) is not None
    }


def _of(row: Answer) -> Provenance:
    return Provenance(
        row.path,
        str(row.origin or Origin.TYPED),
        row.ref,
        row.source_label,
        row.as_of,
        offered_of(row),
        row.is_corrected,
        row.typed_by,
        row.was_known,
    )
