"""What comes out of a report: figures and findings, in the shape of the command line's contract."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

SEVERITY = {
    "percent_mismatch": "error",
    "percent_truncated": "warning",
    "remainder_mismatch": "error",
    "parts_do_not_sum": "error",
    "part_added_to_whole": "error",
    "part_exceeds_whole": "error",
    "denominators_differ": "warning",
}


def number(value: Decimal | int | None) -> int | float | None:
    """A number as JSON has it.

    >>> number(Decimal("92.10")), number(Decimal(81)), number(None)
    (92.1, 81, None)
    """
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure. `start`/`end` are character offsets in the text as it was given; missing parts are None.

    `role`: value, before (the level something rose from), remaining, target or change. Several figures share one place in the text
    when one number is told of several subjects ("A, B và C đều đạt 80%"). In a table `row`/`column` (from 0) say where it stands.
    """

    id: int
    start: int | None
    end: int | None
    text: str
    numerator: int | None
    denominator: int | None
    percent: Decimal | None
    percent_places: int
    percent_to: Decimal | None
    qualifier: str | None
    indicator: str | None
    unit_name: str | None
    stage: str | None
    role: str
    population: str | None
    population_text: str | None
    as_of: str | None
    counted_from: date | None
    counted_to: date | None
    row: int | None = None
    column: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "percent": number(self.percent),
            "percent_places": self.percent_places,
            "percent_to": number(self.percent_to),
            "qualifier": self.qualifier,
            "indicator": self.indicator,
            "unit_name": self.unit_name,
            "unit_code": None,
            "stage": self.stage,
            "role": self.role,
            "population": self.population,
            "population_text": self.population_text,
            "as_of": self.as_of,
            "counted_from": self.counted_from and self.counted_from.isoformat(),
            "counted_to": self.counted_to and self.counted_to.isoformat(),
            "row": self.row,
            "column": self.column,
        }


@dataclass(frozen=True, slots=True)
class Repair:
    """One number changed that would make everything fit. `kind`: transposition, digit, extra_digit, missing_digit or percent."""

    figure: int
    field: str
    printed: Decimal
    fits: Decimal
    kind: str
    cell: str | None = None

    def as_json(self) -> dict[str, Any]:
        shown = {
            "figure": self.figure,
            "field": self.field,
            "from": number(self.printed),
            "to": number(self.fits),
            "kind": self.kind,
        }
        return {**shown, "cell": self.cell} if self.cell else shown


@dataclass(frozen=True, slots=True)
class Finding:
    """A disagreement; `expected` is what the other numbers give, `found` what is printed. It names no culprit."""

    code: str
    figures: tuple[int, ...]
    expected: Decimal | None
    found: Decimal | None
    message: str
    message_en: str
    repairs: tuple[Repair, ...] = ()
    cells: tuple[str, ...] = ()

    @property
    def severity(self) -> str:
        return SEVERITY[self.code]

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity,
            "figures": list(self.figures),
            "expected": number(self.expected),
            "found": number(self.found),
            "message": self.message,
            "message_en": self.message_en,
            "repairs": [repair.as_json() for repair in self.repairs],
        }
        if self.cells:
            shown["cells"] = list(self.cells)
        return shown


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures in the order of the text, findings in the order of their first figure."""

    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    as_of: str | None = None
    unit_names: tuple[str, ...] = field(default=())

    def as_json(self, unit: str | None = None, on: date | None = None) -> dict[str, Any]:
        """The document of `figures read`."""
        return {
            "unit": unit,
            "on": on.isoformat() if on else None,
            "as_of": self.as_of,
            "figures": [figure.as_json() for figure in self.figures],
            "findings": [finding.as_json() for finding in self.findings],
        }
