"""Planning a sweep, printing its sheets, and announcing a visit."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.outreach.models import (
    Campaign,
    Notice,
    PartOfDay,
    Sheet,
    SheetRow,
    SweepItem,
    SweepPlan,
    Team,
)
from bakhong.outreach.permissions import PLAN, VISIT, require
from bakhong.outreach.queries.needs import needs, person_services, village_map
from bakhong.outreach.queries.sweep import household_items, sweep_order
from bakhong.outreach.queries.teams import members_of
from bakhong.outreach.rules.codes import short_code
from bakhong.outreach.rules.sweep import Part, usual_weights
from bakhong.people.models import Household
from bakhong.places.models import Unit

MOST_ROWS = 300


def plan_sweep(
    *,
    unit: Unit,
    by: Actor,
    at: datetime,
    campaign: Campaign | None = None,
    services: Sequence[str] = (),
    weights: Mapping[str, int] | None = None,
) -> SweepPlan:
    """Freeze the order of villages and households as the facts of today give it. Planning again makes another plan.

    Services: the campaign's, else the given ones, else all that persons are counted for.
    Raises: NotAllowed; Refusal when nobody is left to visit, or for weights that are none.
    """
    require(PLAN, unit.pk, by=by)
    weighed = _weights(weights)
    codes = person_services(campaign.services if campaign else services)
    on = day_of(at)
    order = sweep_order(by, unit, on, codes, campaign=campaign, weights=weighed)
    if not any(stop.household_id for stop in order.stops):
        raise Refusal(
            _(
                "Không có hộ nào còn việc phải làm. Kiểm tra lại danh sách người dân đã lập hộ và các dịch vụ đã chọn."
            )
        )
    with transaction.atomic():
        plan = SweepPlan.objects.create(
            unit=unit, campaign=campaign, on=on, services=codes, weights=weighed, made_at=at, made_by=by.id
        )
        SweepItem.objects.bulk_create(
            [
                SweepItem(
                    plan=plan,
                    village_id=stop.village_id,
                    household_id=stop.household_id,
                    rank=stop.rank,
                    score=stop.score,
                    parts=[_part(each) for each in stop.parts],
                    missing=stop.missing,
                    people=stop.people,
                    best_time=stop.best.part if stop.best else "",
                )
                for stop in order.stops
            ],
            batch_size=2000,
        )
        audit.record(
            by=by,
            at=at,
            deed="outreach.plan_sweep",
            object_kind="sweep_plan",
            object_id=plan.uuid,
            place_id=unit.pk,
            villages=len(order.villages),
            households=sum(stop.household_id is not None for stop in order.stops),
        )
    return plan


def make_sheet(
    *, plan: SweepPlan, village: Unit, by: Actor, at: datetime, team: Team | None = None, most: int = 60
) -> Sheet:
    """A sheet of a village to print, in the order of the plan; what each household lacks is as of today. `most`: rows.

    Raises: NotAllowed; Refusal when no household of the village lacks anything any more.
    """
    require(VISIT if by.may(VISIT, village.pk) else PLAN, village.pk, by=by)
    on = day_of(at)
    ordered = [each.household for each in household_items(by, plan, village) if each.household]
    lacking: dict[int, dict[str, list[str]]] = {}
    for need in needs(by, list(village_map([village], on)), on, plan.services):
        if need.household_id is not None and need.missing:
            lacking.setdefault(need.household_id, {})[str(need.uuid)] = list(need.missing)
    rows = [each for each in ordered if each.pk in lacking][: min(most, MOST_ROWS)]
    if not rows:
        raise Refusal(_("Thôn này không còn hộ nào thiếu việc trong kế hoạch. Hãy lập kế hoạch mới."))
    with transaction.atomic():
        sheet = Sheet.objects.create(
            village=village,
            plan=plan,
            campaign=plan.campaign,
            team=team,
            code=short_code(secrets.choice),
            services=plan.services,
            made_at=at,
            made_by=by.id,
        )
        SheetRow.objects.bulk_create(
            [
                SheetRow(
                    sheet=sheet, village=village, number=number, household=each, missing=lacking[each.pk]
                )
                for number, each in enumerate(rows, 1)
            ]
        )
        _note(by, at, "outreach.make_sheet", "sheet", sheet, rows=len(rows))
    return sheet


def make_notice(
    *,
    household: Household,
    team: Team,
    planned_on: date,
    part_of_day: str,
    by: Actor,
    at: datetime,
    campaign: Campaign | None = None,
) -> Notice:
    """A paper for a household: who comes when, and a code with which the commune confirms it on the telephone.

    Raises: NotAllowed; Refusal for a day that is over, or a team without members.
    """
    require(VISIT if by.may(VISIT, household.village_id) else PLAN, household.village_id, by=by)
    if planned_on < day_of(at):
        raise Refusal(_("Ngày đến nhà ghi trên giấy báo trước phải từ hôm nay trở đi."))
    if part_of_day not in PartOfDay.values:
        raise Refusal(_("Chọn buổi: sáng, trưa, chiều hay tối."))
    if not members_of(team, planned_on):
        raise Refusal(_("Tổ này chưa có thành viên vào ngày đó, nên người dân không biết ai sẽ đến."))
    with transaction.atomic():
        notice = Notice.objects.create(
            village_id=household.village_id,
            household=household,
            team=team,
            campaign=campaign,
            code=short_code(secrets.choice),
            planned_on=planned_on,
            part_of_day=part_of_day,
            made_at=at,
            made_by=by.id,
        )
        _note(by, at, "outreach.make_notice", "notice", notice)
    return notice


def _weights(weights: Mapping[str, int] | None) -> dict[str, int]:
    found = dict(weights or usual_weights())
    if set(found) != set(usual_weights()) or min(found.values()) < 0 or not 0 < sum(found.values()) <= 1000:
        raise Refusal(_("Trọng số của mỗi phần là số từ 0 trở lên, và ít nhất một phần lớn hơn 0."))
    return found


def _part(part: Part) -> dict[str, Any]:
    return {
        "code": part.code,
        "value": None if part.value is None else str(part.value.quantize(part.points)),
        "weight": part.weight,
        "points": str(part.points),
        "of": part.of,
        "all": part.all,
    }


def _note(by: Actor, at: datetime, deed: str, kind: str, row: Any, **details: Any) -> None:
    audit.record(
        by=by, at=at, deed=deed, object_kind=kind, object_id=row.uuid, place_id=row.village_id, **details
    )
