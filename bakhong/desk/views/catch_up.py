"""Catch-up: who is behind a target, at what pace, and when it will be reached. On screen and on paper."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.numbers import format_day
from bakhong.desk.frame import asked, page, unit_page
from bakhong.desk.views.targets import SOURCE_WORDS
from bakhong.indicators.queries.cascades import rule_name
from bakhong.indicators.queries.catch_up import CatchUpRow, asks_at, catch_up
from bakhong.indicators.queries.shapes import UnitRef
from bakhong.indicators.queries.standings import COMPUTED
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.measures import MeasureKey
from bakhong.outreach.models import Team
from bakhong.outreach.permissions import VIEW as VIEW_OUTREACH
from bakhong.outreach.queries.teams import teams_going_to
from bakhong.people.permissions import VIEW
from bakhong.places.models import Unit


@unit_page("figures.view")
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?rule=indicator/stage/population&on=dd/mm/yyyy`; the rule whose target comes first where none is asked for."""
    on = asked(request).on
    asks = asks_at(unit, on)
    chosen = next((ask for ask in asks if ask.key == request.GET.get("rule")), asks[0] if asks else None)
    found = catch_up(unit, on, chosen) if chosen else None
    rows = [found.whole, *found.rows] if found else []
    going = _teams(request, unit, [row.unit.id for row in rows], on)
    return page(
        request,
        "desk/targets/catch_up.html",
        unit=unit,
        active="catch_up",
        on=on,
        found=found,
        whole=_line(request, chosen, rows[0], on) if chosen and rows else None,
        lines=[
            _line(request, chosen, row, on) | {"teams": going.get(row.unit.id, [])}
            for row in rows[1:]
            if chosen
        ],
        has_teams=bool(going),
        options=[(ask.key, _label(ask), ask == chosen) for ask in asks],
    )


def _teams(request: StaffRequest, unit: Unit, ids: list[int], on: date) -> dict[int, list[Team]]:
    """village → who goes there: a village's pace is that of its teams. Empty for whom teams are not."""
    return teams_going_to(request.actor, ids, on) if request.actor.may(VIEW_OUTREACH, unit.pk) else {}


def _label(ask: Ask) -> str:
    name = rule_name(ask)
    return _("%(title)s, tính trên %(population)s") % {"title": name.title, "population": name.population}


def people_url(request: StaffRequest, unit: UnitRef, ask: Ask, on: date) -> str:
    """The list of those who are still missing; "" for whom it is not."""
    if not request.actor.may(VIEW, unit.id):
        return ""
    key = MeasureKey(ask.indicator, ask.stage, ask.population)
    return (
        reverse("desk:counted", args=[unit.uuid, key.slug])
        + "?"
        + urlencode({"side": "missing", "on": format_day(on)})
    )


def _line(request: StaffRequest, ask: Ask, row: CatchUpRow, on: date) -> dict[str, Any]:
    state, word = _state(row)
    is_of_the_roll = row.standing is not None and row.standing.source == COMPUTED
    return {
        "row": row,
        "state": state,
        "word": word,
        "forecast": _forecast(row),
        "source": SOURCE_WORDS[row.standing.source] if row.standing else "",
        "people_url": people_url(request, row.unit, ask, on) if is_of_the_roll else "",
    }


def _state(row: CatchUpRow) -> tuple[str, str]:
    if row.is_met:
        return "done", _("đã đạt")
    if row.standing is None:
        return "none", _("chưa có số liệu")
    if row.asked is None:
        return "none", _("chưa có chỉ tiêu")
    if row.is_over_eligible:
        return "error", _("chỉ tiêu nhiều hơn số người")
    if row.days_left is not None and row.days_left < 0:
        return "late", _("đã quá hạn")
    if row.is_feasible is None:
        return "none", _("chưa đo được")
    return ("doing", _("kịp hạn")) if row.is_feasible else ("late", _("không kịp"))


def _forecast(row: CatchUpRow) -> str:
    """The day it will be reached at the pace of the last thirty days, or why there is none."""
    if row.is_met:
        return _("đã đạt")
    if row.pace is None or row.missing is None:
        return _("chưa đo được")
    if row.forecast_on is None:
        return _("không đạt nếu giữ nhịp này")
    return format_day(row.forecast_on)
