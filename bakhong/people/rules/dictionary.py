"""One name for each thing the State already knows about a person: `data/dictionary.toml`.

Values are JSON: a text; a day as "1941", "1941-03" or "1941-03-05"; "male" or "female"; a list of objects. Which source is believed first
is said here too, for all who compare them.

Source: Resolution 66.7/2025/NQ-CP: what stands in a published database must not be asked for (domain research 3.2).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from bakhong.core.text import identity_key, squeeze

Type = Literal["text", "date", "sex", "national_id", "phone", "number", "choice", "list"]
REGISTERS = ("population", "civil_status", "social_insurance", "health_insurance", "land")
HOLDERS = ("roll", "card", "e_identity", *REGISTERS, "result")
# Where a value may come from, the one believed first at the beginning.
ORDER = ("register", "e_identity", "result", "card", "roll")

LONGEST = 500  # characters of a text
MOST = 60  # elements of a list
_PATTERNS = {
    "date": re.compile(r"(18|19|20|21)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"),
    "sex": re.compile(r"male|female"),
    "national_id": re.compile(r"[0-9]{12}"),
    "phone": re.compile(r"\+?[0-9]{8,15}"),
    "number": re.compile(r"[0-9]{1,30}"),
}
_DATA = Path(__file__).resolve().parent.parent / "data" / "dictionary.toml"


@dataclass(frozen=True)
class Entry:
    """One thing that is known. `roll_attribute`: what it follows from in the roll (`rules.standing`), "" where the roll does not have it.

    `aliases`: other words that forms ask for it with.
    `valid_days`: a value that was confirmed may be relied on for so many days; 0: until somebody says otherwise.
    """

    key: str
    vi: str
    en: str
    type: Type
    held_by: tuple[str, ...]
    is_sensitive: bool
    roll_attribute: str
    source: str
    choices: tuple[str, ...] = ()
    valid_days: int = 0
    order: tuple[str, ...] = ORDER
    aliases: tuple[str, ...] = ()

    def label(self, lang: str = "vi") -> str:
        return self.en if lang == "en" else self.vi


@cache
def dictionary() -> Mapping[str, Entry]:
    """key → entry, in the order of the file.

    >>> dictionary()["person.birth"].roll_attribute, dictionary()["marriage.status"].valid_days
    ('birth', 183)
    """
    found = [_entry(row) for row in tomllib.loads(_DATA.read_text(encoding="utf-8"))["entry"]]
    assert len({each.key for each in found}) == len(found)
    return MappingProxyType({each.key: each for each in found})


def fits(entry: Entry, value: Any) -> bool:
    """Whether a value has the shape its entry says; what a register answers is looked at like anything from outside.

    >>> birth = dictionary()["person.birth"]
    >>> [fits(birth, each) for each in ("1941", "1941-03-05", "1941-02-30", "5/3/1941", None, 1941)]
    [True, True, False, False, False, False]
    >>> [fits(dictionary()["land.plots"], each) for each in ([{"number": "12"}], [], "12", [{"x": {"y": 1}}])]
    [True, True, False, False]
    """
    if entry.type == "list":
        return isinstance(value, list) and len(value) <= MOST and all(map(_is_row, value))
    if not isinstance(value, str) or not value or not _is_text(value):
        return False
    if entry.type == "choice":
        return value in entry.choices
    pattern = _PATTERNS.get(entry.type)
    if pattern is not None and not pattern.fullmatch(value):
        return False
    return entry.type != "date" or len(value) < 10 or _is_day(value)


def tidy(entry: Entry, value: Any) -> Any:
    """A value in the shape it is kept in, as far as that changes nothing of what it says: one line, digits without gaps.

    >>> tidy(dictionary()["bank.account"], "0123 456.789"), tidy(dictionary()["person.address"], " Thôn 1,\\n xã A ")
    ('0123456789', 'Thôn 1, xã A')
    """
    if isinstance(value, list):
        return [_tidy_row(row) for row in value]
    if entry.type in ("number", "phone", "national_id") and isinstance(value, str | int):
        return re.sub(r"[\s.\-]", "", str(value))
    return squeeze(value) if isinstance(value, str) else value


def _tidy_row(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    return {name: squeeze(value) if isinstance(value, str) else value for name, value in row.items()}


def agree(entry: Entry, one: Any, other: Any) -> bool:
    """Whether two sources say the same of it. A day that is less exact agrees with one that begins with it; letters' case does not count.

    >>> birth, name = dictionary()["person.birth"], dictionary()["person.full_name"]
    >>> agree(birth, "1941", "1941-03-05"), agree(birth, "1942", "1941-03-05"), agree(name, "LÊ VĂN AN", "Lê Văn  An")
    (True, False, True)
    """
    if entry.type == "date" and isinstance(one, str) and isinstance(other, str):
        return one.startswith(other) or other.startswith(one)
    if isinstance(one, str) and isinstance(other, str):
        return one == other or identity_key(one) == identity_key(other)
    return bool(one == other)


def valid_to(entry: Entry, true_on: date) -> date | None:
    """The first day on which a value confirmed on a day may no longer be relied on; None: no end.

    >>> valid_to(dictionary()["marriage.status"], date(2026, 1, 1)), valid_to(dictionary()["bank.account"], date(2026, 1, 1))
    (datetime.date(2026, 7, 3), None)
    """
    return true_on + timedelta(days=entry.valid_days) if entry.valid_days else None


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and all(
        isinstance(name, str) and (value is None or isinstance(value, int | float | bool) or _is_text(value))
        for name, value in row.items()
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and value.isprintable()


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _entry(row: Mapping[str, Any]) -> Entry:
    made = Entry(
        key=row["key"],
        vi=row["vi"],
        en=row["en"],
        type=row["type"],
        held_by=tuple(row["held_by"]),
        is_sensitive=row.get("is_sensitive", False),
        roll_attribute=row.get("roll_attribute", ""),
        source=row["source"],
        choices=tuple(row.get("choices", ())),
        valid_days=row.get("valid_days", 0),
        order=tuple(row.get("order", ORDER)),
        aliases=tuple(row.get("aliases", ())),
    )
    assert made.type in get_args(Type), made.key
    assert set(made.held_by) <= set(HOLDERS), made.key
    assert set(made.order) == set(ORDER), made.key
    assert bool(made.choices) == (made.type == "choice"), made.key
    assert ("roll" in made.held_by) == bool(made.roll_attribute), made.key
    return made
