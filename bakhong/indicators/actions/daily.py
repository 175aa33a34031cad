"""The daily report is made, never changed: whoever learns more makes the next issue, or the restatement says what moved."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.indicators.actions.entries import clean
from bakhong.indicators.actions.reports import demand
from bakhong.indicators.models import DailyReport
from bakhong.indicators.queries.daily import LEVELS, compose
from bakhong.indicators.rules.daily import LONGEST_PLAN, digest
from bakhong.people.actions.secrets import no_codes
from bakhong.places.models import Unit

MAKE = "figures.enter"
SEE = "outreach.view"
OLDEST = timedelta(days=31)


@transaction.atomic
def make_daily_report(
    *, unit: Unit, day: date, plan: str, client_key: UUID, by: Actor, at: datetime
) -> DailyReport:
    """Freeze what is known of a unit's day. A second of the same day is its next issue; the same key again is the same report.

    `plan` is what the team does tomorrow, at most 300 characters. The connection is open to the people of the unit (`people.scope`).

    Raises: NotAllowed; Refusal for a unit that is no commune or village, a day to come or long past; Conflict when somebody else
    was faster.
    """
    demand(by, MAKE, unit)
    demand(by, SEE, unit)
    if earlier := DailyReport.objects.filter(client_key=client_key).first():
        return _same(earlier, unit)
    content = _content(unit, day, plan, by, at)
    report = DailyReport(
        client_key=client_key,
        unit=unit,
        day=day,
        number=content["issue"],
        content=content,
        sha256=digest(content),
        made_by=by.id,
        made_by_label=by.label,
        made_at=at,
    )
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError as error:
        raise Conflict(
            _("Báo cáo ngày này vừa được người khác lập. Hãy tải lại trang để xem bản đó.")
        ) from error
    record(
        by=by,
        at=at,
        deed="indicators.make_daily",
        object_kind="daily_report",
        object_id=report.uuid,
        place_id=unit.pk,
        day=day.isoformat(),
        number=report.number,
        sha256=report.sha256,
    )
    return report


def preview(*, unit: Unit, day: date, plan: str, by: Actor, at: datetime) -> str:
    """The message that `make_daily_report` would freeze now. Nothing is stored.

    Raises: NotAllowed; Refusal, as there.
    """
    demand(by, MAKE, unit)
    demand(by, SEE, unit)
    return str(_content(unit, day, plan, by, at)["text"])


def _content(unit: Unit, day: date, plan: str, by: Actor, at: datetime) -> dict[str, Any]:
    _check(unit, day, day_of(at))
    plan = " ".join(clean(plan, LONGEST_PLAN).split())
    no_codes(plan)
    last = DailyReport.objects.filter(unit=unit, day=day).aggregate(last=Max("number"))["last"] or 0
    return compose(unit, day, plan=plan, number=last + 1, actor=by, at=at, people=by.label)


def _same(report: DailyReport, unit: Unit) -> DailyReport:
    if report.unit_id != unit.pk:
        raise Conflict(_("Báo cáo này đã được gửi cho một đơn vị khác. Hãy mở lại trang và gửi lại."))
    return report


def _check(unit: Unit, day: date, today: date) -> None:
    if unit.level not in LEVELS:
        raise Refusal(_("Báo cáo ngày chỉ lập cho xã, phường hoặc thôn."))
    if day > today:
        raise Refusal(_("Ngày này chưa tới. Hãy lập báo cáo khi hết ngày."))
    if today - day > OLDEST:
        raise Refusal(_("Ngày này đã qua hơn một tháng. Hãy xem số liệu trên trang tổng quan."))
