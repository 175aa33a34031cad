"""The calendar of an office: what ships with the program, with what its units said of their own laid over it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from bakhong.places.models import Unit
from bakhong.places.queries import ancestors
from bakhong.places.remembering import remembered
from bakhong.procedures.models import CalendarDay, DayKind, OfficeHours
from bakhong.procedures.rules.calendar import DEFAULT_WEEK, SpecialDay, Week, WorkCalendar, parse_spans
from bakhong.procedures.rules.shipped import shipped_days, shipped_years

_MARGIN = timedelta(days=400)  # a limit may run on past the last day asked for


def calendar_for(unit: Unit, first: date, last: date | None = None) -> WorkCalendar:
    """The days and hours of a unit around [first, last] (and a year on); `last` None: all that is known after `first`.

    Read once a request: a deed asks several times.
    """
    return remembered(("calendar", unit.pk, first, last), lambda: _read(unit, first, last))


def _read(unit: Unit, first: date, last: date | None) -> WorkCalendar:
    chain = line_of(unit, first)
    days = dict(shipped_days())
    until = last + _MARGIN if last else date.max
    for row in _standing_days(chain, first - timedelta(days=7), until, CalendarDay.objects.all()):
        if row.kind == DayKind.ORDINARY:
            days.pop(row.on, None)
        else:
            days[row.on] = SpecialDay(
                row.on, row.kind == DayKind.WORKED, row.name, row.source, row.is_verified
            )
    return WorkCalendar(days=days, weeks=_weeks(chain), years=shipped_years())


def line_of(unit: Unit, on: date) -> list[Unit]:
    """The unit and those above it on a day, the widest first."""
    day = on if unit.valid_from is None else max(on, unit.valid_from)
    return [*reversed(ancestors(unit, day)), unit]


@dataclass(frozen=True)
class DayShown:
    """A day on which the weekday does not decide, or no longer. `said`: the row that says so, None where it ships with the program."""

    on: date
    kind: str
    name: str
    source: str
    is_verified: bool
    said: CalendarDay | None = None


def days_of_year(unit: Unit, year: int) -> list[DayShown]:
    """Every special day of a year as it stands for the unit, in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = {day: _shipped(special) for day, special in shipped_days().items() if day.year == year}
    rows = CalendarDay.objects.select_related("unit")
    for row in _standing_days(line_of(unit, first), first, last, rows):
        found[row.on] = DayShown(row.on, row.kind, row.name, row.source, row.is_verified, row)
    return [found[day] for day in sorted(found)]


def _shipped(special: SpecialDay) -> DayShown:
    kind = DayKind.WORKED if special.is_worked else DayKind.OFF
    return DayShown(special.on, kind, special.name, special.source, special.is_verified)


def own_hours(unit: Unit, on: date) -> list[OfficeHours]:
    """What was said about office hours by the unit or one above it and stands, in the order it was said."""
    return _standing_hours(line_of(unit, on), OfficeHours.objects.select_related("unit"))


def day_of_unit(unit: Unit, uuid: UUID) -> CalendarDay | None:
    """A row that this very unit said; those of a unit above are not its own to take back."""
    return CalendarDay.objects.filter(unit=unit, uuid=uuid).first()


def hours_of_unit(unit: Unit, uuid: UUID) -> OfficeHours | None:
    return OfficeHours.objects.filter(unit=unit, uuid=uuid).first()


def _standing_days(
    chain: Sequence[Unit], first: date, last: date, rows: "QuerySet[CalendarDay]"
) -> list[CalendarDay]:
    """Of `rows`, the widest unit's first, so that a nearer one's is laid over it."""
    at = {unit.pk: place for place, unit in enumerate(chain)}
    found = rows.filter(unit_id__in=at, retracted_at=None, on__range=(first, last))
    return sorted(found, key=lambda row: (at[row.unit_id], row.recorded_at, row.pk))


def _standing_hours(chain: Sequence[Unit], rows: "QuerySet[OfficeHours]") -> list[OfficeHours]:
    at = {unit.pk: place for place, unit in enumerate(chain)}
    found = rows.filter(unit_id__in=at, retracted_at=None)
    return sorted(found, key=lambda row: (at[row.unit_id], row.valid_from, row.recorded_at, row.pk))


def _weeks(chain: Sequence[Unit]) -> tuple[Week, ...]:
    rows = _standing_hours(chain, OfficeHours.objects.all())
    if not rows:
        return (DEFAULT_WEEK,)
    starts = sorted({row.valid_from for row in rows})
    return (
        DEFAULT_WEEK,
        *(_week(start, [row for row in rows if row.valid_from <= start]) for start in starts),
    )


def _week(valid_from: date, rows: Iterable[OfficeHours]) -> Week:
    hours, counted = dict(DEFAULT_WEEK.hours), set(DEFAULT_WEEK.counted)
    for row in rows:
        hours[row.weekday] = parse_spans(row.spans)
        (counted.add if row.is_counted else counted.discard)(row.weekday)
    return Week(hours, frozenset(counted), valid_from)
