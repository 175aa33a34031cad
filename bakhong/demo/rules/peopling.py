"""Households filled with people whose ages fit together, until exactly so many children, teens and adults live in every village."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from bakhong.demo.rules.choosing import allot, draw, pick
from bakhong.demo.rules.commune import REF, VILLAGES, Margins, Resident, Village
from bakhong.demo.rules.names import full_name, surname

# No province has the code 099 (001 to 096 are provinces, countries begin at 100) and no operator numbers beginning with 051: nobody can
# hold them. The rest is in the right form, so that they are read and checked like real ones.
# Source: Circular 59/2021/TT-BCA, annexes; the telephone prefix is general knowledge, unverified.
NO_PROVINCE, NO_OPERATOR = "099", "051"

_PLACES = (
    ("Hà Nội", 26),
    ("Bình Dương", 22),
    ("Bắc Ninh", 14),
    ("TP. Hồ Chí Minh", 12),
    ("TP. Thanh Hoá", 10),
    ("Hải Phòng", 6),
    ("Đồng Nai", 6),
)
_LANDS = (("Đài Loan", 40), ("Nhật Bản", 30), ("Hàn Quốc", 22), ("Lào", 8))
_KINDS = (
    ("couple", 36.0),
    ("three", 22.0),
    ("mature", 26.0),
    ("old_couple", 7.0),
    ("old_alone", 6.0),
    ("single", 3.0),
)
_NEEDS = {"couple": 2, "three": 3, "mature": 3, "old_couple": 2, "old_alone": 1, "single": 1}


@dataclass
class _Member:
    age: int
    sex: str
    relation: str
    family: str


@dataclass
class _House:
    village: int
    members: list[_Member] = field(default_factory=list)

    @property
    def mother(self) -> _Member | None:
        """Who children are born to: the wife, or who is alone with them."""
        pair = [each for each in self.members if each.relation in ("head", "spouse")]
        return next((each for each in pair if each.sex == "female"), pair[0] if pair else None)

    @property
    def family(self) -> str:
        return next(each for each in self.members if each.relation == "head").family


def populate(rng: random.Random, margins: Margins) -> list[Resident]:
    """All residents with births, numbers, presence and phones; the counts of the margins that are about people hold exactly."""
    weights = [village.weight for village in VILLAGES]
    parts = zip(
        allot(margins.adults, weights),
        allot(margins.teens, weights),
        allot(margins.children, weights),
        strict=True,
    )
    houses: list[_House] = []
    for index, (adults, teens, children) in enumerate(parts):
        houses += _village(rng, index, adults, teens, children)
    residents = _named(rng, houses)
    _send_away(rng, residents)
    _give_phones(rng, residents, margins.smartphone_present)
    return residents


# --- households ------------------------------------------------------------------------------------------------------


def _village(rng: random.Random, index: int, adults: int, teens: int, children: int) -> list[_House]:
    village = VILLAGES[index]
    houses: list[_House] = []
    while adults:
        house = _house(rng, index, village, adults)
        adults -= len(house.members)
        houses.append(house)
    young = [rng.randint(15, 17) for _ in range(teens)] + [rng.randint(0, 14) for _ in range(children)]
    for age in sorted(young, reverse=True):
        _bear(rng, houses, age)
    return houses


def _house(rng: random.Random, index: int, village: Village, room: int) -> _House:
    old = {"old_couple", "old_alone"}
    kinds = [
        (kind, weight * (village.old if kind in old else 1))
        for kind, weight in _KINDS
        if _NEEDS[kind] <= room
    ]
    kind = draw(rng, kinds)
    house = _House(index)
    if kind in ("couple", "three"):
        _pair(rng, house, int(rng.triangular(21, 50, 34)))
    elif kind == "mature":
        _pair(rng, house, int(rng.triangular(43, 68, 52)))
    elif kind == "old_couple":
        _pair(rng, house, int(rng.triangular(60, 90, 66)))
    elif kind == "old_alone":
        house.members.append(
            _Member(
                int(rng.triangular(62, 96, 72)),
                "female" if rng.random() < 0.75 else "male",
                "head",
                surname(rng),
            )
        )
    else:
        house.members.append(
            _Member(rng.randint(26, 52), "female" if rng.random() < 0.8 else "male", "head", surname(rng))
        )
    if kind == "three":
        _add_parents(rng, house, room - len(house.members))
    if kind == "mature":
        _add_grown(rng, house, room - len(house.members))
    return house


def _pair(rng: random.Random, house: _House, age: int) -> None:
    family = surname(rng)
    wife = min(max(18, age - round(rng.gauss(2.5, 2.5))), 95)
    sexes = ("male", "female") if rng.random() < 0.85 else ("female", "male")
    ages = (age, wife) if sexes[0] == "male" else (wife, age)
    house.members.append(_Member(ages[0], sexes[0], "head", family))
    house.members.append(_Member(ages[1], sexes[1], "spouse", surname(rng)))


def _add_parents(rng: random.Random, house: _House, room: int) -> None:
    head = house.members[0]
    older = head.age + rng.randint(21, 33)
    sexes = ["female", "male"] if rng.random() < 0.55 else ["female"]
    for sex in sexes[:room]:
        age = min(95, older + (rng.randint(0, 4) if sex == "male" else 0))
        house.members.append(_Member(age, sex, "parent", head.family if sex == "male" else surname(rng)))


def _add_grown(rng: random.Random, house: _House, room: int) -> None:
    mother = house.mother
    assert mother is not None
    oldest = min(mother.age - 19, 34)
    family = next((each.family for each in house.members if each.sex == "male"), house.family)
    for _ in range(min(room, draw(rng, [(1, 50), (2, 38), (3, 12)]))):
        house.members.append(
            _Member(rng.randint(18, max(18, oldest)), rng.choice(("male", "female")), "child", family)
        )


def _bear(rng: random.Random, houses: list[_House], age: int) -> None:
    """A child of this age joins a household with a mother of fitting age; where there is none, grandparents'."""
    fitting: list[tuple[_House, float]] = []
    for house in houses:
        mother = house.mother
        if mother is not None and 19 <= mother.age - age <= 41:
            kids = sum(each.relation == "child" for each in house.members)
            fitting.append((house, 1 / (1 + kids) ** 2.5))
    relation = "child"
    if not fitting:
        relation = "grandchild"
        fitting = [(house, 1.0) for house in houses if house.members[0].age - age >= 40] or [
            (house, 1.0) for house in houses
        ]
    house = draw(rng, fitting)
    father = next(
        (each for each in house.members if each.sex == "male" and each.relation in ("head", "spouse")), None
    )
    house.members.append(
        _Member(age, rng.choice(("male", "female")), relation, father.family if father else house.family)
    )


# --- names, births, numbers ------------------------------------------------------------------------------------------


def _named(rng: random.Random, houses: list[_House]) -> list[Resident]:
    found: list[Resident] = []
    for number, house in enumerate(houses, start=1):
        for each in house.members:
            born = _birth(rng, each.age)
            text = born.isoformat()
            if each.age >= 62 and rng.random() < 0.15:  # the old often know the year alone
                text, born = str(born.year), date(born.year, 12, 31)
            serial = len(found) + 1
            found.append(
                Resident(
                    serial=serial,
                    village=house.village,
                    household=number,
                    relation=each.relation,
                    name=full_name(rng, each.family, each.sex, born.year),
                    sex=each.sex,
                    age=each.age,
                    surely=born,
                    born=text,
                    national_id=national_id(serial, each.sex, born.year),
                )
            )
    return found


def _birth(rng: random.Random, age: int) -> date:
    """A day on which somebody of this age on REF can have been born."""
    latest = REF.replace(year=REF.year - age)
    earliest = REF.replace(year=REF.year - age - 1) + timedelta(days=1)
    return earliest + timedelta(days=rng.randrange((latest - earliest).days + 1))


def national_id(serial: int, sex: str, year: int) -> str:
    """Twelve digits in the right form that nobody can hold; different for every serial below a million.

    >>> national_id(1, "female", 1990), national_id(2, "male", 2004)[:6]
    ('099190112648', '099204')
    """
    century = (year - 1900) // 100 * 2 + (sex == "female")
    return f"{NO_PROVINCE}{century}{year % 100:02d}{(serial * 7919 + 104729) % 1_000_000:06d}"


def phone_number(serial: int) -> str:
    """
    >>> phone_number(1), phone_number(1) != phone_number(2)
    ('0514112648', True)
    """
    return f"{NO_OPERATOR}{(serial * 7919 + 4104729) % 10_000_000:07d}"


# --- who is away -----------------------------------------------------------------------------------------------------


def _send_away(rng: random.Random, residents: list[Resident]) -> None:
    houses: dict[int, list[Resident]] = {}
    for each in residents:
        houses.setdefault(each.household, []).append(each)
        factor = (
            1.5
            if 18 <= each.age <= 24
            else 1.25
            if 25 <= each.age <= 42
            else 0.6
            if 43 <= each.age <= 58
            else 0.0
        )
        if rng.random() < VILLAGES[each.village].away * factor:
            _leave(rng, each)
    for members in houses.values():
        minors = [each for each in members if each.age < 15]
        if not minors or any(each.presence == "present" and each.age >= 18 for each in members):
            continue
        grown = next(each for each in members if each.presence != "present")
        if grown.presence == "away" and rng.random() < 0.15:  # the whole family lives where the work is
            for each in minors:
                each.presence, each.whereabouts = "away", grown.whereabouts
        else:
            grown.presence, grown.whereabouts = "present", ""


def _leave(rng: random.Random, each: Resident) -> None:
    is_abroad = 20 <= each.age <= 42 and rng.random() < 0.14
    each.presence = "abroad" if is_abroad else "away"
    each.whereabouts = draw(rng, _LANDS if is_abroad else _PLACES)


# --- phones ----------------------------------------------------------------------------------------------------------


def _give_phones(rng: random.Random, residents: list[Resident], present_with_smartphone: int) -> None:
    """Exactly so many of those present have a smartphone; most of those away; the others a simple phone, a relative's or none."""
    grown = [each for each in residents if each.age >= 15]
    present = [each for each in grown if each.presence == "present"]
    chosen = {each.serial for each in pick(rng, present, present_with_smartphone, _likes_phones)}
    for each in grown:
        has_one = each.serial in chosen if each.presence == "present" else rng.random() < 0.93
        if has_one:
            each.device, each.device_year = (
                "smartphone",
                rng.choice((2016, 2018, 2019, 2020, 2021, 2022, 2023, 2024)),
            )
        elif each.age >= 35 and rng.random() < 0.75:
            each.device = "basic"
        if each.device != "none":
            each.phone, each.holder = phone_number(each.serial), "self"
    houses: dict[int, list[Resident]] = {}
    for each in residents:
        houses.setdefault(each.household, []).append(each)
    for each in grown:
        if not each.phone:
            _borrow(rng, each, houses[each.household])


def _borrow(rng: random.Random, each: Resident, members: list[Resident]) -> None:
    owners = [one for one in members if one.holder == "self"]
    if owners and rng.random() < 0.6:
        owner = rng.choice(owners)
        each.phone, each.holder = owner.phone, "relative"
        each.phone_note = {
            "child": "con",
            "spouse": "chồng" if owner.sex == "male" else "vợ",
            "parent": "mẹ",
        }.get(owner.relation, "con")


def _likes_phones(each: Resident) -> float:
    by_age = (
        9.0
        if each.age < 30
        else 6.0
        if each.age < 45
        else 2.2
        if each.age < 60
        else 0.5
        if each.age < 70
        else 0.08
    )
    return by_age * VILLAGES[each.village].phones
