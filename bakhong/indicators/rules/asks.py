"""What a reporting period asks for: one indicator under one rule (stage and denominator), so that the answers may be compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bakhong.indicators.rules.definitions import Definition, Population, registry

# Where an indicator has several stages, the one a period asks for unless told otherwise: what is done, not what was begun.
_USUAL_STAGES = ("activated", "issued", "settled", "in_use", "registered")
# Denominators that only the provider or the survey knows: the unit is told a percentage and nothing else.
PERCENT_ONLY = frozenset({"provider_payments", "surveyed_units"})
# Counts that belong to the whole period; the others are counted on its last day.
FLOWS = frozenset({"dossier", "document", "petition", "provider_payment"})
LARGEST = 10**12


@dataclass(frozen=True, slots=True)
class Ask:
    """
    >>> Ask.parse("eid_accounts/activated/adults")
    Ask(indicator='eid_accounts', stage='activated', population='adults')
    >>> Ask.parse("smartphone//residents").key
    'smartphone//residents'
    """

    indicator: str
    stage: str
    population: str

    @property
    def key(self) -> str:
        return f"{self.indicator}/{self.stage}/{self.population}"

    @classmethod
    def parse(cls, key: str) -> "Ask":
        indicator, stage, population = key.split("/", 2)
        return cls(indicator, stage, population)

    @classmethod
    def usual(cls, definition: Definition) -> "Ask":
        """The rule a period asks for unless its owner chooses another.

        >>> Ask.usual(registry().get("eid_accounts")).stage
        'activated'
        """
        stage = next(
            (each for each in _USUAL_STAGES if each in definition.stages), next(iter(definition.stages), "")
        )
        return cls(definition.code, stage, definition.population.key)

    def definition(self, on: date) -> Definition:
        return registry().version(self.indicator, on)

    def population_rule(self, on: date) -> Population:
        definition = self.definition(on)
        return definition.population_named(self.population) or definition.population

    def is_known(self, on: date) -> bool:
        """Whether the definition that holds on the day has this stage and this denominator."""
        if self.indicator not in registry():
            return False
        definition = self.definition(on)
        has_stage = self.stage in definition.stages if definition.stages else self.stage == ""
        return has_stage and definition.population_named(self.population) is not None

    @property
    def is_percent_only(self) -> bool:
        return self.population in PERCENT_ONLY

    @property
    def may_exceed_whole(self) -> bool:
        """Over 100 % of a plan is no mistake."""
        return self.population == "assigned_target"

    def is_flow(self, on: date) -> bool:
        return self.definition(on).counted in FLOWS


class CellError(ValueError):
    """A cell cannot hold this; `code` says why (negative, too_large, zero_whole, percent_range)."""

    def __init__(self, ask: str, code: str) -> None:
        super().__init__(ask, code)
        self.ask, self.code = ask, code


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the grid as typed. All None: not filled."""

    numerator: int | None = None
    denominator: int | None = None
    percent: Decimal | None = None
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return self.numerator is None and self.denominator is None and self.percent is None

    def is_complete(self, ask: Ask) -> bool:
        """Enough to be stored as a figure.

        >>> Cell(3, 5).is_complete(Ask("a", "", "residents")), Cell(3).is_complete(Ask("a", "", "residents"))
        (True, False)
        """
        if self.numerator is not None and self.denominator is not None:
            return True
        return (
            ask.is_percent_only
            and self.percent is not None
            and self.numerator is None
            and self.denominator is None
        )

    def as_json(self) -> dict[str, Any]:
        percent = None if self.percent is None else str(self.percent)
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "percent": percent,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Cell":
        percent = value.get("percent")
        return cls(
            value.get("numerator"),
            value.get("denominator"),
            None if percent is None else Decimal(percent),
            value.get("note", ""),
        )


def check_cell(ask: Ask, cell: Cell) -> None:
    """Refuses what no grid can hold, whatever it means.

    Raises: CellError.

    >>> check_cell(Ask("a", "", "residents"), Cell(3, 0))
    Traceback (most recent call last):
    bakhong.indicators.rules.asks.CellError: ('a//residents', 'zero_whole')
    """
    for number in (cell.numerator, cell.denominator):
        if number is not None and number < 0:
            raise CellError(ask.key, "negative")
        if number is not None and number > LARGEST:
            raise CellError(ask.key, "too_large")
    if cell.denominator == 0:
        raise CellError(ask.key, "zero_whole")
    if cell.percent is not None and not _is_percent(cell.percent):
        raise CellError(ask.key, "percent_range")


def _is_percent(percent: Decimal) -> bool:
    try:
        exponent = percent.as_tuple().exponent
        return percent.is_finite() and 0 <= percent <= 1000 and isinstance(exponent, int) and exponent >= -4
    except InvalidOperation:
        return False


def parse_asks(keys: Iterable[str]) -> list[Ask]:
    return [Ask.parse(key) for key in keys]
