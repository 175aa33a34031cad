"""The registry of indicators: what each one counts, of whom, how it is rounded, and how reports call it.

The definitions are data (`indicators/data/definitions/*.toml`); this file reads and validates them. Facts keep their mark: what is
unverified says so in `source`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "definitions"

PILLARS = {
    "government": ("Chính quyền số", "Digital government"),
    "economy": ("Kinh tế số", "Digital economy"),
    "society": ("Xã hội số", "Digital society"),
}
STAGES = {
    "collected": ("đã thu nhận", "collected"),
    "installed": ("đã cài đặt", "installed"),
    "registered": ("đã đăng ký", "registered"),
    "approved": ("đã phê duyệt", "approved"),
    "issued": ("đã cấp", "issued"),
    "activated": ("đã kích hoạt", "activated"),
    "in_use": ("đang sử dụng", "in use"),
    "received": ("đã tiếp nhận", "received"),
    "in_progress": ("đang giải quyết", "in progress"),
    "settled": ("đã giải quyết", "settled"),
}
COUNTED = {
    "person", "subscription", "dossier", "document", "household", "official", "merchant", "provider_payment",
    "organisation", "petition", "target",
}  # fmt: skip
DIRECTIONS = {"higher", "lower"}
CRITERIA = ("G1", "G2", "G3", "G4", "P1", "P2", "P3", "P4", "P5", "P6")


class DefinitionError(ValueError):
    """A definition file is wrong; the message names the file, the code and the field."""


class UnknownIndicator(LookupError):
    """No definition has this code."""


@dataclass(frozen=True, slots=True)
class Population:
    """Who a denominator counts. Ages are whole years, both ends included; None is "no limit" or "any"."""

    key: str
    name_vi: str
    name_en: str
    kind: str
    age_min: int | None = None
    age_max: int | None = None
    presence: str = "any"
    has_smartphone: bool | None = None
    phrases: tuple[str, ...] = ()
    eligible_for: str = (
        ""  # a service: its own rule of who is eligible stands instead of ages, presence and phone
    )
    also: tuple[str, ...] = ()  # kinds counted beside `kind` ("organisation")


@dataclass(frozen=True, slots=True)
class Computed:
    """One way of counting an indicator from the roll; a line may name several stages and populations, each is a measure.

    Counted is who reached `at_least` with one of `services` and not with `without`, or has one of `devices`. Where that is less than the
    indicator's name says, the count has a name of its own.
    """

    stages: tuple[str, ...]
    populations: tuple[str, ...]
    services: tuple[str, ...] = ()
    at_least: str = ""  # "": the state from which the service itself counts
    without: str = ""
    devices: tuple[str, ...] = ()
    name_vi: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """The indicator is counted from payments too: of what was paid for `services` ("essential": all that are) how much by transfer.

    What is counted is the indicator's population `population`.
    """

    services: tuple[str, ...]
    population: str


@dataclass(frozen=True, slots=True)
class Version:
    """From `valid_from` on, these rules hold."""

    number: int
    valid_from: date
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator as its rules stand in one version.

    `no` is the No it serves (1 declare once, 2 no cash, 3 no visit) or None; `populations` are the denominators allowed, the first
    is the default; an empty `stages` means that the indicator has only one stage. `target` is a percentage.
    """

    code: str
    name_vi: str
    name_en: str
    pillar: str
    no: int | None
    criterion: str | None
    counted: str
    populations: tuple[Population, ...]
    stages: tuple[str, ...]
    rounding: str
    decimals: int
    direction: str
    target: Decimal | None
    source: str
    phrases: tuple[str, ...]
    weak_phrases: tuple[str, ...]
    yields: bool
    version: int
    valid_from: date
    versions: tuple[Version, ...]
    computed: tuple[Computed, ...] = ()
    paid: Paid | None = None

    @property
    def population(self) -> Population:
        """The denominator used where nothing else is said."""
        return self.populations[0]

    def population_named(self, key: str) -> Population | None:
        return next((found for found in self.populations if found.key == key), None)


class Registry:
    """Every definition, criteria first. Iterating yields the newest version of each.

    >>> [definition.criterion for definition in registry()][:10] == list(CRITERIA)
    True
    """

    def __init__(self, definitions: tuple[Definition, ...], populations: Mapping[str, Population]) -> None:
        self._by_code = {definition.code: definition for definition in definitions}
        self.populations = populations

    def __iter__(self) -> Iterator[Definition]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self._by_code)

    def get(self, code: str) -> Definition:
        """The newest version.

        Raises: UnknownIndicator.
        """
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownIndicator(f"Không có chỉ tiêu nào mang mã “{code}”.") from None

    def version(self, code: str, on: date) -> Definition:
        """The version that held on the day; days before the first version are answered by the first.

        Raises: UnknownIndicator.

        >>> registry().version("payment_account", date(2024, 8, 1)).version
        1
        """
        newest = self.get(code)
        held = [version for version in newest.versions if version.valid_from <= on] or [newest.versions[0]]
        chosen = held[-1]
        if chosen.number == newest.version:
            return newest
        return _at_version(newest, chosen, self.populations)


@cache
def registry() -> Registry:
    """The definitions that ship with the program, read once."""
    return load(DATA)


def load(folder: Path) -> Registry:
    """Reads and validates every definition of a folder.

    Raises: DefinitionError.
    """
    tables = {path.name: _read(path) for path in sorted(folder.glob("*.toml"))}
    populations: dict[str, Population] = {}
    for name, table in tables.items():
        for row in table.get("population", []):
            population = _population(name, row)
            if population.key in populations:
                raise DefinitionError(f"{name}: population {population.key} is defined twice")
            populations[population.key] = population
    definitions: dict[str, Definition] = {}
    for name, table in tables.items():
        for row in table.get("definition", []):
            definition = _definition(name, row, populations)
            if definition.code in definitions:
                raise DefinitionError(f"{name}: {definition.code} is defined twice")
            definitions[definition.code] = definition
    ordered = sorted(definitions.values(), key=_order)
    return Registry(tuple(ordered), populations)


def _order(definition: Definition) -> tuple[int, int]:
    criterion = CRITERIA.index(definition.criterion) if definition.criterion else len(CRITERIA)
    return criterion, list(PILLARS).index(definition.pillar)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path.name}: {error}") from error


_POPULATION_FIELDS = {
    "key",
    "name_vi",
    "name_en",
    "kind",
    "age_min",
    "age_max",
    "presence",
    "has_smartphone",
    "phrases",
    "eligible_for",
    "also",
}
_COMPUTED_FIELDS = {"stage", "population", "service", "at_least", "without", "device", "name_vi", "name_en"}
_BASE = {
    "code", "criterion", "name_vi", "name_en", "pillar", "no", "counted", "populations", "stages", "rounding",
    "decimals", "direction", "target", "source", "phrases", "weak_phrases", "yields", "version", "computed",
    "paid",
}  # fmt: skip
_CHANGEABLE = {"populations", "stages", "rounding", "decimals", "direction", "target", "source"}


def _population(name: str, row: dict[str, Any]) -> Population:
    where = f"{name}: population {row.get('key', '?')}"
    _only(where, row, _POPULATION_FIELDS)
    _need(where, row, "key", "name_vi", "name_en", "kind")
    _one_of(where, "kind", row["kind"], COUNTED)
    _one_of(where, "presence", row.get("presence", "any"), {"any", "present"})
    youngest, oldest = row.get("age_min"), row.get("age_max")
    if youngest is not None and oldest is not None and youngest > oldest:
        raise DefinitionError(f"{where}: age_min {youngest} is above age_max {oldest}")
    return Population(**{**row, "phrases": tuple(row.get("phrases", ())), "also": tuple(row.get("also", ()))})


def _computed(where: str, row: dict[str, Any], stages: Any, populations: Any) -> Computed:
    """`stage`, `population`, `service` and `device` may each be one word or a list."""
    _only(f"{where} computed", row, _COMPUTED_FIELDS)
    _need(f"{where} computed", row, "population")
    if ("service" in row) == ("device" in row):
        raise DefinitionError(f"{where}: a computed line names a service or a device")
    if ("name_vi" in row) != ("name_en" in row):
        raise DefinitionError(f"{where}: a computed line has its name in both languages")
    found = Computed(
        stages=_words(row.get("stage", "")),
        populations=_words(row["population"]),
        services=_words(row.get("service", ())),
        at_least=row.get("at_least", ""),
        without=row.get("without", ""),
        devices=_words(row.get("device", ())),
        name_vi=row.get("name_vi", ""),
        name_en=row.get("name_en", ""),
    )
    for stage in found.stages:
        _one_of(where, "computed stage", stage, {"", *stages})
    for key in found.populations:
        _one_of(where, "computed population", key, set(populations))
    return found


def _paid(where: str, row: dict[str, Any], populations: Any) -> Paid:
    _only(f"{where} paid", row, {"services", "population"})
    _need(f"{where} paid", row, "services", "population")
    _one_of(where, "paid population", row["population"], set(populations))
    return Paid(_words(row["services"]), row["population"])


def _words(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _definition(name: str, row: dict[str, Any], populations: Mapping[str, Population]) -> Definition:
    where = f"{name}: {row.get('code', '?')}"
    _only(where, row, _BASE)
    _need(
        where,
        row,
        "code",
        "name_vi",
        "name_en",
        "pillar",
        "no",
        "counted",
        "populations",
        "stages",
        "source",
        "version",
    )
    _one_of(where, "pillar", row["pillar"], set(PILLARS))
    _one_of(where, "no", row["no"], {0, 1, 2, 3})
    _one_of(where, "counted", row["counted"], COUNTED)
    if "criterion" in row:
        _one_of(where, "criterion", row["criterion"], set(CRITERIA))
    versions = tuple(_version(where, entry) for entry in row["version"])
    if [version.number for version in versions] != list(range(1, len(versions) + 1)):
        raise DefinitionError(f"{where}: versions must be numbered 1, 2, … in order")
    if sorted({version.valid_from for version in versions}) != [version.valid_from for version in versions]:
        raise DefinitionError(f"{where}: valid_from of the versions must grow")
    base = Definition(
        code=row["code"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        pillar=row["pillar"],
        no=row["no"] or None,
        criterion=row.get("criterion"),
        counted=row["counted"],
        populations=(),
        stages=(),
        rounding="half_up",
        decimals=1,
        direction="higher",
        target=None,
        source=row["source"],
        phrases=tuple(row.get("phrases", ())),
        weak_phrases=tuple(row.get("weak_phrases", ())),
        yields=row.get("yields", False),
        version=1,
        valid_from=versions[0].valid_from,
        versions=(Version(0, date.min, {key: row[key] for key in _CHANGEABLE & row.keys()}), *versions),
        computed=tuple(
            _computed(where, line, row["stages"], row["populations"]) for line in row.get("computed", ())
        ),
        paid=_paid(where, row["paid"], row["populations"]) if "paid" in row else None,
    )
    newest = _at_version(base, versions[-1], populations, where)
    return replace(
        newest,
        versions=(
            replace(versions[0], changes={**base.versions[0].changes, **versions[0].changes}),
            *versions[1:],
        ),
    )


def _version(where: str, entry: dict[str, Any]) -> Version:
    _need(where, entry, "number", "valid_from")
    _only(f"{where} version {entry['number']}", entry, _CHANGEABLE | {"number", "valid_from"})
    if not isinstance(entry["valid_from"], date):
        raise DefinitionError(f"{where}: valid_from must be a day")
    changes = {key: value for key, value in entry.items() if key in _CHANGEABLE}
    return Version(entry["number"], entry["valid_from"], changes)


def _at_version(
    definition: Definition, chosen: Version, known: Mapping[str, Population], where: str = ""
) -> Definition:
    """The definition with the changes of every version up to `chosen` laid over each other."""
    where = where or definition.code
    rules: dict[str, Any] = {"rounding": "half_up", "decimals": 1, "direction": "higher", "target": None}
    for version in definition.versions:
        if version.number <= chosen.number:
            rules.update(version.changes)
    _one_of(where, "rounding", rules["rounding"], {"half_up"})
    _one_of(where, "direction", rules["direction"], DIRECTIONS)
    for stage in rules["stages"]:
        _one_of(where, "stage", stage, set(STAGES))
    for key in rules["populations"]:
        _one_of(where, "population", key, set(known))
    if not rules["populations"]:
        raise DefinitionError(f"{where}: at least one population is needed")
    target = rules["target"]
    return replace(
        definition,
        populations=tuple(known[key] for key in rules["populations"]),
        stages=tuple(rules["stages"]),
        rounding=rules["rounding"],
        decimals=rules["decimals"],
        direction=rules["direction"],
        target=None if target is None else Decimal(str(target)),
        source=rules["source"],
        version=chosen.number,
        valid_from=chosen.valid_from,
    )


def _need(where: str, row: Mapping[str, Any], *fields: str) -> None:
    for name in fields:
        if name not in row:
            raise DefinitionError(f"{where}: the field {name} is missing")


def _only(where: str, row: Mapping[str, Any], allowed: set[str]) -> None:
    for name in row:
        if name not in allowed:
            raise DefinitionError(f"{where}: the field {name} is not known")


def _one_of(where: str, name: str, value: object, allowed: set[Any]) -> None:
    if value not in allowed:
        raise DefinitionError(
            f"{where}: {name} {value!r} is not one of {', '.join(map(str, sorted(allowed, key=str)))}"
        )
