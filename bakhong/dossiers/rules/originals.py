"""The papers people have copied: found by a few keys, or as typed. Pure."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bakhong.core.text import name_key, squeeze

LANE = "2.000815"  # the procedure of certified copies
_FILE = Path(__file__).resolve().parent.parent / "data" / "originals.toml"
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Known:
    """`number` as typed to choose it, `initials` as printed beside it."""

    number: int
    name: str
    initials: str


@cache
def known() -> tuple[Known, ...]:
    names = tomllib.loads(_FILE.read_text(encoding="utf-8"))["originals"]
    return tuple(Known(number, name, initials(name)) for number, name in enumerate(names, start=1))


def initials(name: str) -> str:
    """
    >>> initials("Giấy khai sinh"), initials("Thẻ căn cước")
    ('gks', 'tcc')
    """
    return "".join(word[0] for word in _WORD.findall(name_key(name)))


def named(typed: str) -> str:
    """The paper that a number or initials mean; any other text is the paper's own name, as typed; "" for a number that is none.

    >>> named("2"), named("GKS"), named("  giấy   ra viện "), named("99"), named("")
    ('Giấy khai sinh', 'Giấy khai sinh', 'Giấy ra viện', '', '')
    """
    text = squeeze(typed)
    if text.isdigit():
        return next((each.name for each in known() if str(each.number) == text), "")
    key = name_key(text)
    same = [each.name for each in known() if key and key == each.initials]
    return same[0] if len(same) == 1 else text[:1].upper() + text[1:]
