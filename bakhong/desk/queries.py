"""What the desk asks beside the queries of the rooms: light enough to stand on every line of a page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q

from bakhong.indicators.models import Figure as StoredFigure
from bakhong.indicators.models import Finding
from bakhong.indicators.queries import open_findings, unit_ref
from bakhong.indicators.queries.facts import Ground, ground_of
from bakhong.indicators.queries.rows import unit_refs
from bakhong.indicators.queries.shapes import UnitRef
from bakhong.indicators.queries.words import is_english
from bakhong.indicators.rules.advice import advice
from bakhong.places.models import Level, Unit
from bakhong.places.queries import descendant_ids, in_boundaries
from bakhong.places.queries.units import valid_on
from bakhong.ui.figures import language


@dataclass(frozen=True)
class Flag:
    """An open finding as it sits on a number."""

    uuid: UUID
    severity: str  # "error" or "warning"
    message: str
    advice: str


def flags_on(figures: Collection[UUID]) -> dict[UUID, list[Flag]]:
    """The open findings about figures, by the figure's uuid; errors first. One query."""
    found: dict[UUID, list[Flag]] = defaultdict(list)
    if not figures:
        return found
    rows = (
        Finding.objects.open()
        .filter(figures__uuid__in=list(figures))
        .order_by("severity", "id")  # "error" sorts before "warning"
        .values_list("figures__uuid", "uuid", "severity", "message_en" if is_english() else "message", "code")
    )
    for figure, uuid, severity, message, code in rows:
        found[figure].append(Flag(uuid, severity, message, advice(code, language())))
    return found


@dataclass(frozen=True)
class Heard:
    """A unit that has figures, its own or of the units it was made of."""

    unit: UnitRef
    former: tuple[str, ...]  # names of the former units among them
    figures: int
    newest: date | None
    findings: int  # open ones


@dataclass(frozen=True)
class Reach:
    """Who under a unit has ever sent anything: the newest figures first. `have` and `of` count communes."""

    heard: tuple[Heard, ...]
    silent: tuple[UnitRef, ...]
    have: int
    of: int


def reach(unit: Unit, on: date, *, day: date) -> Reach:
    """Communes (and, on a day when there were any, districts) under a unit, in the boundaries of `day`, with figures up to `on`.

    About eight queries whatever the number of units.
    """
    units = Unit.objects.filter(pk__in=below_on(unit, day), level__in=(Level.DISTRICT, Level.COMMUNE))
    units = units.order_by("sort_key", "code")
    ground = ground_of([each.pk for each in units])
    told = {
        pk: (count, newest)
        for pk, count, newest in StoredFigure.objects.current()
        .filter(Q(effective_on=None) | Q(effective_on__lte=on), unit__in=ground.all_units)
        .values_list("unit")
        .annotate(Count("pk"), Max("effective_on"))
    }
    names = unit_refs(told)
    by_unit, _by_figure = open_findings(told)
    heard, silent = [], []
    for each in units:
        mine = {pk for name in _grounds(each.pk, ground) for pk in ground.names[name] if pk in told}
        if not mine:
            silent.append(each)
            continue
        former = {pk for pk in mine if names[pk].name != each.full_name}
        heard.append(
            Heard(
                unit_ref(each),
                tuple(sorted(names[pk].name for pk in former)),
                sum(told[pk][0] for pk in mine),
                max((newest for pk in mine if (newest := told[pk][1])), default=None),
                sum(by_unit[pk].total for pk in mine if pk in by_unit),
            )
        )
    heard.sort(key=lambda row: (row.newest or date.min, row.figures), reverse=True)
    have = sum(row.unit.level == Level.COMMUNE for row in heard)
    missing = tuple(unit_ref(each) for each in silent if each.level == Level.COMMUNE)
    return Reach(tuple(heard), missing, have, have + len(missing))


def below_on(unit: Unit, day: date, level: str | None = None) -> list[int]:
    """What lies on a day below a unit, or below the units that stood where it stands now."""
    roots = [unit.pk]
    if not Unit.objects.filter(valid_on(day), pk=unit.pk).exists():
        roots = [part.unit.pk for part in in_boundaries(unit, day).parts]
    return descendant_ids(roots, day, level)


def _grounds(unit: int, ground: Ground) -> list[int]:
    """The unit, and the units it was made of whose whole ground is part of it."""
    return [unit, *(origin.unit for origin in ground.origins.get(unit, ()) if origin.is_whole)]
