"""A list raised once more for another month: the same people and amounts, without anybody sending the file again."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.bulk import collecting_later
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import is_storable, squeeze
from bakhong.payments import scope
from bakhong.payments.actions.charging import Owed, raise_charges
from bakhong.payments.models import Charge, ChargeList, ChargeState
from bakhong.payments.permissions import CHARGE, require
from bakhong.payments.queries.matching_payers import charged_in, told_by
from bakhong.payments.rules.months import in_month
from bakhong.people import scope as people_scope


@dataclass(frozen=True)
class Again:
    """What would be charged for the month. `kept`: how many have theirs already; `left`: how many of the list bear no name any more."""

    owed: list[tuple[Charge, Owed]]
    kept: int
    left: int

    @property
    def amount(self) -> int:
        return sum(each.amount for _row, each in self.owed)


def may_go_on(batch: ChargeList) -> bool:
    """A list that came from a file and is of a month; a market's month is raised from its stalls."""
    return bool(batch.file_name and batch.period)


def look_again(
    *, batch: ChargeList, title: str, period: date, due_on: date | None, by: Actor, at: datetime
) -> Again:
    """What of the list would be charged for another month. Stores nothing.

    Raises: NotAllowed; Refusal for words or a month that cannot be.
    """
    require(CHARGE, batch.biller, by=by)
    told, month = squeeze(title), period.replace(day=1)
    if not told or len(told) > 120 or not is_storable(told):
        raise Refusal(_("Ghi nội dung thu, nhiều nhất 120 ký tự, ví dụ “Tiền nước tháng 11/2026”."))
    if not may_go_on(batch) or batch.period == month:
        raise Refusal(_("Chọn một tháng khác với tháng của danh sách này."))
    with scope.seeing([batch.biller_id]), people_scope.seeing(OPERATOR):
        charged, _others = charged_in(batch.biller, batch.service, month)
        rows = list(
            Charge.objects.filter(batch=batch)
            .exclude(state=ChargeState.WITHDRAWN)
            .select_related("biller", "village", "person", "household", "organisation")
            .order_by("pk")
        )
    named = [each for each in rows if each.payer_name]
    owed = [(each, _owed(each, batch, told, month, due_on)) for each in named]
    fresh = [(row, each) for row, each in owed if _told_by(each) not in charged]
    return Again(fresh, len(owed) - len(fresh), len(rows) - len(named))


def _told_by(owed: Owed) -> tuple[object, ...]:
    return told_by(owed.customer_code, owed.payer_name, owed.village.pk, owed.title)


def _owed(row: Charge, batch: ChargeList, title: str, month: date, due_on: date | None) -> Owed:
    """A row with words of its own keeps them, but for the month in them."""
    assert batch.period is not None
    return Owed(
        biller=batch.biller,
        service=row.service,
        title=title if row.title == batch.title else in_month(row.title, batch.period, month),
        amount=row.amount,
        payer_name=row.payer_name,
        village=row.village,
        person=row.person,
        household=row.household,
        organisation=row.organisation,
        payer_phone=row.payer_phone,
        customer_code=row.customer_code,
        period=month,
        due_on=due_on,
    )


@collecting_later()
def raise_again(
    *,
    batch: ChargeList,
    title: str,
    period: date,
    due_on: date | None,
    key: UUID,
    by: Actor,
    at: datetime,
) -> ChargeList:
    """Raise what of the list is not charged for that month yet, all of it or none. The same key and words again give the first.

    Raises: NotAllowed; Refusal where nothing is left to charge; Conflict for the same key with other words.
    """
    require(CHARGE, batch.biller, by=by)
    told = [str(each) for each in (batch.uuid, squeeze(title), period.replace(day=1), due_on)]
    digest = hashlib.sha256(json.dumps(told).encode()).digest()
    with scope.seeing([batch.biller_id]), transaction.atomic():
        ChargeList.objects.select_for_update().get(pk=batch.pk)  # two at once: the second sees the first's
        stored = ChargeList.objects.filter(uuid=key).first()
        if stored is not None:
            if bytes(stored.digest or b"") != digest:
                raise Conflict(_("Biểu mẫu này đã được gửi với nội dung khác. Hãy mở lại trang rồi gửi lại."))
            return stored
        found = look_again(batch=batch, title=title, period=period, due_on=due_on, by=by, at=at)
        if not found.owed:
            raise Refusal(_("Mọi người của danh sách này đã có khoản thu của tháng đó rồi."))
        made = ChargeList.objects.create(
            uuid=key,
            biller=batch.biller,
            service=batch.service,
            title=squeeze(title),
            period=period.replace(day=1),
            due_on=due_on,
            file_name=batch.file_name,
            digest=digest,
            rows=len(found.owed),
            amount=found.amount,
            made_at=at,
            made_by=by.id,
            made_by_label=by.label[:120],
        )
        owed = [(uuid5(made.uuid, str(row.uuid)), _of(made, each)) for row, each in found.owed]
        raise_charges(owed=owed, by=by, at=at)
        record(
            by=by,
            at=at,
            deed="payments.raise_again",
            object_kind="charge_list",
            object_id=made.uuid,
            place_id=batch.biller.unit_id,
            rows=made.rows,
            after=str(batch.uuid),
        )
    return made


def _of(batch: ChargeList, owed: Owed) -> Owed:
    return Owed(**{**vars(owed), "batch": batch})
