"""A list of who owes how much, raised at once: looked through first, then all acceptable rows or none; withdrawn as a whole."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record, record_many
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.bulk import collecting_later
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import is_storable, name_key, squeeze
from bakhong.payments import scope
from bakhong.payments.actions.charging import Owed, raise_charges
from bakhong.payments.actions.providers import remember_columns
from bakhong.payments.actions.words import said
from bakhong.payments.charge_files import ChargeFile
from bakhong.payments.models import Biller, Charge, ChargeList, ChargeState
from bakhong.payments.permissions import CHARGE, require
from bakhong.payments.queries.matching_payers import Known, Payer, known_of, told_by
from bakhong.payments.rules.charge_lists import Line
from bakhong.payments.signals import charge_reopened
from bakhong.people import scope as people_scope
from bakhong.people.rules.rows import Problem


@dataclass(frozen=True)
class Asked:
    """What a list is for: `period` the month, `due_on` where a row says no other day."""

    service: str
    title: str
    period: date | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Judged:
    """A row, and the charge it makes; None where it is rejected. `is_matched`: somebody of the roll is known by it."""

    line: Line
    owed: Owed | None

    @property
    def is_matched(self) -> bool:
        return self.owed is not None and bool(
            self.owed.person or self.owed.household or self.owed.organisation
        )


@dataclass(frozen=True)
class Raised:
    batch: ChargeList
    charges: list[Charge]
    problems: list[Problem]


def judge_list(*, biller: Biller, asked: Asked, file: ChargeFile, by: Actor, at: datetime) -> list[Judged]:
    """What each row would become. Stores nothing.

    Raises: NotAllowed; Refusal for a list that cannot be raised at all.
    """
    require(CHARGE, biller, by=by)
    _check(biller, asked, file)
    with scope.seeing([biller.pk]), people_scope.seeing(OPERATOR):
        known = known_of(biller, asked.service, asked.period, file.lines, day_of(at))
    columns = _Columns(file)
    return [_judged(each, biller, asked, known, columns) for each in file.lines]


@collecting_later()
def raise_list(
    *,
    biller: Biller,
    asked: Asked,
    file: ChargeFile,
    content: bytes,
    name: str,
    key: UUID,
    by: Actor,
    at: datetime,
) -> Raised:
    """Raise every acceptable row, all of them or none. The same key again gives the same list. The columns are remembered.

    Raises: NotAllowed; Refusal; Conflict where this very file has made a list of the month that stands, or for another's key.
    """
    judged = judge_list(biller=biller, asked=asked, file=file, by=by, at=at)
    problems = [*file.totals, *(each for one in judged for each in one.line.problems)]
    owed = [(one.line, one.owed) for one in judged if one.owed is not None]
    digest = _digest(biller, asked, file, content)
    stored = ChargeList.objects.filter(uuid=key).first()
    if stored is not None:
        return _stored(stored, digest, problems)
    if not owed:
        raise Refusal(_("Không có dòng nào lập được. Hãy xem các chỗ cần sửa bên dưới."))
    with transaction.atomic():
        batch = _batch(biller, asked, content, name, [each for _line, each in owed], key, digest, by, at)
        remember_columns(biller, file.layouts, by, at)
        charges = raise_charges(owed=_keyed(batch, owed), by=by, at=at)
        record(
            by=by,
            at=at,
            deed="payments.raise_list",
            object_kind="charge_list",
            object_id=batch.uuid,
            place_id=biller.unit_id,
            rows=batch.rows,
        )
    return Raised(batch, charges, problems)


def _digest(biller: Biller, asked: Asked, file: ChargeFile, content: bytes) -> bytes:
    """Equal for the same words, file and columns only, and equal rows taken for the same or for different people."""
    told = [biller.pk, *vars(asked).values(), hashlib.sha256(content).hexdigest(), *file.lines]
    return hashlib.sha256(json.dumps([str(each) for each in told]).encode()).digest()


def _stored(stored: ChargeList, digest: bytes, problems: list[Problem]) -> Raised:
    """The form sent again: the list it made. Raises: Conflict."""
    if bytes(stored.digest or b"") != digest:
        raise Conflict(_("Biểu mẫu này đã được gửi với nội dung khác. Hãy mở lại trang rồi gửi lại."))
    with scope.seeing([stored.biller_id]):
        return Raised(stored, list(Charge.objects.filter(batch=stored).order_by("pk")), problems)


def _batch(
    biller: Biller,
    asked: Asked,
    content: bytes,
    name: str,
    owed: Sequence[Owed],
    key: UUID,
    digest: bytes,
    by: Actor,
    at: datetime,
) -> ChargeList:
    period, file = asked.period and asked.period.replace(day=1), hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            return ChargeList.objects.create(
                uuid=key,
                biller=biller,
                service=asked.service,
                title=squeeze(asked.title),
                period=period,
                due_on=asked.due_on,
                file_name=name.replace("\0", "")[-200:],
                sha256=file,
                digest=digest,
                rows=len(owed),
                amount=sum(each.amount for each in owed),
                made_at=at,
                made_by=by.id,
                made_by_label=by.label[:120],
            )
    except IntegrityError:
        raise Conflict(_used(biller, asked.service, period, file)) from None


def _used(biller: Biller, service: str, period: date | None, file: str) -> str:
    """Which list the file has made already: it is looked at, not withdrawn, for its papers are in people's hands."""
    rows = ChargeList.objects.filter(biller=biller, service=service, period=period, sha256=file)
    title = rows.filter(withdrawn_at=None).values_list("title", flat=True).first() or ""
    return _(
        "Tệp này đã lập danh sách “%(title)s” cho đúng tháng đó, xem ở mục Các danh sách đã lập. Thu tháng khác thì chọn lại tháng."
    ) % {"title": title}


def _keyed(batch: ChargeList, owed: Sequence[tuple[Line, Owed]]) -> list[tuple[UUID, Owed]]:
    """A row's key follows from its list and place."""
    return [
        (uuid5(batch.uuid, f"{line.sheet}\n{line.row}"), Owed(**{**vars(each), "batch": batch}))
        for line, each in owed
    ]


def _check(biller: Biller, asked: Asked, file: ChargeFile) -> None:
    title = squeeze(asked.title)
    if not title or len(title) > 120 or not is_storable(title):
        raise Refusal(_("Ghi nội dung thu, nhiều nhất 120 ký tự, ví dụ “Tiền nước tháng 11/2026”."))
    if asked.service not in biller.services:
        raise Refusal(
            _("Đơn vị này không thu loại khoản đó. Chọn lại, hoặc thêm vào cài đặt của đơn vị thu.")
        )
    if not any(each.has("name", "amount") for each in file.layouts):
        raise Refusal(_("Chọn cột họ tên và cột số tiền rồi xem lại."))


class _Columns:
    """Where in a sheet a field stands, for pointing at a cell."""

    def __init__(self, file: ChargeFile) -> None:
        self._found = {
            (each.sheet, column.field): column.index for each in file.layouts for column in each.columns
        }

    def of(self, line: Line, *fields: str) -> int:
        """Of the first of the fields that the sheet has."""
        return next(
            (self._found[line.sheet, each] for each in fields if (line.sheet, each) in self._found), 0
        )


def _judged(line: Line, biller: Biller, asked: Asked, known: Known, columns: _Columns) -> Judged:
    if line.is_rejected:
        return Judged(line, None)
    line, payer = _payer(line, known, columns)
    village = known.villages.get(line.village) or payer.village
    if line.village and line.village not in known.villages:
        line = line.doubted(columns.of(line, "village", "name"), "village_unknown", line.village)
    title = line.title or squeeze(asked.title)
    place = (village or biller.unit).pk
    earlier = known.charged.get(told_by(line.code, line.name, place, title))
    if earlier is not None:
        return Judged(line.doubted(columns.of(line, "code", "name"), "charged_already", earlier), None)
    other = known.others.get(line.code, "") if line.code else ""
    if other:
        line = line.doubted(columns.of(line, "code", "name"), "charged_other", other)
    return Judged(
        line,
        Owed(
            biller=biller,
            service=asked.service,
            title=title,
            amount=line.amount,
            payer_name=line.name,
            village=village or biller.unit,
            person=payer.person,
            household=payer.household,
            organisation=payer.organisation,
            payer_phone=line.phone,
            customer_code=line.code,
            period=asked.period,
            due_on=line.due_on or asked.due_on,
        ),
    )


def _payer(line: Line, known: Known, columns: _Columns) -> tuple[Line, Payer]:
    """By the national id, where the name agrees; else by the customer's code."""
    person = known.people.get(line.national_id) if line.national_id else None
    if person is not None and person.name_key == name_key(line.name):
        return line, Payer(person=person)
    if person is not None:
        return line.doubted(columns.of(line, "national_id"), "id_of_other"), Payer()
    return line, known.customers.get(line.code, Payer()) if line.code else Payer()


def withdraw_list(*, batch: ChargeList, why: str, by: Actor, at: datetime) -> int:
    """Withdraw every charge of the list that is not paid; how many those were. What was paid stays, and the list with it.

    Raises: NotAllowed; Refusal without a reason; Conflict when it was withdrawn already.
    """
    require(CHARGE, batch.biller, by=by)
    reason = said(why, 200)
    if not reason:
        raise Refusal(_("Ghi lý do huỷ danh sách."))
    with scope.seeing([batch.biller_id]), transaction.atomic():
        held = ChargeList.objects.select_for_update().get(pk=batch.pk)
        if held.withdrawn_at is not None:
            raise Conflict(_("Danh sách này đã huỷ rồi."))
        charges = list(
            Charge.objects.select_for_update(of=("self",))
            .select_related("biller", "account")
            .filter(batch=held, state=ChargeState.OPEN)
            .order_by("pk")
        )
        Charge.objects.filter(pk__in=[each.pk for each in charges]).update(
            state=ChargeState.WITHDRAWN, withdrawn_at=at, withdrawn_why=reason
        )
        held.withdrawn_at, held.withdrawn_by = at, by.id
        held.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _tell(held, charges, reason, by, at)
    return len(charges)


def _tell(batch: ChargeList, charges: Sequence[Charge], reason: str, by: Actor, at: datetime) -> None:
    record_many(
        by=by,
        at=at,
        deed="payments.withdraw_charge",
        object_kind="charge",
        objects=[(each.uuid, each.village_id) for each in charges],
        batch=str(batch.uuid),
    )
    record(
        by=by,
        at=at,
        deed="payments.withdraw_list",
        object_kind="charge_list",
        object_id=batch.uuid,
        place_id=batch.biller.unit_id,
        rows=len(charges),
    )
    for each in charges:
        each.state, each.withdrawn_at, each.withdrawn_why = ChargeState.WITHDRAWN, at, reason
        charge_reopened.send(Charge, charge=each, by=by, at=at)
