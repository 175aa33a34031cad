"""Deeds on follow-ups: somebody orders something about a number, somebody does it, and both can be read later."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.models import User
from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.core.text import nfc, squeeze
from bakhong.indicators.actions.reports import demand
from bakhong.indicators.models import FollowUp, FollowUpEvent, FollowUpState
from bakhong.indicators.queries.followups import assignable
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Unit

# deed → (states it starts from, state it ends in)
_MOVES = {
    "start": ({FollowUpState.OPEN}, FollowUpState.STARTED),
    "finish": ({FollowUpState.OPEN, FollowUpState.STARTED}, FollowUpState.DONE),
    "reopen": ({FollowUpState.DONE, FollowUpState.CANCELLED}, FollowUpState.OPEN),
    "cancel": ({FollowUpState.OPEN, FollowUpState.STARTED}, FollowUpState.CANCELLED),
}
LONGEST = 2000


class InvalidFollowUp(Refusal):
    """A task cannot be given like this."""


@transaction.atomic
def assign(
    *,
    unit: Unit,
    assigned_to: User,
    title: str,
    due_on: date,
    client_key: UUID,
    by: Actor,
    at: datetime,
    indicator: str = "",
    detail: str = "",
) -> FollowUp:
    """Gives a task about a unit (and one of its indicators) to somebody who works for it. The same `client_key` is one task.

    Raises: NotAllowed, InvalidFollowUp; Conflict when the key belongs to another unit.
    """
    demand(by, "followups.assign", unit)
    if earlier := FollowUp.objects.filter(client_key=client_key).first():
        return _same(earlier, unit)
    title, detail = squeeze(title), nfc(detail).replace("\x00", "").strip()
    _check(unit, assigned_to, title, detail, due_on, indicator, day_of(at))
    try:
        with transaction.atomic():
            followup = FollowUp.objects.create(
                client_key=client_key,
                unit=unit,
                indicator=indicator,
                title=title,
                detail=detail,
                assigned_to=assigned_to,
                due_on=due_on,
                created_by=by.id,
                created_by_label=by.label[:120],
                created_at=at,
            )
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was faster.
        return _same(FollowUp.objects.get(client_key=client_key), unit)
    _note(followup, detail, by, at)
    _trail(followup, "indicators.assign_followup", by, at, to=str(assigned_to.uuid))
    return followup


def _same(followup: FollowUp, unit: Unit) -> FollowUp:
    if followup.unit_id != unit.pk:
        raise Conflict(_("Việc này đã được giao ở một đơn vị khác. Hãy mở lại trang."))
    return followup


def _check(
    unit: Unit, assigned_to: User, title: str, detail: str, due_on: date, indicator: str, today: date
) -> None:
    if not title or len(title) > 200:
        raise InvalidFollowUp(_("Hãy ghi việc cần làm trong tối đa 200 chữ."))
    if len(detail) > LONGEST:
        raise InvalidFollowUp(
            _("Nội dung dài quá %(longest)s chữ. Hãy viết ngắn lại.") % {"longest": LONGEST}
        )
    if due_on < today:
        raise InvalidFollowUp(_("Hạn làm phải từ hôm nay trở đi."))
    if indicator and indicator not in registry():
        raise InvalidFollowUp(_("Chỉ tiêu này không có trong danh mục."))
    if not assignable(unit, today).filter(pk=assigned_to.pk).exists():
        raise InvalidFollowUp(_("Người này không có vai trò ở đơn vị. Hãy chọn người khác trong danh sách."))


def start(*, followup: FollowUp, by: Actor, at: datetime, text: str = "") -> FollowUp:
    """The one it was given to begins."""
    return _move(followup, "start", text, by, at)


def finish(*, followup: FollowUp, text: str, by: Actor, at: datetime) -> FollowUp:
    """Done, saying what came of it.

    Raises: NotAllowed, Conflict, InvalidFollowUp (without a word about the result).
    """
    if not squeeze(text):
        raise InvalidFollowUp(_("Hãy ghi kết quả để người giao việc biết."))
    return _move(followup, "finish", text, by, at)


def reopen(*, followup: FollowUp, by: Actor, at: datetime, text: str = "") -> FollowUp:
    """Takes back done or cancelled."""
    return _move(followup, "reopen", text, by, at)


def cancel(*, followup: FollowUp, by: Actor, at: datetime, text: str = "") -> FollowUp:
    """No longer wanted; for whoever gives tasks here."""
    return _move(followup, "cancel", text, by, at)


@transaction.atomic
def note(*, followup: FollowUp, text: str, by: Actor, at: datetime) -> FollowUp:
    """A word on how it stands, without moving it. The same word by the same person twice in a row is one.

    Raises: NotAllowed, InvalidFollowUp.
    """
    followup = _locked(followup)
    _demand_part(followup, by)
    text = _text(text)
    if not text:
        raise InvalidFollowUp(_("Hãy ghi nội dung trao đổi."))
    last = followup.events.order_by("-pk").first()
    if last is None or (last.text, last.by, last.state) != (text, by.id, followup.state):
        _note(followup, text, by, at)
        _trail(followup, "indicators.note_followup", by, at)
    return followup


@transaction.atomic
def _move(followup: FollowUp, deed: str, text: str, by: Actor, at: datetime) -> FollowUp:
    followup = _locked(followup)
    if deed == "cancel":
        demand(by, "followups.assign", followup.unit)
    else:
        _demand_part(followup, by)
    sources, target = _MOVES[deed]
    if followup.state == target and _is_last(followup, by):
        return followup
    if followup.state not in sources:
        last = followup.events.order_by("-pk").first()
        raise Conflict(
            _("Việc này đang ở trạng thái “%(state)s” (%(who)s vừa đổi). Hãy tải lại trang.")
            % {"state": FollowUpState(followup.state).label, "who": last.by_label if last else ""}
        )
    followup.state = target
    followup.save(update_fields=["state"])
    _note(followup, _text(text), by, at)
    _trail(followup, f"indicators.{deed}_followup", by, at)
    return followup


def _locked(followup: FollowUp) -> FollowUp:
    found = FollowUp.objects.select_for_update(of=("self",)).select_related("unit", "assigned_to")
    try:
        return found.get(pk=followup.pk)
    except FollowUp.DoesNotExist:
        raise NotFound(_("Không tìm thấy việc này.")) from None


def _demand_part(followup: FollowUp, by: Actor) -> None:
    """Whoever it was given to, whoever works on tasks there, and whoever gives them.

    Raises: NotAllowed.
    """
    is_assignee = by.id == f"staff:{followup.assigned_to.uuid}"
    allowed = is_assignee and by.may("figures.view", followup.unit_id)
    if not allowed and not by.may("followups.assign", followup.unit_id):
        raise NotAllowed(
            _("Việc này được giao cho người khác. Chỉ người nhận hoặc người giao việc được ghi vào đây.")
        )


def _is_last(followup: FollowUp, by: Actor) -> bool:
    last = followup.events.order_by("-pk").first()
    return last is not None and last.by == by.id


def _text(text: str) -> str:
    text = nfc(text).replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise InvalidFollowUp(
            _("Nội dung dài quá %(longest)s chữ. Hãy viết ngắn lại.") % {"longest": LONGEST}
        )
    return text


def _note(followup: FollowUp, text: str, by: Actor, at: datetime) -> None:
    FollowUpEvent.objects.create(
        followup=followup, state=followup.state, text=text, by=by.id, by_label=by.label[:120], at=at
    )


def _trail(followup: FollowUp, deed: str, by: Actor, at: datetime, **details: str) -> None:
    record(
        by=by,
        at=at,
        deed=deed,
        object_kind="followup",
        object_id=followup.uuid,
        place_id=followup.unit_id,
        **details,
    )
