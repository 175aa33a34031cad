"""What the State's registers would say of the synthetic people: pure, and the same for a person every time, whoever else there is.

As in life a few of them say nothing, or something else than the list of the commune: one in eighty stands in no civil register, one in
fifty still has the address of before the merger, one in a hundred another day of birth.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bakhong.demo.rules.choosing import draw
from bakhong.demo.rules.commune import ADULT, REF, Resident
from bakhong.demo.rules.names import full_name, surname

Record = tuple[str, str, Mapping[str, Any]]

COMMUNE, FORMER = "xã Thường Xuân, tỉnh Thanh Hoá", "xã Ngọc Phụng, huyện Thường Xuân, tỉnh Thanh Hoá"
_ID_FROM = 14  # years
_SINCE = date(2021, 3, 1)  # chip cards
_PEOPLES = {
    **dict.fromkeys(("Cầm", "Vi", "Lương", "Lò", "Lang"), "Thái"),
    **dict.fromkeys(("Hà", "Bùi", "Đinh"), "Mường"),
}
_WORK = (("Làm ruộng", 60), ("Công nhân", 20), ("Buôn bán nhỏ", 12), ("Lái xe", 8))


def records(residents: Iterable[Resident]) -> Iterator[Record]:
    """(register, national id, values) of everybody. Who stands twice is the same person: the first time counts."""
    people = list({each.national_id: each for each in reversed(list(residents))}.values())
    homes: dict[int, list[Resident]] = defaultdict(list)
    for each in people:
        homes[each.household].append(each)
    for each in people:
        yield from _of(each, sorted(homes[each.household], key=lambda one: one.serial))


def _of(one: Resident, home: list[Resident]) -> Iterator[Record]:
    rng = random.Random(f"register:{one.national_id}")  # noqa: S311 - the same people every time is the point
    family = _family(rng, one, home)
    yield "population", one.national_id, _population(rng, one, home, family)
    if rng.random() >= 1 / 80:
        yield "civil_status", one.national_id, {**family, "person.birth_place": "Thường Xuân, Thanh Hoá"}
    code = f"99{rng.randrange(10**8):08d}"
    yield "social_insurance", one.national_id, {"insurance.social_code": code}
    yield "health_insurance", one.national_id, _health(one, code)
    if one.relation == "head":
        yield "land", one.national_id, _land(rng)


def _family(rng: random.Random, one: Resident, home: list[Resident]) -> dict[str, Any]:
    """Parents and spouse: those of the household where they live in it, else invented ones."""
    pair = [each for each in home if each.relation in ("head", "spouse")]
    father, mother = (next((each for each in pair if each.sex == sex), None) for sex in ("male", "female"))
    is_child = one.relation == "child"
    own = one.name.split(" ")[0]
    older = one.surely.year - 26
    found = {
        "family.father_name": father.name if is_child and father else full_name(rng, own, "male", older),
        "family.mother_name": mother.name
        if is_child and mother
        else full_name(rng, surname(rng), "female", older),
    }
    if one.age < ADULT:
        return found
    spouse = next((each for each in pair if each is not one), None) if one in pair else None
    if spouse is None:
        alone = (("widowed", 8), ("divorced", 2)) if one.age > 55 else (("unmarried", 9), ("divorced", 1))
        return {**found, "marriage.status": draw(rng, alone)}
    return {
        **found,
        "marriage.status": "married",
        "family.spouse_name": spouse.name,
        "family.spouse_national_id": spouse.national_id,
        "family.spouse_birth": _birth(spouse),
    }


def _population(
    rng: random.Random, one: Resident, home: list[Resident], family: Mapping[str, Any]
) -> dict[str, Any]:
    village = f"Thôn Mẫu {one.village + 1}"
    address = f"{village}, {FORMER if rng.random() < 1 / 50 else COMMUNE}"
    birth = _birth(one) if rng.random() >= 1 / 100 else _another_day(one)
    head = next((each.name for each in home if each.relation == "head"), one.name)
    found = {
        "person.full_name": one.name,
        "person.birth": birth,
        "person.sex": one.sex,
        "person.national_id": one.national_id,
        "person.address": address,
        "person.current_address": one.whereabouts or address,
        "person.ethnicity": _PEOPLES.get(one.name.split(" ")[0], "Kinh"),
        "person.religion": "Không",
        "person.nationality": "Việt Nam",
        "person.birth_place": "Thường Xuân, Thanh Hoá",
        "person.home_town": "Thường Xuân, Thanh Hoá",
        "household.head_name": head,
        "household.code": f"{one.household:06d}",
        "household.members": [_member(each) for each in home],
        **{key: value for key, value in family.items() if key != "family.spouse_birth"},
    }
    if one.age >= ADULT:
        found["person.occupation"] = draw(rng, _WORK)
    if one.age >= _ID_FROM:
        found["person.id_issued_on"] = (_SINCE + timedelta(days=rng.randrange(1400))).isoformat()
        found["person.id_issued_by"] = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
    return found


def _member(one: Resident) -> dict[str, str]:
    return {
        "full_name": one.name,
        "birth": _birth(one),
        "sex": one.sex,
        "relation": one.relation,
        "national_id": one.national_id,
    }


def _health(one: Resident, code: str) -> dict[str, str]:
    begins = "TE1" if one.age < 6 else "HS4" if one.age < 18 else "GD4"
    return {
        "insurance.health_code": f"{begins}38{code}",
        "insurance.health_valid_to": "2026-12-31",
        "insurance.health_facility": "Trạm y tế xã Thường Xuân",
    }


def _land(rng: random.Random) -> dict[str, Any]:
    plots = [
        {
            "sheet": str(rng.randint(1, 60)),
            "number": str(rng.randint(1, 900)),
            "area": str(rng.randint(90, 900)),
            "use": use,
        }
        for use in ("Đất ở tại nông thôn", "Đất trồng lúa")[: rng.randint(1, 2)]
    ]
    return {"land.plots": plots, "land.certificate_no": f"MẪU {rng.randrange(10**6):06d}"}


def _birth(one: Resident) -> str:
    """The whole day, though the list may know the year only: the last day they can have been born on."""
    return one.born if len(one.born) == 10 else one.surely.isoformat()


def _another_day(one: Resident) -> str:
    day = date.fromisoformat(_birth(one))
    return (day - timedelta(days=1)).isoformat() if day > date(1900, 1, 1) and day <= REF else day.isoformat()
