"""The monthly fee of a market, for all its stalls in one deed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments import scope
from bakhong.payments.actions.charging import Owed, raise_charges
from bakhong.payments.models import Biller, Charge, ChargeList, Market, Stall
from bakhong.payments.permissions import CHARGE, require
from bakhong.payments.queries.market_months import next_month, stalls_owing

SERVICE = "market"


@dataclass(frozen=True)
class Raised:
    """`made`: charges of this time; `kept`: how many stalls had theirs already; `free`: how many pay no fee; `let_off`: whose charge
    of the month was withdrawn, and stays so."""

    made: list[Charge]
    kept: int
    free: int
    let_off: int = 0


def raise_month(
    *, market: Market, month: date, due_on: date, by: Actor, at: datetime, with_withdrawn: bool = False
) -> Raised:
    """What every stall that stood in a market in a month owes for it. Again: only those that came since; those whose charge was
    withdrawn only where it is asked for.

    Raises: NotAllowed; Refusal where nobody collects there, the due day lies before the month, or the month is too far ahead.
    """
    biller = market.biller
    if biller is None:
        raise Refusal(_("Chưa ghi ai thu phí ở chợ này. Chọn đơn vị thu trước."))
    require(CHARGE, biller, by=by)
    month = month.replace(day=1)
    if due_on < month:
        raise Refusal(_("Hạn trả không được trước tháng thu."))
    if month > next_month(day_of(at)):
        raise Refusal(_("Chỉ lập trước được một tháng."))
    with scope.seeing([biller.pk]), transaction.atomic():
        Market.objects.select_for_update().get(pk=market.pk)  # two at once: the second sees the first's
        owing = stalls_owing(market, month)
        due = owing.due if with_withdrawn else owing.new
        left = owing.let_off - (len(due) - len(owing.new))
        if not due:
            return Raised([], owing.kept, owing.free, left)
        batch = _batch(market, biller, month, due_on, due, by, at)
        made = raise_charges(
            owed=[
                (_key(stall, month, times), _owed(stall, market, biller, month, due_on, batch))
                for stall, times in due
            ],
            by=by,
            at=at,
        )
        audit.record(
            by=by,
            at=at,
            deed="payments.raise_month",
            object_kind="market",
            object_id=market.uuid,
            place_id=market.unit_id,
            month=f"{month:%Y-%m}",
            charges=len(made),
        )
    return Raised(made, owing.kept, owing.free, left)


def _key(stall: Stall, month: date, times: int) -> UUID:
    """One charge a stall and month; `times`: how many were withdrawn before."""
    return uuid5(stall.uuid, f"market-fee:{month:%Y-%m}:{times}")


def _owed(stall: Stall, market: Market, biller: Biller, month: date, due_on: date, batch: ChargeList) -> Owed:
    assert stall.monthly_fee is not None
    words = {"code": stall.code, "market": market.name[:80], "month": f"{month:%m/%Y}"}
    return Owed(
        biller=biller,
        service=SERVICE,
        title=_("Phí chợ tháng %(month)s, điểm bán %(code)s, %(market)s") % words,
        amount=stall.monthly_fee,
        payer_name=stall.owner_name,
        village=stall.village,
        organisation=stall.organisation,
        payer_phone=stall.phone,
        customer_code=stall.code,
        period=month,
        due_on=due_on,
        about=("stall", stall.uuid),
        batch=batch,
        words=f"CHO {month:%m}",
    )


def _batch(
    market: Market,
    biller: Biller,
    month: date,
    due_on: date,
    due: list[tuple[Stall, int]],
    by: Actor,
    at: datetime,
) -> ChargeList:
    made: ChargeList = ChargeList.objects.create(
        uuid=new_uuid(),
        biller=biller,
        service=SERVICE,
        title=_("Phí %(market)s tháng %(month)s") % {"market": market.name[:90], "month": f"{month:%m/%Y}"},
        period=month,
        due_on=due_on,
        rows=len(due),
        amount=sum(each.monthly_fee or 0 for each, _times in due),
        made_at=at,
        made_by=by.id,
        made_by_label=by.label[:120],
    )
    return made
