"""Who of the staff hears of what happens to a dossier: whoever works on it, else whoever may do what comes next."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from bakhong.accounts.models import Assignment
from bakhong.accounts.permissions import covering_ids, live
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.actor import Actor, Operator
from bakhong.core.days import VIET_NAM, day_of
from bakhong.dossiers.models import Dossier, Event, Kind, State, UpdateRequest
from bakhong.dossiers.permissions import APPROVE, PROCESS, RECEIVE
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.messaging.actions.sending import ALL_WAYS, Recipient, send
from bakhong.people import scope

# event → template; of the clock: what it watched (queries/deadlines.py) → template.
_STAFF: dict[str, str | dict[str, str]] = {
    Kind.WARN: {"receive": "receive_soon", "result": "due_soon", "step": "step_slow"},
    Kind.ESCALATE: {"receive": "receive_late", "result": "overdue", "answer": "supplement_over"},
    Kind.ASSIGN: "assigned",
    Kind.FORWARD: "assigned",
    Kind.ANSWER_SUPPLEMENT: "supplement_came",
    Kind.ASK_WITHDRAWAL: "withdrawal_asked",
    Kind.HEAR_FROM_AGENCY: "agency_answered",
    Kind.UNDO_DUTY: "duty_undone",
}
_TO_THEM_ALONE = (Kind.ASSIGN, Kind.FORWARD)  # nobody else is told to whom something was given
_NEXT = {"receive": RECEIVE, "process": PROCESS, "agency": PROCESS, "approve": APPROVE}


def tell_staff(event: Event) -> None:
    """Sent under a key made of the event's. Nobody is told what they did themselves."""
    template = _template(event)
    if not template:
        return
    dossier = event.dossier
    # The deed may be a resident's, whose connection shows their own rows only.
    with scope.admitting(dossier.village_id):
        for to in _whom(event, dossier):
            send_about(event, template, to)


def send_about(event: Event, template: str, to: Recipient, ways: Sequence[str] = ALL_WAYS) -> None:
    """One letter about what happened, by these ways; the key is of event, template and recipient, so that told twice is told once."""
    dossier = event.dossier
    send(
        key=key_of(event, template, to.actor_id),
        template=template,
        to=to,
        values={
            "code": dossier.code or dossier.summary or dossier.procedure_name,
            "day": _day(event, dossier),
        },
        about=("dossier", dossier.uuid),
        unit=dossier.village,
        by=Operator(id=event.by, label=event.by_label),
        at=event.at,
        channels=ways,
    )


def tell_of_update(request: UpdateRequest, *, by: Actor, at: datetime) -> None:
    """Whoever works on the dossier hears that the data are there now."""
    dossier = request.dossier
    mine = [each for each in _holders(ROLES, dossier, day_of(at)) if each.actor_id == dossier.assigned_to]
    for to in mine or _may(_needed(dossier), dossier, day_of(at)):
        if to.actor_id == by.id:
            continue
        send(
            key=uuid5(request.uuid, f"updated:{to.actor_id}"),
            template="update_answered",
            to=to,
            values={"code": dossier.code or dossier.summary or dossier.procedure_name},
            about=("dossier", dossier.uuid),
            unit=dossier.village,
            by=by,
            at=at,
        )


def key_of(event: Event, template: str, actor_id: str = "") -> UUID:
    return uuid5(event.uuid, f"{template}:{actor_id}")


def _template(event: Event) -> str:
    found = _STAFF.get(event.kind, "")
    return found if isinstance(found, str) else found.get(event.data.get("what", "result"), "")


def _whom(event: Event, dossier: Dossier) -> list[Recipient]:
    """Whoever it was given to, as long as they work there; else those who may do what comes next. Once it is late, who decides as well."""
    on = day_of(event.at)
    mine = [each for each in _holders(ROLES, dossier, on) if each.actor_id == dossier.assigned_to]
    if event.kind in _TO_THEM_ALONE:
        return _others(event, mine)
    found = mine or _may(_needed(dossier), dossier, on) or _may(APPROVE, dossier, on)
    if event.kind == Kind.ESCALATE:
        found = [*found, *_may(APPROVE, dossier, on)]
    return _others(event, found)


def _others(event: Event, found: Collection[Recipient]) -> list[Recipient]:
    """Each once, without whoever did it."""
    return list({each.actor_id: each for each in found if each.actor_id != event.by}.values())


def _needed(dossier: Dossier) -> str:
    """The permission that what comes next asks for."""
    if dossier.state == State.SUBMITTED:
        return RECEIVE
    if dossier.state == State.APPROVED:
        return APPROVE
    procedure = procedure_of(dossier)
    step = procedure.step(dossier.step) if procedure is not None else None
    return _NEXT[step.role] if step is not None else RECEIVE


def _may(permission: str, dossier: Dossier, on: date) -> list[Recipient]:
    return _holders([code for code, role in ROLES.items() if permission in role.permissions], dossier, on)


def _holders(roles: Collection[str], dossier: Dossier, on: date) -> list[Recipient]:
    rows = Assignment.objects.filter(
        live(on), role__in=list(roles), place__in=covering_ids(dossier.village_id, on), user__is_active=True
    )
    return [
        Recipient(actor_id=f"staff:{row.user.uuid}", name=str(row.user), email=row.user.email or "")
        for row in rows.select_related("user").order_by("pk")
    ]


def _day(event: Event, dossier: Dossier) -> str:
    """The day the message is about: by when to answer, what was promised, what the clock watched, else when it is due."""
    told: Any = event.data.get("answer_by") or event.data.get("promised")
    if told:
        return "/".join(reversed(str(told)[:10].split("-")))
    watched: Any = event.data.get("due_at")
    when = datetime.fromisoformat(watched) if watched else dossier.due_at
    if when is None:
        return ""
    # What ends at midnight ends with the day before.
    return (when - timedelta(seconds=1)).astimezone(VIET_NAM).strftime("%d/%m/%Y")
