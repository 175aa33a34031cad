"""A report's text with its figures marked, as pieces a template can print. Lines with tabs are shown as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A stretch of the text that holds figures; `kind`: error, warning, done, aside or plain."""

    start: int
    end: int
    numbers: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Piece:
    """Text of one kind; `is_first`/`is_last` where a mark begins or ends (a table's cells cut it)."""

    text: str
    mark: Mark | None = None
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True)
class Block:
    """Prose (`pieces`) or a table (`rows` of cells of pieces)."""

    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()


_WORST = ("error", "warning", "plain", "done", "aside")


def joined(marks: Sequence[Mark]) -> list[Mark]:
    """In order; marks that overlap become one, of the worst kind.

    >>> [(mark.start, mark.end, mark.numbers, mark.kind) for mark in joined([Mark(5, 9, (2,), "error"), Mark(0, 6, (1,), "done")])]
    [(0, 9, (1, 2), 'error')]
    """
    out: list[Mark] = []
    for mark in sorted(marks, key=lambda each: (each.start, each.end)):
        if out and mark.start < out[-1].end:
            last = out.pop()
            kind = min(last.kind, mark.kind, key=_WORST.index)
            mark = Mark(last.start, max(last.end, mark.end), last.numbers + mark.numbers, kind)
        out.append(mark)
    return out


def pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Piece, ...]:
    """text[start:end] cut where marks (joined, in order) begin and end.

    >>> [(piece.text, bool(piece.mark)) for piece in pieces("đạt 92% năm", 0, 11, [Mark(4, 7, (1,), "plain")])]
    [('đạt ', False), ('92%', True), (' năm', False)]
    """
    out: list[Piece] = []
    at = start
    for mark in marks:
        left, right = max(mark.start, at), min(mark.end, end)
        if left >= right:
            continue
        if at < left:
            out.append(Piece(text[at:left]))
        out.append(Piece(text[left:right], mark, left == mark.start, right == mark.end))
        at = right
    if at < end:
        out.append(Piece(text[at:end]))
    return tuple(out)


def blocks(text: str, marks: Sequence[Mark]) -> list[Block]:
    """The whole text; two or more lines with tabs after each other are a table.

    >>> found = blocks("Mở đầu\\nThôn\\tSố\\nA\\t5\\nHết", [])
    >>> [len(block.rows) for block in found], found[1].rows[1][1][0].text
    ([0, 2, 0], '5')
    """
    marks = joined(marks)
    out: list[Block] = []
    for start, end, is_table in _runs(text):
        near = [mark for mark in marks if mark.end > start and mark.start < end]
        if is_table:
            out.append(Block(rows=tuple(_row(text, line, near) for line in _lines(text, start, end))))
        else:
            out.append(Block(pieces=pieces(text, start, end, near)))
    return out


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for line in text[start:end].split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _runs(text: str) -> Iterator[tuple[int, int, bool]]:
    runs: list[list[int]] = []
    for start, end in _lines(text, 0, len(text)):
        has_tab = int("\t" in text[start:end])
        if runs and runs[-1][2] == has_tab:
            runs[-1][1], runs[-1][3] = end, runs[-1][3] + 1
        else:
            runs.append([start, end, has_tab, 1])
    for start, end, has_tab, count in runs:
        yield start, end, bool(has_tab) and count > 1


def _row(text: str, line: tuple[int, int], marks: Sequence[Mark]) -> tuple[tuple[Piece, ...], ...]:
    start, end = line
    near = [mark for mark in marks if mark.end > start and mark.start < end]
    cells = []
    at = start
    for cell in text[start:end].split("\t"):
        cells.append(pieces(text, at, at + len(cell), near))
        at += len(cell) + 1
    return tuple(cells)
