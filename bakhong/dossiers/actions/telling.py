"""Who is told what when something happens to a dossier: one message an event, by the messaging room."""

from bakhong.core.actor import Operator
from bakhong.core.days import day_of
from bakhong.dossiers.actions.telling_staff import key_of, send_about, tell_staff
from bakhong.dossiers.applicants import email_of, phone_of
from bakhong.dossiers.models import Dossier, Event, Kind, State
from bakhong.dossiers.queries.fees import paid_charge
from bakhong.dossiers.queries.undone import UNDOES
from bakhong.messaging.actions.calling import drop_waiting, unsay, wait_again
from bakhong.messaging.actions.sending import Recipient
from bakhong.messaging.models import Message
from bakhong.payments.queries.owners import owner_of

# event → template of messaging; the resident's first, then whoever works on it.
_RESIDENT = {
    Kind.RECEIVE: "dossier_received",
    Kind.ASK_SUPPLEMENT: "supplement_asked",
    Kind.SET_DUTY: "duty_set",
    Kind.STOP: "stopped",
    Kind.CONFIRM_WITHDRAWAL: "withdrawn",
    Kind.APOLOGISE: "apology",
    Kind.EXTEND: "extended",
    Kind.APPLY_DAYS: "new_days",
    Kind.SIGN: "result_ready",
    Kind.CANCEL_RESULT: "result_cancelled",
}
_REFUSED, _NOT_SETTLED = "refused", "not_settled"  # before it was taken in, and after
_REMINDER = "supplement_reminder"
# Whatever still waits to be told, when a dossier ends without a result.
_EVERYTHING = (*_RESIDENT.values(), _REFUSED, _NOT_SETTLED, _REMINDER)
# event → what is told no more where it still waits: nobody calls about a paper that has come.
_OVERTAKEN = {
    Kind.ANSWER_SUPPLEMENT: ("supplement_asked", _REMINDER),
    Kind.PASS_DUTY: ("duty_set",),
    Kind.SIGN: ("supplement_asked", _REMINDER, "apology"),
    Kind.RETURN_RESULT: ("supplement_asked", _REMINDER, "apology", "result_ready"),
    Kind.CANCEL_RESULT: ("result_ready",),
    Kind.REFUSE: _EVERYTHING,
    Kind.STOP: _EVERYTHING,
    Kind.CONFIRM_WITHDRAWAL: _EVERYTHING,
}
_OF_ENDED = "fee_of_ended"
_WITHOUT_RESULT = (Kind.REFUSE, Kind.STOP, Kind.CONFIRM_WITHDRAWAL)


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
    if event.kind == Kind.TAKE_BACK:
        _unsay(event)
    template = _to_resident(event)
    if template:
        send_about(event, template, _resident(dossier))
    elif event.kind == Kind.PASS_DUTY and dossier.duty_charge is not None:
        send_about(event, "duty_met", _resident(dossier))
    tell_staff(event)


def _to_resident(event: Event) -> str:
    """The template of what the resident is told of it; "" for nothing."""
    if event.kind == Kind.REFUSE:
        return _REFUSED if event.state_from == State.SUBMITTED else _NOT_SETTLED
    if event.kind == Kind.WARN:
        return _REMINDER if event.data.get("what") == "answer" else ""
    return _RESIDENT.get(Kind(event.kind), "")


def _unsay(event: Event) -> None:
    """What was told of a mistake leaves the pages; who was called or written to is told the same way; what it overtook waits again."""
    dossier, by = event.dossier, Operator(id=event.by, label=event.by_label)
    mistake = Event.objects.get(dossier=dossier, number=event.data[UNDOES])
    books = Message.objects.filter(about=dossier.uuid, template=_OF_ENDED, made_at=mistake.at)
    keys = [key_of(mistake, _to_resident(mistake)), *books.values_list("uuid", flat=True)]
    ways = unsay(keys=keys, by=by, at=event.at)
    wait_again(about=("dossier", dossier.uuid), dropped_at=mistake.at, by=by, at=event.at)
    if ways:
        send_about(event, "taken_back", _resident(dossier), ways=("inbox", *sorted(ways)))


def _tell_the_books(event: Event) -> None:
    """Whoever keeps the books hears that a fee was paid for nothing. Whether it goes back is theirs to ask and another's to approve."""
    charge = paid_charge(event.dossier)
    if charge is not None:
        owner = owner_of(charge.biller, day_of(event.at))
        send_about(event, _OF_ENDED, Recipient(actor_id=owner.id, name=owner.label))


def _resident(dossier: Dossier) -> Recipient:
    """The person in the roll where they are known, and whoever holds the dossier's code."""
    return Recipient(
        person_uuid=dossier.person.uuid if dossier.person is not None else None,
        holder_uuid=dossier.uuid,
        email=email_of(dossier.applicant_email, dossier.uuid),
        phone=phone_of(dossier.applicant_phone, dossier.uuid),
        name=dossier.applicant_name,
    )
