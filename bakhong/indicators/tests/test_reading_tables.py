"""Annex tables: their shape, their figures, their sums."""

from decimal import Decimal

import pytest

from bakhong.indicators.rules.annex import read_table
from bakhong.indicators.rules.grid import MAX_COLUMNS, TableTooLarge
from bakhong.indicators.rules.reader import read

ANNEX: list[list[str | int | float | None]] = [
    ["UBND XÃ YÊN THỌ", None, None, None, None, None, None],
    ["PHỤ LỤC KẾT QUẢ", None, None, None, None, None, None],
    ["STT", "Thôn", "Số người", "Tài khoản định danh", None, "Đã cấp chữ ký số", None],
    [None, None, None, "Số lượng", "Tỷ lệ (%)", "Số lượng", "Tỷ lệ (%)"],
    [1, 2, 3, 4, 5, 6, 7],
    [1, "Yên Lạc", 130, 120, 92.3, 98, 75.4],
    [2, "Yên Phú", 115, 98, 85.2, 80, 69.6],
    [3, "Yên Thọ", 224, 210, 93.8, 150, 67.0],
    [None, "Tổng cộng", 469, 428, 91.3, 328, 69.9],
]


def changed(row: int, column: int, value: str | float | None) -> list[list[str | int | float | None]]:
    rows = [list(cells) for cells in ANNEX]
    rows[row][column] = value
    return rows


def test_it_is_silent_about_a_table_that_adds_up() -> None:
    assert read_table(ANNEX).findings == ()


def test_it_yields_the_figures_of_every_row() -> None:
    figures = read_table(ANNEX, unit_name="xã Yên Thọ").figures
    first = figures[0]
    assert (first.numerator, first.denominator, first.percent) == (120, 130, Decimal("92.3"))
    assert (first.indicator, first.unit_name, first.row, first.column) == (
        "eid_accounts",
        "thôn Yên Lạc",
        5,
        3,
    )
    assert (figures[1].indicator, figures[1].stage) == ("personal_signature", "issued")
    assert {one.unit_name for one in figures if one.row == 8} == {"xã Yên Thọ"}
    assert len(figures) == 8


def test_it_checks_the_total_row() -> None:
    findings = {one.code: one for one in read_table(changed(8, 3, 482)).findings}
    assert findings["parts_do_not_sum"].cells == ("D9", "D6", "D7", "D8")
    assert findings["parts_do_not_sum"].repairs[0].as_json() == {
        "figure": 7, "field": "numerator", "from": 482, "to": 428, "kind": "transposition", "cell": "D9",
    }  # fmt: skip
    assert findings["parts_do_not_sum"].message.startswith("Ô D9: 120 + 98 + 210 = 428")


def test_it_checks_the_percent_column() -> None:
    (finding,) = read_table(changed(6, 4, 82.5)).findings
    assert (finding.code, finding.cells, finding.expected) == (
        "percent_mismatch",
        ("E7", "D7", "C7"),
        Decimal("85.22"),
    )


def test_it_reads_text_cells_and_percents_kept_as_fractions() -> None:
    rows = [
        ["Thôn", "Tổng", "Đã cấp chữ ký số", "Tỷ lệ"],
        ["A", "1.300", "1.200", 0.923077],
        ["B", "1.150", "980", 0.852174],
        ["Cộng", "2.450", "2.180", 0.889796],
    ]
    assert read_table(rows).findings == ()
    rows[2][3] = 0.952174
    assert [one.code for one in read_table(rows).findings] == ["percent_mismatch"]


def test_it_reads_indicators_in_rows() -> None:
    rows = [
        ["Chỉ tiêu", "Tổng số", "Thực hiện", "Tỷ lệ"],
        ["Tài khoản định danh điện tử", "5.205", "4.795", "92,1%"],
        ["Phần mềm an toàn thông tin", "3.798", "2.660", "70,2%"],
        ["Tài khoản thanh toán", "5.648", "4.575", "81%"],
    ]
    reading = read_table(rows, unit_name="xã Ngọc Phụng")
    assert [one.indicator for one in reading.figures] == [
        "eid_accounts",
        "basic_security_software",
        "payment_account",
    ]
    assert {one.unit_name for one in reading.figures} == {"xã Ngọc Phụng"}
    assert [(one.code, one.cells[0]) for one in reading.findings] == [("percent_mismatch", "D3")]


def test_it_checks_columns_that_make_up_a_whole() -> None:
    rows = [
        ["Thôn", "Tổng số", "Nam", "Nữ"],
        ["A", 100, 50, 50],
        ["B", 120, 60, 60],
        ["C", 90, 40, 50],
        ["Tổng", 310, 150, 160],
    ]
    assert read_table(rows).findings == ()
    rows[3][3] = 55
    assert {one.cells[0] for one in read_table(rows).findings} == {"B4", "D5"}


def test_it_knows_groups_inside_a_table() -> None:
    rows = [
        ["TT", "Đơn vị", "Hồ sơ"],
        ["I", "Khối A", 300],
        ["1", "x", 100],
        ["2", "y", 200],
        ["II", "Khối B", 50],
        ["1", "z", 50],
        ["", "Tổng", 350],
    ]
    assert read_table(rows).findings == ()


def test_it_is_silent_where_the_total_row_totals_something_else() -> None:
    rows = [["Thôn", "Người", "Hộ"], ["A", 100, 20], ["B", 120, 31], ["Toàn xã", 5205, 1200]]
    assert read_table(rows).findings == ()


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [[None]],
        [["a", "b"], ["c", "d"]],
        [[1, 2, 3]],
        [["x", 1]],
        [["Thôn", "Số"], ["A", float("nan")]],
    ],
)
def test_it_has_nothing_to_say_about_other_tables(rows: list[list[object]]) -> None:
    assert read_table(rows).figures == ()  # type: ignore[arg-type]


def test_it_refuses_a_table_without_end() -> None:
    with pytest.raises(TableTooLarge, match="Bảng quá lớn"):
        read_table([[1] * (MAX_COLUMNS + 1)])


def test_it_reads_tables_in_a_text() -> None:
    text = """Kết quả của xã Yên Thọ:
| Thôn | Đã cấp chữ ký số | Tổng | Tỷ lệ |
|---|---|---|---|
| Yên Lạc | 120 | 130 | 92,3% |
| Yên Phú | 98 | 115 | 95,2% |
Hồ sơ trực tuyến đạt 90%."""
    reading = read(text)
    assert [(one.numerator, one.denominator, one.unit_name) for one in reading.figures] == [
        (120, 130, "thôn Yên Lạc"), (98, 115, "thôn Yên Phú"), (None, None, "xã Yên Thọ"),
    ]  # fmt: skip
    assert all(text[one.start : one.end] == one.text for one in reading.figures)
    (finding,) = reading.findings
    assert (finding.code, finding.figures, finding.cells) == ("percent_mismatch", (2,), ())
