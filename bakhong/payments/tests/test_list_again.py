"""Last month's list is raised for the next month: the same people and amounts, nobody twice, no file needed."""

from datetime import date, datetime
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.charging import Owed, raise_charge, withdraw_charge
from bakhong.payments.actions.list_again import look_again, may_go_on, raise_again
from bakhong.payments.models import Biller, Charge, ChargeList
from bakhong.payments.tests.test_charge_lists import (
    NUMBER,
    biller,
    everybody,
    person,
    raised,
    staff,
    village,
    villages,
)
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

__all__ = ["biller", "everybody", "person", "staff", "village", "villages"]
NEXT = {"title": "Tiền nước tháng 12/2026", "period": date(2026, 12, 1), "due_on": date(2027, 1, 10)}


def test_the_next_month_is_the_same_people_and_amounts(
    biller: Biller, person: MakePerson, actor: Actor, at: datetime
) -> None:
    hoa = person("Lê Thị Hoá", national_id=NUMBER)
    batch = raised(biller, actor, at).batch
    key = new_uuid()
    made = raise_again(batch=batch, key=key, by=actor, at=at, **NEXT)
    found = list(Charge.objects.filter(batch=made).order_by("pk"))
    assert [(each.payer_name, each.amount, each.customer_code) for each in found] == [
        ("Lê Thị Hoá", 86_000, "KH001"),
        ("Trần Văn Bốn", 43_000, "KH002"),
        ("Phạm Văn Năm", 17_200, "KH003"),
    ]
    assert (made.rows, made.amount, found[0].person) == (3, 146_200, hoa)
    assert {(each.title, each.period, each.due_on) for each in found} == {tuple(NEXT.values())}
    assert raise_again(batch=batch, key=key, by=actor, at=at, **NEXT) == made
    with pytest.raises(Conflict):
        raise_again(batch=batch, key=key, by=actor, at=at, **(NEXT | {"title": "Khác"}))
    assert may_go_on(made)  # and January from December
    assert Charge.objects.count() == 6


def test_who_is_charged_already_or_was_withdrawn_is_left_out(
    biller: Biller, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    batch = raised(biller, actor, at).batch
    withdraw_charge(charge=Charge.objects.get(payer_name="Phạm Văn Năm"), why="Cắt nước", by=actor, at=at)
    owed = Owed(
        biller, "water", str(NEXT["title"]), 9_000, "Trần Văn Bốn", villages[1],
        customer_code="KH002", period=date(2026, 12, 1),
    )  # fmt: skip
    raise_charge(owed=owed, key=new_uuid(), by=actor, at=at)
    looked = look_again(batch=batch, by=actor, at=at, **NEXT)
    assert ([each.payer_name for _row, each in looked.owed], looked.kept) == (["Lê Thị Hoá"], 1)
    raise_again(batch=batch, key=new_uuid(), by=actor, at=at, **NEXT)
    with pytest.raises(Refusal, match="rồi"):
        raise_again(batch=batch, key=new_uuid(), by=actor, at=at, **NEXT)
    assert Charge.objects.filter(period=date(2026, 12, 1)).count() == 2


def test_it_is_for_another_month_and_by_who_may(
    biller: Biller, staff: Any, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    batch = raised(biller, actor, at).batch
    with pytest.raises(Refusal):
        raise_again(batch=batch, key=new_uuid(), by=actor, at=at, **(NEXT | {"period": batch.period}))
    with pytest.raises(NotAllowed):
        raise_again(batch=batch, key=new_uuid(), by=staff("collector", thuong_xuan), at=at, **NEXT)
    assert ChargeList.objects.count() == 1
