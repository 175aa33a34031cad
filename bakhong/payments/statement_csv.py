"""A statement's .csv as rows of cells, where quotes in somebody's note are no quotes of the file."""

import csv
import io
from collections.abc import Sequence

from bakhong.payments.rules.cells import Cell


def csv_rows(text: str) -> list[list[Cell]]:
    """Whichever of tab, semicolon, bar and comma parts most lines; a note may hold any of them."""
    head = [line for line in text.splitlines()[:200] if line.strip()]
    separator = max("\t;|,", key=lambda each: sum(line.count(each) > 1 for line in head))
    csv.field_size_limit(1_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return _unquoted(text, separator)
    if any(_swallowed(row, separator) for row in rows):
        return _unquoted(text, separator)
    return [list[Cell](row) for row in rows]


def _swallowed(row: Sequence[str], separator: str) -> bool:
    """A quote that was never closed took the rows below into one cell: more than one line of it is parted as rows are."""
    return any(
        sum(line.count(separator) > 1 for line in cell.splitlines()) > 1 for cell in row if "\n" in cell
    )


def _unquoted(text: str, separator: str) -> list[list[Cell]]:
    """Each line a row; quotes around a cell are taken off, any other stays in its note."""
    return [_of_line(line, separator) for line in text.splitlines()]


def _of_line(line: str, separator: str) -> list[Cell]:
    """One row. Where its quotes do not balance they are letters of the note."""
    if line.count('"') % 2:
        return [each.strip('"') for each in line.split(separator)]
    return list(next(csv.reader([line], delimiter=separator), []))
