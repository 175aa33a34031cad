"""What the roll can count: each measure is an indicator at one stage among one population.

The registry's computed lines say what is counted, the populations and the services of `people` say of whom. For the database both
become numbers: a population and a "having" are each a bit, and what a village counts is a *cell* — everybody of a population, or those of
them who have something. Measures share cells. The numbers hold under one `fingerprint` of the rules; other rules mean a rebuild.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple, TypeVar

from bakhong.indicators.rules.definitions import Computed, Definition, DefinitionError, Population, registry
from bakhong.people.rules.services import COUNTED, Service, covering, services, states_reaching

T = TypeVar("T")
MOST_BITS = 62  # of a bigint, the sign left alone
VERSION = 1  # grows when spans are made of the same rules in another way


class MeasureKey(NamedTuple):
    """How a measure is called. In addresses: "eid_accounts--activated--adults".

    >>> MeasureKey.of_slug(MeasureKey("smartphone", "", "adults").slug)
    MeasureKey(indicator='smartphone', stage='', population='adults')
    """

    indicator: str
    stage: str
    population: str

    @property
    def slug(self) -> str:
        return "--".join(self)

    @staticmethod
    def of_slug(slug: str) -> "MeasureKey | None":
        """None where no measure is called so."""
        parts = slug.split("--")
        key = MeasureKey(*parts) if len(parts) == 3 else None
        return key if key in measures() else None


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a population counts, as the roll can tell. Ages are whole years, both ends included."""

    kinds: frozenset[str]
    age_min: int = 0
    age_max: int | None = None
    is_present: bool = False
    has_smartphone: bool | None = None


@dataclass(frozen=True, slots=True)
class Having:
    """To have reached `at_least` with one of the services (and with none of `without`), or to have one of the devices."""

    services: frozenset[str]
    at_least: str = ""
    without: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()


class Cell(NamedTuple):
    """What a village counts: a bit of a population; with `having` those of them who have that, else all of them."""

    population: int
    having: int | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One percentage. `having` and `group` are bits; `covered` is the having of those who need nobody's visit any more.

    Of most measures `covered` is `having`; who has level 2 does not count in level 1, and does not lack it either.
    """

    key: MeasureKey
    group: int
    having: int
    covered: int
    numerator: int  # cells
    denominator: int
    present: int  # the cell of those of the denominator who are not away
    services: tuple[str, ...]
    at_least: str
    counted: str
    names: tuple[str, str] = ("", "")  # Vietnamese, English; empty: the indicator's

    @property
    def kinds(self) -> frozenset[str]:
        return book().groups[self.group].kinds


@dataclass(frozen=True)
class Book:
    """Every measure with the numbers it has in the database."""

    groups: tuple[Group, ...]
    havings: tuple[Having, ...]
    cells: tuple[Cell, ...]
    measures: Mapping[MeasureKey, Measure]
    fingerprint: str

    @property
    def ages(self) -> tuple[int, ...]:
        """The birthdays on which somebody enters or leaves a population, in order."""
        found = {group.age_min for group in self.groups} | {
            group.age_max + 1 for group in self.groups if group.age_max is not None
        }
        return tuple(sorted(found - {0}))


@cache
def book() -> Book:
    """The measures of the definitions and services that ship with the program.

    Raises: DefinitionError for a computed line that names no service or state.
    """
    return write_book(registry(), services())


def measures() -> Mapping[MeasureKey, Measure]:
    """In the registry's order; the first of an indicator is its usual one."""
    return book().measures


def measure_key(indicator: str, stage: str = "", population: str = "") -> MeasureKey | None:
    """The first measure of an indicator that fits what is said; where no stage is said, one of the definition's usual population.

    >>> measure_key("eid_accounts", population="adults")
    MeasureKey(indicator='eid_accounts', stage='activated', population='adults')
    """
    fitting = [
        key
        for key in measures()
        if key.indicator == indicator and stage in {"", key.stage} and population in {"", key.population}
    ]
    if not fitting:
        return None
    own = registry().get(indicator).population.key
    return next((key for key in fitting if key.population == own), fitting[0])


def write_book(definitions: Iterable[Definition], known: Mapping[str, Service]) -> Book:
    """Numbers everything in the order it is first met."""
    groups: dict[Group, int] = {}
    havings: dict[Having, int] = {}
    cells: dict[Cell, int] = {}
    found: dict[MeasureKey, Measure] = {}
    for definition in definitions:
        for line in definition.computed:
            having, covered = _havings(definition, line, known)
            for population in line.populations:
                group = _group(_population(definition, population), known)
                for stage in line.stages or ("",):
                    key = MeasureKey(definition.code, stage, population)
                    if key in found:
                        raise DefinitionError(f"{definition.code}: {key.slug} is computed twice")
                    bits = (
                        _number(groups, group),
                        _number(havings, having),
                        _number(havings, covered),
                    )
                    found[key] = Measure(
                        key,
                        *bits,
                        numerator=_number(cells, Cell(bits[0], bits[1])),
                        denominator=_number(cells, Cell(bits[0], None)),
                        present=_number(cells, Cell(_number(groups, replace(group, is_present=True)), None)),
                        services=line.services,
                        at_least=having.at_least,
                        counted=definition.counted,
                        names=(line.name_vi, line.name_en),
                    )
    if len(groups) > MOST_BITS or len(havings) > MOST_BITS:
        raise DefinitionError(f"{len(groups)} populations and {len(havings)} havings: at most {MOST_BITS}")
    return Book(tuple(groups), tuple(havings), tuple(cells), found, _fingerprint(groups, havings, cells))


def _number(known: dict[T, int], value: T) -> int:
    return known.setdefault(value, len(known))


def _havings(definition: Definition, line: Computed, known: Mapping[str, Service]) -> tuple[Having, Having]:
    """(who is counted, who has it or better)."""
    if line.devices:
        having = Having(frozenset(), devices=frozenset(line.devices))
        return having, having
    for code in (*line.services, *filter(None, [line.without])):
        if code not in known:
            raise DefinitionError(f"{definition.code}: no service {code}")
    first = known[line.services[0]]
    at_least = line.at_least or first.counts_from
    if at_least not in first.ladder:
        raise DefinitionError(f"{definition.code}: {first.code} has no state {at_least}")
    covered = Having(frozenset(each for code in line.services for each in covering(code)), at_least)
    if not line.without:
        return covered, covered
    return Having(frozenset(line.services), at_least, frozenset({line.without})), covered


def _population(definition: Definition, key: str) -> Population:
    found = definition.population_named(key)
    if found is None:
        raise DefinitionError(f"{definition.code}: population {key} is none of its own")
    return found


def _group(population: Population, known: Mapping[str, Service]) -> Group:
    kind = "organisation" if population.kind == "merchant" else population.kind
    kinds = frozenset({kind, *population.also})
    if unknown := kinds - set(COUNTED):
        raise DefinitionError(f"{population.key}: the roll does not count {', '.join(sorted(unknown))}")
    if not population.eligible_for:
        return Group(
            kinds,
            population.age_min or 0,
            population.age_max,
            population.presence == "present",
            population.has_smartphone,
        )
    if population.eligible_for not in known:
        raise DefinitionError(f"{population.key}: no service {population.eligible_for}")
    rule = known[population.eligible_for].eligible
    return Group(kinds, rule.age_min or 0, rule.age_max, rule.presence == "present", rule.has_smartphone)


def _fingerprint(groups: Iterable[Group], havings: Iterable[Having], cells: Iterable[Cell]) -> str:
    """Says whether two programs number and count alike."""
    lines = [str(VERSION)]
    lines += [
        f"{sorted(each.kinds)} {each.age_min} {each.age_max} {each.is_present} {each.has_smartphone}"
        for each in groups
    ]
    lines += [
        f"{sorted(each.services)} {states_reaching(each.at_least) if each.at_least else ''} {sorted(each.without)}"
        f" {sorted(each.devices)}"
        for each in havings
    ]
    lines += [f"{each.population} {each.having}" for each in cells]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
