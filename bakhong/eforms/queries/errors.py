"""What is wrong with a draft's answers or missing, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bakhong.eforms.contents import value_of
from bakhong.eforms.queries.answers import Sheet
from bakhong.eforms.rules.answers import Wrong, read
from bakhong.eforms.rules.spec import Page, Question
from bakhong.eforms.rules.visible import missing
from bakhong.eforms.sentences import sentence


def errors_of(
    sheet: Sheet, today: date, page: Page | None = None, also: Mapping[str, Wrong] | None = None
) -> dict[str, str]:
    """path → what is wrong or missing, on one page or on all that are asked."""
    found: dict[str, str] = {}
    for path, problem, question in missing(sheet.asked, sheet.values, page):
        found[path] = sentence(problem, question)
    for line in sheet.asked.lines if page is None else sheet.asked.of_page(page.code):
        row = sheet.rows.get(line.path)
        if row is not None and row.problem:
            read_again = read(line.question, value_of(row), today=today)
            told = read_again if isinstance(read_again, Wrong) else Wrong(row.problem)
            found[line.path] = sentence(told, line.question)
        elif row is not None and not _still_fits(line.question, sheet.values.get(line.path)):
            found[line.path] = sentence(Wrong("choice_invalid"), line.question)
        if also and line.path in also:
            found[line.path] = sentence(also[line.path], line.question)
    return found


def _still_fits(question: Question, value: Any) -> bool:
    """A choice that the form does not have (any more) is no answer."""
    codes = {option.code for option in question.options}
    chosen = value if isinstance(value, list) else [value]
    return not codes or value is None or set(map(str, chosen)) <= codes
