"""The digital services, who is eligible for each, and the ladder somebody climbs: read from `data/services.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Counted = Literal["person", "household", "subscription", "organisation"]

COUNTED: tuple[Counted, ...] = ("person", "household", "subscription", "organisation")
STATES = ("registered", "refused", "approved", "activated", "in_use", "lapsed")
NONE = "none"  # somebody said that it is not there
LADDER = ("registered", "approved", "activated", "in_use")

_DATA = Path(__file__).resolve().parent.parent / "data" / "services.toml"


@dataclass(frozen=True)
class Eligibility:
    """Whom a service is for. Ages in whole years, both ends included; None: no limit, no matter."""

    age_min: int | None = None
    age_max: int | None = None
    presence: Literal["any", "present"] = "any"
    has_smartphone: bool | None = None


@dataclass(frozen=True)
class Service:
    """One service; `words` are its own words for states, where the common ones would mislead."""

    code: str
    name_vi: str
    name_en: str
    counted: Counted
    eligible: Eligibility
    ladder: tuple[str, ...]
    counts_from: str
    implies: tuple[str, ...]
    providers: tuple[str, ...]
    helper: str
    source: str
    short_vi: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi

    def states(self) -> tuple[str, ...]:
        """The states somebody may be said to stand at, in the order of the form.

        >>> services()["online_services"].states()
        ('in_use', 'lapsed', 'none')
        """
        refused = ("refused",) if "approved" in self.ladder else ()
        return (*self.ladder, *refused, "lapsed", NONE)


@cache
def services() -> Mapping[str, Service]:
    """code → service, in the order of display.

    >>> [each.code for each in services().values() if each.counted == "organisation"]
    ['merchant_qr', 'digital_channel_org']
    """
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))["service"]
    found = {row["code"]: _service(row) for row in rows}
    for each in found.values():
        assert set(each.implies) <= found.keys(), each.code
        assert each.counts_from in each.ladder, each.code
        assert set(each.ladder) <= set(LADDER), each.code
        assert each.counted in COUNTED, each.code
    return MappingProxyType(found)


def services_for(counted: Counted) -> tuple[Service, ...]:
    """The services counted for persons, households, subscriptions or organisations."""
    return tuple(each for each in services().values() if each.counted == counted)


def covering(code: str) -> tuple[str, ...]:
    """The service itself and those that imply it: whoever has any of them has it, and is counted once.

    >>> covering("eid_level1"), covering("eid_level2")
    (('eid_level1', 'eid_level2'), ('eid_level2',))
    """
    return (code, *(each.code for each in services().values() if code in each.implies))


def reached(state: str, at_least: str) -> bool:
    """True when a state stands at or above another on the ladder; refused, lapsed and none never do.

    >>> reached("in_use", "activated"), reached("approved", "activated"), reached("lapsed", "registered"), reached("", "registered")
    (True, False, False, False)
    """
    return state in LADDER and LADDER.index(state) >= LADDER.index(at_least)


def states_reaching(at_least: str) -> tuple[str, ...]:
    """The states at or above one.

    >>> states_reaching("activated")
    ('activated', 'in_use')
    """
    return LADDER[LADDER.index(at_least) :]


def _service(row: Mapping[str, Any]) -> Service:
    return Service(
        code=row["code"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        counted=row["counted"],
        eligible=Eligibility(
            row.get("age_min"), row.get("age_max"), row.get("presence", "any"), row.get("has_smartphone")
        ),
        ladder=tuple(row["ladder"]),
        counts_from=row["counts_from"],
        implies=tuple(row.get("implies", ())),
        providers=tuple(row.get("providers", ())),
        helper=row["helper"],
        source=row["source"],
        short_vi=row.get("short_vi", row["name_vi"]),
        words=MappingProxyType(row.get("words", {})),
    )
