"""Noting under which code another system knows a dossier, or what was filled in here and filed there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.dossiers.actions.stepping import happen, take
from bakhong.dossiers.models import Dossier, Kind, Pulled
from bakhong.dossiers.queries.filed_elsewhere import SYSTEMS, plain_code
from bakhong.eforms.models import Draft
from bakhong.people import scope

NATIONAL = "national"


def note_code(
    *, dossier: Dossier, system: str, code: str, by: Actor, at: datetime, key: UUID | None = None
) -> Dossier:
    """The code another system knows the dossier by: it is found by it, told under it, and joined with that system's lists. The same code
    again changes nothing; another one takes its place.

    Raises: Refusal for what is no code or system; Conflict where another dossier of the commune has it; NotAllowed.
    """
    plain = _code(system, code)
    with transaction.atomic():
        said = {"system": system, "code": plain}
        taken = take(dossier=dossier, kind=Kind.NOTE_CODE, by=by, version=None, key=key, said=said)
        found = taken.dossier
        if taken.done is not None or found.external_codes.get(system) == plain:
            return found
        rows = Dossier.objects.filter(external_codes__contains={system: plain}, village_id=found.village_id)
        if rows.exists():
            raise Conflict(_("Mã này đã được ghi cho hồ sơ khác. Xem lại từng chữ."))
        codes = {**found.external_codes, system: plain}
        happen(taken, by=by, at=at, change={"external_codes": codes}, data={"system": system})
        return found


def note_draft_code(*, draft: Draft, code: str, by: Actor, at: datetime) -> Pulled:
    """What was filled in here was filed on the national portal, and got this code there: when it comes, it is joined with its answers.

    Another code takes the place of one under which nothing came yet. Whether the actor holds the draft is the caller's to know.

    Raises: Refusal for what is no code; Conflict where it stands for something else.
    """
    plain = _code(NATIONAL, code)
    with transaction.atomic(), scope.admitting(draft.village_id):
        row: Pulled | None = Pulled.objects.select_for_update().filter(system=NATIONAL, draft=draft).first()
        if row is not None and row.code == plain:
            return row
        if (row is not None and row.heard) or Pulled.objects.filter(system=NATIONAL, code=plain).exists():
            raise Conflict(_("Mã này đã được ghi cho hồ sơ khác. Xem lại từng chữ."))
        if row is None:
            row = Pulled(system=NATIONAL, draft=draft, village_id=draft.village_id)
        row.code, row.pulled_at = plain, at
        row.save()
        audit.record(
            by=by,
            at=at,
            deed="dossiers.note_draft_code",
            object_kind="draft",
            object_id=draft.uuid,
            place_id=draft.village_id,
        )
        return row


def _code(system: str, code: str) -> str:
    plain = plain_code(code)
    if system not in SYSTEMS:
        raise Refusal(_("Chọn hệ thống trong danh sách."))
    if not plain:
        raise Refusal(_("Ghi mã hồ sơ đúng như bên kia đã cấp, có chữ số, không quá 80 chữ."))
    return plain
