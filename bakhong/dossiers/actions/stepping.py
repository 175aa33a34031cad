"""How every deed on a dossier is done: the row is held, the right and the version are looked at, one event is added.

The event makes the state (a trigger writes it). The same key again is answered with what it did the first time.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import Conflict, NotFound
from bakhong.core.text import squeeze
from bakhong.dossiers.actions.noting import DEEDS
from bakhong.dossiers.actions.numbering import Entry, enter
from bakhong.dossiers.actions.timing import clock_after
from bakhong.dossiers.models import Dossier, Event, Kind, State
from bakhong.dossiers.permissions import require_for
from bakhong.dossiers.rules.books import book_of_event
from bakhong.dossiers.rules.transitions import Transition, transitions
from bakhong.dossiers.signals import dossier_changed
from bakhong.people.actions.secrets import no_secrets

_IN_NOBODYS_WAY = (Kind.WARN, Kind.ESCALATE, Kind.SIGN_APPLICATION)


@dataclass(frozen=True)
class Taken:
    """A dossier whose row is held until the transaction ends. `done` is the event stored under this key before: nothing is to be done."""

    dossier: Dossier
    rule: Transition
    said: str
    key: UUID | None
    done: Event | None = None


def take(
    *, dossier: Dossier, kind: str, by: Actor, version: int | None, key: UUID | None, said: Mapping[str, Any]
) -> Taken:
    """Hold the dossier for one deed. Runs inside the deed's transaction.

    Raises: NotFound; NotAllowed; Conflict when somebody was faster, when the state does not allow it, or when the key was used for
    something else.
    """
    found: Dossier | None = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("person", "village")
        .filter(pk=dossier.pk)
        .first()
    )
    if found is None:
        raise NotFound(_("Không có hồ sơ này."))
    rule = transitions()[kind]
    require_for(rule, found, by=by)
    digest = digest_of(kind, said)
    done = _done_before(found, key, digest)
    if done is None:
        _up_to_date(found, rule, version)
    return Taken(found, rule, digest, key, done)


def happen(
    taken: Taken,
    *,
    by: Actor,
    at: datetime,
    to: str = "",
    change: Mapping[str, Any] | None = None,
    step: str | None = None,
    reasons: Sequence[str] = (),
    note: str = "",
    data: Mapping[str, Any] | None = None,
    came_in_person: bool = False,
) -> Event:
    """Write what changes on the dossier, then the event, which gives the new state. `to` "": the state stays.

    `change` must not name the state; what it does to the clock follows (`clock_after`). The signal goes out in the same transaction.

    Raises: Conflict when the key was used for another dossier at this very moment.
    """
    dossier = taken.dossier
    change = dict(change or {})
    if step is not None:
        change["step"] = step
    clock = clock_after(dossier, change, to or dossier.state, at)
    _write(dossier, change | clock)
    event = Event(
        village_id=dossier.village_id,
        dossier=dossier,
        dossier_uuid=dossier.uuid,
        person_id=dossier.person_id,
        number=dossier.version + 1,
        kind=taken.rule.event,
        state_from=dossier.state,
        state_to=to or dossier.state,
        at=at,
        by=by.id,
        by_label=by.label[:120],
        step=dossier.step,
        reasons=list(reasons),
        note=words(note, 500),
        data=dict(data or {}) | _step_time(clock),
        came_in_person=came_in_person,
        client_key=taken.key,
        said=taken.said,
    )
    _insert(event)
    dossier.state, dossier.version = event.state_to, event.number
    _enter_slip(event, dossier, by, at)
    _trail(event, dossier, by, at)
    dossier_changed.send(sender=Dossier, dossier_id=dossier.pk, event_id=event.pk, event=event)
    return event


def _step_time(clock: Mapping[str, Any]) -> dict[str, str]:
    """What the history keeps of it: afterwards the dossier knows the step where it is and no other."""
    moment = clock.get("step_due_at")
    return {"step_due_at": moment.isoformat()} if moment is not None else {}


def words(text: str, most: int) -> str:
    """What somebody typed, as it is kept: one line, no secrets, at most so long. Refuses one-time codes and passwords."""
    kept = squeeze(text.replace("\0", ""))[:most]
    no_secrets(kept)
    return kept


def digest_of(kind: str, said: Mapping[str, Any]) -> str:
    """SHA-256 of what is said under a key, so that the same key with other words is noticed."""
    text = json.dumps([kind, dict(said)], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def overtaken(dossier: Dossier) -> Conflict:
    """Says who did what last, and when."""
    rows = Event.objects.filter(dossier=dossier).exclude(kind__in=_IN_NOBODYS_WAY)
    last: Event | None = rows.order_by("-number").first()
    if last is None:
        return Conflict(_("Hồ sơ vừa thay đổi. Mở lại để xem."))
    return Conflict(
        _("%(who)s đã %(what)s lúc %(when)s. Mở lại hồ sơ để xem trước khi làm tiếp.")
        % {
            "who": last.by_label or _("Người khác"),
            "what": Kind(last.kind).label,
            "when": last.at.astimezone(VIET_NAM).strftime("%H:%M %d/%m/%Y"),
        }
    )


def _done_before(dossier: Dossier, key: UUID | None, said: str) -> Event | None:
    if key is None:
        return None
    stored: Event | None = Event.objects.filter(client_key=key).first()
    if stored is None:
        return None
    if stored.dossier_id != dossier.pk or stored.said != said:
        raise Conflict(_("Yêu cầu này đã được gửi trước với nội dung khác. Mở lại hồ sơ để xem."))
    return stored


def _up_to_date(dossier: Dossier, rule: Transition, version: int | None) -> None:
    if version is not None and version != dossier.version and _is_overtaken(dossier, version):
        raise overtaken(dossier)
    if dossier.state not in rule.sources:
        raise Conflict(
            _("Hồ sơ đang ở trạng thái “%(state)s” nên không thể %(what)s.")
            % {"state": State(dossier.state).label, "what": Kind(rule.event).label}
        )


def _is_overtaken(dossier: Dossier, version: int) -> bool:
    """True when somebody did something since that version; the program's warnings and an applicant's signature are in nobody's way."""
    since = Event.objects.filter(dossier=dossier, number__gt=version).exclude(kind__in=_IN_NOBODYS_WAY)
    return version > dossier.version or since.exists()


def _write(dossier: Dossier, change: Mapping[str, Any]) -> None:
    assert not {"state", "version"} & change.keys()
    for name, value in change.items():
        setattr(dossier, name, value)
    if change:
        dossier.save(update_fields=list(change))


def _insert(event: Event) -> None:
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError as error:
        if "client_key" not in str(error):
            raise
        raise Conflict(_("Yêu cầu này vừa được gửi cho một hồ sơ khác.")) from error


def _enter_slip(event: Event, dossier: Dossier, by: Actor, at: datetime) -> None:
    """The slip that tells of it gets its number in the office's book."""
    book = book_of_event(event.kind)
    if book is not None:
        entry = Entry(dossier.procedure_name[:200], line=event.number)
        enter(dossier=dossier, book=book.code, entries=[entry], by=by, at=at)


def _trail(event: Event, dossier: Dossier, by: Actor, at: datetime) -> None:
    audit.record(
        by=by,
        at=at,
        deed=DEEDS[event.kind],
        object_kind="dossier",
        object_id=dossier.uuid,
        place_id=dossier.village_id,
        version=event.number,
    )
