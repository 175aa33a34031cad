"""What a source has wrong: asked for at the source, never written over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound, Refusal
from bakhong.eforms.actions.prefilling import Offers, paths_of
from bakhong.eforms.actions.starting import lock, note
from bakhong.eforms.contents import offered_of, value_of
from bakhong.eforms.models import Draft, Origin
from bakhong.eforms.queries.answers import Sheet, open_sheet, subject_of
from bakhong.eforms.rules.answers import Wrong, read
from bakhong.eforms.rules.spec import Group
from bakhong.eforms.sentences import sentence
from bakhong.people import scope
from bakhong.people.actions.correcting import ask_correction
from bakhong.people.models import Person
from bakhong.people.queries.known import known_values, member_row
from bakhong.people.registers import Answer as Answered

_Rows = list[dict[str, Any]]


def correct_answer(
    *, draft: Draft, path: str, wanted: list[str], reason: str, by: Actor, at: datetime
) -> None:
    """A value that was filled in is wrong: the answer keeps what the source says, and a correction is asked for there.

    Raises: Refusal for a value that cannot be read; NotFound for a question that was not filled in; Closed.
    """
    with transaction.atomic():
        draft_now = lock(draft, by=by)
        sheet = open_sheet(draft_now)
        line, row = sheet.asked.by_path.get(path), sheet.rows.get(path)
        person = subject_of(draft_now)
        if line is None or row is None or row.origin == Origin.TYPED or person is None:
            raise NotFound(_("Câu này không có dữ liệu điền sẵn để báo sai."))
        value = read(line.question, wanted, today=day_of(at))
        if value is None or isinstance(value, Wrong):
            raise Refusal(sentence(value or Wrong("required"), line.question))
        key = sheet.spec.key_of(line.group, line.question)
        _ask(sheet, person, path, key, offered_of(row), value, reason, by, at)
        row.is_corrected = True
        row.save(update_fields=["is_corrected"])
        note("eforms.ask_correction", draft_now, by, at, path=path)


def report_corrections(sheet: Sheet, answers: Sequence[Answered], *, by: Actor, at: datetime) -> None:
    """What was typed over is right for this dossier, and asked to be set right at its source; of a list, the whole of it at once.

    `answers`: what the registers said.
    """
    person = subject_of(sheet.draft)
    if person is None:
        return
    for _page, item in sheet.spec.items():
        if isinstance(item, Group) and item.known_as and _was_filled_in(sheet, item):
            _report_list(sheet, person, item, answers, by, at)
    for line in sheet.asked.lines:
        row = sheet.rows.get(line.path)
        if row is None or row.origin != Origin.TYPED or not row.is_corrected or line.group is not None:
            continue
        value = value_of(row)
        if value is None or not line.question.known_as:
            continue
        _report(sheet, person, line.path, line.question.known_as, offered_of(row), value, by, at)


def _was_filled_in(sheet: Sheet, group: Group) -> bool:
    count = sheet.rows.get(group.code)
    return group.code in sheet.asked.rows and count is not None and count.offered is not None


def _report_list(
    sheet: Sheet, person: Person, group: Group, answers: Sequence[Answered], by: Actor, at: datetime
) -> None:
    """Somebody was added, changed or taken off: what the list should be is asked for where it is kept."""
    on = day_of(at)
    with scope.seeing(OPERATOR):
        known = known_values(person, {group.known_as}, on=on, answers=answers).values
        found = Offers(known, own=member_row(person))
    held = {each.path: each.value for each in paths_of(sheet.spec, found, on)}
    current, wanted = _rows_of(group, held), _rows_of(group, sheet.values, sheet.asked.rows[group.code])
    if [each for each in current if each not in wanted] or [each for each in wanted if each not in current]:
        _report(sheet, person, group.code, group.known_as, current, wanted, by, at)


def _rows_of(group: Group, values: Mapping[str, Any], count: int | None = None) -> _Rows:
    """The rows as the source would say them: without what it does not know, and those without any answer."""
    rows = values.get(group.code, 0) if count is None else count
    found = [
        {
            each.known_item: value
            for each in group.questions
            if each.known_item and (value := values.get(f"{group.code}.{row}.{each.code}")) is not None
        }
        for row in range(rows)
    ]
    return [each for each in found if each]


def _report(
    sheet: Sheet, person: Person, path: str, key: str, current: Any, wanted: Any, by: Actor, at: datetime
) -> None:
    try:
        with transaction.atomic():
            _ask(sheet, person, path, key, current, wanted, _("Người khai sửa khi làm tờ khai."), by, at)
    except Refusal:
        # What the source could not take (another shape, the same again) stands in the dossier, marked as corrected.
        return


def _ask(
    sheet: Sheet,
    person: Person,
    path: str,
    key: str,
    current: Any,
    wanted: Any,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    draft = sheet.draft
    ask_correction(
        person=person,
        key=key,
        current=current,
        wanted=wanted,
        reason=reason,
        about=("draft", draft.uuid),
        by=by,
        at=at,
        key_uuid=uuid5(draft.uuid, f"{path}\n{wanted}"),
    )
