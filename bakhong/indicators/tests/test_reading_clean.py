"""A false alarm about a correct report costs trust: correct paragraphs of many styles are silent, and wrong ones are not."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from bakhong.indicators.rules.reader import read

CLEAN = (Path(__file__).parent / "reports" / "clean.txt").read_text(encoding="utf-8").strip().split("\n\n")


def test_it_has_enough_paragraphs() -> None:
    assert len(CLEAN) >= 80


@pytest.mark.parametrize("paragraph", CLEAN)
def test_it_is_silent_about_a_correct_paragraph(paragraph: str) -> None:
    assert [(one.code, one.message) for one in read(paragraph).findings] == []


def test_it_is_silent_about_all_of_them_together() -> None:
    """Paragraphs do not disturb each other, other than by different denominators of people who are not named."""
    findings = read("\n\n".join(CLEAN)).findings
    assert {one.code for one in findings} <= {"denominators_differ"}


WITH_PERCENT = [
    paragraph
    for paragraph in CLEAN
    if any(
        one.numerator is not None and one.denominator and one.percent is not None and one.qualifier is None
        for one in read(paragraph).figures
    )
]


@pytest.mark.parametrize("paragraph", WITH_PERCENT)
def test_it_is_not_silent_when_a_percent_is_wrong(paragraph: str) -> None:
    """The negative control: the same paragraph with one percent changed."""
    figure = next(
        one
        for one in read(paragraph).figures
        if one.numerator is not None and one.denominator and one.percent is not None and one.qualifier is None
    )
    printed = re.search(rf"{str(figure.percent).replace('.', '[.,] ?')}(?= ?%)", paragraph)
    assert printed
    wrong = (figure.percent or Decimal(0)) - Decimal("11")
    changed = paragraph[: printed.start()] + str(wrong).replace(".", ",") + paragraph[printed.end() :]
    found = {one.code for one in read(changed).findings}
    # A count whose share no longer fits anything is left alone rather than accused, and so is a percent with another subject.
    doubtful = "/" not in figure.text or "cán bộ, công chức (" in figure.text
    assert "percent_mismatch" in found or doubtful


def test_the_control_covers_most_shares() -> None:
    assert len(WITH_PERCENT) >= 30
