"""Noting what a person's data were used for."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.people.models import Look, Person, Purpose, Reason, Seen
from bakhong.people.registers import connected
from bakhong.people.rules.dictionary import dictionary

_LONGEST = 200
_REASONS = {Purpose.PREFILL: Reason.AT_DESK, Purpose.REMINDER: Reason.CALL, Purpose.ON_BEHALF: Reason.HELP}


def log_use(
    *,
    person: Person,
    purpose: str,
    keys: Collection[str],
    about: tuple[str, UUID],
    by: Actor,
    at: datetime,
    registers: Collection[str] = (),
    basis: str = "",
) -> None:
    """What is known of a person was used: `keys` of the dictionary, for a purpose, about a draft or dossier ("draft", uuid).

    `registers`: those that were asked, whether they answered or not; each makes a look of its own. The person reads it under "who looked".
    `basis`: by what right (`queries.consents.Basis`), kept in the trail.

    Raises: Refusal for a purpose or a name that is none.
    """
    if purpose not in Purpose.values or not set(keys) <= dictionary().keys():
        raise Refusal(_("Ghi rõ dùng thông tin nào, để làm gì."))
    names = ", ".join(dictionary()[key].label() for key in sorted(keys))
    known = connected()
    looks = [(Seen.REGISTER, known[code].name if code in known else code) for code in registers]
    if keys:
        looks.insert(0, (Seen.KNOWN, names))
    with transaction.atomic():
        for what, note in looks:
            _look(person, what, _REASONS.get(Purpose(purpose), Reason.DUTY), note, about, by, at)
        if looks:
            audit.record(
                by=by,
                at=at,
                deed="people.use_known",
                object_kind="person",
                object_id=person.uuid,
                place_id=person.village_id,
                purpose=str(purpose),
                count=len(keys),
                registers=sorted(registers),
                about=f"{about[0]}:{about[1]}",
                **({"basis": basis} if basis else {}),
            )


def _look(
    person: Person, what: str, reason: str, note: str, about: tuple[str, UUID], by: Actor, at: datetime
) -> None:
    Look.objects.create(
        person=person,
        village_id=person.village_id,
        at=at,
        actor_id=by.id,
        actor_label=by.label[:120],
        what=what,
        reason=reason,
        note=note if len(note) <= _LONGEST else note[: _LONGEST - 1] + "…",
        about_kind=about[0],
        about=about[1],
    )
