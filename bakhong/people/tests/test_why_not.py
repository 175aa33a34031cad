"""Each reason is offered once, under a heading that says something, in both languages."""

from django.utils.translation import override

from bakhong.people.rules.reasons import reasons
from bakhong.people.why_not import GROUPS, reason_choices


def test_each_reason_is_under_one_heading() -> None:
    shown = reason_choices("vi")
    offered = [code for _group, rows in shown for code, _words in rows]
    assert sorted(offered) == sorted(reasons())
    assert len(offered) == len(set(offered))
    assert all(rows for _group, rows in shown), "a heading without a reason"
    assert shown[-1] == ("Khác", [("other", "Lý do khác")])
    phone = dict(shown)["Điện thoại"]
    assert [code for code, _words in phone][:2] == ["no_phone", "no_smartphone"]


def test_the_headings_are_translated_too() -> None:
    with override("en"):
        shown = reason_choices("en")
    assert len({group for group, _rows in shown} - set(GROUPS.values())) == len(GROUPS)
    assert ("no_phone", "Uses no phone") in dict(shown)["Phone"]
