"""Short lists of the other three former communes of xã Thường Xuân, as their own clerks kept them; a few people stand in two lists.

`files` writes the lists that a new user takes in by hand; the list of xã Thọ Thanh is taken in by the loader.
"""

import json
import random
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo import sheets
from bakhong.demo.rules.commune import REF, Commune, Margins, Resident
from bakhong.demo.rules.making import make_commune
from bakhong.demo.rules.peopling import national_id, phone_number
from bakhong.outreach.actions.campaigns import record_condition
from bakhong.outreach.models import Condition, Road
from bakhong.people.actions.importing import import_list
from bakhong.people.models import Import
from bakhong.people.reading import read_list
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit
from bakhong.places.queries import children, unit_on

NOW = "15646"


@dataclass(frozen=True)
class Neighbour:
    """`code` on REF; `serials` begin there. `as_of`: the list is of after the merger. `moved`: from Ngọc Phụng into its first village."""

    code: str
    name: str
    file: str
    villages: tuple[tuple[str, str], ...]
    styles: tuple[sheets.Style, ...]
    serials: int
    as_of: date
    moved: int
    has_bad: bool = False
    marks: bool = False

    def sheet(self, index: int) -> str:
        kind, name = self.villages[index]
        return f"{'Khu phố' if kind == 'khu_pho' else 'Thôn'} {name}"


NEIGHBOURS = (
    Neighbour(
        "15652",
        "XÃ THỌ THANH",
        "tho-thanh-phong-chu-cu.xlsx",
        (("thon", "Mẫu 8"), ("thon", "Mẫu 9")),
        (sheets.Style(tcvn3=True), sheets.PLAIN),
        20_000,
        date(2025, 8, 15),
        moved=4,
    ),
    Neighbour(
        "15646",
        "THỊ TRẤN THƯỜNG XUÂN",
        "thi-tran-tieu-de-hai-dong.xlsx",
        (("khu_pho", "Mẫu 10"), ("khu_pho", "Mẫu 11")),
        (sheets.Style(two_rows=True), sheets.Style(two_rows=True, decomposed=True)),
        30_000,
        date(2025, 9, 30),
        moved=5,
        has_bad=True,
        marks=True,
    ),
    Neighbour(
        "15649",
        "XÃ XUÂN DƯƠNG",
        "xuan-duong-so-mat-so-khong.xlsx",
        (("thon", "Mẫu 12"), ("thon", "Mẫu 13")),
        (sheets.Style(numbers=True), sheets.Style(numbers=True, capitals=True)),
        40_000,
        date(2025, 9, 15),
        moved=3,
        has_bad=True,
    ),
)
TAKEN_IN = NEIGHBOURS[0]


def residents_of(neighbour: Neighbour, commune: Commune) -> list[Resident]:
    """Its own people, and those who married or moved there from Ngọc Phụng and stand in both lists."""
    own = make_commune(Margins().scaled(34), seed=neighbour.serials).residents
    found = [
        replace(
            each,
            serial=neighbour.serials + each.serial,
            household=neighbour.serials + each.household,
            village=each.village % 2,
            national_id=national_id(neighbour.serials + each.serial, each.sex, each.surely.year),
            phone=phone_number(neighbour.serials + each.serial) if each.holder == "self" else "",
            holder=each.holder if each.holder == "self" else "",
        )
        for each in own
    ]
    rng = random.Random(neighbour.serials)  # noqa: S311 - the same people every time is the point
    young = [each for each in commune.residents if each.relation == "child" and 19 <= each.age <= 30]
    moved = rng.sample([each for each in young if each.presence == "present"], neighbour.moved)
    return [replace(each, village=0, relation="head") for each in moved] + found


def messy_list(neighbour: Neighbour, commune: Commune) -> sheets.Messy:
    residents = residents_of(neighbour, commune)
    pages = {
        neighbour.sheet(index): [each for each in residents if each.village == index] for index in range(2)
    }
    styles = {neighbour.sheet(index): style for index, style in enumerate(neighbour.styles)}
    return sheets.workbook(
        f"DANH SÁCH NHÂN KHẨU {neighbour.name} CŨ (MẪU)",
        neighbour.as_of,
        pages,
        styles,
        marks=_marks(residents, neighbour.serials) if neighbour.marks else None,
        bad=neighbour.has_bad,
    )


def _marks(residents: list[Resident], seed: int) -> dict[str, dict[int, str]]:
    """Marks under services; what “Đã KH” means (activated? planned?) is to be asked."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    adults = [each for each in residents if each.age >= 18]
    return {
        "VNeID mức 2": {
            each.serial: rng.choice(("x", "x", "x", "có", "Đã KH")) for each in adults if rng.random() < 0.8
        },
        "Tài khoản ngân hàng": {each.serial: "x" for each in adults if rng.random() < 0.7},
        "Chữ ký số": {each.serial: rng.choice(("x", "✓", "1")) for each in adults if rng.random() < 0.3},
    }


def make_villages(*, by: Actor, at: datetime) -> None:
    """Two invented villages each, which were theirs before the merger, so that the former commune stays a dimension."""
    for neighbour in NEIGHBOURS:
        unit = unit_on(neighbour.code, REF)
        assert unit is not None
        if not children(unit, REF):
            create_villages(
                commune=unit, villages=neighbour.villages, valid_from=date(2020, 1, 1), by=by, at=at
            )


def see_conditions(*, by: Actor, at: datetime) -> None:
    """What it is like there: nothing special, so that the order of a sweep does not take them for unknown ground."""
    for neighbour in NEIGHBOURS:
        unit = unit_on(neighbour.code, REF)
        assert unit is not None
        for place, village in enumerate(children(unit, REF)):
            if not Condition.objects.filter(unit=village).exists():
                record_condition(
                    village=village,
                    on=neighbour.as_of,
                    signal=3,
                    distance_km=Decimal(2 + 2 * place),
                    base_stations=1,
                    road=Road.CAR,
                    source="Số liệu mẫu",
                    by=by,
                    at=at,
                )


def import_neighbour(commune: Commune, *, by: Actor, at: datetime) -> None:
    """The list of one of them, taken in for the commune of today: who stands in both lists is one person."""
    unit: Unit | None = unit_on(NOW, TAKEN_IN.as_of)
    assert unit is not None
    if Import.objects.filter(commune=unit, file_name=TAKEN_IN.file).exists():
        return
    data = messy_list(TAKEN_IN, commune).data
    residents = read_list(data, filename=TAKEN_IN.file, today=day_of(at))
    import_list(commune=unit, residents=residents, file_name=TAKEN_IN.file, content=data, by=by, at=at)


def write_files(folder: Path, commune: Commune) -> list[Path]:
    """The messy lists to try an import with, and `su-that.json`: what is true of them."""
    folder.mkdir(parents=True, exist_ok=True)
    truth, written = {}, []
    for neighbour in NEIGHBOURS:
        made = messy_list(neighbour, commune)
        path = folder / neighbour.file
        path.write_bytes(made.data)
        written.append(path)
        truth[neighbour.file] = {
            "commune": NOW,
            "as_of": neighbour.as_of.isoformat(),
            "rows": made.people,
            "rejected": sum(rejects for *_where, rejects in made.bad),
            "also_in_ngoc_phung": neighbour.moved,
            "bad_cells": [
                {"sheet": sheet, "cell": cell, "code": code} for sheet, cell, code, _rejects in made.bad
            ],
        }
    (folder / "su-that.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return written
