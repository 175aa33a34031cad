"""What the pages about one dossier share: finding it, and naming it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.errors import NotFound
from bakhong.desk.frame import today
from bakhong.dossiers.actions.timing import counted
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.deadlines import extension_of
from bakhong.dossiers.queries.queue import of_unit
from bakhong.places.models import Unit
from bakhong.procedures.rules.deadlines import Due


def dossier_at(request: StaffRequest, unit: Unit, uuid: UUID, *, needs_form: bool = True) -> Dossier:
    """A dossier of this commune, or of one that became part of it, that the actor may see. `needs_form`: what was typed will be read.

    Raises: NotFound.
    """
    read_with = ("person", "village", *(("draft__version__form",) if needs_form else ()))
    found: Dossier | None = (
        Dossier.objects.for_user(request.actor)
        .select_related(*read_with)
        .filter(of_unit(unit, today()), uuid=uuid)
        .first()
    )
    if found is None:
        raise NotFound("")
    return found


def qr_of(text: str) -> SafeString:
    code = segno.make(text, error="m", micro=False).svg_inline(scale=4, border=1, omitsize=True)
    return mark_safe(code)  # made here of an address of ours; segno escapes it


def due_explained(dossier: Dossier) -> list[str]:
    """Line by line, how the due moment came about, what was waited for included; empty before it was received."""
    try:
        found = counted(dossier)
    except ValueError:  # an office that never opens
        return []
    if found is None:
        return []
    more = []
    procedure = procedure_of(dossier)
    longer = procedure.longer if procedure is not None else None
    extension = extension_of(dossier) if longer is not None else None
    if extension is not None and longer is not None:
        more.append(
            _("Gia hạn ngày %(day)s: thời hạn %(limit)s tính từ ngày nhận, vì %(why)s. %(note)s")
            % {
                "day": f"{day_of(extension.at):%d/%m/%Y}",
                "limit": longer.limit.in_words(),
                "why": longer.why.of("vi"),
                "note": extension.note,
            }
        )
    if dossier.apologised_at is not None and dossier.due_at is not None:
        more.append(
            _("Đã xin lỗi ngày %(day)s và hẹn lại: %(moment)s.")
            % {"day": f"{day_of(dossier.apologised_at):%d/%m/%Y}", "moment": _moment(dossier.due_at)}
        )
    if dossier.waiting_since is not None:
        more.append(
            _("Đang chờ người nộp từ %(moment)s: thời hạn dừng đếm, ngày hẹn sẽ lùi lại khi nhận đủ.")
            % {"moment": _moment(dossier.waiting_since)}
        )
    return [*lines_of(found), *more]


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
