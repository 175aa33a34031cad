"""Noting of each answer whether it was known already: what the first No is counted from."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bakhong.core.actor import OPERATOR, Actor
from bakhong.eforms.actions.prefilling import basis_of
from bakhong.eforms.contents import value_of
from bakhong.eforms.models import Answer, Draft, Origin
from bakhong.eforms.queries.answers import Sheet, open_sheet
from bakhong.eforms.queries.once_only import counted
from bakhong.eforms.rules.once_only import OnceOnly, count, is_re_asked
from bakhong.eforms.rules.visible import Line
from bakhong.people import scope
from bakhong.people.actions.purposes import log_use
from bakhong.people.models import Person, Purpose
from bakhong.people.queries.consents import Basis
from bakhong.people.queries.known import known_values
from bakhong.people.registers import Answer as Answered
from bakhong.people.rules.dictionary import dictionary

_NOT_KNOWN = ("", Origin.PORTAL)


def judge_draft(
    *,
    draft: Draft,
    person: Person | None,
    on: date,
    by: Actor,
    at: datetime,
    sheet: Sheet | None = None,
    answers: Sequence[Answered] = (),
) -> OnceOnly:
    """Of every answered question: did a source hold it of this person that day, and was it typed all the same.

    Judged again (the person became known at the desk) it is written again. What a card or an e-identity said was known; what came with this
    very dossier from where it was filed was not. `sheet`: the draft, where it is open already; `answers`: what the registers said, which
    are never asked for this alone.
    """
    with transaction.atomic():
        sheet = sheet or open_sheet(draft)
        known = _known(sheet, person, on, answers)
        _note(sheet, person, known.keys(), by, at)
        rows = []
        for line in sheet.asked.lines:
            row = sheet.rows.get(line.path)
            if row is None or sheet.values.get(line.path) is None:
                continue
            row.was_known = row.offered_origin not in _NOT_KNOWN or _holds(sheet, line, known)
            row.is_re_asked = is_re_asked(counted(row))
            rows.append(row)
        _write(rows)
    return count(map(counted, sorted(rows, key=lambda row: row.pk)))


def recognise(*, draft: Draft, person: Person, on: date, by: Actor, at: datetime) -> OnceOnly:
    """Whose submitted draft it was became known: it is judged by what the commune knew of them on that day; no register is asked."""
    with transaction.atomic():
        Draft.objects.filter(pk=draft.pk, person=None).update(person=person)
        return judge_draft(draft=draft, person=person, on=on, by=by, at=at)


def _write(rows: Sequence[Answer]) -> None:
    """One plain statement for each of the at most three judgements: less work than one that names a case for every row."""
    judgements: dict[tuple[bool | None, bool | None], list[int]] = {}
    for row in rows:
        judgements.setdefault((row.was_known, row.is_re_asked), []).append(row.pk)
    for (known, re_asked), pks in judgements.items():
        Answer.objects.filter(pk__in=pks).update(was_known=known, is_re_asked=re_asked)


def _known(sheet: Sheet, person: Person | None, on: date, answers: Sequence[Answered]) -> Mapping[str, Any]:
    """key → value; the whole of what is known, also where whoever files may not see it."""
    keys = {
        sheet.spec.key_of(line.group, line.question)
        for line in sheet.asked.lines
        if (row := sheet.rows.get(line.path)) is not None and not row.offered_origin
    } & dictionary().keys()  # what was filled in was known: no source need be asked
    if person is None or not keys or basis_of(person, sheet.draft.known_by) == Basis.REFUSED:
        return {}
    with scope.seeing(OPERATOR):
        found = known_values(person, keys, on=on, answers=answers).values
    return {key: each.value for key, each in found.items()}


def _note(sheet: Sheet, person: Person | None, keys: Collection[str], by: Actor, at: datetime) -> None:
    if person is not None and keys:
        with scope.admitting(person.village_id):
            log_use(
                person=person,
                purpose=Purpose.PREFILL,
                keys=keys,
                about=("draft", sheet.draft.uuid),
                by=by,
                at=at,
                basis=basis_of(person, sheet.draft.known_by),
            )


def _holds(sheet: Sheet, line: Line, known: Mapping[str, Any]) -> bool:
    value = known.get(sheet.spec.key_of(line.group, line.question))
    if line.group is None:
        return value is not None
    row = sheet.rows[line.path]
    rows = value if isinstance(value, list) else []
    return any(
        isinstance(each, dict) and each.get(line.question.known_item) == value_of(row) for each in rows
    )
