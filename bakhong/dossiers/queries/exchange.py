"""What is counted from the provincial lists: in time, and nothing asked twice. Always with the list behind."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM, day_of
from bakhong.dossiers.models import ColumnMapping, ExternalDossier, ProvincialList
from bakhong.dossiers.queries.counts import Period, bounds
from bakhong.dossiers.rules.promptness import Verdict, judge
from bakhong.places.models import Unit
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.queries.local import catalogue
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.deadlines import due

NATIONAL_CODE = re.compile(r"\d\.\d{6}")


@dataclass(frozen=True)
class Judged:
    row: ExternalDossier
    verdict: Verdict


@dataclass(frozen=True)
class Counted:
    """`numerator` of `denominator`: rows `good` of `good` and `bad`; what the lists do not tell of is in neither but in `silent`."""

    good: tuple[Judged, ...]
    bad: tuple[Judged, ...]
    silent: tuple[Judged, ...] = ()

    @property
    def numerator(self) -> int:
        return len(self.good)

    @property
    def denominator(self) -> int:
        return len(self.good) + len(self.bad)


def remembered_columns(unit: Unit) -> dict[str, dict[str, str]]:
    """By headings, what somebody said the columns of such lists are."""
    return dict(ColumnMapping.objects.filter(village=unit).values_list("headings", "fields"))


def lists_of(actor: Actor, unit: Unit) -> "QuerySet[ProvincialList]":
    """The lists that were taken in, the latest first."""
    return ProvincialList.objects.for_user(actor).filter(village=unit).order_by("-taken_at", "-pk")


def counted_rows(units: Collection[int], period: Period) -> list[Judged]:
    """Dossiers of the lists that were received, or ended, in the period, judged."""
    start, end = bounds(period)
    inside = {"gte": start, "lt": end}
    wanted = Q()
    for name in ("received_at", "finished_at", "returned_at", "refused_at"):
        wanted |= Q(**{f"{name}__{how}": moment for how, moment in inside.items()})
    rows = (
        ExternalDossier.objects.filter(wanted, village__in=list(units), is_current=True)
        .select_related("batch", "village")
        .order_by("received_at", "pk")
    )
    promised = _Promised()
    return [Judged(row, _verdict(row, end, promised)) for row in rows]


def on_time(rows: Iterable[Judged]) -> Counted:
    """Source: rules/promptness.judge."""
    return _parted(rows, lambda each: each.verdict.in_time)


def reused(rows: Iterable[Judged]) -> Counted:
    """Dossiers of which at least one paper had not to be given again. Source: Decision 766, item 4.3 (unofficial copy)."""
    return _parted(rows, lambda each: _either(each.row.is_reused, each.row.is_digitised))


def from_store(rows: Iterable[Judged]) -> Counted:
    """Source: item 4.4."""
    return _parted(rows, lambda each: each.row.is_from_store)


def population_used(rows: Iterable[Judged]) -> Counted:
    """Source: item 4.5."""
    return _parted(rows, lambda each: each.row.is_population)


def _parted(rows: Iterable[Judged], ask: Callable[[Judged], bool | None]) -> Counted:
    parts: dict[bool | None, list[Judged]] = {True: [], False: [], None: []}
    for each in rows:
        parts[ask(each)].append(each)
    return Counted(tuple(parts[True]), tuple(parts[False]), tuple(parts[None]))


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None and other is None else False


def _verdict(row: ExternalDossier, end: datetime, promised: "_Promised") -> Verdict:
    known = datetime.combine(row.batch.as_of + timedelta(1), time(), VIET_NAM)
    return judge(
        due=row.due_at or promised.of(row),
        finished=row.finished_at,
        returned=row.returned_at,
        ended=row.refused_at,
        asked=row.asked_at,
        answered=row.answered_at,
        waited=row.waited_minutes,
        supplements=row.supplements,
        as_of=min(end, known),
        state=row.state,
    )


class _Promised:
    """When a dossier without a promised day is due by the limit of its procedure, where our catalogue has it."""

    def __init__(self) -> None:
        self._calendars: dict[tuple[int, int], Any] = {}
        self._catalogues: dict[tuple[int, date], Mapping[str, Procedure]] = {}

    def of(self, row: ExternalDossier) -> datetime | None:
        named = NATIONAL_CODE.match(row.procedure)
        if row.received_at is None or named is None:
            return None
        day = day_of(row.received_at)
        at = (row.village_id, day)
        if at not in self._catalogues:
            self._catalogues[at] = catalogue(row.village, day)
        found = self._catalogues[at].get(named[0])
        if found is None:
            return None
        key = (row.village_id, day.year)
        if key not in self._calendars:
            self._calendars[key] = calendar_for(row.village, date(day.year, 1, 1))
        return due(row.received_at, found.limit, self._calendars[key]).due_at
