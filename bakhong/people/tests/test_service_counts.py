"""The counts of a unit's services are the lists behind them, and agree with the pure rules."""

from datetime import date, datetime

import pytest

from bakhong.core.actor import Actor
from bakhong.people.actions import (
    Adopted,
    add_organisation,
    make_household,
    record_adoptions,
    record_subscription,
)
from bakhong.people.models import Person
from bakhong.people.queries.adoption import missing_services, standing_of
from bakhong.people.queries.roll import residents
from bakhong.people.queries.service_conditions import aged, with_service
from bakhong.people.queries.service_counts import service_counts
from bakhong.people.rules.births import age_of, birth_parts
from bakhong.people.rules.services import services, services_for
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

BIRTHS = [
    "",
    "2010",
    "2011",
    "2012",
    "2010-11",
    "2011-11-22",
    "2012-11-22",
    "2012-11-23",
    "2012-02-29",
    "1950",
    "2008-12",
]


def test_the_condition_of_age_is_the_rule_of_age(person: MakePerson) -> None:
    for number, birth in enumerate(BIRTHS):
        person(f"Người {number}", birth=birth)
    for on in (
        date(2026, 11, 22),
        date(2026, 11, 30),
        date(2026, 12, 31),
        date(2027, 2, 28),
        date(2027, 3, 1),
    ):
        for age in (14, 15, 18):
            found = set(Person.objects.filter(aged(age, on)).values_list("name", flat=True))
            ages = {f"Người {number}": age_of(birth_parts(birth), on) for number, birth in enumerate(BIRTHS)}
            assert found == {name for name, years in ages.items() if years is not None and years >= age}, (
                age,
                on,
            )


@pytest.fixture
def commune_of_few(person: MakePerson, village: Unit, actor: Actor, at: datetime) -> list[Person]:
    people = [
        person("An", birth="1980", device="smartphone", presence="present"),
        person("Bé", birth="1985", device="smartphone", presence="away"),
        person("Cúc", birth="2015"),
        person("Dung", birth="1950", device="basic"),
        person("Em", birth="1990", presence="died"),
    ]
    entries = [
        Adopted("eid_level2", "activated", person=people[0]),
        Adopted("eid_level1", "activated", person=people[0]),
        Adopted("eid_level1", "registered", person=people[1]),
        Adopted("digital_signature", "activated", person=people[0], expires_on=date(2027, 1, 1)),
        Adopted("payment_account", "in_use", person=people[3]),
        Adopted("payment_account", "in_use", person=people[4]),
    ]
    record_adoptions(entries=entries, source="list", by=actor, at=at)
    return people


def test_the_counts_agree_with_the_rules(
    commune_of_few: list[Person], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    on = at.date()
    counts = {each.service.code: each for each in service_counts(actor, thuong_xuan, on)}
    lines = [line for each in commune_of_few for line in standing_of(each, on)]
    for service in services_for("person"):
        mine = [line for line in lines if line.service is service and line.is_eligible]
        expected = (len(mine), sum(line.is_reached for line in mine))
        assert (counts[service.code].eligible, counts[service.code].having) == expected, service.code
    assert (counts["eid_level1"].eligible, counts["eid_level1"].having) == (3, 1)
    assert (counts["digital_signature"].eligible, counts["digital_signature"].having) == (1, 1)
    after = {each.service.code: each for each in service_counts(actor, thuong_xuan, date(2027, 1, 1))}
    assert after["digital_signature"].having == 0


def test_each_count_opens_its_people(
    commune_of_few: list[Person], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    on = at.date()
    missing = missing_services(commune_of_few, on)
    for count in service_counts(actor, thuong_xuan, on):
        if count.service.counted == "person":
            found = residents(actor, thuong_xuan, on)
            listed = with_service(found, count.service, on, has=False)
            assert {each.pk for each in listed} == {
                pk for pk, codes in missing.items() if count.service in codes
            }
            assert (count.missing, count.having) == (
                listed.count(),
                with_service(found, count.service, on, has=True).count(),
            )


def test_it_counts_what_is_no_person(
    person: MakePerson, village: Unit, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    home = make_household(village=village, members={person("An"): "head"}, by=actor, at=at)
    shop = add_organisation(village=village, kind="household_business", name="Quán", by=actor, at=at)
    lines = [
        record_subscription(
            village=village, number=f"091234567{number}", is_smartphone=smart, by=actor, at=at
        )
        for number, smart in enumerate((True, True, False))
    ]
    entries = [
        Adopted("cashless_bills", "activated", household=home),
        Adopted("merchant_qr", "activated", organisation=shop),
        Adopted("security_software", "in_use", subscription=lines[0]),
    ]
    record_adoptions(entries=entries, source="officer", by=actor, at=at)
    counts = {
        each.service.code: (each.eligible, each.having)
        for each in service_counts(actor, thuong_xuan, at.date())
    }
    assert counts["cashless_bills"] == (1, 0)  # set up, not yet paid with
    assert counts["merchant_qr"] == (1, 1)
    assert counts["security_software"] == (2, 1)
    assert counts["digital_channel_org"] == (1, 0)


def test_nobody_counts_elsewhere(
    commune_of_few: list[Person], villages: list[Unit], staff, at: datetime
) -> None:  # type: ignore[no-untyped-def]
    head = staff("village_head", villages[1])
    assert {each.eligible for each in service_counts(head, villages[0], at.date())} == {0}
    own = service_counts(staff("village_head", villages[0]), villages[0], at.date())
    assert own[0].eligible == 3  # negative control
    assert own[0].service is services()["eid_level1"]
