"""Deeds of the desk itself: taking figures out of the house is one."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed
from bakhong.places.models import Unit


def note_export(
    *, unit: Unit, what: str, form: str, on: date, boundaries: date | None, by: Actor, at: datetime
) -> None:
    """Write down who took out what about a unit. `what`: "quick_report" or "league"; `form`: "docx", "xlsx" or "csv".

    Raises: NotAllowed.
    """
    if not by.may("reports.export", unit.pk):
        raise NotAllowed(_("Vai trò của bạn không được xuất báo cáo của đơn vị này."))
    record(
        by=by,
        at=at,
        deed="desk.export",
        object_kind="unit",
        object_id=unit.uuid,
        place_id=unit.pk,
        what=what,
        form=form,
        on=on.isoformat(),
        boundaries=boundaries.isoformat() if boundaries else None,
    )


def note_register(*, unit: Unit, first: date, last: date, by: Actor, at: datetime) -> None:
    """Write down who took out the register of dossiers of a period.

    Raises: NotAllowed.
    """
    if not by.may("dossiers.view", unit.pk):
        raise NotAllowed(_("Bạn không có quyền xem hồ sơ của địa bàn này."))
    record(
        by=by,
        at=at,
        deed="desk.export",
        object_kind="unit",
        object_id=unit.uuid,
        place_id=unit.pk,
        what="dossier_register",
        form="pdf",
        first=first.isoformat(),
        last=last.isoformat(),
    )
