"""Who of all the units has sent, what a unit's grid shows, and what it says before it is submitted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.indicators.actions import periods as deeds
from bakhong.indicators.models import Figure, ReportingPeriod
from bakhong.indicators.queries import periods as queries
from bakhong.indicators.queries.period_checks import check_cells
from bakhong.indicators.rules.asks import Ask, Cell
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Unit

EID = Ask("eid_accounts", "activated", "adults")
USE = replace(Ask.usual(registry().get("online_service_use")), population="adults")
FLOW = Ask.usual(registry().get("dossiers_online"))
ON_TIME, LATE = date(2026, 11, 5), date(2026, 11, 22)


@pytest.fixture
def period(thanh_hoa: Unit, actor: Actor, at: datetime) -> ReportingPeriod:
    return deeds.open_period(
        owner=thanh_hoa,
        name="Tháng 10/2026",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
        due_on=date(2026, 11, 5),
        asks=[EID, USE, FLOW],
        by=actor,
        at=at,
    )


def send(
    period: ReportingPeriod, unit: Unit, by: Actor, at: datetime, upto: str = "approve", **more: Any
) -> None:
    cells = more.pop("cells", {EID.key: Cell(80, 100)})
    submission = deeds.save_draft(period=period, unit=unit, cells=cells, expected_version=0, by=by, at=at)
    for deed in ("submit", "approve", "accept"):
        if upto == "save":
            return
        submission = getattr(deeds, deed)(
            submission=submission, expected_version=submission.version, by=by, at=at
        )
        if deed == upto:
            return


def status_of(period: ReportingPeriod, unit: Unit, on: date) -> str:
    return next(line.status for line in queries.overview(period, on).lines if line.unit == unit)


def test_every_commune_of_the_day_is_asked(period: ReportingPeriod) -> None:
    seen = queries.overview(period, ON_TIME)
    assert seen.asked == 166
    assert seen.counts[queries.NOT_SENT] == 166
    assert seen.is_untouched


def test_who_has_not_sent_after_the_due_day_is_late(
    period: ReportingPeriod, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    send(period, thuong_xuan, actor, at, upto="save")
    assert status_of(period, thuong_xuan, ON_TIME) == "draft"
    seen = queries.overview(period, LATE)
    assert seen.counts[queries.OVERDUE] == 166
    line = next(line for line in seen.lines if line.unit == thuong_xuan)
    assert (line.status, line.state, line.days_late, line.filled) == (queries.OVERDUE, "draft", 17, 1)


def test_sent_late_says_by_how_many_days(
    period: ReportingPeriod, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    send(period, thuong_xuan, actor, at)
    line = next(line for line in queries.overview(period, LATE).lines if line.unit == thuong_xuan)
    # 17 days after the due day, on which it was approved, and none more tomorrow.
    assert (line.status, line.sent_on, line.sent_by, line.days_late) == ("approved", LATE, "Thử nghiệm", 17)
    later = queries.overview(period, date(2026, 12, 24))
    assert next(line for line in later.lines if line.unit == thuong_xuan).days_late == 17


def test_the_worst_come_first_and_a_filter_narrows_the_list_not_the_counts(
    period: ReportingPeriod, thuong_xuan: Unit, new_units: Callable[[str], Unit], actor: Actor, at: datetime
) -> None:
    send(period, thuong_xuan, actor, at, upto="accept")
    send(period, new_units("14758"), actor, at)
    seen = queries.overview(period, LATE)
    assert [line.status for line in seen.lines][:164] == [queries.OVERDUE] * 164
    assert [line.status for line in seen.lines][164:] == ["approved", "accepted"]
    narrowed = queries.overview(period, LATE, status="approved")
    assert [line.unit.code for line in narrowed.lines] == ["14758"]
    assert narrowed.counts == seen.counts
    assert (seen.sent, seen.is_untouched) == (2, False)


def test_groups_count_their_own(period: ReportingPeriod, thuong_xuan: Unit) -> None:
    seen = queries.overview(period, ON_TIME)
    assert sum(sum(counts.values()) for counts in seen.groups.values()) == 166
    mountain = queries.overview(period, ON_TIME, group="mountain")
    assert thuong_xuan in [line.unit for line in mountain.lines]
    assert len(mountain.lines) == sum(seen.groups["mountain"].values()) < 166


def test_the_cover_after_the_merger_is_said(
    period: ReportingPeriod, thuong_xuan: Unit, ngoc_phung: Unit, put: Callable[..., Figure]
) -> None:
    assert queries.former_cover([thuong_xuan], period.ends_on)[thuong_xuan.pk] == (0, 4)
    put(ngoc_phung, 4795, 5205, date(2025, 5, 6))
    assert queries.former_cover([thuong_xuan], period.ends_on)[thuong_xuan.pk] == (1, 4)


def test_a_commune_sees_its_periods_and_how_they_stand(
    period: ReportingPeriod, thuong_xuan: Unit, new_units: Callable[[str], Unit], actor: Actor, at: datetime
) -> None:
    (line,) = queries.periods_of(thuong_xuan, LATE)
    assert (line.state, line.is_overdue, line.asked) == (queries.NOT_SENT, True, 1)
    assert queries.waiting_count(thuong_xuan, LATE) == 1
    send(period, thuong_xuan, actor, at)
    (line,) = queries.periods_of(thuong_xuan, LATE)
    assert (line.state, line.is_overdue) == ("approved", False)
    assert queries.waiting_count(thuong_xuan, LATE) == 0
    assert queries.periods_of(new_units("00004"), LATE) == []


def test_the_owner_sees_how_many_have_sent(
    period: ReportingPeriod, thanh_hoa: Unit, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    send(period, thuong_xuan, actor, at)
    (line,) = queries.periods_of(thanh_hoa, LATE)
    assert (line.state, line.asked, line.sent, line.accepted, line.late) == (None, 166, 1, 0, 165)
    assert queries.waiting_count(thanh_hoa, LATE) == 1


def test_the_list_of_166_takes_few_queries(
    period: ReportingPeriod, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(12):
        queries.overview(period, LATE)


def codes(period: ReportingPeriod, unit: Unit, cells: dict[str, Cell]) -> list[tuple[str, str]]:
    stored = {key: cell.as_json() for key, cell in cells.items()}
    found = check_cells(period, unit, stored, None)
    return [(finding.ask, finding.code) for finding in found if finding.code != "missing"]


def test_agreeing_lines_raise_no_word(period: ReportingPeriod, thuong_xuan: Unit) -> None:
    cells = {EID.key: Cell(80, 100), USE.key: Cell(30, 100), FLOW.key: Cell(9, 10)}
    assert codes(period, thuong_xuan, cells) == []


def test_one_population_with_two_totals_is_told(period: ReportingPeriod, thuong_xuan: Unit) -> None:
    cells = {EID.key: Cell(80, 100), USE.key: Cell(30, 110)}
    assert codes(period, thuong_xuan, cells) == [(USE.key, "denominators_differ")]


def test_a_fall_since_the_last_figure_is_told_until_explained(
    period: ReportingPeriod, thuong_xuan: Unit, put: Callable[..., Figure]
) -> None:
    put(thuong_xuan, 90, 100, date(2026, 9, 30))
    assert codes(period, thuong_xuan, {EID.key: Cell(80, 100)}) == [(EID.key, "fell")]
    assert codes(period, thuong_xuan, {EID.key: Cell(80, 100, note="xoá trùng")}) == []
    assert codes(period, thuong_xuan, {EID.key: Cell(89, 100)}) == []


def test_another_report_about_the_same_day_is_told(
    period: ReportingPeriod, thuong_xuan: Unit, put: Callable[..., Figure]
) -> None:
    put(thuong_xuan, 81, 100, date(2026, 10, 31))
    assert codes(period, thuong_xuan, {EID.key: Cell(80, 100)}) == [(EID.key, "contradicts_earlier")]
    assert codes(period, thuong_xuan, {EID.key: Cell(81, 100)}) == []


def test_over_a_hundred_percent_of_a_plan_is_no_error(
    thanh_hoa: Unit, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    plan = Ask("eid_accounts", "activated", "assigned_target")
    period = deeds.open_period(
        owner=thanh_hoa,
        name="Theo kế hoạch",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
        due_on=date(2026, 11, 5),
        asks=[plan],
        by=actor,
        at=at,
    )
    assert codes(period, thuong_xuan, {plan.key: Cell(120, 100)}) == []


def test_the_grid_shows_what_stood_before_and_who_is_counted(
    period: ReportingPeriod, thuong_xuan: Unit, put: Callable[..., Figure]
) -> None:
    put(thuong_xuan, 70, 100, date(2026, 9, 30))
    put(thuong_xuan, 60, 100, date(2026, 8, 31))
    put(thuong_xuan, 1, 100, date(2026, 9, 30), stage="installed")
    line = queries.grid(period, thuong_xuan, ON_TIME).lines[0]
    assert line.earlier is not None
    assert (line.earlier.numerator, line.earlier.on) == (70, date(2026, 9, 30))
    assert "trưởng thành" in line.population
    assert line.stage == "đã kích hoạt"


def test_the_table_shows_only_what_was_approved(
    period: ReportingPeriod, thuong_xuan: Unit, new_units: Callable[[str], Unit], actor: Actor, at: datetime
) -> None:
    send(period, thuong_xuan, actor, at)
    drafting = new_units("14758")
    send(period, drafting, actor, at, upto="save")
    rows = {row.unit.code: row for row in queries.table(period, LATE)}
    assert rows["15646"].cells[0][0].numerator == 80
    assert rows["14758"].cells[0][0].is_empty
    (own,) = queries.table(period, LATE, unit=drafting)
    assert own.cells[0][0].numerator == 80
