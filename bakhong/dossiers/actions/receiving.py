"""Taking a dossier in: its code, and the day it is due."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.duties import fee_paid
from bakhong.dossiers.actions.stepping import happen, take
from bakhong.dossiers.actions.timing import first_due, procedure_of
from bakhong.dossiers.models import Dossier, Kind, OfficeCode, State
from bakhong.dossiers.permissions import require
from bakhong.dossiers.queries.offices import office_code
from bakhong.dossiers.rules.codes import dossier_code, is_office
from bakhong.places.models import Unit


def receive(
    *, dossier: Dossier, by: Actor, at: datetime, version: int | None = None, key: UUID | None = None
) -> Dossier:
    """Take in a dossier that was handed in: it gets its code (the running number of the day, none left out) and its due moment.

    Raises: NotAllowed; NotFound; Conflict (409) saying who was faster.
    """
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.RECEIVE, by=by, version=version, key=key, said={})
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        procedure = procedure_of(found)
        if procedure is None:
            raise Refusal(_("Thủ tục của hồ sơ này không còn trong danh mục."))
        when, _calendar = first_due(procedure, found.village, at)
        happen(
            taken,
            by=by,
            at=at,
            to=State.RECEIVED,
            step=procedure.steps[0].code,
            change={
                "code": next_code(found.village, day_of(at)),
                "received_at": at,
                "base_due_at": when.due_at,
                "due_at": when.due_at,
            },
            data={"due_at": when.due_at.isoformat()},
        )
        # Whoever filed online may have paid already.
        return fee_paid(dossier=found, by=OPERATOR, at=at) if found.fee_amount else found


def set_office_code(*, unit: Unit, code: str, valid_from: date, by: Actor, at: datetime) -> OfficeCode:
    """The first part of the commune's dossier codes from a day on, as the province gave it to them.

    Raises: NotAllowed; Refusal for what is no such code.
    """
    require("procedures.manage", unit.pk, by=by)
    cleaned = code.strip().upper()
    if not is_office(cleaned):
        raise Refusal(_("Mã đơn vị có dạng 000.17.22.H56: các nhóm chữ số, chữ cái cách nhau bằng dấu chấm."))
    with transaction.atomic():
        made, _is_new = OfficeCode.objects.update_or_create(
            village=unit, valid_from=valid_from, defaults={"code": cleaned}
        )
        audit.record(
            by=by,
            at=at,
            deed="dossiers.set_office_code",
            object_kind="office_code",
            object_id=made.uuid,
            place_id=unit.pk,
            code=cleaned,
        )
    return made


def next_code(unit: Unit, on: date) -> str:
    """The next code of the day. The row is held until the transaction ends: a number that is rolled back is given again."""
    office = office_code(unit, on)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [office, on])
        row = cursor.fetchone()
    assert row is not None
    return dossier_code(office, on, row[0])


_NEXT = """
INSERT INTO dossiers_daynumber (office, day, last) VALUES (%s, %s, 1)
ON CONFLICT (office, day) DO UPDATE SET last = dossiers_daynumber.last + 1 RETURNING last"""
