"""The synthetic commune before anything is stored: its margins, its people, and that nobody real can be meant."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bakhong.demo.rules.choosing import allot
from bakhong.demo.rules.commune import REF, VILLAGES, Commune, Margins, Resident
from bakhong.demo.rules.later import later
from bakhong.demo.rules.making import make_commune
from bakhong.people.rules.births import age_on
from bakhong.people.rules.numbers import national_id, number_tells, phone
from bakhong.people.rules.reasons import reasons
from bakhong.people.rules.services import covering, reached, services


@pytest.fixture(scope="module")
def commune() -> Commune:
    return make_commune()


def ages(commune: Commune) -> dict[int, int]:
    found = {each.serial: age_on(each.born, REF) for each in commune.residents}
    assert None not in found.values()
    return {serial: age for serial, age in found.items() if age is not None}


def having(commune: Commune, service: str, at_least: str = "activated") -> set[tuple[str, int]]:
    return {
        (step.kind, step.key)
        for step in commune.steps
        if step.service in covering(service) and reached(step.state, at_least)
    }


def counted(commune: Commune) -> dict[str, int]:
    """The margins, counted from the people and steps by the rules of the people's room."""
    age = ages(commune)
    adults = {("person", serial) for serial, years in age.items() if years >= 18}
    aged_15_up = {("person", serial) for serial, years in age.items() if years >= 15}
    at_hand = {
        ("person", each.serial)
        for each in commune.residents
        if each.presence == "present" and each.device == "smartphone"
    }
    smart = {
        ("subscription", index) for index, each in enumerate(commune.subscriptions) if each.is_smartphone
    }
    return {
        "children": len(age) - len(aged_15_up),
        "teens": len(aged_15_up) - len(adults),
        "adults": len(adults),
        "eid": len(adults & having(commune, "eid_level1")),
        "accounts": len(aged_15_up & having(commune, "payment_account")),
        "paying_online": len(aged_15_up & having(commune, "payment_account", "in_use")),
        "smartphone_present": len(at_hand),
        "signatures": len(at_hand & having(commune, "digital_signature")),
        "subscriptions": len(smart),
        "secured": len(smart & having(commune, "security_software")),
    }


def test_the_margins_are_the_published_ones(commune: Commune) -> None:
    assert counted(commune) == vars(Margins())
    found = counted(commune)
    assert (found["adults"], found["eid"]) == (5205, 4795)
    assert (found["adults"] + found["teens"], found["accounts"]) == (5648, 4575)
    assert (found["subscriptions"], found["secured"]) == (3798, 2660)
    assert f"{100 * found['signatures'] / found['smartphone_present']:.1f}" == "53.7"
    assert found["paying_online"] / (found["adults"] + found["teens"]) > 0.6
    assert (len(VILLAGES), sum(village.stations for village in VILLAGES)) == (7, 8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_keep_the_margins(seed: int) -> None:
    margins = Margins().scaled(10)
    assert counted(make_commune(margins, seed=seed)) == vars(margins)


def test_a_lost_account_would_be_noticed(commune: Commune) -> None:
    """Negative control: the counting above does count."""
    fewer = Commune(
        commune.margins, commune.residents, commune.subscriptions, commune.shops, list(commune.steps)
    )
    fewer.steps = [
        step for step in fewer.steps if step.service not in ("eid_level1", "eid_level2") or step.key > 50
    ]
    assert counted(fewer)["eid"] < 4795


def test_the_same_seed_makes_the_same_people(commune: Commune) -> None:
    again = make_commune()
    assert again.residents == commune.residents
    assert again.steps == commune.steps
    assert (
        make_commune(Margins().scaled(10), seed=1).residents
        != make_commune(Margins().scaled(10), seed=2).residents
    )


def test_nobody_can_have_these_numbers(commune: Commune) -> None:
    numbers = [each.national_id for each in commune.residents]
    assert len(set(numbers)) == len(numbers)
    for each in commune.residents:
        assert each.national_id.startswith("099")  # no province, no country
        assert national_id(each.national_id).value == each.national_id
        told = number_tells(each.national_id)
        assert (told.sex, told.year) == (each.sex, each.surely.year)
        assert not each.phone or re.fullmatch(r"051\d{7}", each.phone)
        assert not each.phone or phone(each.phone).value == each.phone
    subscribed = [each.number for each in commune.subscriptions]
    assert len(set(subscribed)) == len(subscribed)


def test_families_are_possible(commune: Commune) -> None:
    for members in commune.households().values():
        assert [each.relation for each in members].count("head") == 1
        assert len({each.village for each in members}) == 1
        mother = next(
            (each for each in members if each.relation in ("head", "spouse") and each.sex == "female"),
            members[0],
        )
        for child in members:
            if child.relation == "child":
                assert mother.age - child.age >= 18, members
        if any(each.age < 15 for each in members):
            assert_somebody_minds(members)


def assert_somebody_minds(members: list[Resident]) -> None:
    """Children at home are not alone."""
    if any(each.age < 15 and each.presence == "present" for each in members):
        assert any(each.age >= 18 and each.presence == "present" for each in members), members


def test_villages_differ(commune: Commune) -> None:
    def share(village: int, of: str) -> float:
        adults = [each for each in commune.residents if each.village == village and each.age >= 18]
        hits = [
            each
            for each in adults
            if (each.presence != "present" if of == "away" else each.device == "smartphone")
        ]
        return len(hits) / len(adults)

    assert share(6, "away") > share(0, "away") + 0.1
    assert share(6, "phones") < share(0, "phones") - 0.2
    with_eid = having(commune, "eid_level1")
    missing = Counter(
        each.village
        for each in commune.residents
        if each.age >= 18 and ("person", each.serial) not in with_eid
    )
    assert missing[6] > missing[0]


def test_every_step_is_one_the_services_know(commune: Commune) -> None:
    born = {each.serial: each for each in commune.residents}
    for step in [*commune.steps, *later(commune, date(2027, 5, 6)).steps]:
        service = services()[step.service]
        assert step.state in service.states(), step
        assert not step.reason or step.reason in reasons(), step
        if step.kind == "person" and service.eligible.age_min and step.state != "none":
            age = age_on(born[step.key].born, step.on)
            assert age is not None
            assert age >= service.eligible.age_min, step
    assert max(step.on for step in commune.steps) <= REF
    for before, after in pairwise(step for step in commune.steps if step.service == "eid_level2"):
        assert before.key != after.key or before.on <= after.on


def test_life_goes_on_after_that_day(commune: Commune) -> None:
    """A later day adds and takes nothing away; nothing happens on or before the day of the figures."""
    soon, late = later(commune, REF + timedelta(days=90)), later(commune, date(2026, 11, 22))
    assert 0 < len(soon.steps) < len(late.steps)
    assert set(soon.steps) <= set(late.steps)
    assert {each.serial for each in soon.newborn} < {each.serial for each in late.newborn}
    assert min(step.on for step in late.steps) > REF
    assert min(change.on for change in late.changes) > REF
    kinds = Counter(change.values.get("presence", "phone") for change in late.changes)
    assert set(kinds) == {"died", "away", "present", "phone"}


def test_parts_sum_to_the_whole() -> None:
    assert all(sum(allot(total, [1.3, 0.2, 5, 1])) == total for total in range(100))
