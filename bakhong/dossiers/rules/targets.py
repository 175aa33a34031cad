"""Other systems into which a dossier is typed once more, read from data/targets.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).resolve().parent.parent / "data" / "targets.toml"
KINDS = ("dossier", "known", "answer")
_NUMBERS = ("national_id", "phone", "account")


@dataclass(frozen=True)
class TargetField:
    """`kind` and `name`: where its value stands in a dossier."""

    code: str
    label: str
    kind: str
    name: str

    @property
    def hides(self) -> str:
        """What whole number stands in it, which not everybody may read: "national_id", "phone", "account", or ""."""
        return next((each for each in _NUMBERS if self.name.endswith(each)), "")


@dataclass(frozen=True)
class Target:
    """`fields` in the order of the other system's screen; `is_seen`: that screen was looked at. `procedures` empty: for all."""

    code: str
    name: str
    procedures: frozenset[str]
    is_seen: bool
    fields: tuple[TargetField, ...]

    def takes(self, procedure: str) -> bool:
        return not self.procedures or procedure in self.procedures


@lru_cache(maxsize=1)
def targets() -> Mapping[str, Target]:
    """
    >>> targets()["provincial"].fields[1].label
    'Chủ hồ sơ'
    """
    told = tomllib.loads(_DATA.read_text(encoding="utf-8"))["target"]
    return MappingProxyType({row["code"]: _target(row) for row in told})


def targets_of(procedure: str) -> list[Target]:
    """
    >>> [each.code for each in targets_of("1.001776")]
    ['provincial', 'social_protection']
    """
    return [each for each in targets().values() if each.takes(procedure)]


def _target(row: Mapping[str, object]) -> Target:
    fields = tuple(_field(each) for each in _rows(row["fields"]))
    assert len({each.code for each in fields}) == len(fields), row["code"]
    return Target(
        str(row["code"]),
        str(row["name"]),
        frozenset(map(str, _list(row["procedures"]))),
        bool(row["is_seen"]),
        fields,
    )


def _field(row: Mapping[str, object]) -> TargetField:
    kind, _dot, name = str(row["from"]).partition(".")
    assert kind in KINDS, row
    return TargetField(str(row["code"]), str(row["label"]), kind, name)


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def _rows(value: object) -> list[Mapping[str, object]]:
    return [row for row in _list(value) if isinstance(row, Mapping)]
