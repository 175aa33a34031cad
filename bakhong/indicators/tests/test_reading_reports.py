"""The project's own short reports around figures that were really printed: every figure found, every error and nothing else."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from bakhong.indicators.rules.reader import read

REPORTS = Path(__file__).parent / "reports"
NAMES = sorted(path.stem for path in REPORTS.glob("*.json"))


def text_of(name: str) -> str:
    return (REPORTS / f"{name}.txt").read_text(encoding="utf-8")


def expected_of(name: str) -> dict[str, Any]:
    return json.loads((REPORTS / f"{name}.json").read_text(encoding="utf-8"))


def short(reading: dict[str, Any], keys: dict[str, Any]) -> list[dict[str, Any]]:
    return [{key: figure[key] for key in keys} for figure in reading["figures"]]


def test_it_has_a_text_for_every_expectation() -> None:
    texts = {path.stem for path in REPORTS.glob("*.txt")} - {"clean"}
    assert texts == set(NAMES)
    assert len(NAMES) == 8


@pytest.mark.parametrize("name", NAMES)
def test_it_finds_every_figure(name: str) -> None:
    wanted = expected_of(name)["figures"]
    assert short(read(text_of(name)).as_json(), wanted[0]) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_it_reports_every_error_and_nothing_else(name: str) -> None:
    found = [
        {key: finding[key] for key in ("code", "severity", "figures", "expected", "found")}
        | {"repairs": [[repair["field"], repair["from"], repair["to"]] for repair in finding["repairs"]]}
        for finding in read(text_of(name)).as_json()["findings"]
    ]
    assert found == expected_of(name)["findings"]


@pytest.mark.parametrize("name", NAMES)
def test_it_gives_offsets_of_the_text_as_given(name: str) -> None:
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, text_of(name))
        reading = read(text)
        assert all(text[one.start : one.end] == one.text for one in reading.figures)
        texts = [unicodedata.normalize("NFC", one.text) for one in reading.figures]
        assert texts == [figure["text"] for figure in expected_of(name)["figures"]]


def test_it_names_the_smallest_repair() -> None:
    (finding,) = read(text_of("binh-nhan")).findings
    assert (
        finding.message
        == "2.002 trừ 1.674 còn 328, ở đây ghi còn lại 355. Nếu là 1.647 thay vì 1.674 thì khớp."
    )
    assert finding.message_en == (
        "2,002 less 1,674 leaves 328, the text says 355 remain. It would fit with 1,647 instead of 1,674."
    )


def test_it_is_silent_once_the_repair_is_made() -> None:
    assert not read(text_of("binh-nhan").replace("1.674", "1.647")).findings
    assert not read(text_of("na-hang").replace("1.403", "2.403")).findings
    assert not read(text_of("ngoc-phung-2025").replace("70,2%", "70,0%")).findings
