"""`bakhong units show`, by its contract."""

import json
from datetime import date

import pytest

from bakhong.cli import units
from bakhong.cli.say import print_json
from bakhong.core.errors import NotFound

pytestmark = pytest.mark.usefixtures("reference_units")
KEYS = {"code", "name", "kind", "valid_from", "valid_to", "parents", "children", "predecessors", "successors"}
ELEMENT = {"code", "name", "kind", "valid_from"}


def test_it_shows_an_earlier_commune_under_its_district(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(units.describe("15655", date(2025, 5, 6)))
    shown = json.loads(capsys.readouterr().out)
    assert set(shown) >= KEYS
    assert (shown["full_name"], shown["valid_from"], shown["valid_to"]) == (
        "Xã Ngọc Phụng",
        None,
        "2025-07-01",
    )
    assert [above["full_name"] for above in shown["parents"]] == ["Huyện Thường Xuân", "Tỉnh Thanh Hóa"]
    assert [after["code"] for after in shown["successors"]] == ["15646"]
    assert set(shown["successors"][0]) >= ELEMENT
    assert "không rõ" in shown["notes"][0]


def test_a_code_that_is_no_longer_valid_is_shown_as_of_its_last_day_and_says_so() -> None:
    shown = units.describe("15655", date(2025, 7, 1))
    assert (shown["on"], shown["shown_on"]) == (date(2025, 7, 1), date(2025, 6, 30))
    assert shown["parents"][0]["code"] == "396"
    assert shown["successors"][0]["valid_from"] == date(2025, 7, 1)
    assert any("không còn" in note for note in shown["notes"])


def test_it_shows_what_a_commune_was_made_from() -> None:
    shown = units.describe("15646", date(2025, 7, 1))
    assert (shown["valid_from"], shown["valid_to"], shown["notes"]) == (date(2025, 7, 1), None, [])
    assert {before["name"]: before["extent"] for before in shown["predecessors"]} == {
        "Ngọc Phụng": "whole",
        "Thọ Thanh": "whole",
        "Thường Xuân": "whole",
        "Xuân Dương": "whole",
    }
    assert [above["code"] for above in shown["parents"]] == ["38"]


def test_a_code_used_twice_answers_for_the_day() -> None:
    assert units.describe("16543", date(2025, 6, 30))["name"] == "Quảng Lưu"
    assert units.describe("16543", date(2025, 7, 1))["name"] == "Quảng Bình"
    assert units.describe("26248", date(2026, 4, 30))["kind"] == "phuong"


def test_an_unknown_code_is_refused_in_words() -> None:
    with pytest.raises(NotFound, match="mang mã “00000”"):
        units.describe("00000", date(2025, 7, 1))


def test_the_printed_page_says_the_period(capsys: pytest.CaptureFixture[str]) -> None:
    units._print(units.describe("15655", date(2025, 5, 6)))
    page = capsys.readouterr().out
    assert "Có hiệu lực: không rõ từ ngày, đến hết ngày 30/06/2025" in page
    assert "15646  Xã Thường Xuân, toàn bộ, ngày 01/07/2025" in page
