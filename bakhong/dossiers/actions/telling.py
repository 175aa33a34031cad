"""Who is told what when something happens to a dossier: one message an event, by the messaging room."""

from datetime import datetime
from typing import Any
from uuid import uuid5

from bakhong.accounts.models import Assignment
from bakhong.accounts.permissions import live
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.actor import Operator
from bakhong.core.days import VIET_NAM, day_of
from bakhong.dossiers.applicants import phone_of
from bakhong.dossiers.models import Dossier, Event, Kind, State
from bakhong.dossiers.permissions import APPROVE
from bakhong.dossiers.queries.fees import paid_charge
from bakhong.messaging.actions.calling import drop_waiting
from bakhong.messaging.actions.sending import Recipient, send
from bakhong.payments.queries.owners import owner_of

# event → template of messaging; the resident's first, then whoever works on it.
_RESIDENT = {
    Kind.RECEIVE: "dossier_received",
    Kind.ASK_SUPPLEMENT: "supplement_asked",
    Kind.SET_DUTY: "duty_set",
    Kind.STOP: "stopped",
    Kind.CONFIRM_WITHDRAWAL: "withdrawn",
    Kind.APOLOGISE: "apology",
    Kind.SIGN: "result_ready",
}
_REFUSED, _NOT_SETTLED = "refused", "not_settled"  # before it was taken in, and after
# Whatever still waits to be told, when a dossier ends without a result.
_EVERYTHING = (*_RESIDENT.values(), _REFUSED, _NOT_SETTLED)
# event → what is told no more where it still waits: nobody calls about a paper that has come.
_OVERTAKEN = {
    Kind.ANSWER_SUPPLEMENT: ("supplement_asked",),
    Kind.PASS_DUTY: ("duty_set",),
    Kind.SIGN: ("supplement_asked", "apology"),
    Kind.RETURN_RESULT: ("supplement_asked", "apology", "result_ready"),
    Kind.REFUSE: _EVERYTHING,
    Kind.STOP: _EVERYTHING,
    Kind.CONFIRM_WITHDRAWAL: _EVERYTHING,
}
_WITHOUT_RESULT = (Kind.REFUSE, Kind.STOP, Kind.CONFIRM_WITHDRAWAL)
_STAFF = {Kind.WARN: "due_soon", Kind.ESCALATE: "overdue", Kind.UNDO_DUTY: "duty_undone"}


def tell(event: Event) -> None:
    """Sent under a key made of the event's: told once, however often this runs."""
    dossier = event.dossier
    if event.kind in _OVERTAKEN:
        drop_waiting(
            about=("dossier", dossier.uuid),
            templates=_OVERTAKEN[Kind(event.kind)],
            by=Operator(id=event.by, label=event.by_label),
            at=event.at,
        )
    if event.kind in _WITHOUT_RESULT:
        _tell_the_books(event)
    template = _to_resident(event)
    if template:
        _send(event, template, _resident(dossier))
    elif event.kind == Kind.PASS_DUTY and dossier.duty_charge is not None:
        _send(event, "duty_met", _resident(dossier))
    elif event.kind in _STAFF:
        for actor_id, name in _staff(event, dossier).items():
            _send(event, _STAFF[Kind(event.kind)], Recipient(actor_id=actor_id, name=name))


def _to_resident(event: Event) -> str:
    """The template of what the resident is told of it; "" for nothing."""
    if event.kind == Kind.REFUSE:
        return _REFUSED if event.state_from == State.SUBMITTED else _NOT_SETTLED
    return _RESIDENT.get(Kind(event.kind), "")


def _send(event: Event, template: str, to: Recipient) -> None:
    dossier = event.dossier
    send(
        key=uuid5(event.uuid, f"{template}:{to.actor_id}"),
        template=template,
        to=to,
        values={"code": dossier.code or dossier.procedure_name[:60], "day": _day(event, dossier)},
        about=("dossier", dossier.uuid),
        unit=dossier.village,
        by=Operator(id=event.by, label=event.by_label),
        at=event.at,
    )


def _tell_the_books(event: Event) -> None:
    """Whoever keeps the books hears that a fee was paid for nothing. Whether it goes back is theirs to ask and another's to approve."""
    charge = paid_charge(event.dossier)
    if charge is not None:
        owner = owner_of(charge.biller, day_of(event.at))
        _send(event, "fee_of_ended", Recipient(actor_id=owner.id, name=owner.label))


def _resident(dossier: Dossier) -> Recipient:
    """The person in the roll where they are known, and whoever holds the dossier's code."""
    return Recipient(
        person_uuid=dossier.person.uuid if dossier.person is not None else None,
        holder_uuid=dossier.uuid,
        phone=phone_of(dossier.applicant_phone, dossier.uuid),
        name=dossier.applicant_name,
    )


def _staff(event: Event, dossier: Dossier) -> dict[str, str]:
    """Whoever works on it; once it is late, those of the commune who decide as well. An actor's id → their name."""
    told = {dossier.assigned_to: dossier.assigned_label} if dossier.assigned_to else {}
    if event.kind != Kind.ESCALATE and told:
        return told
    deciding = [code for code, role in ROLES.items() if APPROVE in role.permissions]
    rows = Assignment.objects.filter(
        live(day_of(event.at)), role__in=deciding, place=dossier.village, user__is_active=True
    )
    return told | {f"staff:{row.user.uuid}": str(row.user) for row in rows.select_related("user")}


def _day(event: Event, dossier: Dossier) -> str:
    """The day the message is about: by when to answer, or when it is due."""
    told: Any = event.data.get("answer_by") or event.data.get("promised")
    if told:
        return "/".join(reversed(str(told)[:10].split("-")))
    when: datetime | None = dossier.due_at
    return when.astimezone(VIET_NAM).strftime("%d/%m/%Y") if when is not None else ""
