"""The same time limits counted the slow way: minute by minute, day by day, with nothing clever; and random cases to compare on."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bakhong.core.days import VIET_NAM
from bakhong.procedures.rules.calendar import OFFICE_HOURS, SpecialDay, Week, WorkCalendar
from bakhong.procedures.rules.limits import Limit
from bakhong.procedures.rules.pauses import Pause
from bakhong.procedures.rules.shipped import shipped_days, shipped_years

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MORNING = ((time(7, 30), time(11, 30)),)
ODD = ((time(7), time(11, 45)), (time(13), time(16, 15)))


@dataclass(frozen=True)
class Case:
    received: datetime
    limit: Limit
    calendar: WorkCalendar
    pauses: tuple[Pause, ...]


class Slow:
    """One case. Minutes are named by their beginning."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.start = case.received.replace(tzinfo=None)
        while not self.is_open(self.start):
            self.start += MINUTE

    def minutes(self, day: date) -> list[datetime]:
        """The minutes of a day on which the office is open."""
        found = []
        for frm, to in self.case.calendar.spans(day):
            moment = datetime.combine(day, frm)
            while moment < datetime.combine(day, to):
                found.append(moment)
                moment += MINUTE
        return found

    def is_open(self, moment: datetime) -> bool:
        return any(frm <= moment.time() < to for frm, to in self.case.calendar.spans(moment.date()))

    def is_waited(self, moment: datetime) -> bool:
        limit = self.case.limit.unit
        for pause in self.case.pauses:
            if pause.by_days and limit == "working_days" and moment.date() <= self.start.date():
                continue
            if pause.frm <= moment < pause.to:
                return True
        return False

    def is_working(self, day: date) -> bool:
        special = self.case.calendar.days.get(day)
        if special:
            return special.is_worked
        week = [w for w in self.case.calendar.weeks if w.valid_from is None or w.valid_from <= day][-1]
        return day.weekday() in week.counted and bool(week.hours.get(day.weekday()))

    def due(self) -> datetime:
        return {
            "working_days": self._working_days,
            "same_day": self._working_days,
            "hours": self._hours,
            "days": self._days,
            "months": self._days,
        }[self.case.limit.unit]()

    def _hours(self) -> datetime:
        return self._spend(self.start, self.case.limit.amount * 60)

    def _spend(self, moment: datetime, minutes: int) -> datetime:
        """Let so many minutes pass that are worked and not waited."""
        day, end = moment.date(), moment
        while minutes:
            for each in self.minutes(day) if self.is_working(day) else ():
                if minutes and each >= moment and not self.is_waited(each):
                    minutes -= 1
                    end = each + MINUTE
            day += DAY
        return end

    def _is_waited_through(self, day: date) -> bool:
        return all(self.is_waited(each) for each in self.minutes(day) if each >= self.start)

    def _working_days(self) -> datetime:
        limit, day, left_out = self.case.limit, self.start.date(), set()
        is_today = limit.unit == "same_day" and self.is_working(day) and self.start.time() <= limit.cutoff
        if is_today and self._is_waited_through(day):
            left_out.add(day)
            is_today = False
        wanted = 0 if is_today else max(limit.amount, 1)
        while wanted:
            day += DAY
            if self.is_working(day):
                if self._is_waited_through(day):
                    left_out.add(day)
                else:
                    wanted -= 1
        last = self.minutes(day)[-1] + MINUTE if limit.unit == "same_day" else self._at(day)
        lost = 0
        each = self.start.date()
        while each <= day:
            if self.is_working(each) and each not in left_out:
                lost += sum(self.is_waited(m) for m in self.minutes(each) if self.start <= m < last)
            each += DAY
        return self._spend(last, lost)

    def _at(self, day: date) -> datetime:
        """The time of day of the start, moved into that day's hours."""
        moment, minutes = datetime.combine(day, self.start.time()), self.minutes(day)
        closings = {datetime.combine(day, to) for _frm, to in self.case.calendar.spans(day)}
        if moment in closings:
            return moment
        later = [each for each in minutes if each >= moment]
        return later[0] if later else minutes[-1] + MINUTE

    def _days(self) -> datetime:
        first, limit = self.start.date(), self.case.limit
        left_out = set(self._left_out(first))
        day, missing = first, limit.amount
        if limit.unit == "months":
            year, month = first.year, first.month
            for _each in range(limit.amount):
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            day = date(year, month, min(first.day, monthrange(year, month)[1]))
            missing = len([each for each in left_out if each <= day])
        while missing > 0:
            day += DAY
            missing -= day not in left_out
        while day in left_out or not self.is_working(day):
            day += DAY
        return self._at(day)

    def _left_out(self, first: date) -> Iterator[date]:
        for pause in self.case.pauses:
            day = pause.frm.date() if pause.by_days else pause.frm.date() + DAY
            last = pause.to.date() - DAY if pause.by_days else pause.to.date()
            while day <= last:
                if day > first:
                    yield day
                day += DAY


# --- random cases --------------------------------------------------------------------------------------------------


def random_case(random: Random) -> Case:
    received = datetime(2024, 1, 1, tzinfo=VIET_NAM) + timedelta(minutes=random.randrange(3 * 365 * 24 * 60))
    if random.random() < 0.6:  # within office hours, mostly
        received = received.replace(hour=random.choice((7, 8, 10, 11, 13, 15, 17)))
    limit = _limit(random)
    pauses = tuple(
        _pause(random, received.replace(tzinfo=None)) for _ in range(random.choice((0, 0, 1, 1, 2, 3)))
    )
    return Case(received, limit, _calendar(random, received.date()), pauses)


def _limit(random: Random) -> Limit:
    unit = random.choice(("working_days", "working_days", "hours", "days", "months", "same_day"))
    most = {"working_days": 10, "hours": 50, "days": 30, "months": 3}
    if unit == "same_day":
        return Limit(0, "same_day", time(random.choice((10, 15, 16))))
    return Limit(random.randint(1, most[unit]), unit)  # type: ignore[arg-type]


def _pause(random: Random, received: datetime) -> Pause:
    start = received + timedelta(minutes=random.randrange(-2 * 1440, 12 * 1440))
    if random.random() < 0.5:
        first = start.date()
        return Pause.of_days(first, first + timedelta(random.randrange(6)))
    return Pause(start, start + timedelta(minutes=random.choice((0, 15, 90, 600, 2000, 6000))))


def _calendar(random: Random, near: date) -> WorkCalendar:
    days = dict(shipped_days())
    for _each in range(random.randrange(4)):
        day = near + timedelta(random.randrange(20))
        days[day] = SpecialDay(day, random.random() < 0.4, "ngày riêng", "thử")
    return WorkCalendar(days=days, weeks=_weeks(random, near), years=shipped_years())


def _weeks(random: Random, near: date) -> tuple[Week, ...]:
    usual = dict.fromkeys(range(5), OFFICE_HOURS)
    weeks = [Week(usual)]
    kind = random.randrange(5)
    if kind == 1:
        weeks.append(Week(usual | {5: MORNING}, valid_from=near + timedelta(random.randrange(-5, 10))))
    if kind == 2:
        weeks.append(Week(usual | {5: MORNING}, frozenset(range(6)), near - timedelta(30)))
    if kind == 3:
        weeks.append(Week(dict.fromkeys(range(5), ODD), valid_from=near + timedelta(3)))
    return tuple(weeks)
