"""What the pages about one dossier share: finding it, and naming it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.utils.safestring import SafeString, mark_safe

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import NotFound
from bakhong.dossiers.actions.timing import first_due
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.places.models import Unit
from bakhong.procedures.rules.deadlines import Due


def dossier_at(request: StaffRequest, unit: Unit, uuid: UUID) -> Dossier:
    """A dossier of this commune that the actor may see. Raises: NotFound."""
    found: Dossier | None = (
        Dossier.objects.for_user(request.actor)
        .select_related("person", "village", "draft__version__form")
        .filter(uuid=uuid, village=unit)
        .first()
    )
    if found is None:
        raise NotFound("")
    return found


def qr_of(text: str) -> SafeString:
    code = segno.make(text, error="m", micro=False).svg_inline(scale=4, border=1, omitsize=True)
    return mark_safe(code)  # made here of an address of ours; segno escapes it


def due_explained(dossier: Dossier) -> list[str]:
    """Line by line, how the first due moment came about; empty before it was received."""
    procedure = procedure_of(dossier)
    if procedure is None or dossier.received_at is None:
        return []
    found, _calendar = first_due(procedure, dossier.village, dossier.received_at)
    return lines_of(found)


def lines_of(found: Due) -> list[str]:
    """Each stretch of time with what it is, for people."""
    return [
        *(f"{_moment(each.frm)} – {_moment(each.to)}: {each.reason}" for each in found.steps),
        *found.notes,
    ]


def _moment(at: datetime) -> str:
    return at.astimezone(VIET_NAM).strftime("%H:%M %d/%m")


def label_of(dossier: Dossier) -> str:
    """Its code, or what stands for it before it has one."""
    return dossier.code or str(dossier.uuid)[-6:]


def kept(request: StaffRequest, name: str, most: int = 500) -> Any:
    return request.POST.get(name, "").replace("\x00", "")[:most]
