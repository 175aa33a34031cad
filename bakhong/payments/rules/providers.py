"""Providers of essential services as data: what they collect for, and what their customer codes look like."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bakhong.core.text import squeeze

DATA = Path(__file__).resolve().parent.parent / "data" / "providers.toml"
MARKS = {"known", "unverified"}
LONGEST_CODE = 30


class ProviderError(ValueError):
    """The file of providers is wrong; the message names the entry and the field."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`code`: pattern of a whole customer code, empty where none is known. `mark`: "known" or "unverified"."""

    key: str
    name: str
    short: str
    services: tuple[str, ...]
    code: str
    example: str
    mark: str


@cache
def providers() -> Mapping[str, Provider]:
    """Those that ship with the program, in the file's order. Raises: ProviderError."""
    return load(DATA.read_text(encoding="utf-8"))


def load(text: str) -> dict[str, Provider]:
    """Raises: ProviderError."""
    found: dict[str, Provider] = {}
    for row in tomllib.loads(text).get("provider", []):
        each = _provider(row)
        if each.key in found:
            raise ProviderError(f"{each.key}: twice")
        found[each.key] = each
    return found


def _provider(row: Mapping[str, object]) -> Provider:
    missing = set(Provider.__slots__) ^ set(row)
    if missing:
        raise ProviderError(f"{row.get('key', '?')}: {', '.join(sorted(missing))} missing or unknown")
    values = {**row, "services": tuple(row["services"])}  # type: ignore[arg-type]
    each = Provider(**values)  # type: ignore[arg-type]
    if each.mark not in MARKS:
        raise ProviderError(f"{each.key}: mark {each.mark!r}")
    if each.code and not re.fullmatch(each.code, each.example):
        raise ProviderError(f"{each.key}: the example is no such code")
    return each


def provider_of(name: str) -> Provider | None:
    """The shipped provider a biller was set up from, by its name."""
    return next((each for each in providers().values() if each.name == name), None)


def tidy_code(text: object) -> str:
    """A customer code as it is kept: upper case, without blanks; a number of a spreadsheet without its ".0".

    >>> tidy_code(" pa01 0203 04050 "), tidy_code(1204.0), tidy_code("kh-0012/3"), tidy_code("—")
    ('PA01020304050', '1204', 'KH-0012/3', '')
    """
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    code = re.sub(r"\s+", "", squeeze(str(text))).upper()
    return code if re.fullmatch(rf"[0-9A-ZĐ][0-9A-ZĐ./_-]{{0,{LONGEST_CODE - 1}}}", code) else ""


def is_odd(code: str, provider: Provider | None) -> bool:
    """A code that is not of the shape its provider's are known by.

    >>> is_odd("PA0102", providers()["evn"]), is_odd("PA01020304050", providers()["evn"]), is_odd("12", providers()["water"])
    (True, False, False)
    """
    return bool(provider and provider.code) and not re.fullmatch(provider.code, code)  # type: ignore[union-attr]
