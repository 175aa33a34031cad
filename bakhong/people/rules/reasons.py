"""Why somebody has not got a service, as residents say it, and who could do something about it: `data/reasons.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

Fixer = Literal["provider", "police", "bank", "telecom", "commune", "family", "person"]
FIXERS: tuple[Fixer, ...] = ("provider", "police", "bank", "telecom", "commune", "family", "person")

_DATA = Path(__file__).resolve().parent.parent / "data" / "reasons.toml"


@dataclass(frozen=True)
class ReasonWhyNot:
    """One reason; `fixer` is who could remove it."""

    code: str
    vi: str
    en: str
    group: str
    fixer: Fixer
    source: str

    def words(self, lang: str = "vi") -> str:
        return self.en if lang == "en" else self.vi


@cache
def reasons() -> Mapping[str, ReasonWhyNot]:
    """code → reason, in the order of the form.

    >>> reasons()["no_smartphone"].fixer, list(reasons())[-1]
    ('family', 'other')
    """
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))["reason"]
    found = {row["code"]: ReasonWhyNot(**row) for row in rows}
    assert all(each.fixer in FIXERS for each in found.values())
    return MappingProxyType(found)
