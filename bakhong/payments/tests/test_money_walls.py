"""The second wall: the database shows a biller's money to who works for it, also to the role the site runs as."""

from datetime import datetime

import pytest
from django.db import Error, connection, transaction

from bakhong.core.actor import Actor, Operator
from bakhong.core.ids import new_uuid
from bakhong.payments import scope
from bakhong.payments.actions.cash import hand_over, take_cash
from bakhong.payments.actions.depositing import deposit
from bakhong.payments.actions.refunding import ask_refund
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.actions.suspense import suspend
from bakhong.payments.models import Biller, Delivery, Helper, Sighting, Statement
from bakhong.payments.tests.ledger_world import (
    account_of,
    biller_of,
    charge_of,
    everybody,
    line_of,
    village,
    villages,
)
from bakhong.people import scope as people_scope
from bakhong.places.models import Unit

__all__ = ["everybody", "village", "villages"]

WALLED = (
    "bankline", "cashpayment", "charge", "delivery", "deposit", "handover", "helper", "receipt", "refund", "settlement", "sighting",
    "statement", "suspenseitem",
)  # fmt: skip


def one_of_everything(biller: Biller, village: Unit, actor: Actor, at: datetime) -> None:
    account = account_of(biller, at)

    def saved(row):  # type: ignore[no-untyped-def]
        row.save(force_insert=True)
        return row

    lines = [saved(line_of(account, at)) for _ in range(2)]
    charges = [saved(charge_of(biller, village, at)) for _ in range(3)]
    settle_by_lines(charge=charges[0], lines=[lines[0]], by=actor, at=at)
    (item,) = suspend([(lines[1], "unknown", None)], by=actor, at=at)
    ask_refund(item=item, amount=200_000, to_name="An", why="Nhầm", key=new_uuid(), by=actor, at=at)
    take_cash(charge=charges[1], key=new_uuid(), by=actor, at=at, helper_name="B")
    collector = Operator(id="staff:collector", label="Người thu")
    take_cash(charge=charges[2], key=new_uuid(), by=collector, at=at, collector=True)
    hand_over(
        biller=biller, collector=collector.id, counted={200_000: 1}, note="", key=new_uuid(), by=actor, at=at
    )
    deposit(biller=biller, account=account, amount=1, key=new_uuid(), by=actor, at=at)
    saved(
        Statement(
            biller=biller, account=account, file_name="a", sha256="a", taken_at=at, taken_by="x", taken_by_label="x"
        )
    )  # fmt: skip
    saved(Sighting(line=lines[0], biller=biller, account=account, source="statement", at=at))
    saved(Delivery(source="sepay", account=account, biller=biller, external_id="1", body="{}", digest=b"1", received_at=at))  # fmt: skip


@pytest.fixture
def billers(thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime) -> list[Biller]:
    found = [biller_of(thuong_xuan, at), biller_of(thuong_xuan, at, kind="market", name="Chợ")]
    for each in found:
        one_of_everything(each, village, actor, at)
    return found


def seen(table: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT biller_id FROM payments_{table}")
        return {row[0] for row in cursor.fetchall()}


def of_all(billers: set[int]) -> dict[str, set[int]]:
    return dict.fromkeys(WALLED, billers)


def test_each_sees_the_money_they_work_for(billers: list[Biller], app_role: str) -> None:
    both = {each.pk for each in billers}
    assert {table: seen(table) for table in WALLED} == dict.fromkeys(
        WALLED, both
    )  # negative control: nationwide
    people_scope.close()
    assert {table: seen(table) for table in WALLED} == of_all(set())
    with scope.seeing([billers[0].pk]):
        assert {table: seen(table) for table in WALLED} == of_all({billers[0].pk})
    assert {table: seen(table) for table in WALLED} == of_all(set())


def test_nobody_writes_behind_the_wall(billers: list[Biller], app_role: str, at: datetime) -> None:
    people_scope.close()
    theirs = billers[1]
    told = {"name": "X", "said_at": at, "said_by": "x", "charge_uuid": new_uuid()}
    with scope.seeing([theirs.pk]):
        charge = theirs.charges.get(payer_name="Lê Văn An", state="paid", method="transfer")
    with scope.seeing([billers[0].pk]):
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            Helper.objects.create(biller=theirs, charge=charge, **told)
        assert theirs.charges.update(withdrawn_why="x") == 0
    with scope.seeing([theirs.pk]):
        assert Helper.objects.create(biller=theirs, charge=charge, **told).pk


def test_the_walls_stand_for_the_owner_too(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity",
            [[f"payments_{table}" for table in WALLED]],
        )
        assert sorted(row[0] for row in cursor.fetchall()) == [f"payments_{table}" for table in WALLED]
