"""Which questions are asked, given the answers so far: one walk from the first page to the last.

A condition sees the answers of questions that are themselves asked, so that what hides behind a changed answer counts for nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bakhong.eforms.rules.answers import Wrong
from bakhong.eforms.rules.logic import evaluate
from bakhong.eforms.rules.spec import FormSpec, Group, Page, Question

Answers = Mapping[str, Any]  # path → value


@dataclass(frozen=True)
class Line:
    """A question as it is asked: on this page, at this path, in this row of a group (counted from 0)."""

    page: Page
    path: str
    question: Question
    group: Group | None = None
    row: int | None = None


@dataclass(frozen=True)
class Asked:
    """What is asked of these answers. `data` is what conditions (of papers and fees too) are evaluated over."""

    pages: tuple[Page, ...]
    lines: tuple[Line, ...]
    rows: Mapping[str, int]  # group → how many rows are asked
    groups: Mapping[str, Page]
    data: Mapping[str, Any]
    by_path: Mapping[str, Line] = field(default_factory=dict)

    def of_page(self, code: str) -> list[Line]:
        return [line for line in self.lines if line.page.code == code]


def asked(spec: FormSpec, answers: Answers) -> Asked:
    """
    >>> from bakhong.eforms.rules.spec import read_spec
    >>> spec = read_spec({"code": "a", "title": "A", "pages": [{"code": "p", "title": "P", "questions": [
    ...     {"code": "married", "label": "?", "type": "yes_no"},
    ...     {"code": "spouse", "label": "?", "type": "person_name", "show_if": {"==": [{"var": "married"}, True]}}]}]})
    >>> [line.path for line in asked(spec, {"married": True}).lines], [line.path for line in asked(spec, {"spouse": "An"}).lines]
    (['married', 'spouse'], ['married'])
    """
    data: dict[str, Any] = {}
    pages: list[Page] = []
    lines: list[Line] = []
    rows: dict[str, int] = {}
    groups: dict[str, Page] = {}
    for page in spec.pages:
        if not evaluate(page.show_if, data):
            continue
        pages.append(page)
        for item in page.questions:
            if not evaluate(item.show_if, data):
                continue
            if isinstance(item, Group):
                rows[item.code] = rows_of(item, answers)
                groups[item.code] = page
                lines += _rows(page, item, rows[item.code], answers, data)
            else:
                lines.append(Line(page, item.code, item))
                data[item.code] = answers.get(item.code)
    by_path = {line.path: line for line in lines}
    return Asked(tuple(pages), tuple(lines), rows, groups, data, by_path)


def rows_of(group: Group, answers: Answers) -> int:
    """How many rows of a group there are: "children" is an answer of its own, the number of rows; at least the least."""
    count = answers.get(group.code)
    known = count if isinstance(count, int) and not isinstance(count, bool) else 0
    return min(max(known, group.min), group.max)


def _rows(page: Page, group: Group, count: int, answers: Answers, data: dict[str, Any]) -> Iterator[Line]:
    made: list[dict[str, Any]] = []
    lines: list[Line] = []
    for row in range(count):
        own: dict[str, Any] = {}
        for question in group.questions:
            if evaluate(question.show_if, data | own):
                path = f"{group.code}.{row}.{question.code}"
                lines.append(Line(page, path, question, group, row))
                own[question.code] = answers.get(path)
        made.append(own)
    data[group.code] = made
    return iter(lines)


def line_at(spec: FormSpec, path: str) -> Line | None:
    """The question at a path ("name", "children.0.name"), whether it is asked now or not; None where the form has none there."""
    code, _dot, rest = path.partition(".")
    row, _dot, inner = rest.partition(".")
    for page in spec.pages:
        for item in page.questions:
            if item.code != code:
                continue
            if isinstance(item, Question):
                return Line(page, path, item) if not rest else None
            own = next((each for each in item.questions if each.code == inner), None)
            is_there = own is not None and row.isdecimal() and int(row) < item.max
            return Line(page, path, own, item, int(row)) if is_there and own is not None else None
    return None


def missing(
    now: Asked, values: Answers, page: Page | None = None
) -> Iterator[tuple[str, Wrong, Question | None]]:
    """Required questions without an answer, and groups with too few rows; of one page, or of all."""
    for line in now.lines:
        if (page is None or line.page == page) and line.question.required:
            value = values.get(line.path)
            if value is None or value == "" or value == []:
                yield line.path, Wrong("required"), line.question
