"""The grid goes out as a workbook and comes back as numbers."""

import io
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bakhong.documents.reading import Unreadable, extract
from bakhong.documents.tests import files
from bakhong.documents.writing.template import Grid, GridTemplate, Line, grid_workbook, read_grid

TEMPLATE = GridTemplate(
    key="15646/2025-05",
    title="Số liệu xã Thường Xuân",
    hint="Để trống nếu chưa có số liệu",
    row_title="Thôn",
    rows=[Line("v1", "Thôn 1"), Line("v2", "=Thôn 2")],
    columns=[Line("adults", "Người trưởng thành", "từ đủ 14 tuổi"), Line("eid", "Tài khoản")],
    values={("v1", "adults"): 120},
)


def filled(fill: Callable[[Worksheet], None]) -> Grid:
    with grid_workbook(TEMPLATE) as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    fill(book.worksheets[0])
    return read_grid(extract(files.saved(book), filename="a.xlsx"))


def test_it_comes_back_with_what_was_filled_in() -> None:
    def fill(page: Worksheet) -> None:
        page["D6"], page["C7"] = 100, "1.234"

    grid = filled(fill)
    assert grid.key == "15646/2025-05"
    assert {(cell.row, cell.column): (cell.value, cell.ref) for cell in grid.cells} == {
        ("v1", "adults"): (120, "Số liệu!C6"),
        ("v1", "eid"): (100, "Số liệu!D6"),
        ("v2", "adults"): (1234, "Số liệu!C7"),
    }


def test_it_follows_the_codes_when_rows_were_sorted_and_renamed() -> None:
    def swap(page: Worksheet) -> None:
        page["A6"], page["B6"], page["C6"] = "v2", "tên khác", 7
        page["A7"], page["C7"] = "v1", 8

    assert {(cell.row, cell.value) for cell in filled(swap).cells} == {("v2", 7), ("v1", 8)}


@pytest.mark.parametrize("typed", ["khoảng 12", -3, 1.5, "12,5"])
def test_it_shows_what_is_no_whole_number(typed: object) -> None:
    def fill(page: Worksheet) -> None:
        page["C6"] = typed  # type: ignore[assignment]

    (cell,) = filled(fill).cells
    assert (cell.value, cell.found, cell.ref) == (None, typed, "Số liệu!C6")


def test_it_locks_all_but_the_cells_to_fill() -> None:
    with grid_workbook(TEMPLATE) as file:
        page = openpyxl.load_workbook(io.BytesIO(file.read())).worksheets[0]
    assert page.protection.sheet
    assert {name: page[name].protection.locked for name in ("B6", "C5", "C6", "D7")} == {
        "B6": True, "C5": True, "C6": False, "D7": False,
    }  # fmt: skip
    assert page.column_dimensions["A"].hidden
    assert page.row_dimensions[4].hidden
    assert page["B7"].data_type == "s"
    rule = page.data_validations.dataValidation[0]
    assert (rule.type, rule.formula1, str(rule.sqref)) == ("whole", "0", "C6:C7")


def test_it_refuses_other_workbooks_and_doubled_codes() -> None:
    with pytest.raises(Unreadable, match="mẫu nhập số liệu"):
        read_grid(extract(files.xlsx_file(a=[["x"]]), filename="a.xlsx"))

    def double(page: Worksheet) -> None:
        page["A7"] = "v1"

    with pytest.raises(Unreadable, match="mẫu nhập số liệu"):
        filled(double)


def test_it_refuses_to_make_a_template_with_doubled_codes() -> None:
    with pytest.raises(ValueError, match="unique"):
        grid_workbook(replace(TEMPLATE, rows=[Line("v1", "a"), Line("v1", "b")]))
