"""Telling other systems: a line of the outbox in the transaction of the event, sent later, in order of each dossier, until it is received.

Nothing is sent from inside a transaction. A line that is under way is left alone by other workers for a while; should the machine die, it
goes out again under the same key.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound
from bakhong.documents.actions.storing import open_file
from bakhong.documents.models import File
from bakhong.dossiers.actions.exchange_words import note_answer, note_silence
from bakhong.dossiers.adapters.port import Declined, Exchange, NoAnswer
from bakhong.dossiers.models import Dossier, Event, Kind, Sending, Sent
from bakhong.dossiers.permissions import EXCHANGE, require
from bakhong.dossiers.queries.telling_elsewhere import telling_of
from bakhong.dossiers.rules.national import body_of, is_national, is_told, wait_after
from bakhong.dossiers.rules.states import DRAFT, national
from bakhong.people.sealed import seal, unseal

LEASE = timedelta(minutes=5)
_STOP_AFTER = 3  # failures in a row: the other side is down, the rest waits
_COLUMN = "dossiers_sending.body"


@dataclass(frozen=True)
class Delivered:
    sent: int = 0
    failed: int = 0
    declined: int = 0


def queue_telling(*, event: Event, systems: Collection[str]) -> list[Sending]:
    """The lines of the outbox that an event gives, in its own transaction. A dossier without a code yet has no name to be told by; of a
    procedure of the commune's own the national portal knows nothing."""
    if not systems:
        return []
    dossier = Dossier.objects.select_related("village", "draft").get(pk=event.dossier_id)
    before = None if event.state_from == DRAFT else _number(event.state_from, dossier)
    if not is_told(event.kind, before, _number(event.state_to, dossier)):
        return []
    made = []
    for system in systems:
        code = dossier.external_codes.get(system) or dossier.code
        if code and (system != "national" or is_national(dossier.procedure)):
            made += _lines(event, dossier, system, code)
    return made


def deliver_due(*, exchange: Exchange, at: datetime, most: int = 500) -> Delivered:
    """Send what is due, of each dossier the oldest first. The connection must see every commune; call it outside any transaction."""
    sent = failed = declined = in_a_row = 0
    while sent + failed + declined < most and in_a_row < _STOP_AFTER:
        row = _claim(exchange.code, at)
        if row is None:
            break
        try:
            _push(exchange, row)
        except NoAnswer as silence:
            failed, in_a_row = failed + 1, in_a_row + 1
            _again(row, silence, at)
        except Declined as refusal:
            declined, in_a_row = declined + 1, 0
            _settle(row, at, Sent.HELD, "declined", refusal.detail)
        else:
            sent, in_a_row = sent + 1, 0
            _settle(row, at, Sent.DONE)
    return Delivered(sent, failed, declined)


def send_again(*, sending: Sending, by: Actor, at: datetime) -> Sending:
    """Try a line at once that waits or was declined.

    Raises: NotFound; NotAllowed; Conflict when it has been received meanwhile.
    """
    require(EXCHANGE, sending.village_id, by=by)
    with transaction.atomic():
        held: Sending | None = Sending.objects.select_for_update().filter(pk=sending.pk).first()
        if held is None:
            raise NotFound(_("Không có lần gửi này."))
        if held.state == Sent.DONE:
            raise Conflict(_("Bên kia đã nhận rồi, không cần gửi lại."))
        held.state, held.next_at, held.settled_at = Sent.WAITING, at, None
        held.save(update_fields=["state", "next_at", "settled_at"])
        audit.record(
            by=by,
            at=at,
            deed="dossiers.send_again",
            object_kind="dossier",
            object_id=held.dossier_uuid,
            place_id=held.village_id,
            number=held.number,
            system=held.system,
        )
    return held


def _number(state: str, dossier: Dossier) -> int:
    return national(state, is_received=dossier.received_at is not None)


def _lines(event: Event, dossier: Dossier, system: str, code: str) -> list[Sending]:
    body = json.dumps(body_of(telling_of(event, dossier, code)), ensure_ascii=False)
    made = [_line(event, dossier, system, "state", body)]
    if event.kind == Kind.SIGN and dossier.result_file is not None:
        made.append(_line(event, dossier, system, "result", body))
    return made


def _line(event: Event, dossier: Dossier, system: str, kind: str, body: str) -> Sending:
    key = uuid5(event.uuid, f"{system}/{kind}")
    return Sending.objects.create(
        village_id=dossier.village_id,
        dossier=dossier,
        dossier_uuid=dossier.uuid,
        person_id=dossier.person_id,
        system=system,
        kind=kind,
        key=key,
        number=event.number,
        national_state=_number(event.state_to, dossier),
        body=seal(body, f"{_COLUMN}:{key}"),
        file=dossier.result_file if kind == "result" else None,
        next_at=event.at,
        queued_at=event.at,
    )


def _due(system: str, at: datetime) -> QuerySet[Sending]:
    """What may go out now: nothing of its dossier stands before it."""
    before = Sending.objects.filter(
        system=OuterRef("system"), dossier=OuterRef("dossier"), pk__lt=OuterRef("pk")
    ).exclude(state=Sent.DONE)
    found: QuerySet[Sending] = Sending.objects.filter(
        ~Exists(before), system=system, state=Sent.WAITING, next_at__lte=at
    )
    return found


def _claim(system: str, at: datetime) -> Sending | None:
    """One line for us alone, for as long as the lease."""
    with transaction.atomic():
        rows = _due(system, at).order_by("next_at", "pk").select_for_update(skip_locked=True, of=("self",))
        row: Sending | None = rows.first()
        if row is not None:
            row.attempts += 1
            row.next_at = at + LEASE
            row.save(update_fields=["attempts", "next_at"])
        return row


def _push(exchange: Exchange, row: Sending) -> None:
    assert row.body is not None
    body = json.loads(unseal(row.body, f"{_COLUMN}:{row.key}"))
    if row.kind == "state":
        exchange.push_state(row.key, body)
        return
    file = File.objects.filter(uuid=row.file).first() if row.file is not None else None
    if file is None or file.erased_at is not None:
        raise Declined("file_erased")
    exchange.push_result(row.key, body, file.name, open_file(file))


def _again(row: Sending, silence: NoAnswer, at: datetime) -> None:
    row.next_at = at + wait_after(row.attempts)
    row.problem, row.detail = silence.problem, silence.detail[:200]
    Sending.objects.filter(pk=row.pk, state=Sent.WAITING).update(
        next_at=row.next_at, problem=row.problem, detail=row.detail
    )
    note_silence(row.system, silence, at)


def _settle(row: Sending, at: datetime, state: str, problem: str = "", detail: str = "") -> None:
    """What was received is not kept a second time."""
    change = {"body": None} if state == Sent.DONE else {}
    Sending.objects.filter(pk=row.pk).exclude(state=Sent.DONE).update(
        state=state, settled_at=at, problem=problem, detail=detail[:200], **change
    )
    note_answer(row.system, at)
