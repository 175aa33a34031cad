"""The State's registers are asked once for a deed, before its transaction opens: they may take seconds. That they were asked is noted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bakhong.core.actor import Actor
from bakhong.eforms.actions.prefilling import basis_of
from bakhong.eforms.actions.starting import require_hand
from bakhong.eforms.models import Draft, KnownBy, State
from bakhong.eforms.queries.answers import Sheet, open_sheet, subject_of
from bakhong.people import scope
from bakhong.people.actions.purposes import log_use
from bakhong.people.models import Person, Purpose
from bakhong.people.queries.consents import Basis
from bakhong.people.queries.known import register_answers
from bakhong.people.registers import Answer, connected


def ask_registers(*, draft: Draft, by: Actor, at: datetime) -> list[Answer]:
    """What they say of everything answered in an open draft: for reading the prefilled answers again, and for judging the others.

    Empty where nobody was recognised by an e-identity or by an officer, and of who took their consent back. Raises: NotFound; NotAllowed.
    """
    if not connected():
        return []
    found = Draft.objects.select_related("version", "person").filter(pk=draft.pk, state=State.OPEN).first()
    if found is None or found.known_by not in (KnownBy.OFFICER, KnownBy.E_IDENTITY):
        return []
    require_hand(found, by=by)
    person = subject_of(found)
    if person is None or basis_of(person, found.known_by) == Basis.REFUSED:
        return []
    answers = register_answers(person, _keys(open_sheet(found)))
    note_asked(found, person, [each.register for each in answers], by=by, at=at)
    return answers


def note_asked(draft: Draft, person: Person, registers: Collection[str], *, by: Actor, at: datetime) -> None:
    """Whoever the data are about may read which registers were asked, whatever they answered."""
    if registers:
        with transaction.atomic(), scope.admitting(person.village_id):
            log_use(
                person=person,
                purpose=Purpose.ON_BEHALF if draft.mandate else Purpose.PREFILL,
                keys=(),
                about=("draft", draft.uuid),
                by=by,
                at=at,
                registers=registers,
                basis=basis_of(person, draft.known_by),
            )


def _keys(sheet: Sheet) -> set[str]:
    codes = {path.split(".")[0] for path in sheet.rows}
    keys = {
        sheet.spec.key_of(group, question)
        for _page, group, question in sheet.spec.questions()
        if (group or question).code in codes
    }
    return keys - {""}
