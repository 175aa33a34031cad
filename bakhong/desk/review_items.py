"""A figure of a report as its reviewer sees it: as read, what is doubted of it, what is stored of it; and how far a report is."""

from dataclasses import dataclass
from uuid import UUID

from bakhong.core.numbers import format_int, format_percent
from bakhong.indicators.actions.entries import FigureEntry, TargetEntry
from bakhong.indicators.models import Role
from bakhong.indicators.queries.history_shapes import FindingRow, HistoryRow, TargetEntryRow
from bakhong.indicators.queries.words import indicator_name, is_english
from bakhong.indicators.rules.messages import shown
from bakhong.indicators.rules.reading import Figure as Read
from bakhong.indicators.rules.reading import Finding, Reading
from bakhong.places.models import Unit

FIGURE_ROLES = frozenset(Role.values)
TARGET = "target"


@dataclass(frozen=True)
class Fill:
    """One number that would make everything fit: the figure it is of, the field, the number, how it reads."""

    number: int
    field: str
    value: str
    label: str


@dataclass(frozen=True)
class Doubt:
    """What the reader finds wrong about a figure not stored yet."""

    code: str
    severity: str
    message: str
    numbers: tuple[int, ...]
    fills: tuple[Fill, ...]


@dataclass(frozen=True)
class Item:
    """One figure of the text. `place` names it whatever the reader numbers it; `entry` is what confirming it stores, None where it
    needs the clerk first (`why_not` says why)."""

    number: int
    place: str
    key: UUID
    read: Read
    unit: Unit | None
    entry: FigureEntry | TargetEntry | None
    why_not: str
    doubts: tuple[Doubt, ...]
    stored: HistoryRow | None = None
    target: TargetEntryRow | None = None
    findings: tuple[FindingRow, ...] = ()
    is_aside: bool = False

    @property
    def state(self) -> str:
        """done, retracted, aside or open."""
        if self.target is not None or (self.stored is not None and self.stored.state == "current"):
            return "done"
        if self.stored is not None:
            return "retracted"
        return "aside" if self.is_aside else "open"

    @property
    def is_clean(self) -> bool:
        """May be confirmed together with others, unseen: nothing is missing and nothing disagrees."""
        return self.state == "open" and self.entry is not None and not self.doubts

    @property
    def severity(self) -> str:
        """The worst of what still disagrees: error, warning or ""."""
        told = [each.severity for each in self.doubts] if self.state == "open" else []
        told += [each.severity for each in self.findings if each.is_open]
        return "error" if "error" in told else "warning" if told else ""

    @property
    def text(self) -> str:
        """As printed; a row of a table as its numbers."""
        if "\t" not in self.read.text and "|" not in self.read.text:
            return self.read.text
        numbers = [
            format_int(each) for each in (self.read.numerator, self.read.denominator) if each is not None
        ]
        percent = [] if self.read.percent is None else [format_percent(self.read.percent)]
        return "; ".join((["/".join(numbers)] if numbers else []) + percent)

    @property
    def indicator_name(self) -> str:
        """In the language of the moment; what was stored counts before what was read."""
        if self.stored is not None:
            return self.stored.figure.rule_name.indicator
        return indicator_name(self.read.indicator) if self.read.indicator else ""

    @property
    def mark_kind(self) -> str:
        return self.severity or {"done": "done", "aside": "aside"}.get(self.state, "plain")


@dataclass(frozen=True)
class Progress:
    """How far a report is: `found` figures by the reader, of which `confirmed` and `left_out`; findings that still ask."""

    found: int
    confirmed: int
    left_out: int
    open_findings: int

    @property
    def decided(self) -> int:
        return self.confirmed + self.left_out

    @property
    def waiting(self) -> int:
        return self.found - self.decided


def doubts_of(reading: Reading) -> dict[int, tuple[Doubt, ...]]:
    """Number of a figure → what the reader finds wrong about it, in the language of the moment."""
    out: dict[int, tuple[Doubt, ...]] = {}
    for finding in reading.findings:
        doubt = _doubt(finding)
        for number in finding.figures:
            out[number] = (*out.get(number, ()), doubt)
    return out


def _doubt(finding: Finding) -> Doubt:
    lang = "en" if is_english() else "vi"
    fills = []
    for repair in finding.repairs:
        is_percent = repair.field == "percent"
        places = max(0, -int(repair.printed.as_tuple().exponent)) if is_percent else 0
        number = shown(repair.fits, lang, places) + ("%" if is_percent else "")
        fills.append(Fill(repair.figure, repair.field, shown(repair.fits, "vi", places), number))
    message = finding.message_en if lang == "en" else finding.message
    return Doubt(finding.code, finding.severity, message, finding.figures, tuple(fills))
