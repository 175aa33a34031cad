"""A day to come is chosen from a list, by a resident; whoever works at a desk types it."""

from datetime import date

from bakhong.eforms.queries.coming_days import SPAN, days_to_choose, is_to_come
from bakhong.eforms.rules.answers import Wrong, read
from bakhong.eforms.rules.spec import Limits, Question

ON = date(2026, 11, 22)
DAY = Question.model_validate(
    {"code": "d", "label": "D", "type": "date", "rules": {"not_before": "today+3", "is_whole_day": True}}
)


def texts(stands: list[str]) -> list[str]:
    return [
        text
        for value, rest in days_to_choose(DAY, ON, stands)
        for text in ([value] if isinstance(rest, str) else [day for day, _words in rest])
    ]


def test_the_list_begins_with_the_first_day_that_will_do() -> None:
    offered = texts([])
    assert offered[:2] == ["", "25/11/2026"]
    assert len(offered) == SPAN + 1
    assert all(not isinstance(read(DAY, [text], today=ON), Wrong) for text in offered[1:])
    assert read(DAY, ["24/11/2026"], today=ON) == Wrong("date_before", "25/11/2026")


def test_what_stands_there_stays() -> None:
    assert texts(["20/12/2099"])[1] == "20/12/2099"
    assert texts(["hôm nào đó"])[1] == "hôm nào đó"
    assert texts(["25/11/2026"])[1] == "25/11/2026"
    assert len(texts(["25/11/2026"])) == SPAN + 1


def test_other_days_are_typed() -> None:
    """Negative control: a birthday, a day that may be partly known, a day with an end."""
    for rules in (
        {"not_after": "today", "is_whole_day": True},
        {"not_before": "today"},
        {"not_before": "today", "not_after": "2027-01-01", "is_whole_day": True},
    ):
        assert not is_to_come(DAY.model_copy(update={"rules": Limits.model_validate(rules)}))
    assert is_to_come(DAY)
