"""CSV that runs nothing and keeps what is harmless."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakhong.documents.rules.characters import clean
from bakhong.documents.writing.csv import Value, csv_bytes, stream_csv

HOSTILE = [
    "=cmd|' /C calc'!A0", "+SUM(A1)", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", ";=1", " =1", "\u00a0=1", '"=1',
    "＝1+1", "＋A1", "－A1", "＠A1", "\ufeff=1", "\u200b=1", "'=1", "a;=1", "a,=1", "a\n=1", "a\t@x", "-x", "+x",
]  # fmt: skip
KEPT = [
    "0912345678",
    "+84912345678",
    "+84 912 345 678",
    "-5",
    "-5,2%",
    "1.234.567",
    "Xã A - Thôn B",
    "a=b",
    "x@y.vn",
    "–",
]


def rows_of(source: bytes, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(source.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def runs(field: str) -> bool:
    """Whether a spreadsheet program would take the field for a formula, after skipping what it skips."""
    start = field.lstrip(' \t\r\n\u00a0\u200b\ufeff;,|"')
    return start[:1] in set("=@＝＠") or (start[:1] in set("+-＋－") and not start[1:2].isdigit())


@pytest.mark.parametrize("text", HOSTILE)
def test_it_defuses_formulas_for_either_delimiter(text: str) -> None:
    source = csv_bytes(["x"], [[text, "cuối"]])
    for delimiter in ";,\t":
        for row in rows_of(source, delimiter)[1:]:
            assert not [field for field in row if runs(field)]


def test_the_measure_of_these_tests_knows_a_formula() -> None:
    assert all(runs(text) for text in ("=1", " =1", ";=1", "-x", "＝1", "@a", "\t+a"))
    assert not any(runs(text) for text in ("'=1", "-5", "+84", "a=1"))


@pytest.mark.parametrize("text", KEPT)
def test_it_keeps_numbers_telephones_and_prose(text: str) -> None:
    assert rows_of(csv_bytes(["x"], [[text]]))[1] == [text]


@given(st.text())
def test_no_text_runs_and_nothing_is_lost(text: str) -> None:
    _, (field, last) = rows_of(csv_bytes(["x"], [[text, "y"]]))
    assert not runs(field)
    assert (field.replace("'", ""), last) == (clean(text).replace("'", ""), "y")


def test_it_writes_values_as_a_vietnamese_spreadsheet_reads_them() -> None:
    row: list[Value] = [
        1234567,
        Decimal("92.10"),
        0.5,
        date(2025, 5, 6),
        datetime(2025, 5, 6, 17, 30, tzinfo=UTC),
        None,
    ]
    source = csv_bytes(["Đơn vị"] * 6, [row])
    assert source.startswith(b"\xef\xbb\xbf")
    assert source.decode("utf-8-sig").split("\r\n")[1] == "1234567;92,10;0,5;06/05/2025;07/05/2025 00:30;"


def test_it_streams_in_pieces() -> None:
    pieces = list(stream_csv(["a"], (["x" * 100] for _ in range(5000))))
    assert len(pieces) > 5
    assert b"".join(pieces) == csv_bytes(["a"], [["x" * 100]] * 5000)
