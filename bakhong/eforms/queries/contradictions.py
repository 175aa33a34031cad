"""Where what a register, a card or an earlier result filled in is not what the commune's own records say."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bakhong.eforms.models import Answer, KnownBy, Origin
from bakhong.eforms.queries.answers import Sheet
from bakhong.eforms.rules.answers import fitting, shown
from bakhong.eforms.rules.spec import Question
from bakhong.eforms.rules.visible import Line
from bakhong.people.queries.known import KnownValue, known_values
from bakhong.people.rules.dictionary import agree, dictionary

_FROM_ELSEWHERE = (Origin.REGISTER, Origin.CARD, Origin.RESULT)
# Numbers are masked; one home is written in many ways, which contradict nobody.
_LEFT_OUT = ("national_id", "phone", "address", "file")


def said_otherwise(sheet: Sheet, lang: str, on: date) -> dict[str, tuple[str, str]]:
    """path → (source, what it says instead), of answers that stand as they were filled in. Only with the person before an officer.

    No register is asked. The connection must see the person.
    """
    draft = sheet.draft
    if draft.person is None or draft.known_by != KnownBy.OFFICER:
        return {}
    lines = [line for line in sheet.asked.lines if _is_weighed(line, sheet.rows.get(line.path))]
    if not lines:
        return {}
    known = known_values(draft.person, {line.question.known_as for line in lines}, on=on, registers=())
    found: dict[str, tuple[str, str]] = {}
    for line in lines:
        key = line.question.known_as
        said = [known.values[key], *known.conflicts.get(key, ())] if key in known.values else []
        other = _other(line.question, said, sheet.values.get(line.path), on)
        if other is not None:
            found[line.path] = (other[0].label, shown(line.question, other[1], lang))
    return found


def _is_weighed(line: Line, row: Answer | None) -> bool:
    question = line.question
    is_plain = line.group is None and not question.is_sealed and question.type not in _LEFT_OUT
    is_told = row is not None and row.origin in _FROM_ELSEWHERE and not row.problem
    return is_plain and is_told and question.known_as in dictionary()


def _other(
    question: Question, said: Sequence[KnownValue], stands: Any, on: date
) -> tuple[KnownValue, Any] | None:
    """The first that says something else than what stands, with what it says as an answer."""
    entry = dictionary()[question.known_as]
    told = ((each, fitting(question, each.value, on)) for each in said)
    return next(
        ((each, value) for each, value in told if value is not None and not agree(entry, value, stands)),
        None,
    )
