"""Values of the dictionary in words, for whoever shows them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.people.models import Relation, Sex
from bakhong.people.queries.identity import mask
from bakhong.people.rules.dictionary import Entry

_NUMBERS = ("national_id", "phone", "number")
_HIDDEN = frozenset({"national_id", "certificate_no"})
# Of every entry that is a choice.
CHOICE_WORDS: Mapping[str, Any] = {
    "unmarried": gettext_lazy("Chưa kết hôn"),
    "married": gettext_lazy("Đang có vợ, chồng"),
    "divorced": gettext_lazy("Đã ly hôn"),
    "widowed": gettext_lazy("Vợ, chồng đã mất"),
    "none": gettext_lazy("Không thuộc hộ nghèo, cận nghèo"),
    "poor": gettext_lazy("Hộ nghèo"),
    "near_poor": gettext_lazy("Hộ cận nghèo"),
}


def shown(entry: Entry, value: Any, *, is_hidden: bool = False) -> str:
    """A value in words; where `is_hidden`, numbers but for their last three digits and of texts only that they are there."""
    if value in (None, "", []):
        return _("chưa có")
    if isinstance(value, list):
        return "; ".join(_row(each) for each in value)
    text = str(value)
    if is_hidden:
        is_number = entry.type in _NUMBERS or (text.isascii() and any(char.isdigit() for char in text))
        return mask(text) if is_number else _("có ghi, không hiện ở đây")
    if entry.type == "sex":
        return str(Sex(text).label) if text in Sex.values else text
    if entry.type == "date":
        return _day(text)
    return str(CHOICE_WORDS.get(text, text)) if entry.type == "choice" else text


def _row(row: Any) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    return ", ".join(_part(name, str(value)) for name, value in row.items() if value and name not in _HIDDEN)


def _part(name: str, value: str) -> str:
    if name == "birth":
        return _day(value)
    if name == "sex" and value in Sex.values:
        return str(Sex(value).label)
    return str(Relation(value).label) if name == "relation" and value in Relation.values else value


def _day(iso: str) -> str:
    """
    >>> _day("1990-05-06"), _day("1990-05"), _day("1990")
    ('06/05/1990', '05/1990', '1990')
    """
    return "/".join(reversed(iso.split("-")))
