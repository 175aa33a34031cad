"""What may happen to a dossier in which state, read from data/transitions.toml."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bakhong.dossiers.rules.states import DRAFT, NATIONAL

_DATA = Path(__file__).resolve().parent.parent / "data" / "transitions.toml"
SAME, BACK, ANY = "same", "back", "any"


@dataclass(frozen=True)
class Transition:
    """`event` may happen in the states `sources`; `permissions`: one of them is needed (none: only the program itself);
    `is_own`: the resident, or who holds the dossier's code, may as well."""

    event: str
    sources: frozenset[str]
    to: str
    after: tuple[str, ...]
    permissions: tuple[str, ...]
    is_own: bool

    def allows(self, state_from: str, state_to: str) -> bool:
        if state_from not in self.sources:
            return False
        if self.to == SAME:
            return state_to == state_from
        if self.to == BACK:
            return state_to in self._back_to(state_from)
        return self.to == ANY or state_to == self.to

    def _back_to(self, state: str) -> frozenset[str]:
        openers = [transitions()[event] for event in self.after]
        led_here = [opener.sources for opener in openers if opener.to == state]
        return frozenset().union(*led_here) if led_here else frozenset({state})


@lru_cache(maxsize=1)
def transitions() -> MappingProxyType[str, Transition]:
    told = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return MappingProxyType({event: _transition(event, row) for event, row in told.items()})


def _transition(event: str, row: dict[str, Any]) -> Transition:
    sources = frozenset(row["from"])
    unknown = (sources | {row["to"]}) - {*NATIONAL, DRAFT, SAME, BACK, ANY}
    assert not unknown, f"{event}: {unknown}"
    permissions = (*_listed(row.get("by")), *_listed(row.get("or_by")))
    return Transition(
        event, sources, row["to"], tuple(row.get("after", ())), permissions, bool(row.get("own"))
    )


def _listed(told: str | list[str] | None) -> list[str]:
    return [told] if isinstance(told, str) and told else list(told or ())


def is_legal(event: str, state_from: str, state_to: str) -> bool:
    """
    >>> is_legal("approve", "in_progress", "approved"), is_legal("approve", "submitted", "approved")
    (True, False)
    """
    rule = transitions().get(event)
    return rule is not None and rule.allows(state_from, state_to)


def possible(state: str) -> frozenset[str]:
    """The events that may happen in a state.

    >>> sorted(possible("done"))
    ['assign', 'cancel_result', 'identify', 'note_code', 'return_result', 'undo_duty', 'visit']
    """
    return frozenset(event for event, rule in transitions().items() if state in rule.sources)


def legal_triples() -> frozenset[tuple[str, str, str]]:
    """Every (event, from, to) that is allowed: what the database's guard knows."""
    return frozenset(
        (event, source, target)
        for event, rule in transitions().items()
        for source in rule.sources
        for target in NATIONAL
        if rule.allows(source, target)
    )
