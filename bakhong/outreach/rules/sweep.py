"""Hardest first: how hard a village or a household is, and why, in parts that add up to the score.

The order is an aid; the plan prints every part so that whoever knows the village can disagree.
Source: domain research 2.2 ("cuốn chiếu") and 2.3 (what stood in the way); weights: data/sweep.toml.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "sweep.toml"
_HALF = Decimal("0.5")
_CENTS = Decimal("0.01")
BEST_SIGNAL = 4


@dataclass(frozen=True)
class PartKind:
    code: str
    weight: int
    vi: str
    en: str
    top: Decimal | None


@dataclass(frozen=True)
class Conditions:
    """What is known of a village or a household. Counts are people, `pairs` people × services; None: nobody has said.

    `known_phones`: of how many it is known what telephone they have; `weak_phones`: no smartphone.
    """

    people: int = 0
    absent: int = 0
    known_phones: int = 0
    weak_phones: int = 0
    elderly: int = 0
    missing_pairs: int = 0
    all_pairs: int = 0
    signal: int | None = None
    distance_km: Decimal | None = None


@dataclass(frozen=True)
class Part:
    """`value` 0 (easy) to 1 (hard), None where nobody has said; `points` of the score; `of`/`all` are what the words print."""

    code: str
    value: Decimal | None
    weight: int
    points: Decimal
    of: str
    all: str


@cache
def part_kinds() -> Mapping[str, PartKind]:
    """In the order they are shown."""
    rows = tomllib.loads(DATA.read_text())["part"]
    return {
        row["code"]: PartKind(
            row["code"],
            row["weight"],
            row["vi"],
            row["en"],
            Decimal(row["top"]) if "top" in row else None,
        )
        for row in rows
    }


def usual_weights() -> dict[str, int]:
    """part → weight.

    >>> sum(usual_weights().values())
    100
    """
    return {code: kind.weight for code, kind in part_kinds().items()}


def parts_of(known: Conditions, weights: Mapping[str, int]) -> tuple[Part, ...]:
    """The parts of the score. What nobody has said counts half: neither easy nor hard, and never a reason to come last.

    >>> known = Conditions(people=10, absent=4, missing_pairs=5, all_pairs=20, known_phones=8, weak_phones=2, signal=1)
    >>> [(part.code, str(part.value), str(part.points)) for part in parts_of(known, usual_weights())][1:4]
    [('absent', '0.4', '8.00'), ('no_smartphone', '0.25', '5.00'), ('elderly', '0', '0.00')]
    """
    whole = sum(weights.values()) or 1
    made = []
    for code, kind in part_kinds().items():
        value, of, everything = _measured(code, known, kind)
        points = (_HALF if value is None else value) * 100 * weights.get(code, 0) / whole
        made.append(
            Part(code, value, weights.get(code, 0), points.quantize(_CENTS, ROUND_HALF_UP), of, everything)
        )
    return tuple(made)


def score_of(parts: tuple[Part, ...]) -> Decimal:
    """0 (easy) to 100 (hard): the sum of the parts' points.

    >>> score_of(parts_of(Conditions(people=1, absent=1, missing_pairs=1, all_pairs=1, elderly=1, known_phones=1, weak_phones=1,
    ...     signal=0, distance_km=Decimal(90)), usual_weights()))
    Decimal('100.00')
    """
    return min(sum((part.points for part in parts), Decimal(0)), Decimal(100))


def _measured(code: str, known: Conditions, kind: PartKind) -> tuple[Decimal | None, str, str]:
    if code == "signal":
        if known.signal is None:
            return None, "", str(BEST_SIGNAL)
        return 1 - Decimal(known.signal) / BEST_SIGNAL, str(known.signal), str(BEST_SIGNAL)
    if code == "distance":
        if known.distance_km is None or kind.top is None:
            return None, "", ""
        return min(known.distance_km / kind.top, Decimal(1)), str(known.distance_km), ""
    of, everything = {
        "missing": (known.missing_pairs, known.all_pairs),
        "absent": (known.absent, known.people),
        "no_smartphone": (known.weak_phones, known.known_phones),
        "elderly": (known.elderly, known.people),
    }[code]
    return (Decimal(of) / everything if everything else None), str(of), str(everything)
