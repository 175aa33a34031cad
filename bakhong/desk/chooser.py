"""Finding a procedure by a few keys: its place in the list, its code, the initials of its name, or the first letters of its words. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bakhong.core.text import name_key

_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Choice:
    """A line of the list: `number` as typed to choose it, `initials` as printed beside it."""

    number: int
    code: str
    name: str
    initials: str


def initials(name: str) -> str:
    """
    >>> initials("Xác nhận tình trạng hôn nhân"), initials("Chứng thực bản sao từ bản chính")
    ('xntthn', 'ctbstbc')
    """
    return "".join(word[0] for word in _WORD.findall(name_key(name)))


def choices(named: Sequence[tuple[str, str]]) -> list[Choice]:
    """The list as shown, from (code, short name) in its order."""
    return [Choice(number, code, name, initials(name)) for number, (code, name) in enumerate(named, start=1)]


def fitting(typed: str, among: Sequence[Choice]) -> list[Choice]:
    """Those the typed text may mean, none for an empty text. The first rule that fits anything decides.

    >>> shown = choices([("2.000815", "Chứng thực bản sao"), ("1.004873", "Xác nhận tình trạng hôn nhân"), ("x", "Xác nhận cư trú")])
    >>> [each.number for each in fitting("2", shown)], [each.number for each in fitting("1.0048", shown)]
    ([2], [2])
    >>> [each.number for each in fitting("thn", shown)], [each.number for each in fitting("xn", shown)]
    ([2], [2, 3])
    >>> [each.number for each in fitting("HÔN", shown)], fitting("ghe", shown), fitting(" ", shown)
    ([2], [], [])
    """
    text = name_key(typed)
    if not text:
        return []
    rules = (
        lambda each: text == str(each.number),
        lambda each: text == each.code.lower(),
        lambda each: each.code.lower().startswith(text),
        lambda each: text == each.initials,
        lambda each: each.initials.startswith(text),
        lambda each: text in each.initials,
        lambda each: _has_words(each.name, text),
    )
    return next((found for rule in rules if (found := [each for each in among if rule(each)])), [])


def _has_words(name: str, text: str) -> bool:
    words = _WORD.findall(name_key(name))
    return all(any(word.startswith(part) for word in words) for part in _WORD.findall(text))
