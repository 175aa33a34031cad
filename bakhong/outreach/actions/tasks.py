"""Tasks of those who take part in a campaign: given, done, and taken back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor, covering_ids
from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.outreach.actions.planning import known_services, line, once, paragraphs, within
from bakhong.outreach.models import CampaignTask, TaskState
from bakhong.outreach.permissions import PLAN, VISIT, require
from bakhong.outreach.queries.counts import count_having
from bakhong.outreach.queries.tasks import partners
from bakhong.outreach.rules.tasks import MOVES, PARTNERS
from bakhong.people.actions.secrets import no_codes
from bakhong.places.models import Unit

_DEEDS = {
    "finish": "outreach.finish_task",
    "reopen": "outreach.reopen_task",
    "cancel": "outreach.cancel_task",
    "restore": "outreach.restore_task",
}
assert set(_DEEDS) == set(MOVES)


def give_task(
    *,
    unit: Unit,
    title: str,
    place: Unit,
    due_on: date,
    client_key: UUID,
    by: Actor,
    at: datetime,
    role: str = "",
    assigned_to: User | None = None,
    body: str = "",
    detail: str = "",
    service: str = "",
    wanted: int | None = None,
) -> CampaignTask:
    """A task for one person, or for everybody who holds a role at the place; `body` names the organisation they act for.

    With `service` and `wanted` it is measured: so many people, households or shops of the place have the service.

    Raises: NotAllowed; Refusal; Conflict.
    """
    require(PLAN, unit.pk, by=by)
    title, detail = (
        line(title, 200, _("việc cần làm")),
        paragraphs(detail, 2000, _("nói rõ thêm"), is_needed=False),
    )
    body = line(body, 120, _("tổ chức"), is_needed=False)
    no_codes(title, detail, body)
    place = within(unit, place, at)
    _check_who(role, assigned_to, place, day_of(at))
    if due_on < day_of(at):
        raise Refusal(_("Hạn làm phải từ hôm nay trở đi."))
    if bool(service) != bool(wanted):
        raise Refusal(_("Ghi cả dịch vụ và số lượng, hoặc để trống cả hai."))
    known_services([service] if service else [], is_needed=False)
    with transaction.atomic():
        made, is_new = once(
            CampaignTask,
            client_key=client_key,
            unit=unit,
            by=by,
            at=at,
            title=title,
            detail=detail,
            body=body,
            role=role,
            assigned_to=assigned_to,
            place=place,
            service=service,
            wanted=wanted or None,
            had=count_having(service, place, day_of(at)) if service else None,
            due_on=due_on,
        )
        if is_new:
            _trail(made, "outreach.give_task", by, at)
    return made


def _check_who(role: str, assigned_to: User | None, place: Unit, on: date) -> None:
    if (role and assigned_to) or not (role or assigned_to):
        raise Refusal(_("Chọn giao cho một người, hoặc cho một vai trò."))
    if role and role not in PARTNERS:
        raise Refusal(_("Vai trò này không nhận việc của đợt ra quân."))
    if assigned_to and not partners(place, on).filter(pk=assigned_to.pk).exists():
        raise Refusal(_("Người này không có vai trò ở địa bàn. Hãy chọn người khác trong danh sách."))


@transaction.atomic
def move_task(*, task: CampaignTask, deed: str, text: str, by: Actor, at: datetime) -> CampaignTask:
    """ "finish" (saying what came of it) and "reopen" are for whom it was given to and for planners; "cancel", "restore" for planners.

    Doing the same again changes nothing.

    Raises: NotAllowed; Refusal without a word about the result; Conflict from another state.
    """
    source, target = MOVES[deed]
    found: CampaignTask = CampaignTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if not by.may(PLAN, found.unit_id) and (deed in ("cancel", "restore") or not is_for(found, by)):
        raise NotAllowed(_("Việc này được giao cho người khác."))
    text = paragraphs(text, 2000, _("kết quả"), is_needed=deed == "finish")
    no_codes(text)
    if found.state == target:
        return found
    if found.state != source:
        raise Conflict(
            _("Việc này đang ở tình trạng “%(state)s”. Hãy tải lại trang.")
            % {"state": TaskState(found.state).label}
        )
    found.state, found.moved_at, found.moved_by_label = target, at, by.label[:120]
    found.result = text or found.result
    found.save(update_fields=["state", "moved_at", "moved_by_label", "result"])
    _trail(found, _DEEDS[deed], by, at)
    return found


def is_for(task: CampaignTask, by: Actor) -> bool:
    """True when it was given to this person, or to a role they hold at its place."""
    if not isinstance(by, StaffActor) or not by.may(VISIT, task.place_id):
        return False
    if task.assigned_to_id is not None:
        return task.assigned_to_id == by.user.pk
    above = covering_ids(task.place_id, by.on)
    return any(role == task.role and place in above for role, place in by.held)


def _trail(task: CampaignTask, deed: str, by: Actor, at: datetime) -> None:
    audit.record(
        by=by, at=at, deed=deed, object_kind="campaign_task", object_id=task.uuid, place_id=task.place_id
    )
