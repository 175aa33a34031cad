"""Deeds of the desk itself: taking figures out of the house, and looking behind a masked number of a dossier."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed
from bakhong.payments.models import Biller
from bakhong.payments.permissions import VIEW as MONEY_VIEW
from bakhong.payments.permissions import require
from bakhong.people.actions import record_reveal, stated
from bakhong.people.models import Person
from bakhong.people.permissions import REVEAL
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


def note_register(
    *,
    unit: Unit,
    first: date,
    last: date,
    by: Actor,
    at: datetime,
    what: str = "dossier_register",
    form: str = "pdf",
) -> None:
    """Write down who took out the register of dossiers of a period, or the book of certified copies ("copies_book").

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
        what=what,
        form=form,
        first=first.isoformat(),
        last=last.isoformat(),
    )


def note_ledger(*, biller: Biller, first: date, last: date, by: Actor, at: datetime) -> None:
    """Write down who took out the entries of a biller's ledger.

    Raises: NotAllowed.
    """
    require(MONEY_VIEW, biller, by=by)
    record(
        by=by,
        at=at,
        deed="desk.export",
        object_kind="biller",
        object_id=biller.uuid,
        place_id=biller.unit_id,
        what="ledger",
        form="xlsx",
        first=first.isoformat(),
        last=last.isoformat(),
    )


def note_charges(*, biller: Biller, form: str, by: Actor, at: datetime) -> None:
    """Write down who took out a list of a biller's charges, or printed its bills.

    Raises: NotAllowed.
    """
    require(MONEY_VIEW, biller, by=by)
    record(
        by=by,
        at=at,
        deed="desk.export",
        object_kind="biller",
        object_id=biller.uuid,
        place_id=biller.unit_id,
        what="charges",
        form=form,
    )


def note_reveal(
    *,
    unit: Unit,
    about: tuple[str, UUID],
    person: Person | None,
    whats: Collection[str],
    reason: str,
    note: str,
    by: Actor,
    at: datetime,
) -> None:
    """Write down who saw the whole numbers of a draft or dossier, and why; who is on the roll reads it among who looked at them.

    Raises: NotAllowed; Refusal when no reason of the list is given.
    """
    if not by.may(REVEAL, unit.pk):
        raise NotAllowed(_("Bạn không có quyền xem số được che."))
    stated(reason, note)
    kind, uuid = about
    with transaction.atomic():
        if person is not None:
            record_reveal(person=person, whats=whats, reason=reason, note=note, by=by, at=at)
        record(
            by=by,
            at=at,
            deed="desk.reveal",
            object_kind=kind,
            object_id=uuid,
            place_id=unit.pk,
            what=",".join(sorted(whats)),
            reason=reason,
        )
