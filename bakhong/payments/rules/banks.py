"""Banks by the number that a VietQR names them with, from `data/banks.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).resolve().parent.parent / "data" / "banks.toml"


@dataclass(frozen=True)
class Bank:
    """`bin`: six digits given by NAPAS. `short`: what people call it."""

    bin: str
    code: str
    name: str
    short: str


@cache
def banks() -> Mapping[str, Bank]:
    """BIN → bank, by what people call it.

    >>> banks()["970405"].short, len(banks())
    ('Agribank', 59)
    """
    rows = [Bank(**row) for row in tomllib.loads(_DATA.read_text(encoding="utf-8"))["bank"]]
    return MappingProxyType({each.bin: each for each in sorted(rows, key=lambda each: each.short.lower())})


def bank_name(bank_bin: str) -> str:
    """What people call the bank; its number where the list does not know it.

    >>> bank_name("970422"), bank_name("123456")
    ('MB Bank', '123456')
    """
    found = banks().get(bank_bin)
    return found.short if found else bank_bin
