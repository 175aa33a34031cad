"""Who is furthest behind by the roll's counts: most missing first, under the decision's rule, nobody invented."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from bakhong.core.actor import OPERATOR, Actor
from bakhong.indicators.models import Target
from bakhong.indicators.queries.below import board_and_below
from bakhong.indicators.queries.roll_below import RollBelow, below_by_the_roll
from bakhong.indicators.queries.words import measure_name
from bakhong.indicators.rules.measures import MeasureKey, measure_key
from bakhong.people import scope
from bakhong.people.actions import Adopted, add_person, record_adoptions
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 22)
Settle = Callable[..., None]


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    named = [("thon", "Xuân Thành"), ("thon", "Xuân Lợi"), ("thon", "Xuân Trống")]
    return create_villages(commune=thuong_xuan, villages=named, valid_from=date(2025, 7, 1), by=actor, at=at)


@pytest.fixture
def settle(actor: Actor, at: datetime) -> Settle:
    """`settle(village, people, having=, **values)`: adults, so many of them with level 2."""

    def put(village: Unit, people: int, having: int = 0, **values: str) -> None:
        with scope.seeing(OPERATOR):
            made = [
                add_person(
                    village=village,
                    values={"name": f"Lò Văn {chr(65 + number)}", "birth": "1980", **values},
                    source="list",
                    by=actor,
                    at=at,
                )
                for number in range(people)
            ]
            entries = [
                Adopted(service="eid_level2", state="activated", person=each, happened_on=date(2026, 3, 1))
                for each in made[:having]
            ]
            if entries:
                record_adoptions(entries=entries, source="visit", by=actor, at=at)

    return put


def behind(unit: Unit) -> RollBelow:
    _board, below = board_and_below(unit, on=ON)
    return below_by_the_roll(below, on=ON)


def short_of(found: RollBelow, unit: Unit, indicator: str) -> int | None:
    late = next((each for each in found.late if each.unit.id == unit.pk), None)
    rows = late.shortfalls if late else ()
    return next((row.missing for row in rows if row.key.indicator == indicator), None)


def test_most_missing_comes_first_whatever_the_percentage(
    thuong_xuan: Unit, villages: list[Unit], settle: Settle
) -> None:
    settle(villages[0], 2)  # 0/2
    settle(villages[1], 10, 4)  # 4/10
    found = behind(thuong_xuan)
    # 80 % of 10 are 8, of 2 are 2.
    assert short_of(found, villages[1], "eid_accounts") == 4
    assert short_of(found, villages[0], "eid_accounts") == 2
    assert [late.unit.id for late in found.late] == [villages[1].pk, villages[0].pk]


def test_who_is_not_on_the_roll_is_not_known_and_not_late(
    thuong_xuan: Unit, villages: list[Unit], settle: Settle
) -> None:
    settle(villages[0], 1)
    found = behind(thuong_xuan)
    assert found.known == {villages[0].pk}
    assert villages[2].pk not in {late.unit.id for late in found.late}
    assert not behind(villages[0]).known


def test_who_has_reached_the_target_lacks_nothing(
    thuong_xuan: Unit, villages: list[Unit], settle: Settle
) -> None:
    settle(villages[0], 5, 4)
    found = behind(thuong_xuan)
    assert short_of(found, villages[0], "eid_accounts") is None
    settle(villages[0], 1)  # 4/6: the same question answers otherwise
    assert short_of(behind(thuong_xuan), villages[0], "eid_accounts") == 1


def test_a_decision_chooses_the_rule_and_the_number(
    thuong_xuan: Unit, villages: list[Unit], settle: Settle, at: datetime
) -> None:
    settle(villages[0], 10, 9)
    assert short_of(behind(thuong_xuan), villages[0], "eid_accounts") is None
    Target.objects.create(
        indicator="eid_accounts", stage="activated", population="adults", unit=villages[0],
        percent=Decimal(100), by_date=date(2026, 12, 31), decision="Thử", definition_version=1, entered_at=at, entered_by="test",
    )  # fmt: skip
    found = behind(thuong_xuan)
    late = next(each for each in found.late if each.unit.id == villages[0].pk)
    short = next(row for row in late.shortfalls if row.key.indicator == "eid_accounts")
    assert short.key == MeasureKey("eid_accounts", "activated", "adults")
    assert (short.missing, short.target.decision) == (1, "Thử")


def test_it_tells_who_has_no_smartphone(thuong_xuan: Unit, villages: list[Unit], settle: Settle) -> None:
    settle(villages[0], 3, device="basic")
    settle(villages[0], 1, device="smartphone")
    settle(villages[0], 1)  # nobody knows of which kind
    late = behind(thuong_xuan).late[0]
    assert late.phoneless is not None
    key, without = late.phoneless
    assert key.population in {late.worst.key.population, "adults"}
    assert (without.numerator, without.denominator) == (3, 5)


def test_a_province_sees_its_communes(
    thanh_hoa: Unit, thuong_xuan: Unit, villages: list[Unit], settle: Settle
) -> None:
    settle(villages[0], 4)
    settle(villages[1], 3, 3)
    found = behind(thanh_hoa)
    assert found.known == {thuong_xuan.pk}
    assert found.late[0].unit.id == thuong_xuan.pk
    assert found.late[0].worst.count.denominator == 7


def test_more_villages_are_no_more_queries(
    thuong_xuan: Unit,
    villages: list[Unit],
    settle: Settle,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for village in villages:
        settle(village, 2)
    _board, below = board_and_below(thuong_xuan, on=ON)
    with django_assert_max_num_queries(6):
        below_by_the_roll(below, on=ON)


def test_level_1_says_that_level_2_is_left_out() -> None:
    key = measure_key("eid_level1")
    assert key is not None
    assert measure_name(key).indicator == "Tài khoản định danh điện tử mức 1, chưa lên mức 2"
    other = measure_key("eid_level2")
    assert other is not None
    assert measure_name(other).indicator == "Tài khoản định danh điện tử mức 2"
