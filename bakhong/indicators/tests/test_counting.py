"""A fact about people changes what their places count, in its own transaction, and never differs from counting anew."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import NotAllowed
from bakhong.indicators.actions.recompute import rebuild
from bakhong.indicators.actions.verifying import verify
from bakhong.indicators.models import Balance, Build, CountSpan, Delta, Figure
from bakhong.indicators.queries.computed import of_the_roll
from bakhong.indicators.queries.counted import (
    Count,
    counted,
    counted_by_village,
    is_ready,
    measure_of,
    people_behind,
    series_counted,
)
from bakhong.indicators.queries.dashboards import dashboard
from bakhong.indicators.rules.measures import MeasureKey
from bakhong.people import scope
from bakhong.people.actions import (
    Adopted,
    make_household,
    merge_people,
    record_adoptions,
    record_fact,
    retract_adoptions,
    retract_facts,
    unmerge_people,
)
from bakhong.people.models import Adoption, Fact, Person
from bakhong.people.tests.conftest import MakePerson, everybody, person, staff, village, villages
from bakhong.places.actions import merge_villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "staff", "village", "villages"]

EID = MeasureKey("eid_accounts", "activated", "legal_age")
ADULTS = MeasureKey("eid_accounts", "activated", "adults")
TODAY = date(2026, 11, 22)
Staff = Callable[[str, Unit], StaffActor]
Adopt = Callable[..., list[Adoption]]


@pytest.fixture
def adopt(actor: Actor, at: datetime, everybody: None) -> Adopt:
    """`adopt(person, "eid_level2", on=day)`: they have it from that day."""

    def make(
        person: Person, service: str, state: str = "activated", on: date | None = None
    ) -> list[Adoption]:
        entry = Adopted(service=service, state=state, person=person, happened_on=on)
        return record_adoptions(entries=[entry], source="visit", by=actor, at=at)

    return make


def of(unit: Unit, key: MeasureKey = ADULTS, on: date = TODAY, **given: Any) -> tuple[int, int] | None:
    found = counted([unit.pk], on, **given).get((unit.pk, key))
    return found and (found.numerator, found.denominator)


def test_a_new_fact_counts_at_once(
    person: MakePerson, village: Unit, thuong_xuan: Unit, adopt: Adopt
) -> None:
    assert of(village) is None
    made = person("Lê Thị Hoá", birth="1980")
    assert of(village) == of(thuong_xuan) == (0, 1)
    adopt(made, "eid_level2", on=date(2026, 3, 1))
    assert of(village) == of(thuong_xuan) == (1, 1)
    assert of(village, on=date(2026, 2, 28)) == (0, 1)
    assert verify(by=OPERATOR).is_ok


def test_a_deed_that_fails_counts_nothing(person: MakePerson, village: Unit, adopt: Adopt) -> None:
    made = person("Lê Thị Hoá", birth="1980")
    before = transaction.savepoint()
    adopt(made, "eid_level2")
    assert of(village) == (1, 1)
    transaction.savepoint_rollback(before)
    assert of(village) == (0, 1)
    assert verify(by=OPERATOR).is_ok


def test_a_back_dated_fact_changes_past_days_and_no_published_figure(
    person: MakePerson, village: Unit, adopt: Adopt, put: Callable[..., Figure]
) -> None:
    figure = put(village, 0, 1, date(2025, 8, 6))
    made = person("Lê Thị Hoá", birth="1980")
    assert of(village, on=date(2025, 8, 6)) == (0, 1)
    adopt(made, "eid_level1", on=date(2025, 8, 1))
    assert of(village, on=date(2025, 8, 6)) == (1, 1)
    figure.refresh_from_db()
    assert (figure.numerator, figure.denominator) == (0, 1)


def test_taking_back_restores(
    person: MakePerson, village: Unit, adopt: Adopt, actor: Actor, at: datetime
) -> None:
    made = person("Lê Thị Hoá", birth="1980")
    before = Delta.objects.count()
    said = adopt(made, "payment_account", on=date(2026, 1, 5))
    retract_adoptions(adoptions=said, by=actor, at=at)
    assert of(village, MeasureKey("payment_account", "activated", "adults")) == (0, 1)
    retract_facts(facts=list(Fact.objects.filter(person=made)), by=actor, at=at)
    assert of(village) is None
    assert before < Delta.objects.count()  # added to, never changed
    assert verify(by=OPERATOR).is_ok


def test_who_moves_counts_where_they_were_until_then(
    person: MakePerson, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    made = person("Lê Thị Hoá", birth="1980")
    moved = {"place": villages[1].pk}
    record_fact(person=made, values=moved, source="officer", true_from=date(2026, 5, 1), by=actor, at=at)
    assert [of(each, on=date(2026, 4, 30)) for each in villages] == [(0, 1), None]
    assert [of(each, on=date(2026, 5, 1)) for each in villages] == [None, (0, 1)]


def test_doubles_count_once(
    person: MakePerson, villages: list[Unit], thuong_xuan: Unit, adopt: Adopt, actor: Actor, at: datetime
) -> None:
    keep, double = person("Lê Thị Hoá", birth="1980"), person("Lê Thị Hoà", where=villages[1], birth="1980")
    adopt(double, "eid_level1", on=date(2026, 1, 1))
    assert of(thuong_xuan) == (1, 2)
    merge_people(keep=keep, double=double, by=actor, at=at)
    assert of(thuong_xuan) == of(villages[0]) == (1, 1)
    unmerge_people(double=double, by=actor, at=at)
    assert of(thuong_xuan) == (1, 2)
    assert verify(by=OPERATOR).is_ok


def test_a_merger_of_villages_moves_the_counts_and_writes_nothing(
    person: MakePerson, villages: list[Unit], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    for each in villages:
        person("Lê Thị Hoá", where=each, birth="1980")
    rows = CountSpan.objects.count(), Delta.objects.count()
    merged = merge_villages(
        villages=villages, kind="thon", name="Xuân Minh", on=date(2026, 9, 1), by=actor, at=at
    )
    assert of(merged) == of(thuong_xuan) == (0, 2)
    assert of(merged, on=date(2026, 8, 31)) == (0, 2)  # on its own ground
    assert [of(each, boundaries=date(2026, 8, 31)) for each in villages] == [(0, 1), (0, 1)]
    assert of(thuong_xuan, boundaries=date(2026, 8, 31)) == (0, 2)
    assert (CountSpan.objects.count(), Delta.objects.count()) == rows


def test_a_former_commune_counts_for_the_one_that_took_it_over(
    person: MakePerson, old_units: Callable[[str], Unit], thuong_xuan: Unit, ngoc_phung: Unit
) -> None:
    person("Lê Thị Hoá", where=ngoc_phung, birth="1980")
    assert of(ngoc_phung) == of(thuong_xuan) == (0, 1)
    district = Unit.objects.get(name="Thường Xuân", level="district")
    assert of(district) == (0, 1)


def test_a_household_counts_while_somebody_lives_in_it(
    person: MakePerson, village: Unit, actor: Actor, at: datetime
) -> None:
    key = MeasureKey("cashless_households", "", "households")
    head = person("Lê Thị Hoá")
    assert of(village, key) is None
    home = make_household(village=village, members={head: "head"}, by=actor, at=at)
    assert of(village, key) == (0, 1)
    entry = Adopted(service="cashless_bills", state="in_use", household=home, happened_on=date(2026, 2, 1))
    record_adoptions(entries=[entry], source="visit", by=actor, at=at)
    assert of(village, key) == (1, 1)
    record_fact(person=head, values={"household": ""}, source="officer", by=actor, at=at)
    assert of(village, key) is None
    assert verify(by=OPERATOR).is_ok


def test_the_worst_village_comes_first(
    person: MakePerson, villages: list[Unit], thuong_xuan: Unit, adopt: Adopt
) -> None:
    adopt(person("A", birth="1980"), "eid_level1")
    person("B", where=villages[1], birth="1980")
    rows = counted_by_village(thuong_xuan, ADULTS, TODAY)
    assert [(each.name, count.numerator) for each, count in rows] == [("Xuân Lợi", 0), ("Xuân Thành", 1)]


def test_a_series_says_what_each_day_says(person: MakePerson, village: Unit, adopt: Adopt) -> None:
    adopt(person("A", birth="1980"), "eid_level1", on=date(2026, 2, 10))
    adopt(person("B", birth="2008-03-15"), "eid_level1", on=date(2026, 1, 10))
    days = [date(2026, month, 1) for month in range(1, 7)]
    rows = dict(series_counted(village, ADULTS, days))
    assert {day: (count.numerator, count.denominator) for day, count in rows.items()} == {
        day: of(village, on=day) for day in days
    }
    assert len({(count.numerator, count.denominator) for count in rows.values()}) == 3


def test_each_number_opens_its_people(
    person: MakePerson, villages: list[Unit], thuong_xuan: Unit, adopt: Adopt, staff: Staff
) -> None:
    has, lacks, child = person("A", birth="1980"), person("B", birth="1990"), person("C", birth="2020")
    adopt(has, "eid_level2")
    person("D", where=villages[1], birth="1980")
    head = staff("village_head", villages[0])
    for side, expected in (("having", {has}), ("missing", {lacks}), ("all", {has, lacks})):
        with scope.seeing(head):
            assert set(people_behind(head, thuong_xuan, ADULTS, TODAY, side)) == expected, side  # type: ignore[arg-type]
    everyone = people_behind(OPERATOR, thuong_xuan, ADULTS, TODAY, "all")
    assert everyone.count() == 3
    assert of(thuong_xuan) == (1, 3)
    assert child not in everyone


def test_who_has_level_two_does_not_lack_level_one(person: MakePerson, village: Unit, adopt: Adopt) -> None:
    key = MeasureKey("eid_level1", "activated", "legal_age")
    adopt(person("A", birth="1980"), "eid_level2")
    lacks = person("B", birth="1980")
    assert of(village, key) == (0, 2)
    assert list(people_behind(OPERATOR, village, key, TODAY)) == [lacks]


def test_the_wall_hides_spans(person: MakePerson, villages: list[Unit], app_role: str) -> None:
    person("A")
    scope.open_to([villages[1].pk])
    assert CountSpan.objects.count() == 0
    scope.open_to([villages[0].pk])
    assert CountSpan.objects.count() == 1


def test_counts_are_only_added_to(person: MakePerson) -> None:
    person("A", birth="1980")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Delta.objects.update(changes=[7])
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Delta.objects.all().delete()


@pytest.mark.parametrize(
    ("table", "tamper"),
    [
        ("span", "UPDATE indicators_countspan SET havings = havings + 1"),
        ("span", "DELETE FROM indicators_countspan"),
        ("span", "UPDATE indicators_countspan SET subject = subject + 1000000"),
        (
            "delta",
            "INSERT INTO indicators_delta (place_id, day, cells, changes) VALUES (1, '2026-01-01', '{0}', '{1}')",
        ),
        ("balance", "UPDATE indicators_balance SET total = total + 1"),
    ],
)
def test_what_was_tampered_with_is_found(person: MakePerson, at: datetime, table: str, tamper: str) -> None:
    person("A", birth="1980")
    rebuild(by=OPERATOR, at=at)
    assert verify(by=OPERATOR).is_ok
    with connection.cursor() as cursor:
        cursor.execute(tamper)
        assert cursor.rowcount
    assert table in {each.what for each in verify(by=OPERATOR).differences}


def test_the_role_the_site_runs_as_may_recompute(person: MakePerson, at: datetime, app_role: str) -> None:
    person("A", birth="1980")
    rebuild(by=OPERATOR, at=at)
    assert verify(by=OPERATOR).is_ok


def test_other_rules_tell_nothing_until_rebuilt(
    person: MakePerson, village: Unit, at: datetime, adopt: Adopt
) -> None:
    made = person("A", birth="1980")
    Build.objects.update(fingerprint="other")
    assert not is_ready()
    adopt(made, "eid_level1")
    assert of(village) is None
    rebuild(by=OPERATOR, at=at)
    assert is_ready()
    assert of(village) == (1, 1)
    assert verify(by=OPERATOR).is_ok


def test_balances_change_no_answer(person: MakePerson, village: Unit, adopt: Adopt, at: datetime) -> None:
    first, second = person("A", birth="1980"), person("B", birth="2007-06-01")
    adopt(first, "eid_level1", on=date(2025, 5, 1))
    days = [date(year, month, 17) for year in (2023, 2024, 2025, 2026) for month in (1, 3, 6, 9, 12)]
    before = [of(village, on=day) for day in days]
    rebuild(by=OPERATOR, at=at)
    assert Balance.objects.exists()
    assert [of(village, on=day) for day in days] == before
    adopt(second, "eid_level1", on=date(2025, 7, 1))  # back-dated: earlier than the last balance
    expected = [of(village, on=day) for day in days]
    assert expected != before
    Balance.objects.all().delete()
    Build.objects.update(folded_to=0)
    assert [of(village, on=day) for day in days] == expected


def test_only_the_operator_recomputes(village: Unit, staff: Staff, at: datetime) -> None:
    chair = staff("chair", village)
    with pytest.raises(NotAllowed):
        rebuild(by=chair, at=at)
    with pytest.raises(NotAllowed):
        verify(by=chair)


def test_the_measure_of_an_indicator() -> None:
    assert measure_of("eid_accounts", "activated", "adults") == ADULTS
    assert measure_of("eid_accounts") == EID
    assert measure_of("eid_accounts", population="households") is None
    assert str(Count(1, 3).percent()) == "33.3"


@pytest.fixture(autouse=True)
def _sees(everybody: None) -> None:
    """Every deed of these tests is done by somebody who sees all."""


def test_what_was_published_stands_beside_our_count(
    person: MakePerson, village: Unit, adopt: Adopt, put: Callable[..., Figure]
) -> None:
    put(village, 2, 3, date(2026, 1, 10))
    people = [
        person(name, birth="1980", presence=there)
        for name, there in (("A", ""), ("B", ""), ("C", ""), ("D", "away"))
    ]
    for each in people[:3]:
        adopt(each, "eid_level1", on=date(2026, 1, 1) if each != people[2] else date(2026, 2, 1))
    rows = of_the_roll(village, dashboard(village, on=TODAY))
    row = next(row for row in rows if row.key.indicator == "eid_accounts")
    assert row.key == ADULTS
    assert (row.count, row.then) == (Count(3, 4, 1), Count(2, 4, 1))
    assert str(row.difference) == "-16.7"
    assert [(each.code, each.number) for each in row.reasons] == [("absent", 1)]
    usual = next(row for row in rows if row.key.indicator == "payment_account")
    assert (usual.published, usual.difference) == (None, None)


def test_a_figure_of_one_former_commune_is_compared_on_its_ground(
    person: MakePerson,
    village: Unit,
    thuong_xuan: Unit,
    ngoc_phung: Unit,
    adopt: Adopt,
    put: Callable[..., Figure],
) -> None:
    put(ngoc_phung, 1, 1, date(2025, 5, 6))
    adopt(person("A", where=ngoc_phung, birth="1980"), "eid_level1", on=date(2025, 1, 1))
    person("B", birth="1980")  # of a village that was never Ngọc Phụng's
    rows = of_the_roll(thuong_xuan, dashboard(thuong_xuan, on=TODAY))
    row = next(row for row in rows if row.key == ADULTS)
    assert (row.count, row.then, row.about) == (Count(1, 2), Count(1, 1), ("Xã Ngọc Phụng",))
    assert (row.difference, row.reasons) == (0, ())
