"""What the roll counts, and the list behind each percentage: who has it, who lacks it, village by village."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.ground import map_day
from bakhong.core.days import day_before
from bakhong.core.numbers import format_decimal, format_int
from bakhong.desk import board as words
from bakhong.desk.board import Question
from bakhong.desk.frame import page, unit_page
from bakhong.indicators.queries.computed import RollRow
from bakhong.indicators.queries.counted import (
    SIDES,
    Count,
    behind,
    counted,
    counted_by_village,
    series_counted,
)
from bakhong.indicators.queries.shown import figure_of_series
from bakhong.indicators.queries.words import measure_name, population_name
from bakhong.indicators.rules.differences import Reason
from bakhong.indicators.rules.measures import Measure, MeasureKey, measures
from bakhong.people.models import Adoption, Device, Holding, Person, Presence
from bakhong.people.models.adoption import State
from bakhong.people.permissions import VIEW
from bakhong.people.queries.adoption import on_day, situations_on
from bakhong.people.queries.identity import mask
from bakhong.people.rules.reasons import reasons
from bakhong.people.rules.services import covering, services
from bakhong.places.models import Unit
from bakhong.places.queries import sources_of
from bakhong.ui.charts import BarRow
from bakhong.ui.charts import Point as Dot
from bakhong.ui.figures import Figure, language

PER_PAGE = 50
MOST_PRINTED = 2000
MONTHS = 12


@dataclass(frozen=True)
class RollLine:
    """A measure of the roll ready to be shown, beside what was published."""

    name: str
    figure: Figure
    published: Figure | None
    difference: str
    reasons: tuple[str, ...]
    absent: str


@dataclass(frozen=True)
class Behind:
    """One person of a list, as they were on the day."""

    person: Person
    age: int | None
    presence: str
    device: str
    state: str
    since: date | None
    reason: str


@unit_page(VIEW)
def people(request: StaffRequest, unit: Unit, measure: str) -> HttpResponse:
    """`?side=missing|having|all&on=&boundaries=`; `?print=1` is the sheet for A4."""
    key = MeasureKey.of_slug(measure)
    if key is None:
        raise Http404
    ask = words.question(request, side=SIDES, print=("1",))
    side: Any = ask.kept.get("side", "missing")
    chosen = measures()[key]
    count = counted([unit.pk], ask.on, boundaries=ask.boundaries, wanted=[key]).get((unit.pk, key))
    lists = {
        kind: behind(request.actor, unit, key, ask.on, side, kind=kind, boundaries=ask.boundaries)
        for kind in chosen.kinds
    }
    is_print = "print" in ask.kept
    persons = lists.get("person")
    shown = None
    if persons is not None:
        ordered = persons.select_related("village", "household").order_by(
            "village__sort_key", "sort_key", "pk"
        )
        shown = Paginator(ordered, MOST_PRINTED if is_print else PER_PAGE).get_page(request.GET.get("page"))
    others = _others({kind: rows for kind, rows in lists.items() if kind != "person"})
    visible = (shown.paginator.count if shown is not None else 0) + sum(len(rows) for rows in others.values())
    path = reverse("desk:counted", args=[unit.uuid, key.slug])
    return page(
        request,
        "desk/counted/sheet.html" if is_print else "desk/counted/index.html",
        unit=unit,
        active="dashboard",
        ask=ask,
        name=measure_name(key),
        figure=figure_of_count(count, key, ask.on) if count else None,
        absent=absent_words(count) if count else "",
        count=count,
        side=side,
        sides=_sides(ask, path, count, chosen, visible, side),
        shown=shown,
        lines=_lines(shown, chosen, ask.on) if shown is not None else [],
        others=others,
        visible=visible,
        unseen=_unseen(count, chosen, side, visible),
        villages=village_bars(unit, key, ask),
        formers=_formers(unit, key, ask),
        path=path,
        hidden=ask.fields("on"),
        boundary_tabs=words.boundary_tabs(unit, ask, path),
        print_url=ask.href(path, print="1"),
        list_url=ask.href(path, print=""),
        back_url=Question(ask.asked, {k: v for k, v in ask.kept.items() if k in ("on", "boundaries")}).href(
            reverse("desk:indicator", args=[unit.uuid, key.indicator]),
            stage=key.stage,
            population=key.population,
        ),
    )


# --- words -----------------------------------------------------------------------------------------------------------


def figure_of_count(count: Count, key: MeasureKey, on: date, url: str = "") -> Figure:
    return Figure(
        numerator=count.numerator,
        denominator=count.denominator,
        percent=count.percent(),
        counted=population_name(key.population),
        on=on,
        is_day_of_count=True,
        url=url,
    )


def absent_words(count: Count) -> str:
    if not count.absent:
        return ""
    return _("trong đó %(count)s người đang đi vắng") % {"count": format_int(count.absent, language())}


def roll_lines(rows: Iterable[RollRow], unit: UUID, ask: Question, *, may_open: bool) -> list[RollLine]:
    """The numbers link to the people behind them only for those who may see people."""
    kept = Question(ask.asked, {name: ask.kept[name] for name in ("on", "boundaries") if name in ask.kept})
    return [
        RollLine(
            name=measure_name(row.key).title,
            figure=figure_of_count(
                row.count,
                row.key,
                row.on,
                kept.href(reverse("desk:counted", args=[unit, row.key.slug])) if may_open else "",
            ),
            published=figure_of_series(row.published) if row.published is not None else None,
            difference=_difference_words(row),
            reasons=tuple(reason_words(each) for each in row.reasons),
            absent=absent_words(row.count),
        )
        for row in rows
    ]


def _difference_words(row: RollRow) -> str:
    """About the day of the published figure, so that both speak of the same day."""
    if row.published is None:
        return ""
    if row.difference is None or row.then is None or row.published_on is None:
        return _("không rõ ngày của số đã công bố nên không so được")
    counts = f"{format_int(row.then.numerator, language())}/{format_int(row.then.denominator, language())}"
    values = {"counts": counts, "points": format_decimal(abs(row.difference), language())}
    if row.difference == 0:
        told = _("cùng ngày ấy đếm được %(counts)s: khớp") % values
    elif row.difference > 0:
        told = _("cùng ngày ấy đếm được %(counts)s: cao hơn %(points)s điểm %%") % values
    else:
        told = _("cùng ngày ấy đếm được %(counts)s: thấp hơn %(points)s điểm %%") % values
    return (
        _("riêng %(where)s, %(told)s") % {"where": ", ".join(row.about), "told": told} if row.about else told
    )


def reason_words(reason: Reason) -> str:
    number = format_int(abs(reason.number), language())
    values = {"count": number, "whom": population_name(reason.population) if reason.population else ""}
    sentences = {
        "no_day": _("nguồn không nói đếm ngày nào"),
        "no_stage": _("nguồn không nói đã đến giai đoạn nào"),
        "other_group": _("mẫu số của nguồn gần bằng số %(whom)s (%(count)s)"),
        "absent": _("nguồn không tính %(count)s người đi vắng"),
    }
    if reason.code in sentences:
        return sentences[reason.code] % values
    if reason.code == "whole_differs":
        more, fewer = _("danh sách có thêm %(count)s ở mẫu số"), _("danh sách thiếu %(count)s ở mẫu số")
    else:
        more, fewer = (
            _("danh sách đếm được thêm %(count)s ở tử số"),
            _("danh sách đếm thiếu %(count)s ở tử số"),
        )
    return (more if reason.number > 0 else fewer) % values


# --- villages and months ---------------------------------------------------------------------------------------------


def village_bars(unit: Unit, key: MeasureKey, ask: Question, *, may_open: bool = True) -> list[BarRow]:
    """The units directly below, worst first."""
    rows = counted_by_village(unit, key, ask.on, boundaries=ask.boundaries)
    return [_bar(each, count, key, ask, may_open=may_open) for each, count in rows]


def _formers(unit: Unit, key: MeasureKey, ask: Question) -> list[BarRow]:
    """The former communes of a commune, each on the ground it had."""
    former = [part.unit for part in sources_of(unit, day_before(words.MERGED_ON))]
    former = [each for each in former if each.level == unit.level and each.pk != unit.pk]
    found = counted([each.pk for each in former], ask.on, wanted=[key])
    return [_bar(each, found[each.pk, key], key, ask) for each in former if (each.pk, key) in found]


def _bar(unit: Unit, count: Count, key: MeasureKey, ask: Question, *, may_open: bool = True) -> BarRow:
    kept = {name: ask.kept[name] for name in ("on", "side") if name in ask.kept}
    url = (
        Question(ask.asked, kept).href(reverse("desk:counted", args=[unit.uuid, key.slug]))
        if may_open
        else ""
    )
    return BarRow(label=unit.full_name, figure=figure_of_count(count, key, ask.on, url), url=url)


def month_dots(unit: Unit, key: MeasureKey, ask: Question) -> list[Dot]:
    """The last day of each of the twelve months before the day asked for, and that day, on today's ground."""
    days = [ask.on, *_month_ends(ask.on, MONTHS)]
    rows = series_counted(unit, key, days, boundaries=ask.boundaries or map_day(unit, ask.on))
    return [Dot(day, count.percent()) for day, count in rows]


def _month_ends(on: date, months: int) -> list[date]:
    """
    >>> [str(day) for day in _month_ends(date(2026, 3, 31), 3)]
    ['2026-02-28', '2026-01-31', '2025-12-31']
    """
    found: list[date] = []
    day = on
    for _month in range(months):
        day = day_before(day.replace(day=1))
        found.append(day)
    return found


# --- lists -----------------------------------------------------------------------------------------------------------


def _sides(
    ask: Question, path: str, count: Count | None, chosen: Measure, visible: int, side: str
) -> list[dict[str, Any]]:
    """The three lists as tabs, with how many each has where that is known without asking."""
    totals: dict[str, int | None] = {"having": None, "missing": None, "all": None}
    if count is not None:
        totals |= {"having": count.numerator, "all": count.denominator}
        if chosen.covered == chosen.having:
            totals["missing"] = count.missing
    if totals[side] is None:
        totals[side] = visible
    labels = {"missing": _("Chưa có"), "having": _("Đã có"), "all": _("Tất cả")}
    return [
        {
            "label": f"{labels[each]} ({format_int(number, language())})"
            if (number := totals[each]) is not None
            else labels[each],
            "url": ask.href(path, side=each, print=""),
            "current": each == side,
        }
        for each in SIDES
    ]


def _unseen(count: Count | None, chosen: Measure, side: str, visible: int) -> int:
    """How many of the count are not in the list, because they belong to another place by now or are not this person's to see."""
    if count is None or (side == "missing" and chosen.covered != chosen.having):
        return 0
    whole = {"having": count.numerator, "missing": count.missing, "all": count.denominator}[side]
    return max(0, whole - visible)


def _lines(persons: Iterable[Person], chosen: Measure, on: date) -> list[Behind]:
    persons = list(persons)
    there = situations_on(persons, on)
    known = [code for service in chosen.services for code in covering(service)]
    states = _states(persons, known, on)
    why = _reasons(persons, known)
    presences, devices = dict(Presence.choices), dict(Device.choices)
    return [
        Behind(
            person=each,
            age=there[each.pk]["age"],
            presence=str(presences.get(there[each.pk]["presence"], "")),
            device=str(devices.get(there[each.pk]["device"], "")),
            state=states.get(each.pk, ("", None))[0],
            since=states.get(each.pk, ("", None))[1],
            reason=why.get(each.pk, ""),
        )
        for each in persons
    ]


def _states(
    persons: Sequence[Person], codes: Sequence[str], on: date
) -> Mapping[int, tuple[str, date | None]]:
    """person id → (state in words, since when) of the service that stands furthest."""
    rows = Holding.objects.filter(on_day(on), person__in=persons, service__in=codes)
    found: dict[int, Holding] = {}
    for row in rows:
        before = found.get(row.person_id)
        if before is None or codes.index(row.service) > codes.index(before.service):
            found[row.person_id] = row
    return {pk: (_state_words(row, len(codes) > 1), row.valid_from) for pk, row in found.items()}


def _state_words(row: Holding, is_one_of_several: bool) -> str:
    service = services()[row.service]
    state = service.words.get(row.state) or str(State(row.state).label)
    return f"{service.short_vi}: {state}" if is_one_of_several else state


def _reasons(persons: Sequence[Person], codes: Sequence[str]) -> dict[int, str]:
    """person id → why not, as said last."""
    rows = (
        Adoption.objects.filter(person__in=persons, service__in=codes, retracts=None, retractions=None)
        .exclude(reason="")
        .order_by("learned_at", "pk")
    )
    known = reasons()
    return {
        row.person_id: known[row.reason].words(language())
        for row in rows
        if row.person_id is not None and row.reason in known
    }


def _others(lists: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """kind → lines of what is counted and is no person."""
    return {kind: [_other(kind, row) for row in _with_names(kind, rows)] for kind, rows in lists.items()}


def _with_names(kind: str, rows: Any) -> Any:
    rows = rows.select_related("village").order_by("village__sort_key", "pk")
    if kind == "household":
        return rows.prefetch_related("members")[:MOST_PRINTED]
    return rows.select_related("person" if kind == "subscription" else "owner")[:MOST_PRINTED]


def _other(kind: str, row: Any) -> dict[str, Any]:
    if kind == "household":
        members = [each for each in row.members.all() if each.is_known and each.merged_into_id is None]
        head = next((each for each in members if each.relation == "head"), members[0] if members else None)
        return {
            "name": head.name if head else row.code,
            "more": row.address,
            "village": row.village,
            "household": row.uuid,
        }
    if kind == "subscription":
        return {
            "name": mask(row.number),
            "more": row.person.name if row.person else "",
            "village": row.village,
        }
    return {"name": row.name, "more": row.get_kind_display(), "village": row.village}
