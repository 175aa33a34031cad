"""What happened in the commune after the day of the published figures: people come and go, are born and die, and take services up.

All of it is drawn at once for two years and cut at the day asked, so that a later day only adds.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bakhong.demo.rules.adopting import BANKS, PROVIDERS, eager, obstacle
from bakhong.demo.rules.choosing import draw, pick
from bakhong.demo.rules.commune import ADULT, REF, WITH_EID, Commune, Resident, Step
from bakhong.demo.rules.names import full_name
from bakhong.demo.rules.peopling import national_id, phone_number

DAYS = 730
# (service, state, age, share of those still without it who take it up in two years)
_TAKEN_UP = (
    ("eid_level2", "activated", WITH_EID, 0.62),
    ("payment_account", "activated", 15, 0.45),
    ("digital_signature", "activated", ADULT, 0.42),
    ("portal_account", "activated", ADULT, 0.38),
    ("online_services", "in_use", ADULT, 0.22),
    ("digital_channel", "in_use", 15, 0.25),
    ("health_book", "activated", 15, 0.30),
    ("province_app", "activated", 15, 0.15),
)


@dataclass(frozen=True)
class Change:
    """What is said of one resident from a day on."""

    serial: int
    values: dict[str, Any]
    on: date


@dataclass
class Later:
    steps: list[Step] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    newborn: list[Resident] = field(default_factory=list)


def later(commune: Commune, until: date, *, seed: int = 7) -> Later:
    """Everything from the day after REF until a day, that day included."""
    rng = random.Random(seed)  # noqa: S311 - the same lives every time is the point
    found = Later()
    leaving = _come_and_go(rng, commune, found)
    _take_up(rng, commune, found, leaving)
    _give_birth(rng, commune, found)
    found.steps = [step for step in found.steps if step.on <= until]
    found.changes = [change for change in found.changes if change.on <= until]
    found.newborn = [each for each in found.newborn if each.surely <= until]
    return found


def _day(rng: random.Random) -> date:
    return REF + timedelta(days=rng.randint(1, DAYS))


def _come_and_go(rng: random.Random, commune: Commune, found: Later) -> set[int]:
    """Returns who died or left: of them nothing further is told."""
    many = len(commune.residents)
    gone: set[int] = set()

    def change(among: list[Resident], count: int, values: dict[str, Any]) -> list[Resident]:
        chosen = pick(rng, [each for each in among if each.serial not in gone], count)
        for each in chosen:
            found.changes.append(Change(each.serial, values, _day(rng)))
            gone.add(each.serial)
        return chosen

    old = [each for each in commune.residents if each.age >= 68]
    young = [each for each in commune.residents if 18 <= each.age <= 40]
    change(old, many // 95, {"presence": "died"})
    change(
        [each for each in young if each.presence == "present"],
        many // 90,
        {"presence": "away", "whereabouts": "Bắc Ninh"},
    )
    change([each for each in young if each.presence == "away"], many // 110, {"presence": "present"})
    back = [
        each
        for each in commune.residents
        if each.presence == "present" and each.device == "basic" and each.age < 70
    ]
    for each in pick(rng, [one for one in back if one.serial not in gone], len(back) // 3):
        values = {
            "device": "smartphone",
            "device_year": 2025,
            "phone": phone_number(each.serial),
            "phone_holder": "self",
        }
        found.changes.append(Change(each.serial, values, _day(rng)))
    return gone


def _take_up(rng: random.Random, commune: Commune, found: Later, leaving: set[int]) -> None:
    having = {
        (step.service, step.key)
        for step in commune.steps
        if step.kind == "person" and step.state in ("activated", "in_use")
    }
    here = [each for each in commune.residents if each.presence == "present" and each.serial not in leaving]
    for service, state, age, share in _TAKEN_UP:
        able = [
            each
            for each in here
            if (service, each.serial) not in having and each.birthday(age) < REF + timedelta(days=DAYS)
        ]
        if service == "digital_signature":
            able = [each for each in able if each.device == "smartphone"]
        for each in pick(rng, able, int(len(able) * share), eager):
            on = max(_day(rng), each.birthday(age))
            provider = {"digital_signature": PROVIDERS, "payment_account": BANKS}.get(service)
            found.steps.append(
                Step(
                    "person",
                    each.serial,
                    service,
                    state,
                    on,
                    provider=draw(rng, provider) if provider else "",
                )
            )
    for each in here:
        if each.age >= ADULT and ("digital_signature", each.serial) not in having and rng.random() < 0.08:
            found.steps.append(
                Step(
                    "person", each.serial, "digital_signature", "none", _day(rng), reason=obstacle(rng, each)
                )
            )


def _give_birth(rng: random.Random, commune: Commune, found: Later) -> None:
    mothers = [
        each
        for each in commune.residents
        if each.sex == "female" and 20 <= each.age <= 36 and each.presence == "present"
    ]
    heads = {each.household: each for each in commune.residents if each.relation == "head"}
    serial = len(commune.residents)
    for mother in pick(
        rng, [each for each in mothers if each.relation in ("head", "spouse")], len(commune.residents) // 38
    ):
        serial += 1
        born, sex = _day(rng), rng.choice(("male", "female"))
        head = heads[mother.household]
        family = head.name.split(" ")[0]
        found.newborn.append(
            Resident(
                serial=serial,
                village=mother.village,
                household=mother.household,
                relation="child",
                name=full_name(rng, family, sex, born.year),
                sex=sex,
                age=-1,
                surely=born,
                born=born.isoformat(),
                national_id=national_id(serial, sex, born.year),
            )
        )
