"""A person says that something known of them is wrong: asked, acknowledged within two working days, accepted or refused with a reason.

Nothing is ever overwritten by the person who asks: accepting adds a fact, as every correction does.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.text import is_storable, squeeze
from bakhong.people import scope
from bakhong.people.actions.detailing import record_details
from bakhong.people.actions.recording import correct_fact
from bakhong.people.actions.secrets import no_codes
from bakhong.people.models import CorrectionRequest, CorrectionState, Person
from bakhong.people.permissions import EDIT, require, require_about
from bakhong.people.queries.residents import OPEN, opened, sealed_for_correction
from bakhong.people.rules.clocks import acknowledge_by, is_weekday
from bakhong.people.rules.dictionary import agree, dictionary, fits
from bakhong.people.signals import working_days_asked

_REASON, _ANSWER = 500, 500
_AHEAD = timedelta(days=61)


def ask_correction(
    *,
    person: Person,
    key: str,
    current: Any,
    wanted: Any,
    reason: str,
    about: tuple[str, UUID] | None,
    by: Actor,
    at: datetime,
    key_uuid: UUID | None = None,
) -> CorrectionRequest:
    """What is known under a name of the dictionary is wrong: `wanted` is right. It changes nothing yet; the two-working-day clock starts.

    `about`: the draft or dossier where it was seen; without one only the person themself or staff may ask (whoever opens a draft has been
    let in there). The same `key_uuid` again gives the same request; a newer wish takes the place of one that waits.

    Raises: NotAllowed; Refusal for a name or a value that is none, or for what stands already.
    """
    if about is None:
        require_about(person, EDIT, by=by)
    reason = squeeze(reason)[:_REASON]
    _check(key, current, wanted, reason)
    with scope.admitting(person.village_id), transaction.atomic():
        if key_uuid is not None and (
            earlier := CorrectionRequest.objects.filter(client_key=key_uuid).first()
        ):
            return _the_same(earlier, person)
        _take_the_place(person, key, by, at)
        uuid = new_uuid()
        made = CorrectionRequest.objects.create(
            uuid=uuid,
            person=person,
            village_id=person.village_id,
            key=key,
            said=sealed_for_correction(current, wanted, uuid),
            reason=reason,
            about_kind=about[0] if about else "",
            about=about[1] if about else None,
            asked_by=by.id,
            asked_label=by.label[:120],
            asked_at=at,
            acknowledge_by=_acknowledge_by(person.village_id, at),
            client_key=key_uuid,
        )
        _note(by, at, "people.ask_correction", made)
    return made


def withdraw_correction(*, request: CorrectionRequest, by: Actor, at: datetime) -> CorrectionRequest:
    """Whoever asked does not wish it any more. Withdrawing twice changes nothing.

    Raises: NotAllowed; Conflict when it was answered.
    """
    require_about(request.person, EDIT, by=by)
    with transaction.atomic():
        found = _locked(request)
        if found.state == CorrectionState.WITHDRAWN:
            return found
        _must_be_open(found)
        found.state = CorrectionState.WITHDRAWN
        found.save(update_fields=["state"])
        _note(by, at, "people.withdraw_correction", found)
    return found


def acknowledge_correction(*, request: CorrectionRequest, by: Actor, at: datetime) -> CorrectionRequest:
    """The commune has read it and is looking into it: the two-working-day clock stops. Twice changes nothing.

    Raises: NotAllowed; Conflict when it was answered or withdrawn.
    """
    require(EDIT, request.village_id, by=by)
    with transaction.atomic():
        found = _locked(request)
        if found.state == CorrectionState.ACKNOWLEDGED:
            return found
        _must_be_open(found)
        found.state, found.acknowledged_at, found.acknowledged_by = CorrectionState.ACKNOWLEDGED, at, by.id
        found.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
        _note(by, at, "people.acknowledge_correction", found)
    return found


def answer_correction(
    *, request: CorrectionRequest, is_accepted: bool, answer: str, by: Actor, at: datetime
) -> CorrectionRequest:
    """Accepted: the wish is added as a correction of the roll, or as a detail. Refused: `answer` says why, in words for the resident.

    Raises: NotAllowed; Refusal without a reason, or when the roll cannot take the value; Conflict when it was answered or withdrawn.
    """
    require(EDIT, request.village_id, by=by)
    answer = squeeze(answer)[:_ANSWER]
    if not is_accepted and not answer:
        raise Refusal(_("Ghi lý do không sửa, bằng lời người dân đọc hiểu được."))
    no_codes(answer)
    with transaction.atomic():
        found = _locked(request)
        _must_be_open(found)
        if is_accepted:
            _come_true(found, by, at)
        found.state = CorrectionState.ACCEPTED if is_accepted else CorrectionState.REFUSED
        found.answer, found.answered_at, found.answered_by = answer, at, by.id
        if found.acknowledged_at is None:
            found.acknowledged_at, found.acknowledged_by = at, by.id
        found.save()
        _note(by, at, "people.answer_correction", found, is_accepted=is_accepted)
    return found


def _come_true(request: CorrectionRequest, by: Actor, at: datetime) -> None:
    entry, (said,) = dictionary()[request.key], opened([request])
    if entry.type == "list" and entry.roll_attribute:
        return  # who lives together is set right on the page of the household, person by person
    if entry.roll_attribute:
        correct_fact(
            person=request.person,
            values={entry.roll_attribute: said.wanted},
            source="resident",
            detail=_("Yêu cầu sửa, đã kiểm tra"),
            is_verified=True,
            by=by,
            at=at,
        )
        return
    record_details(
        person=request.person,
        values={request.key: said.wanted},
        source="officer",
        origin=("correction", request.uuid),
        true_on=day_of(at),
        by=by,
        at=at,
        key=request.uuid,
    )


def _check(key: str, current: Any, wanted: Any, reason: str) -> None:
    entry = dictionary().get(key)
    if entry is None:
        raise Refusal(_("Không có mục thông tin này."))
    if not all(is_storable(each) for each in (reason, wanted) if isinstance(each, str)):
        raise Refusal(_("Có ký tự không đọc được. Hãy xoá đi và gõ lại."))
    if not fits(entry, wanted):
        raise Refusal(
            _("“%(label)s” ghi chưa đúng dạng. Hãy ghi như trên giấy tờ.") % {"label": entry.label()}
        )
    if agree(entry, current, wanted) and current == wanted:
        raise Refusal(_("Thông tin này đang đúng như bạn ghi, không phải sửa."))
    no_codes(reason)


def _take_the_place(person: Person, key: str, by: Actor, at: datetime) -> None:
    """The person changed their mind before anybody answered: the newest wish is the one that counts."""
    for earlier in CorrectionRequest.objects.select_for_update().filter(
        person=person, key=key, state__in=OPEN
    ):
        earlier.state = CorrectionState.WITHDRAWN
        earlier.save(update_fields=["state"])
        _note(by, at, "people.withdraw_correction", earlier)


def _acknowledge_by(place_id: int, at: datetime) -> datetime:
    """By the calendar of the room above that keeps one, else Monday to Friday."""
    first = day_of(at)
    answers = working_days_asked.send(
        sender=CorrectionRequest, place_id=place_id, first=first, last=first + _AHEAD
    )
    given: list[Any] = [days for _hearer, days in answers if days is not None]
    worked: Collection[date] | None = given[0] if given else None
    return acknowledge_by(at, is_weekday if worked is None else lambda day: day in worked)


def _the_same(earlier: CorrectionRequest, person: Person) -> CorrectionRequest:
    if earlier.person_id != person.pk:
        raise Conflict(_("Biểu mẫu này đã dùng cho người khác. Hãy mở lại trang."))
    return earlier


def _locked(request: CorrectionRequest) -> CorrectionRequest:
    found: CorrectionRequest = (
        CorrectionRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    )
    return found


def _must_be_open(request: CorrectionRequest) -> None:
    if request.state not in OPEN:
        raise Conflict(
            _("Yêu cầu này đã xong: %(state)s.") % {"state": CorrectionState(request.state).label.lower()}
        )


def _note(by: Actor, at: datetime, deed: str, request: CorrectionRequest, **details: Any) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="correction",
        object_id=request.uuid,
        place_id=request.village_id,
        person=str(request.person.uuid),
        key=request.key,
        **details,
    )
