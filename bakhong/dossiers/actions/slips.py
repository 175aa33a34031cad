"""Slips that go out electronically: kept with a code, for the agency's own signature. The desk never waits for it."""

from collections.abc import Callable
from datetime import datetime

from bakhong.core.actor import Actor, Operator
from bakhong.core.tasks import enqueue
from bakhong.documents.actions.storing import revoke_file, store_made
from bakhong.documents.adapters.signing.unattended import puts_itself
from bakhong.documents.models import File, Purpose
from bakhong.documents.queries.seals import seal_in_use
from bakhong.documents.rules.codes import new_code
from bakhong.dossiers.models import Channel, Event, Kind
from bakhong.dossiers.queries.slips import FORMS, TITLES, form_of, slip_about, slip_key
from bakhong.dossiers.queries.undone import UNDOES, last_standing
from bakhong.dossiers.writing.slips import apology_pdf, receipt_pdf, refusal_pdf, supplement_pdf

_MAKERS: dict[str, Callable[..., bytes]] = {
    "01": receipt_pdf,
    "02": supplement_pdf,
    "03": refusal_pdf,
    "04": apology_pdf,
}


def slip_wanted(event: Event) -> None:
    """In the event's transaction: the worker is asked for the slip, or the slip of what was taken back is revoked."""
    if event.kind == Kind.TAKE_BACK:
        _revoke(event)
    elif _goes_out(event):
        enqueue("dossiers.keep_slip", event=event.pk)


def keep_slip(*, event: Event, at: datetime) -> File | None:
    """Make and keep the slip of an event, once; None where nothing is sent, or where the event was taken back or passed meanwhile."""
    dossier, form = event.dossier, form_of(event.kind)
    if not _goes_out(event) or last_standing(dossier, *FORMS[form]) != event:
        return None
    code = new_code()
    file = store_made(
        key=slip_key(dossier, event.number),
        content=_MAKERS[form](dossier, at=at, code=code),
        name=f"{TITLES[form]} {dossier.code or ''}.pdf",
        owner=("dossier", dossier.uuid),
        unit=dossier.village,
        purpose=Purpose.SLIP,
        by=Operator(id=event.by, label=event.by_label),
        at=at,
        code=code,
    )
    if puts_itself(dossier.village):
        enqueue("documents.seal_waiting", unit=dossier.village_id)
    return file


def _goes_out(event: Event) -> bool:
    """Who filed online gets the slip online, with the seal where the unit has one."""
    is_online = bool(form_of(event.kind)) and event.dossier.channel == Channel.ONLINE
    return is_online and seal_in_use(event.dossier.village) is not None


def _revoke(event: Event) -> None:
    mistake = Event.objects.get(dossier=event.dossier, number=event.data[UNDOES])
    version = slip_about(mistake) if form_of(mistake.kind) else None
    by: Actor = Operator(id=event.by, label=event.by_label)
    while version is not None:
        version = revoke_file(file=version, why=event.note, by=by, at=event.at).replaces
