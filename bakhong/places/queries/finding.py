"""Finding units by the names people type. A key without accents finds; only the identity key decides."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from bakhong.core.days import day_before
from bakhong.core.text import identity_key, name_key
from bakhong.places.models import Unit
from bakhong.places.queries.lineage import in_boundaries
from bakhong.places.queries.tree import ancestor_ids, descendant_ids
from bakhong.places.queries.units import in_order, valid_on
from bakhong.places.rules.naming import readings, split_place

LEVELS = ("province", "district", "commune", "village")  # a search lists the larger unit first


def find_units(
    text: str, on: date, within: Unit | None = None, level: str | None = None, limit: int = 20
) -> list[Unit]:
    """Units of a day whose name contains the words, with or without accents, or whose code is the text.

    Exact names first, then names that start so, then the rest; the larger unit before the smaller.
    """
    typed = text.strip()
    kinds, name = readings(typed)[0]
    keys = {name_key(reading) for _, reading in readings(typed)} - {""}
    if not keys:
        return []
    matches = Q(code=typed)
    for key in keys:
        matches |= Q(name_key__startswith=key) | Q(name_key__contains=f" {key}")
    found = _scoped(Unit.objects.filter(valid_on(on), matches), on, within, level)
    wanted, key = identity_key(name), name_key(name)

    def rank(unit: Unit) -> tuple[object, ...]:
        return (
            unit.code != typed,
            identity_key(unit.name) != wanted,
            bool(kinds) and unit.kind not in kinds,
            unit.name_key != key,
            not unit.name_key.startswith(key),
            LEVELS.index(unit.level),
            unit.sort_key,
            unit.code,
        )

    return sorted(found.order_by(*in_order()), key=rank)[:limit]


def resolve_name(text: str, *, on: date, within: Unit | None = None, level: str | None = None) -> Unit | None:
    """The one unit a text names, None when there is none or more than one.

    The text may name the units around it ("xã Ngọc Phụng, huyện Thường Xuân"). Units of the day come first, then
    earlier ones, the latest first. `within` may be a unit of another day: an earlier commune is within the
    province that took it over.
    """
    name, *around = split_place(text) or [""]
    scopes = [within] if within else []
    for outer in reversed(around):
        found = _one_named(outer, on, scopes, None)
        if found is None:
            return None
        scopes.append(found)
    return _one_named(name, on, scopes, level)


def _one_named(name: str, on: date, scopes: list[Unit], level: str | None) -> Unit | None:
    for kinds, bare in readings(name):
        named = Unit.objects.filter(name_key=name_key(bare))
        if level:
            named = named.filter(level=level)
        if kinds:
            named = named.filter(kind__in=kinds)
        same = [unit for unit in named if identity_key(unit.name) == identity_key(bare)]
        for moment in _moments(same, on):
            found = [unit for unit in moment if all(_lies_in(unit, scope, on) for scope in scopes)]
            if found:
                return found[0] if len(found) == 1 else None
    return None


def _moments(units: list[Unit], on: date) -> Iterable[list[Unit]]:
    """The units of the day, then those that ended before it, the latest first and those of one last day together."""
    yield [unit for unit in units if _is_valid(unit, on)]
    for end in sorted(
        {unit.valid_to for unit in units if unit.valid_to and unit.valid_to <= on}, reverse=True
    ):
        yield [unit for unit in units if unit.valid_to == end]


def _is_valid(unit: Unit, on: date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= on) and (
        unit.valid_to is None or on < unit.valid_to
    )


def _lies_in(unit: Unit, scope: Unit, on: date) -> bool:
    """True when the unit, while valid, lay in the other or in the units of then that overlap the other."""
    day = on if _is_valid(unit, on) or not unit.valid_to else day_before(unit.valid_to)
    above = [unit.pk, *ancestor_ids(unit.pk, day)]
    if scope.pk in above:
        return True
    then = {part.unit.pk for part in in_boundaries(scope, day).parts}
    return bool(then & set(above))


def _scoped(found: QuerySet[Unit], on: date, within: Unit | None, level: str | None) -> QuerySet[Unit]:
    if level:
        found = found.filter(level=level)
    if within:
        tops = [part.unit.pk for part in in_boundaries(within, on).parts]
        found = found.filter(pk__in=[*tops, *descendant_ids(tops, on)])
    return found
