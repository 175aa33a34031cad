"""Hostile and oversized input: a plain sentence, or a reading; never a crash."""

import pytest

from bakhong.indicators.rules.normalise import MAX_CHARS, ReportTooLong, fold
from bakhong.indicators.rules.numbers import MAX_NUMBERS, TooManyNumbers
from bakhong.indicators.rules.reader import read


def test_it_refuses_a_text_that_is_too_long() -> None:
    with pytest.raises(ReportTooLong, match="ký tự"):
        read("a" * (MAX_CHARS + 1))
    read("a" * MAX_CHARS)


def test_it_refuses_a_list_of_numbers() -> None:
    with pytest.raises(TooManyNumbers, match="con số"):
        read("12 " * (MAX_NUMBERS + 1))


@pytest.mark.parametrize(
    "unit",
    [
        "1", "/", "1.", "1,", "1.000", "(", "((12", "trong đó ", "trong đó 12 người ", "còn lại 12 người ", "80%;", "tài khoản (", "\n",
        "a\n", "|", "1|", "\t", "a\u0301\u0323", "\u0301\u0323", "\u200b", "1\u200b", "xã ", "xã Xa ",
        "tỷ lệ ", "từ 1% lên ", "lần lượt đạt 80% và ",
        "văn bản ", "nam 12, nữ 13, tổng 25; ", "…", "- ", "1/2 người, đạt 50% ",
    ],
)  # fmt: skip
def test_it_reads_endless_repetition(unit: str) -> None:
    """Every piece of text is looked at a bounded number of times: quadratic rules would never come back from these."""
    text = unit * min(120_000 // len(unit), MAX_NUMBERS - 1)
    reading = read(text)
    assert all(text[one.start : one.end] == one.text for one in reading.figures)


def test_it_survives_long_digits() -> None:
    assert read("có " + "9" * 5000 + "/" + "8" * 5000 + " người đạt " + "7" * 5000 + "%").findings == ()


def test_it_leads_offsets_back_over_dropped_and_composed_characters() -> None:
    text = "Co\u0301\u200b 1.674/2\u200b.002 ngu\u031bo\u031b\u0300i"
    folded = fold(text)
    assert folded.low == "có 1.674/2.002 người"
    (figure,) = read(text).figures
    assert text[figure.start : figure.end] == "1.674/2\u200b.002" == figure.text
    assert (figure.numerator, figure.denominator) == (1674, 2002)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Không có số liệu.", "%", "/"])
def test_it_has_nothing_to_say_about_nothing(text: str) -> None:
    assert read(text).as_json() == {"unit": None, "on": None, "as_of": None, "figures": [], "findings": []}
