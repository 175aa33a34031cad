"""When something is due: worked examples of every unit, and the slow count on random cases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from bakhong.core.days import VIET_NAM
from bakhong.procedures.rules.calendar import DEFAULT_WEEK, NoWorkingDays, Week, WorkCalendar
from bakhong.procedures.rules.deadlines import Due, Limit, Pause, due, step_dues, warn_at
from bakhong.procedures.rules.limits import Measure
from bakhong.procedures.rules.shipped import shipped_calendar, shipped_days
from bakhong.procedures.tests.slow import Case, Slow, random_case

CASES = 2000


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIET_NAM)


def found(received: str, amount: int, unit: Measure = "working_days", *pauses: Pause) -> Due:
    return due(moment(received), Limit(amount, unit), shipped_calendar(), pauses)


def days(first: str, last: str) -> Pause:
    return Pause.of_days(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("received", "amount", "unit", "expected"),
    [
        ("2026-03-02T10:00", 1, "working_days", "2026-03-03T10:00"),
        ("2026-03-06T10:00", 1, "working_days", "2026-03-09T10:00"),  # over a weekend
        ("2026-03-06T12:00", 1, "working_days", "2026-03-09T13:30"),  # at lunch
        (
            "2026-03-06T18:00",
            1,
            "working_days",
            "2026-03-10T07:30",
        ),  # after hours: Monday is the day of receipt
        ("2026-03-06T17:30", 1, "working_days", "2026-03-10T07:30"),  # at closing time
        ("2026-03-06T11:30", 1, "working_days", "2026-03-09T13:30"),
        ("2026-03-07T09:00", 1, "working_days", "2026-03-10T07:30"),  # a Saturday
        ("2026-03-09T05:00", 1, "working_days", "2026-03-10T07:30"),  # before opening
        ("2026-02-12T10:00", 3, "working_days", "2026-02-24T10:00"),  # Tết
        ("2026-12-31T10:00", 1, "working_days", "2027-01-04T10:00"),
        ("2025-12-31T10:00", 2, "working_days", "2026-01-06T10:00"),  # 2 January off
        ("2026-01-09T10:00", 1, "working_days", "2026-01-10T10:00"),  # its Saturday worked
        ("2026-08-21T10:00", 1, "working_days", "2026-08-22T10:00"),
        ("2026-08-28T10:00", 1, "working_days", "2026-09-03T10:00"),
        ("2026-04-24T10:00", 1, "working_days", "2026-04-28T10:00"),
        ("2026-04-29T10:00", 1, "working_days", "2026-05-04T10:00"),
        ("2026-11-23T10:00", 1, "working_days", "2026-11-25T10:00"),  # 24 November
        ("2024-02-07T10:00", 1, "working_days", "2024-02-15T10:00"),
        ("2024-04-26T10:00", 2, "working_days", "2024-05-03T10:00"),
        ("2024-05-03T10:00", 1, "working_days", "2024-05-04T10:00"),
        ("2025-01-24T10:00", 1, "working_days", "2025-02-03T10:00"),
        ("2025-04-25T10:00", 1, "working_days", "2025-04-26T10:00"),
        ("2027-02-03T10:00", 1, "working_days", "2027-02-11T10:00"),
        ("2026-03-02T07:30", 8, "hours", "2026-03-02T17:30"),
        ("2026-03-02T10:00", 8, "hours", "2026-03-03T10:00"),
        ("2026-03-02T10:00", 2, "hours", "2026-03-02T14:00"),
        ("2026-03-06T17:00", 1, "hours", "2026-03-09T08:00"),
        ("2026-03-06T19:00", 4, "hours", "2026-03-09T11:30"),
        ("2026-03-02T10:00", 7, "days", "2026-03-09T10:00"),
        ("2026-03-02T10:00", 5, "days", "2026-03-09T10:00"),  # ends on a Saturday
        ("2026-02-05T10:00", 10, "days", "2026-02-23T10:00"),  # ends in Tết
        ("2026-01-30T10:00", 1, "months", "2026-03-02T10:00"),  # 28 February is a Saturday
        ("2027-01-29T10:00", 1, "months", "2027-03-01T10:00"),
        ("2024-01-31T10:00", 1, "months", "2024-02-29T10:00"),
        ("2025-12-15T10:00", 2, "months", "2026-02-23T10:00"),
        ("2026-03-06T15:00", 0, "same_day", "2026-03-06T17:30"),
        ("2026-03-06T15:01", 0, "same_day", "2026-03-09T17:30"),
        ("2026-03-07T08:00", 0, "same_day", "2026-03-09T17:30"),
    ],
)
def test_when_it_is_due(received: str, amount: int, unit: Measure, expected: str) -> None:
    assert found(received, amount, unit).due_at == moment(expected)


@pytest.mark.parametrize(
    ("received", "amount", "unit", "pauses", "expected"),
    [
        ("2026-03-02T10:00", 3, "working_days", [days("2026-03-03", "2026-03-05")], "2026-03-10T10:00"),
        ("2026-03-02T10:00", 3, "working_days", [days("2026-03-02", "2026-03-05")], "2026-03-10T10:00"),
        ("2026-03-02T10:00", 3, "working_days", [days("2026-03-07", "2026-03-08")], "2026-03-05T10:00"),
        ("2026-03-02T10:00", 3, "working_days", [days("2026-02-20", "2026-02-27")], "2026-03-05T10:00"),
        ("2026-03-02T10:00", 3, "working_days", [days("2026-03-20", "2026-03-27")], "2026-03-05T10:00"),
        (
            "2026-03-02T10:00",
            3,
            "working_days",
            [days("2026-03-03", "2026-03-05"), days("2026-03-04", "2026-03-06")],
            "2026-03-11T10:00",
        ),
        (
            "2026-03-02T10:00",
            2,
            "working_days",
            [Pause(moment("2026-03-02T10:20"), moment("2026-03-04T09:00"))],
            "2026-03-06T08:40",
        ),
        ("2026-03-02T10:00", 8, "hours", [days("2026-03-03", "2026-03-03")], "2026-03-04T10:00"),
        ("2026-03-02T10:00", 7, "days", [days("2026-03-03", "2026-03-04")], "2026-03-11T10:00"),
        ("2026-03-02T10:00", 7, "days", [Pause(moment("2026-03-03T14:00"), moment("2026-03-05T08:00"))], "2026-03-11T10:00"),
        ("2026-03-02T10:00", 1, "months", [days("2026-03-03", "2026-03-05")], "2026-04-06T10:00"),
        ("2026-03-02T10:00", 0, "same_day", [days("2026-03-02", "2026-03-03")], "2026-03-04T17:30"),
    ],
)  # fmt: skip
def test_time_waited_does_not_count(
    received: str, amount: int, unit: Measure, pauses: list[Pause], expected: str
) -> None:
    assert found(received, amount, unit, *pauses).due_at == moment(expected)


def test_moments_may_come_in_any_zone() -> None:
    at = moment("2026-03-02T10:00")
    assert due(at.astimezone(UTC), Limit(1), WorkCalendar()) == due(at, Limit(1), WorkCalendar())
    with pytest.raises(ValueError, match="time zone"):
        due(at.replace(tzinfo=None), Limit(1), WorkCalendar())


def test_seconds_are_kept() -> None:
    assert found("2026-03-02T10:00:30", 1).due_at == moment("2026-03-03T10:00:30")
    assert sum(step.working_minutes for step in found("2026-03-02T10:00:30", 1).steps) == 480


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, "hours"), (-1, "days"), (1, "same_day"), (10**9, "months"), (1, "weeks")]
)
def test_it_refuses_what_is_no_limit(amount: int, unit: Measure) -> None:
    with pytest.raises(ValueError, match="time limit"):
        Limit(amount, unit)


def test_an_office_that_never_opens_says_so() -> None:
    with pytest.raises(NoWorkingDays):
        due(moment("2026-03-02T10:00"), Limit(1), WorkCalendar(weeks=(Week({}, frozenset()),)))


# --- explaining ----------------------------------------------------------------------------------------------------


def test_it_explains_each_day() -> None:
    explained = found("2026-02-12T18:00", 2, "working_days", days("2026-02-24", "2026-02-25"))
    assert [(f"{step.frm:%d/%m %H:%M}", step.working_minutes, step.reason) for step in explained.steps] == [
        ("12/02 18:00", 0, "Nhận ngoài giờ làm việc: tính từ giờ mở cửa kế tiếp"),
        ("13/02 07:30", 480, "Ngày nhận: chạy từ giờ nhận, không tính là ngày thứ nhất"),
        ("14/02 00:00", 0, "Nghỉ Tết Nguyên đán"),
        ("23/02 07:30", 480, "Ngày làm việc thứ 1"),
        ("24/02 00:00", 0, "Chờ người dân bổ sung: không tính"),
        ("26/02 07:30", 0, "Đến hạn lúc mở cửa"),
    ]


def test_the_unverified_day_and_an_unknown_year_are_flagged() -> None:
    assert "24/11/2026" in found("2026-11-23T10:00", 1).notes[0]
    assert "năm 2031" in found("2031-11-21T10:00", 1).notes[0]
    assert found("2026-03-02T10:00", 5).notes == ()


def test_the_swapped_day_says_what_it_makes_up_for() -> None:
    reasons = [step.reason for step in found("2026-08-21T10:00", 2).steps]
    assert "Ngày làm việc thứ 1 (làm bù cho ngày 31/08/2026)" in reasons


def test_lines_follow_each_other_and_add_up() -> None:
    random = Random(11)
    for _each in range(300):
        case = random_case(random)
        explained = due(case.received, case.limit, case.calendar, case.pauses)
        assert explained.steps[-1].to == explained.due_at
        moments = [step.frm for step in explained.steps]
        assert moments == sorted(moments)
        if case.limit.unit == "hours":
            assert sum(step.working_minutes for step in explained.steps) == case.limit.amount * 60


def test_minutes_add_up_to_eight_hours_a_day_whatever_was_waited() -> None:
    """Where every working day is alike and waiting is known to the minute, N days are N times eight hours of work."""
    random = Random(12)
    for _each in range(300):
        case = random_case(random)
        pauses = [pause for pause in case.pauses if not pause.by_days]
        explained = due(case.received, Limit(4), shipped_calendar(), pauses)
        assert sum(step.working_minutes for step in explained.steps) == 4 * 480


# --- warnings and steps --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (5, "working_days", "2026-03-06T10:00"),
        (1, "working_days", "2026-03-02T17:20"),
        (4, "hours", "2026-03-02T14:40"),
        (0, "same_day", "2026-03-02T15:40"),
    ],
)
def test_it_warns_a_day_before_or_at_two_thirds(amount: int, unit: Measure, expected: str) -> None:
    explained = found("2026-03-02T10:00", amount, unit)
    assert warn_at(explained, shipped_calendar()) == moment(expected)


def test_a_warning_does_not_fall_into_the_time_waited() -> None:
    explained = found("2026-03-02T10:00", 5, "working_days", days("2026-03-05", "2026-03-06"))
    assert explained.due_at == moment("2026-03-11T10:00")
    assert warn_at(explained, shipped_calendar()) == moment("2026-03-10T10:00")


def test_steps_share_the_time_and_end_with_the_whole() -> None:
    explained = found("2026-03-02T07:30", 4)
    dues = step_dues(explained, [25, 50, 25], shipped_calendar())
    assert dues[-1] == explained.due_at
    assert dues[0] == moment("2026-03-02T17:30")
    assert dues == sorted(dues)
    with pytest.raises(ValueError, match="weights"):
        step_dues(explained, [0, 0], shipped_calendar())


# --- against the slow count ----------------------------------------------------------------------------------------

Change = Callable[[Case], Case]


def differing(cases: int, change: Change = lambda case: case) -> int:
    random, wrong = Random(2026), 0
    for _each in range(cases):
        case = random_case(random)
        given = change(case)
        fast = due(given.received, given.limit, given.calendar, given.pauses).due_at
        wrong += fast.replace(tzinfo=None) != Slow(case).due()
    return wrong


def test_it_agrees_with_the_slow_count() -> None:
    assert differing(CASES) == 0


def _without_days_off(case: Case) -> Case:
    kept = {day: special for day, special in case.calendar.days.items() if special.is_worked}
    return replace(case, calendar=replace(case.calendar, days=kept))


def _without_worked_days(case: Case) -> Case:
    kept = {day: special for day, special in case.calendar.days.items() if not special.is_worked}
    return replace(case, calendar=replace(case.calendar, days=kept))


def _without_own_hours(case: Case) -> Case:
    return replace(case, calendar=replace(case.calendar, weeks=(DEFAULT_WEEK,)))


def _without_last_pause(case: Case) -> Case:
    return replace(case, pauses=case.pauses[:-1])


def _one_more(case: Case) -> Case:
    if case.limit.unit == "same_day":
        return replace(case, limit=replace(case.limit, cutoff=time(12)))
    return replace(case, limit=replace(case.limit, amount=case.limit.amount + 1))


def _a_minute_later(case: Case) -> Case:
    return replace(case, received=case.received + timedelta(minutes=1))


@pytest.mark.parametrize(
    "change",
    [
        _without_days_off,
        _without_worked_days,
        _without_own_hours,
        _without_last_pause,
        _one_more,
        _a_minute_later,
    ],
)
def test_the_slow_count_notices_every_rule_left_out(change: Change) -> None:
    """The negative control: forget one rule and the comparison turns red."""
    assert differing(150, change) > 0


def test_the_shipped_years_hold_their_days() -> None:
    offs = {day for day, special in shipped_days().items() if not special.is_worked}
    worked = {day for day, special in shipped_days().items() if special.is_worked}
    of_2026 = {f"{day:%m-%d}" for day in offs if day.year == 2026}
    tet = {f"02-{number}" for number in range(14, 23)}
    assert (
        of_2026
        == {"01-01", "01-02", "04-26", "04-27", "04-30", "05-01", "08-31", "09-01", "09-02", "11-24"} | tet
    )
    assert worked == {date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)}
    assert all(special.source for special in shipped_days().values())
