"""Calling people: whom, at what number, and what came of it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.messaging.models import Channel, Delivery, Outcome, State
from bakhong.messaging.permissions import VIEW, require
from bakhong.messaging.rules.retrying import CALL_AGAIN
from bakhong.people import actions as people
from bakhong.people.looks import Noted
from bakhong.people.models import Person, Reason, Seen
from bakhong.people.permissions import REVEAL
from bakhong.people.permissions import require as require_of_people

ENOUGH = 5  # calls nobody answered; then it is no use


def number_for(*, call: Delivery, by: Actor, at: datetime) -> str:
    """The number to call; whoever is in the roll may ask who saw it and why.

    Raises: NotAllowed; NotFound where there is none.
    """
    require(VIEW, call.village_id, by=by)
    message = call.message
    person = Person.objects.filter(uuid=message.person).first() if message.person else None
    if person is not None and not message.phone:
        return people.reveal(person=person, what=Seen.PHONE, reason=Reason.CALL, note="", by=by, at=at)
    require_of_people(REVEAL, call.village_id, by=by)
    if not message.phone:
        raise NotFound(_("Chưa có số điện thoại của người này."))
    with transaction.atomic():
        if person is not None:
            people.record_looks(looks=[Noted(person, Seen.PHONE, Reason.CALL)], by=by, at=at)
        _note(by, at, "messaging.show_number", call)
    return message.phone


def record_call(
    *, call: Delivery, outcome: str, by: Actor, at: datetime, attempts: int | None = None
) -> Delivery:
    """What came of a call. Nobody answered: it comes back in three hours, five times; told or wrong number: it is settled.

    `attempts`: how many calls the caller saw on the page; a page that is older than that changes nothing.

    Raises: NotAllowed; Refusal for an outcome that is none; Conflict when somebody else has settled it, saying who, or called meanwhile.
    """
    require(VIEW, call.village_id, by=by)
    if outcome not in Outcome.values:
        raise Refusal(_("Chọn kết quả cuộc gọi."))
    with transaction.atomic():
        row = _locked(call.uuid)
        if row.state != State.WAITING:
            raise Conflict(_("%(who)s đã ghi cuộc gọi này rồi.") % {"who": row.settled_label or "—"})
        if attempts is not None and attempts != row.attempts:
            raise Conflict(_("Vừa có người gọi và ghi lại rồi. Hãy xem lại danh sách."))
        row.attempts += 1
        row.outcome = outcome
        if outcome == Outcome.NO_ANSWER and row.attempts < ENOUGH:
            row.next_at = at + CALL_AGAIN
        else:
            row.state = State.SENT if outcome == Outcome.TOLD else State.FAILED
            row.settled_at, row.settled_by, row.settled_label = at, by.id, by.label[:120]
        row.save()
        _note(by, at, "messaging.record_call", row, outcome=str(outcome))
    return row


def reopen_call(*, call: Delivery, by: Actor, at: datetime) -> Delivery:
    """Settled by mistake: it waits again. Of one that waits nothing changes.

    Raises: NotAllowed.
    """
    require(VIEW, call.village_id, by=by)
    with transaction.atomic():
        row = _locked(call.uuid)
        if row.state == State.WAITING:
            return row
        row.state, row.outcome, row.attempts, row.next_at = State.WAITING, "", 0, at
        row.settled_at, row.settled_by, row.settled_label = None, "", ""
        row.save()
        _note(by, at, "messaging.reopen_call", row)
    return row


def drop_waiting(*, about: tuple[str, UUID], templates: tuple[str, ...], by: Actor, at: datetime) -> int:
    """What still waits to be told about something is told no more: it was overtaken by what happened. Returns how many ways.

    The caller has asked who may.
    """
    kind, uuid = about
    waiting = Delivery.objects.filter(
        state=State.WAITING, message__about_kind=kind, message__about=uuid, message__template__in=templates
    )
    with transaction.atomic():
        rows = list(waiting.select_for_update(of=("self",)).select_related("message"))
        Delivery.objects.filter(pk__in=[each.pk for each in rows]).update(
            state=State.DROPPED, settled_at=at, settled_by=by.id, settled_label=by.label[:120]
        )
        for each in rows:
            _note(by, at, "messaging.drop", each)
    return len(rows)


def unsay(*, keys: Collection[UUID], by: Actor, at: datetime) -> frozenset[str]:
    """What was written under these keys was a mistake: it leaves the pages and goes out no more. Returns the ways by which somebody has
    been told already ("mail", "call"), so that the caller can say so by the same ways. The caller has asked who may.
    """
    with transaction.atomic():
        rows = list(
            Delivery.objects.filter(message__uuid__in=list(keys))
            .select_for_update(of=("self",))
            .select_related("message")
        )
        gone = [each for each in rows if each.state == State.WAITING or each.channel == Channel.INBOX]
        Delivery.objects.filter(pk__in=[each.pk for each in gone]).update(
            state=State.DROPPED, settled_at=at, settled_by=by.id, settled_label=by.label[:120]
        )
        for each in gone:
            _note(by, at, "messaging.drop", each)
    return frozenset(
        str(each.channel) for each in rows if each.state == State.SENT and each.channel != Channel.INBOX
    )


def wait_again(*, about: tuple[str, UUID], dropped_at: datetime, by: Actor, at: datetime) -> int:
    """What was dropped at that moment waits again, because what overtook it was taken back. Returns how many ways."""
    kind, uuid = about
    dropped = Delivery.objects.filter(
        state=State.DROPPED, settled_at=dropped_at, message__about_kind=kind, message__about=uuid
    ).exclude(channel=Channel.INBOX)
    with transaction.atomic():
        rows = list(dropped.select_for_update(of=("self",)).select_related("message"))
        Delivery.objects.filter(pk__in=[each.pk for each in rows]).update(
            state=State.WAITING, settled_at=None, settled_by="", settled_label="", next_at=at
        )
        for each in rows:
            _note(by, at, "messaging.wait_again", each)
    return len(rows)


def _locked(uuid: UUID) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("message")
    found: Delivery | None = rows.filter(uuid=uuid, channel=Channel.CALL).first()
    if found is None:
        raise NotFound("")
    return found


def _note(by: Actor, at: datetime, deed: str, call: Delivery, **details: str) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="message",
        object_id=call.message.uuid,
        place_id=call.village_id,
        **details,
    )
