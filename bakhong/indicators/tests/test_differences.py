"""Why a published number and our own count of the same thing differ, where the rules can tell."""

from datetime import date

import pytest

from bakhong.indicators.rules.differences import Told, why_different

DAY = date(2025, 5, 6)
GROUPS = {"adults": 5205, "aged_15_up": 5648, "legal_age": 5790}


def told(
    numerator: int | None, denominator: int | None, on: date | None = DAY, stage: str = "activated"
) -> Told:
    return Told(numerator, denominator, "adults", stage, on)


@pytest.mark.parametrize(
    ("said", "numerator", "denominator", "expected"),
    [
        (told(4795, 5205), 4795, 5205, []),
        (told(4795, 5648), 4795, 5205, [("other_group", 5648, "aged_15_up")]),
        (told(4795, 4800), 4795, 5205, [("absent", 405, "")]),
        (told(4795, 5100), 4795, 5205, [("whole_differs", 105, "")]),
        (told(4700, 5205), 4795, 5205, [("counted_differs", 95, "")]),
        (told(None, None), 4795, 5205, []),
        (
            told(4700, 5205, on=None, stage=""),
            4795,
            5205,
            [("counted_differs", 95, ""), ("no_stage", 0, ""), ("no_day", 0, "")],
        ),
    ],
)
def test_it_says_why(
    said: Told, numerator: int, denominator: int, expected: list[tuple[str, int, str]]
) -> None:
    found = why_different(said, numerator, denominator, groups=GROUPS, absent=405, stages=6)
    assert [(each.code, each.number, each.population) for each in found] == expected
