"""The rate of paying without cash: numbers, and the lists behind them, agree."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.charging import name_helper, withdraw_charge
from bakhong.payments.actions.providers import undo_provider_list
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import Biller, Charge, ProviderBill, ProviderList
from bakhong.payments.queries.cashless import (
    OUTCOMES,
    Helped,
    Rate,
    bills_behind,
    cashless,
    charges_behind,
    ground_ids,
    helped,
    newest_month,
    together,
)
from bakhong.payments.tests.ledger_world import *  # noqa: F403 (fixtures)
from bakhong.payments.tests.ledger_world import MakeCharge, MakeLine, biller_of, charge_of
from bakhong.people import scope as people_scope
from bakhong.places.actions import merge_villages
from bakhong.places.models import Unit

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
Paid = Callable[..., Charge]
Bills = Callable[..., ProviderList]


@pytest.fixture
def paid(biller: Biller, village: Unit, make_line: MakeLine, actor: Actor, at: datetime) -> Paid:
    """`paid("transfer", 100_000, village=…)`: a charge of October, paid so."""

    def make(
        how: str, amount: int = 100_000, when: datetime = at, made: datetime = at, **values: Any
    ) -> Charge:
        where = values.pop("village", village)
        charge = charge_of(biller, where, made, amount, **({"period": OCTOBER, "service": "water"} | values))
        charge.save(force_insert=True)
        if how == "transfer":
            settle_by_lines(charge=charge, lines=[make_line(amount, on=day_of(when))], by=actor, at=when)
        elif how == "cash":
            take_cash(charge=charge, key=new_uuid(), by=actor, at=when)
        charge.refresh_from_db()
        return charge

    return make


@pytest.fixture
def bills(thuong_xuan: Unit, village: Unit, at: datetime) -> Bills:
    """`bills("cash", "transfer")`: an electricity provider's list of October with such rows."""
    power = biller_of(
        thuong_xuan, at, kind="utility", name="Điện lực", services=["electricity"], keeps_ledger=False
    )

    def make(*states: str, where: Unit = village, paid_on: date | None = None) -> ProviderList:
        batch = ProviderList.objects.create(
            biller=power, service="electricity", period=OCTOBER, file_name="a.csv", sha256="0" * 64,
            rows=len(states), taken_at=at, taken_by="test", taken_by_label="Thử nghiệm",
        )  # fmt: skip
        for row, state in enumerate(states, 1):
            ProviderBill.objects.create(
                batch=batch, biller=power, village=where, code=f"PA{row}", amount=50_000, state=state,
                paid_on=paid_on if state != "unpaid" else None, row=row,
            )  # fmt: skip
        return batch

    return make


def whole(unit: Unit, month: date = OCTOBER, **asked: Any) -> Rate:
    return together(unit, cashless([unit], month, month, **asked))


def test_it_counts_what_was_paid_how_and_what_not(paid: Paid, bills: Bills, thuong_xuan: Unit) -> None:
    paid("transfer", 300_000)
    paid("cash", 100_000)
    paid("open", 70_000)
    bills("transfer", "cash", "unsaid", "unpaid")

    rate = whole(thuong_xuan)

    assert [rate.count_of(each) for each in OUTCOMES] == [2, 2, 1, 2]
    assert [rate.amount_of(each) for each in OUTCOMES] == [350_000, 150_000, 50_000, 120_000]
    assert (rate.due_count, rate.due_amount) == (7, 670_000)
    assert str(rate.percent) == "40.0"  # 2 of the 5 paid: what nobody said how is no transfer
    assert str(rate.percent_of_amount) == "63.6"


def test_a_place_where_nothing_was_paid_has_no_rate(paid: Paid, thuong_xuan: Unit) -> None:
    paid("open")
    assert whole(thuong_xuan).percent is None
    assert cashless([thuong_xuan], NOVEMBER, NOVEMBER) == []


def test_it_counts_by_village_service_and_month(
    paid: Paid, bills: Bills, villages: list[Unit], thuong_xuan: Unit
) -> None:
    paid("transfer")
    paid("cash", village=villages[1])
    paid("transfer", period=NOVEMBER)
    paid("cash", period=None, service="dossier_fee")  # made in November, here
    bills("cash")

    rates = cashless([*villages, thuong_xuan], OCTOBER, NOVEMBER)

    told = [
        (each.unit.name, each.service, f"{each.period:%m}", each.transfer_count, each.cash_count)
        for each in rates
    ]
    assert told == [
        ("Xuân Thành", "dossier_fee", "11", 0, 1),
        ("Xuân Thành", "electricity", "10", 0, 1),
        ("Xuân Thành", "water", "10", 1, 0),
        ("Xuân Thành", "water", "11", 1, 0),
        ("Xuân Lợi", "water", "10", 0, 1),
        (thuong_xuan.name, "dossier_fee", "11", 0, 1),
        (thuong_xuan.name, "electricity", "10", 0, 1),
        (thuong_xuan.name, "water", "10", 1, 1),
        (thuong_xuan.name, "water", "11", 1, 0),
    ]
    assert [each.service for each in cashless([thuong_xuan], OCTOBER, NOVEMBER, service="electricity")] == [
        "electricity"
    ]


def test_a_withdrawn_charge_is_owed_no_more(
    paid: Paid, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    charge = paid("open")
    assert whole(thuong_xuan).due_count == 1
    withdraw_charge(charge=charge, why="lập nhầm", by=actor, at=at)
    assert whole(thuong_xuan).due_count == 0


def test_only_the_list_that_counts_is_counted(
    bills: Bills, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    bills("cash", "cash", "unpaid")
    later = bills("transfer", "cash", "cash")
    assert (whole(thuong_xuan).transfer_count, whole(thuong_xuan).cash_count) == (1, 2)

    undo_provider_list(taken=later, by=actor, at=at)

    assert (whole(thuong_xuan).transfer_count, whole(thuong_xuan).cash_count) == (0, 2)


def test_it_says_how_it_stood_on_an_earlier_day(paid: Paid, bills: Bills, thuong_xuan: Unit) -> None:
    october = datetime(2026, 10, 2, tzinfo=UTC)
    paid("transfer", when=datetime(2026, 11, 10, 3, tzinfo=UTC), made=october)
    paid("cash", when=datetime(2026, 11, 20, 18, tzinfo=UTC), made=october)  # the 21st, here
    bills("transfer", paid_on=date(2026, 11, 15))
    bills("transfer", paid_on=date(2026, 11, 15))

    def stood(day: int) -> tuple[int, int, int]:
        rate = whole(thuong_xuan, until=date(2026, 11, day))
        return rate.transfer_count, rate.cash_count, rate.unpaid_count

    assert stood(9) == (0, 0, 3)
    assert stood(10) == (1, 0, 2)
    assert stood(15) == (2, 0, 1)
    assert stood(20) == (2, 0, 1)
    assert stood(21) == (2, 1, 0)


def test_what_became_of_two_villages_counts_for_the_new_one(
    paid: Paid, villages: list[Unit], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    paid("transfer")
    paid("cash", village=villages[1])
    merged = merge_villages(
        villages=villages, kind="thon", name="Xuân Hợp", on=date(2026, 11, 1), by=actor, at=at
    )

    rates = cashless([merged], OCTOBER, OCTOBER, on=date(2026, 11, 22))

    assert [(each.transfer_count, each.cash_count) for each in rates] == [(1, 1)]
    assert whole(thuong_xuan, on=date(2026, 11, 22)).paid_count == 2


def test_every_number_has_its_rows(paid: Paid, bills: Bills, villages: list[Unit], thuong_xuan: Unit) -> None:
    """J8: figures = lists, 100 %."""
    for how in ("transfer", "transfer", "cash", "open"):
        paid(how)
        paid(how, village=villages[1], service="environment")
        paid(how, period=None)
    bills("transfer", "cash", "unsaid", "unpaid", "unpaid")
    for unit in (thuong_xuan, *villages):
        places = ground_ids(unit, date(2026, 11, 22))
        for month in (OCTOBER, NOVEMBER):
            for services in (None, ["water"], ["electricity", "environment"]):
                rate = whole(unit, month, services=services)
                for outcome in ("", *OUTCOMES):
                    rows = [
                        row.amount
                        for find in (charges_behind, bills_behind)
                        for row in find(places, month, services=services, outcome=outcome)
                    ]
                    told = (
                        (rate.count_of(outcome), rate.amount_of(outcome))
                        if outcome
                        else (rate.due_count, rate.due_amount)
                    )
                    assert told == (len(rows), sum(rows)), (unit, month, services, outcome)


def test_totals_are_for_who_sees_no_row_and_leave_the_connection_closed(
    paid: Paid, bills: Bills, thuong_xuan: Unit, app_role: str
) -> None:
    paid("transfer")
    bills("cash")
    people_scope.close()

    assert whole(thuong_xuan).paid_count == 2
    assert helped(thuong_xuan, OCTOBER, OCTOBER).paid == 1
    assert newest_month(thuong_xuan, by=datetime(2026, 11, 22, tzinfo=UTC)) == OCTOBER
    assert not Charge.objects.exists()
    assert not ProviderBill.objects.exists()
    people_scope.open_to(None)
    assert Charge.objects.exists()  # what was seen before is seen again


def test_without_the_scope_of_totals_nothing_is_counted(
    paid: Paid, thuong_xuan: Unit, app_role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: it is the wall that keeps rows from who asks for totals."""
    from contextlib import nullcontext

    paid("transfer")
    people_scope.close()
    monkeypatch.setattr("bakhong.payments.queries.cashless.scope.counting", nullcontext)
    assert whole(thuong_xuan).paid_count == 0
    people_scope.open_to(None)


def test_it_counts_who_was_helped(
    paid: Paid, make_charge: MakeCharge, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    paid("transfer")
    for number, is_staff in enumerate((True, False, False)):
        charge = make_charge(100_000 + number, period=OCTOBER)
        name_helper(charge=charge, name="Lê Thị Giúp", relation="hàng xóm", is_staff=False, by=actor, at=at)
        name_helper(charge=charge, name="Lê Thị Giúp", relation="cán bộ", is_staff=is_staff, by=actor, at=at)
        take_cash(charge=charge, key=new_uuid(), by=actor, at=at)
    open_one = make_charge(9_000, period=OCTOBER)
    name_helper(charge=open_one, name="Lê Thị Giúp", relation="", is_staff=True, by=actor, at=at)

    found = helped(thuong_xuan, OCTOBER, OCTOBER)

    assert (found.paid, found.helped, found.by_staff) == (4, 3, 1)
    service = open_one.service
    assert helped(thuong_xuan, OCTOBER, OCTOBER, services=[service]) == Helped(3, 3, 1)
    assert helped(thuong_xuan, OCTOBER, OCTOBER, services=["tuition"]).paid == 0


def test_a_payment_taken_back_is_not_paid(paid: Paid, thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    from bakhong.payments.actions.taking_back import take_back

    charge = paid("transfer")
    take_back(settlement=charge.settlements.get(), why="khớp nhầm", by=actor, at=at)
    rate = whole(thuong_xuan)
    assert (rate.transfer_count, rate.unpaid_count) == (0, 1)


def test_the_number_of_queries_is_the_same_for_many_places(
    paid: Paid, villages: list[Unit], thuong_xuan: Unit, django_assert_max_num_queries: Any
) -> None:
    paid("transfer")
    paid("cash", village=villages[1])
    with django_assert_max_num_queries(9):
        cashless([thuong_xuan, *villages], OCTOBER, NOVEMBER)


@pytest.mark.parametrize(("half", "index"), [(0, "charge_village_period"), (1, "charge_village_made")])
def test_the_months_have_their_indexes_behind_the_wall(
    paid: Paid, village: Unit, app_role: str, half: int, index: str
) -> None:
    """Words the wall does not let an index answer (a function of the columns) would read every charge of the places."""
    from bakhong.payments.queries.cashless import _MONTH, _OF_MONTHS, _span

    values = {"near": [village.pk], **_span(OCTOBER, OCTOBER)}

    def plan(where: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                f"EXPLAIN SELECT count(*) FROM payments_charge c WHERE c.village_id = ANY (%(near)s) AND {where}",
                values,
            )
            return " ".join(row[0] for row in cursor.fetchall())

    found = plan(_OF_MONTHS[half])
    assert index in found
    assert re.search(r"Index Cond: \(\(village_id = ANY .*(period|made_at) >= ", found)
    slow = plan(f"{_MONTH} BETWEEN %(first)s AND %(last)s")
    assert not re.search(r"Index Cond: [^F]*2026-10-01", slow)
