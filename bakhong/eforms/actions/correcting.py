"""What a source has wrong: asked for at the source, never written over."""

from datetime import datetime
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound, Refusal
from bakhong.eforms.actions.starting import lock, note
from bakhong.eforms.contents import offered_of, value_of
from bakhong.eforms.models import Answer, Draft, Origin
from bakhong.eforms.queries.answers import Sheet, open_sheet, subject_of
from bakhong.eforms.rules.answers import Wrong, read
from bakhong.eforms.rules.visible import Line
from bakhong.eforms.sentences import sentence
from bakhong.people.actions.correcting import ask_correction
from bakhong.people.models import Person


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
        _ask(sheet, person, line, row, value, reason, by, at)
        row.is_corrected = True
        row.save(update_fields=["is_corrected"])
        note("eforms.ask_correction", draft_now, by, at, path=path)


def report_corrections(sheet: Sheet, *, by: Actor, at: datetime) -> None:
    """What was typed over is right for this dossier, and asked to be set right at its source."""
    person = subject_of(sheet.draft)
    if person is None:
        return
    for line in sheet.asked.lines:
        row = sheet.rows.get(line.path)
        if row is None or row.origin != Origin.TYPED or not row.is_corrected or line.group is not None:
            continue
        value = value_of(row)
        if value is None or not line.question.known_as:
            continue
        try:
            with transaction.atomic():
                _ask(sheet, person, line, row, value, _("Người khai sửa khi làm tờ khai."), by, at)
        except Refusal:
            # What the source could not take (another shape, the same again) stands in the dossier, marked as corrected.
            continue


def _ask(
    sheet: Sheet, person: Person, line: Line, row: Answer, wanted: Any, reason: str, by: Actor, at: datetime
) -> None:
    draft = sheet.draft
    key = sheet.spec.key_of(line.group, line.question)
    ask_correction(
        person=person,
        key=key,
        current=offered_of(row),
        wanted=wanted,
        reason=reason,
        about=("draft", draft.uuid),
        by=by,
        at=at,
        key_uuid=uuid5(draft.uuid, f"{line.path}\n{wanted}"),
    )
