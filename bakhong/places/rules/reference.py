"""The units that ship with the program, put in order of time.

Reads the files of `data/` (see its README for sources, licence and known traps) and gives dated units,
memberships and successions. The loader copies them into the database; a command that has none answers from
them directly.
"""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from bakhong.core.text import identity_key, name_key
from bakhong.places.rules.naming import KINDS, full_name, readings

REORGANISED_ON = date(2025, 7, 1)
DONG_NAI_ON = date(2026, 4, 30)
EFFECTIVE_2025 = "NQ 203/2025/QH15; QĐ 19/2025/QĐ-TTg; vietnamadminunits 1.0.4"
EFFECTIVE_2026 = "NQ 30/2026/QH16; NQ 237/NQ-UBTVQH16"

_DATA = Path(__file__).resolve().parent.parent / "data"
_FILES = (
    "units-until-2025-06-30.csv",
    "units-from-2025-07-01.csv",
    "unit-successions-2025-07-01.csv",
    "unit-changes-2026-04-30.csv",
    "groups-38.csv",
)

Key = tuple[str, date | None]


@dataclass(frozen=True)
class ShippedUnit:
    """One version of a unit, known by (code, valid_from); `parent` is the unit above, None for a province."""

    code: str
    level: str
    kind: str
    name: str
    valid_from: date | None
    valid_to: date | None
    parent: Key | None

    @property
    def key(self) -> Key:
        return self.code, self.valid_from

    @property
    def full_name(self) -> str:
        return full_name(self.kind, self.name)

    def has(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@dataclass(frozen=True)
class ShippedMembership:
    child: Key
    parent: Key
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class ShippedSuccession:
    predecessor: Key
    successor: Key
    on: date
    is_whole: bool
    is_default_successor: bool
    source: str


@dataclass(frozen=True)
class ShippedGroup:
    unit: Key
    group: str


@dataclass(frozen=True)
class Reference:
    """Everything shipped. `version` changes whenever a file does."""

    version: str
    units: tuple[ShippedUnit, ...]
    memberships: tuple[ShippedMembership, ...]
    successions: tuple[ShippedSuccession, ...]
    groups: tuple[ShippedGroup, ...]

    def unit_on(self, code: str, on: date) -> ShippedUnit | None:
        """
        >>> [shipped().unit_on("16543", day).name for day in (date(2025, 6, 30), date(2025, 7, 1))]
        ['Quảng Lưu', 'Quảng Bình']
        """
        return next((unit for unit in _by_code()[code] if unit.has(on)), None)

    def parent_of(self, unit: ShippedUnit) -> ShippedUnit | None:
        return _by_key()[unit.parent] if unit.parent else None

    def resolve_name(self, text: str, *, on: date, within: ShippedUnit | None = None) -> ShippedUnit | None:
        """The one unit of a day that the text names, inside another unit; None when there is none or several.

        >>> day = date(2025, 5, 6)
        >>> shipped().resolve_name("UBND xã Ngọc Phụng", on=day, within=shipped().unit_on("38", day)).code
        '15655'
        """
        for kinds, name in readings(text):
            wanted = identity_key(name)
            found = [
                unit
                for unit in _by_name()[name_key(name)]
                if unit.has(on)
                and identity_key(unit.name) == wanted
                and (not kinds or unit.kind in kinds)
                and (within is None or self._is_within(unit, within))
            ]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _is_within(self, unit: ShippedUnit, ancestor: ShippedUnit) -> bool:
        here: ShippedUnit | None = unit
        while here and here.code != ancestor.code:
            here = self.parent_of(here)
        return here is not None


@cache
def version() -> str:
    """A fingerprint of the shipped files, made without parsing them."""
    digest = hashlib.sha256()
    for file in _FILES:
        digest.update(file.encode() + (_DATA / file).read_bytes())
    return digest.hexdigest()[:16]


@cache
def shipped() -> Reference:
    """All shipped units, read once a process (about 0.15 s)."""
    earlier = [_unit(row, None, REORGANISED_ON) for row in _rows("units-until-2025-06-30.csv")]
    changes = {row["code"]: row["kind_after"] for row in _rows("unit-changes-2026-04-30.csv")}
    later = list(_later(changes))
    units = (*earlier, *later)
    successions = (*_successions(earlier, later), *_changes(changes))
    return Reference(
        version(), units, tuple(_memberships(units)), successions, tuple(_groups(earlier, later, successions))
    )


def _rows(file: str) -> list[dict[str, str]]:
    with (_DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _unit(row: dict[str, str], valid_from: date | None, valid_to: date | None) -> ShippedUnit:
    kind, name = _mend(row["kind"], row["name"], row["full_name"])
    parent = (row["parent_code"], valid_from) if row["parent_code"] else None
    return ShippedUnit(row["code"], row["level"], kind, name, valid_from, valid_to, parent)


def _mend(kind: str, name: str, full: str) -> tuple[str, str]:
    """Kind and bare name, in spite of the traps listed in the data's README: the full name decides.

    >>> _mend("huyen", "Kỳ Anh (Huyện)", "Huyện Kỳ Anh"), _mend("xa", "Phường 15", "Phường 15")
    (('huyen', 'Kỳ Anh'), ('phuong', '15'))
    >>> _mend("xa", "Ngọc Lặc", "Thị trấn Ngọc Lặc"), _mend("huyen_dao", "Cồn Cỏ", "Huyện Cồn Cỏ")
    (('thi_tran', 'Ngọc Lặc'), ('huyen_dao', 'Cồn Cỏ'))
    """
    usual = KINDS[kind].vi + " "
    if full.startswith(usual):
        return kind, full.removeprefix(usual)
    codes, bare = readings(full)[0]
    return kind if kind in codes else codes[0], bare


def _later(changes: dict[str, str]) -> Iterator[ShippedUnit]:
    """The units of 2025-07-01; one whose kind changed on 2026-04-30 has two versions, before and after."""
    for row in _rows("units-from-2025-07-01.csv"):
        unit = _unit(row, REORGANISED_ON, None)
        if unit.code in changes:
            yield replace(unit, valid_to=DONG_NAI_ON)
            parent = (row["parent_code"], DONG_NAI_ON) if row["parent_code"] else None
            yield replace(unit, kind=changes[unit.code], valid_from=DONG_NAI_ON, parent=parent)
        else:
            yield unit


def _memberships(units: tuple[ShippedUnit, ...]) -> Iterator[ShippedMembership]:
    """A unit belongs to the version of its parent that is valid at the time."""
    versions = defaultdict(list)
    for unit in units:
        versions[unit.code].append(unit)
    for unit in units:
        if unit.parent:
            for parent in versions[unit.parent[0]]:
                start, end = (
                    _later_of(unit.valid_from, parent.valid_from),
                    _earlier_of(unit.valid_to, parent.valid_to),
                )
                if start is None or end is None or start < end:
                    yield ShippedMembership(unit.key, parent.key, start, end)


def _later_of(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)


def _earlier_of(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


def _successions(earlier: list[ShippedUnit], later: list[ShippedUnit]) -> Iterator[ShippedSuccession]:
    """The communes' as listed; the provinces' follow from them exactly. Districts ended without any."""
    on = REORGANISED_ON
    province = {
        unit.code: unit.parent[0] for unit in earlier + later if unit.level == "district" and unit.parent
    }
    above_old = {
        unit.code: province[unit.parent[0]] for unit in earlier if unit.level == "commune" and unit.parent
    }
    above_new = {unit.code: unit.parent[0] for unit in later if unit.level == "commune" and unit.parent}
    provinces: dict[str, set[str]] = defaultdict(set)
    for row in _rows("unit-successions-2025-07-01.csv"):
        old, new = row["predecessor_code"], row["successor_code"]
        provinces[above_old[old]].add(above_new[new])
        is_whole, hint = row["extent"] == "whole", row["is_default_successor"] == "1"
        yield ShippedSuccession((old, None), (new, on), on, is_whole, is_whole or hint, EFFECTIVE_2025)
    for old, successors in provinces.items():
        for new in sorted(successors):
            is_whole = len(successors) == 1
            yield ShippedSuccession((old, None), (new, on), on, is_whole, is_whole, EFFECTIVE_2025)


def _changes(codes: dict[str, str]) -> Iterator[ShippedSuccession]:
    for code in codes:
        before, after = (code, REORGANISED_ON), (code, DONG_NAI_ON)
        yield ShippedSuccession(before, after, DONG_NAI_ON, True, True, EFFECTIVE_2026)


def _groups(
    earlier: list[ShippedUnit], later: list[ShippedUnit], successions: tuple[ShippedSuccession, ...]
) -> Iterator[ShippedGroup]:
    """Default groups of Thanh Hoá's communes (general knowledge, unverified): a ward is a ward; otherwise the group
    of the former districts from which most of the communes came that went to it whole."""
    of_district = {row["district_code"]: row["group"] for row in _rows("groups-38.csv")}
    of_commune = {
        unit.key: of_district.get(unit.parent[0])
        for unit in earlier
        if unit.level == "commune" and unit.parent
    }
    votes: dict[Key, list[str]] = defaultdict(list)
    for step in successions:
        group = of_commune.get(step.predecessor)
        if group and step.is_whole:
            votes[step.successor].append(group)
    for unit in later:
        if unit.key in votes:
            groups = sorted(votes[unit.key])
            yield ShippedGroup(unit.key, "ward" if unit.kind == "phuong" else max(groups, key=groups.count))


@cache
def _by_code() -> dict[str, list[ShippedUnit]]:
    index: dict[str, list[ShippedUnit]] = defaultdict(list)
    for unit in shipped().units:
        index[unit.code].append(unit)
    return index


@cache
def _by_key() -> dict[Key, ShippedUnit]:
    return {unit.key: unit for unit in shipped().units}


@cache
def _by_name() -> dict[str, list[ShippedUnit]]:
    index: dict[str, list[ShippedUnit]] = defaultdict(list)
    for unit in shipped().units:
        index[name_key(unit.name)].append(unit)
    return index
