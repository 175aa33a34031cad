"""Who looks at whom, and showing a masked value to somebody who says why."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.text import squeeze
from bakhong.people import scope
from bakhong.people.looks import Noted
from bakhong.people.models import Look, Person, PhoneNumber, Reason, Seen
from bakhong.people.permissions import REVEAL, require
from bakhong.people.queries.identity import national_id_of

NOTE_LENGTH = 200


def record_looks(*, looks: Sequence[Noted], by: Actor, at: datetime) -> None:
    """Write down that the actor saw these records; part of every page that shows one."""
    with transaction.atomic():
        for each in looks:
            _record(each.person, each.what, each.reason, "", by, at, deed="people.open_record")


def reveal(*, person: Person, what: str, reason: str, note: str, by: Actor, at: datetime) -> str:
    """The whole national id or phone number of a person, for a stated reason; the person is told who asked and why.

    Raises: NotAllowed; Refusal when no reason of the list is given; NotFound when the person has no such number.
    """
    require(REVEAL, person.village_id, by=by)
    note = stated(reason, note)
    value = national_id_of(person) if what == Seen.NATIONAL_ID else _phone_of(person)
    if not value:
        raise NotFound(_("Người này chưa có số đó."))
    with transaction.atomic():
        _record(person, what, reason, note, by, at, deed="people.reveal")
    return value


def record_reveal(
    *, person: Person, whats: Collection[str], reason: str, note: str, by: Actor, at: datetime
) -> None:
    """Write down that numbers of a person which stand elsewhere (in a dossier) were shown. Whoever calls it has asked who may.

    Raises: Refusal when no reason of the list is given.
    """
    note = stated(reason, note)
    with transaction.atomic(), scope.admitting(person.village_id):
        for what in whats:
            _record(person, what, reason, note, by, at, deed="people.reveal")


def stated(reason: str, note: str) -> str:
    """The note as it is kept. Raises: Refusal where the reason is none of the list, or the note does not go with it."""
    note = squeeze(note)
    if reason not in Reason.values or reason == Reason.DUTY:
        raise Refusal(_("Chọn lý do xem. Người dân được biết ai đã xem và vì sao."))
    if reason == Reason.REQUEST and not note:
        raise Refusal(_("Ghi số văn bản yêu cầu."))
    if len(note) > NOTE_LENGTH:
        raise Refusal(_("Ghi chú dài nhất 200 chữ."))
    return note


def _phone_of(person: Person) -> str:
    phone = PhoneNumber.objects.filter(person=person, is_current=True).first()
    return phone.number if phone else ""


def _record(person: Person, what: str, reason: str, note: str, by: Actor, at: datetime, *, deed: str) -> None:
    Look.objects.create(
        person=person,
        village_id=person.village_id,
        at=at,
        actor_id=by.id,
        actor_label=by.label[:120],
        what=what,
        reason=reason,
        note=note,
    )
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="person",
        object_id=person.uuid,
        place_id=person.village_id,
        what=str(what),
        reason=str(reason),
    )
