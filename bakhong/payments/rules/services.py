"""What money is collected for, from `data/services.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).resolve().parent.parent / "data" / "services.toml"


@dataclass(frozen=True)
class Service:
    """`billers`: the kinds of organisations that mostly collect it. `is_essential`: counted by the second No."""

    code: str
    vi: str
    en: str
    is_essential: bool
    billers: tuple[str, ...]

    def name(self, lang: str = "vi") -> str:
        return self.en if lang == "en" else self.vi


@cache
def services() -> Mapping[str, Service]:
    """code → service, in the order of display.

    >>> services()["market"].name(), [each.code for each in services().values() if not each.is_essential]
    ('Phí chợ', ['market', 'other'])
    """
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))["service"]
    found = [Service(**(row | {"billers": tuple(row["billers"])})) for row in rows]
    return MappingProxyType({each.code: each for each in found})


def service_name(code: str, lang: str = "vi") -> str:
    """
    >>> service_name("water"), service_name("unknown")
    ('Tiền nước', 'unknown')
    """
    found = services().get(code)
    return found.name(lang) if found else code


def services_of(kind: str) -> tuple[Service, ...]:
    """What a biller of this kind mostly collects for.

    >>> [each.code for each in services_of("school")]
    ['tuition']
    """
    return tuple(each for each in services().values() if kind in each.billers)
