"""A result that was given turns out to be wrong: it holds no more, what it made known is taken back, and the dossier is worked on again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.documents.actions.storing import revoke_file
from bakhong.documents.models import File
from bakhong.documents.queries.files import latest
from bakhong.dossiers.actions.stepping import happen, take, words
from bakhong.dossiers.models import Dossier, Kind, State
from bakhong.dossiers.rules.reasons import reasons
from bakhong.people.actions.detailing import retract_details


def cancel_result(
    *,
    dossier: Dossier,
    reason: str,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Revoke a signed result, handed over or not; the page of verification says so, the resident is told why, and the next result of the
    dossier gets a number of its own and names this one. The time limit runs on from where it was.

    Raises: Refusal for an unknown reason or one without its note; NotAllowed; Conflict.
    """
    told = reasons().get(reason)
    if told is None or "result" not in told.about:
        raise Refusal(_("Chọn lý do trong danh sách."))
    if not words(note, 500) and not told.words:
        raise Refusal(_("Ghi rõ lý do và hướng dẫn cho người dân."))
    said = {"reason": reason, "note": note}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.CANCEL_RESULT, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        revoke_result(found, why=told.said() or _("Kết quả có sai sót"), by=by, at=at)
        if found.person is not None:
            retract_details(origin=("dossier", found.uuid), person=found.person, by=by, at=at)
        happen(
            taken,
            by=by,
            at=at,
            to=State.IN_PROGRESS,
            change={"finished_at": None, "returned_at": None, "result_file": None},
            reasons=[reason],
            note=note,
            data={"number": found.result_number},
        )
        return found


def revoke_result(dossier: Dossier, *, why: str, by: Actor, at: datetime) -> bool:
    """The paper made for a dossier says from now on that it does not hold, in all its versions. False where there is none."""
    file = File.objects.filter(uuid=dossier.result_file).first() if dossier.result_file else None
    version = latest(file) if file is not None else None
    while version is not None:
        version = revoke_file(file=version, why=why, by=by, at=at).replaces
    return file is not None
