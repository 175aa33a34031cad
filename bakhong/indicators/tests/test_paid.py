"""Indicators counted from payments, beside what was published."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.indicators.actions.grid import GridCell, enter_grid
from bakhong.indicators.queries.dashboards import dashboard
from bakhong.indicators.queries.paid import PaidRow, month_on, of_payments, paid_definitions, services_of
from bakhong.indicators.queries.standings import standings
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.definitions import DefinitionError, load, registry
from bakhong.indicators.rules.measures import measures
from bakhong.payments.models import Biller, ProviderBill, ProviderList
from bakhong.payments.rules.services import services
from bakhong.payments.tests.ledger_world import biller_of
from bakhong.people import scope
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

TODAY = date(2026, 11, 22)
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)
ESSENTIAL, POWER, WATER = "cashless_essential_services", "electricity_paid_online", "water_paid_cashless"


@pytest.fixture
def everybody(db: None) -> Any:
    scope.open_to(None)
    yield
    scope.close()


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    return create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi")],
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )


@pytest.fixture
def listed(thuong_xuan: Unit, villages: list[Unit], at: datetime, everybody: None) -> Callable[..., None]:
    """`listed("electricity", OCTOBER, "transfer", "cash")`: a provider's list with such bills in the first village."""
    billers: dict[str, Biller] = {}

    def make(service: str, period: date, *states: str, paid_on: date | None = None, where: int = 0) -> None:
        if service not in billers:
            billers[service] = biller_of(
                thuong_xuan, at, kind="utility", name=service, services=[service], keeps_ledger=False
            )
        batch = ProviderList.objects.create(
            biller=billers[service], service=service, period=period, file_name="a.csv", sha256="0" * 64,
            rows=len(states), taken_at=at, taken_by="test", taken_by_label="Thử nghiệm",
        )  # fmt: skip
        for row, state in enumerate(states, 1):
            ProviderBill.objects.create(
                batch=batch, biller=billers[service], village=villages[where], code=f"PA{row}", amount=50_000,
                state=state, paid_on=paid_on, row=row,
            )  # fmt: skip

    return make


def publish(unit: Unit, indicator: str, population: str, counts: tuple[int, int], day: date, by: Actor, at: datetime) -> None:  # fmt: skip
    cell = GridCell(unit, indicator, "", population, *counts)
    enter_grid(unit=unit, cells=[cell], counted_on=day, client_key=new_uuid(), by=by, at=at)


def rows_of(unit: Unit, on: date = TODAY, code: str = "") -> dict[str, PaidRow]:
    return {each.code: each for each in of_payments(unit, dashboard(unit, on=on), code=code)}


def test_it_counts_the_last_whole_month_by_service(listed: Callable[..., None], thuong_xuan: Unit) -> None:
    listed("electricity", OCTOBER, "transfer", "transfer", "cash", "unpaid")
    listed("water", OCTOBER, "cash", "unsaid")
    listed("electricity", date(2026, 11, 1), "cash", "cash")  # its month is not over

    rows = rows_of(thuong_xuan)

    told = {code: (row.value.numerator, row.value.denominator) for code, row in rows.items()}
    assert told == {ESSENTIAL: (2, 5), POWER: (2, 3), WATER: (0, 2)}
    assert rows[ESSENTIAL].month == OCTOBER
    assert rows[ESSENTIAL].value.percent == Decimal("40.0")
    assert set(rows_of(thuong_xuan, code=WATER)) == {WATER}


def test_it_stands_beside_the_published_figure_of_the_same_day(
    listed: Callable[..., None], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    listed("electricity", SEPTEMBER, "transfer", "cash", "cash", "unsaid", paid_on=date(2026, 10, 10))
    listed("electricity", OCTOBER, "transfer", "transfer")
    publish(thuong_xuan, ESSENTIAL, "residents", (965, 1000), date(2026, 10, 15), actor, at)

    row = rows_of(thuong_xuan)[ESSENTIAL]

    assert (row.value.numerator, row.value.denominator) == (2, 2)
    assert row.published is not None
    assert row.then is not None
    assert (row.then.numerator, row.then.denominator) == (
        1,
        4,
    )  # September's, as it was on the day of the figure
    assert row.difference == Decimal("25.0") - Decimal("96.5")
    assert [each.code for each in row.reasons] == ["other_group", "unsaid", "services_missing"]
    assert row.reasons[0].population == "residents"
    assert "water" in row.reasons[2].services
    assert "electricity" not in row.reasons[2].services


def test_equal_numbers_of_the_same_payments_agree(
    listed: Callable[..., None], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    listed("electricity", OCTOBER, "transfer", "cash", paid_on=date(2026, 11, 5))
    publish(thuong_xuan, POWER, "service_payments", (1, 2), TODAY, actor, at)
    row = rows_of(thuong_xuan)[POWER]
    assert row.difference == 0
    assert not row.reasons


def test_a_figure_from_before_our_books_is_not_compared(
    listed: Callable[..., None], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    listed("electricity", OCTOBER, "transfer")
    publish(thuong_xuan, POWER, "service_payments", (1, 2), date(2026, 8, 1), actor, at)
    row = rows_of(thuong_xuan)[POWER]
    assert row.difference is None
    assert [each.code for each in row.reasons] == ["before"]


def test_it_counts_what_was_paid_by_the_day_asked(listed: Callable[..., None], thuong_xuan: Unit) -> None:
    listed("electricity", OCTOBER, "transfer", "transfer", paid_on=date(2026, 11, 10))
    assert rows_of(thuong_xuan, on=date(2026, 11, 9)) == {}
    assert rows_of(thuong_xuan, on=date(2026, 11, 10))[POWER].value.numerator == 2


def test_nothing_paid_is_no_row(listed: Callable[..., None], thuong_xuan: Unit) -> None:
    listed("electricity", OCTOBER, "unpaid")
    assert rows_of(thuong_xuan) == {}


def test_a_target_stands_on_payments(
    listed: Callable[..., None], thuong_xuan: Unit, villages: list[Unit]
) -> None:
    listed("electricity", OCTOBER, "transfer", "cash", "cash", "unpaid")
    asked = standings(
        [thuong_xuan.pk, villages[0].pk, villages[1].pk], Ask(POWER, "", "service_payments"), TODAY
    )
    told = {unit: (each.done, each.eligible, each.source) for unit, each in asked.items()}
    assert told == {thuong_xuan.pk: (1, 3, "computed"), villages[0].pk: (1, 3, "computed")}
    assert standings([thuong_xuan.pk], Ask(POWER, "", "households"), TODAY) == {}  # another denominator


def test_every_service_counted_has_its_indicator() -> None:
    told = {service for _definition, paid in paid_definitions() for service in paid.services} - {"essential"}
    assert told == {each.code for each in services().values() if each.is_essential}
    assert services_of(next(paid for each, paid in paid_definitions() if each.code == ESSENTIAL)) == [
        each.code for each in services().values() if each.is_essential
    ]
    assert all(paid.population == "service_payments" for _each, paid in paid_definitions())


def test_the_roll_is_counted_by_the_same_rules_as_before() -> None:
    """What is counted from payments is no measure of the roll: nothing has to be rebuilt."""
    assert not {key.indicator for key in measures()} & {each.code for each, _paid in paid_definitions()}


def test_a_definition_with_a_population_it_has_not_is_refused(tmp_path: Any) -> None:
    text = """
[[population]]
key = "a"
name_vi = "a"
name_en = "a"
kind = "person"
[[definition]]
code = "x"
name_vi = "x"
name_en = "x"
pillar = "economy"
no = 2
counted = "person"
populations = ["a"]
stages = []
source = "x"
[definition.paid]
services = "water"
population = "b"
[[definition.version]]
number = 1
valid_from = 2022-01-01
"""
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(DefinitionError):
        load(tmp_path)


@pytest.mark.parametrize(("day", "month"), [("2026-11-01", "2026-10-01"), ("2026-10-31", "2026-09-01")])
def test_a_day_is_answered_by_the_last_month_that_was_over(day: str, month: str) -> None:
    assert month_on(date.fromisoformat(day)) == date.fromisoformat(month)


def test_the_new_indicators_are_found_by_no_phrase() -> None:
    assert not registry().get(WATER).phrases
