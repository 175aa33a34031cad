"""Tables written as lines of text, with bars or tabs between the cells."""

import re
from dataclasses import replace

from bakhong.indicators.rules.annex import read_layout
from bakhong.indicators.rules.grid import Cell, arrange, cell
from bakhong.indicators.rules.normalise import Folded
from bakhong.indicators.rules.reading import Figure, Finding, Reading

_RULE = re.compile(r"[\s|:+\-=]*$")
_BAR = re.compile(r"\|")
_TAB = re.compile(r"\t+")
MAX_LINES = 5000


def tables(folded: Folded, unit_name: str | None) -> tuple[list[Reading], list[tuple[int, int]]]:
    """The readings of the tables in a text, and the folded offsets they cover (the prose reader leaves those out)."""
    readings: list[Reading] = []
    covered: list[tuple[int, int]] = []
    if "|" not in folded.low and "\t" not in folded.low:
        return readings, covered
    block: list[tuple[int, int]] = []
    at = 0
    for line in [*folded.low.split("\n"), ""]:
        span = (at, at + len(line))
        at += len(line) + 1
        if len(_cells(folded, *span)) >= 3 or (block and _RULE.match(line) and ("-" in line or "|" in line)):
            block.append(span)
            continue
        if len(block) >= 2:
            reading = _read(folded, block[:MAX_LINES], unit_name)
            if reading and reading.figures:
                readings.append(reading)
                covered.append((block[0][0], block[-1][1]))
        block = []
    return readings, covered


def _cells(folded: Folded, start: int, end: int) -> list[tuple[int, int]]:
    line = folded.low[start:end]
    splitter = _BAR if line.count("|") >= 2 else _TAB
    if not splitter.search(line.strip(" |") if splitter is _BAR else line.strip(" ")):
        return []
    out: list[tuple[int, int]] = []
    begin = 0
    for match in splitter.finditer(line):
        out.append((start + begin, start + match.start()))
        begin = match.end()
    out.append((start + begin, end))
    if splitter is _BAR:
        out = out[1:] if line.lstrip().startswith("|") else out
        out = out[:-1] if line.rstrip().endswith("|") else out
    return out


def _read(folded: Folded, lines: list[tuple[int, int]], unit_name: str | None) -> Reading | None:
    lines = [line for line in lines if not _RULE.match(folded.low, *line)]
    split = [_cells(folded, *line) for line in lines]
    width = max((len(spans) for spans in split), default=0)
    if width > 60 or len(split) < 2:
        return None
    rows: list[list[Cell]] = []
    for at, spans in enumerate(split):
        row = []
        for column in range(width):
            start, end = spans[column] if column < len(spans) else (0, 0)
            text = folded.cased[start:end]
            one = cell(at, column, text)
            inner = start + len(text) - len(text.lstrip())
            one.start, one.end = (inner, inner + len(text.strip())) if text.strip() else (None, None)
            row.append(one)
        rows.append(row)
    shape = arrange(rows)
    return read_layout(shape, unit_name) if shape else None


def renumbered(folded: Folded, reading: Reading, offset: int) -> tuple[list[Figure], list[Finding]]:
    """The table's figures with offsets in the given text and ids after `offset`; rows of a text table have no cell names."""
    figures = []
    for one in reading.figures:
        start, end = folded.span(one.start or 0, one.end or 0) if one.start is not None else (None, None)
        text = folded.given[start:end] if start is not None and end is not None else one.text
        figures.append(
            replace(one, id=one.id + offset, start=start, end=end, text=text, row=None, column=None)
        )
    findings = [
        replace(
            one,
            figures=tuple(number + offset for number in one.figures),
            repairs=tuple(
                replace(repair, figure=repair.figure + offset, cell=None) for repair in one.repairs
            ),
            cells=(),
        )
        for one in reading.findings
    ]
    return figures, findings
