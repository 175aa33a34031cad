"""A target is decided, split over the units below, and taken back whole."""

import argparse
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from bakhong.audit.models import Event
from bakhong.cli import targets as command
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.indicators.actions import (
    PartEntry,
    TargetEntry,
    cascade_target,
    decide_and_cascade,
    set_target,
    withdraw_target,
)
from bakhong.indicators.models import Figure, Target
from bakhong.indicators.queries.cascades import decisions, propose
from bakhong.indicators.queries.targets import target_for, targets_of
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.tests.conftest import TODAY, Clerk
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

BY_DATE = date(2026, 12, 31)
COUNTED = date(2026, 10, 31)
ASK = Ask("eid_accounts", "activated", "adults")
Put = Callable[..., Figure]


@pytest.fixture
def commune(new_units: Callable[[str], Unit]) -> Unit:
    return new_units("15646")


@pytest.fixture
def villages(commune: Unit, actor: Actor, at: datetime) -> list[Unit]:
    names = [("thon", name) for name in ("Một", "Hai", "Ba")]
    return list(
        create_villages(commune=commune, villages=names, valid_from=date(2025, 7, 1), by=actor, at=at)
    )


def entry(value: int | None = 180, **more: object) -> TargetEntry:
    given = {"stage": "activated", "population": "adults", "decision": "12/QĐ-UBND", "value": value, **more}
    return TargetEntry(indicator="eid_accounts", by_date=BY_DATE, **given)  # type: ignore[arg-type]


def parts(units: list[Unit], *values: int) -> list[PartEntry]:
    return [PartEntry(unit, value) for unit, value in zip(units, values, strict=True)]


def test_the_proposal_follows_who_is_missing(commune: Unit, villages: list[Unit], put: Put) -> None:
    put(villages[0], 60, 100, COUNTED)
    put(villages[1], 80, 100, COUNTED)
    found = propose(commune, ASK, 200, TODAY)
    assert found is not None
    assert [(share.unit.name, share.value) for share in found.shares] == [
        ("Thôn Ba", 20),  # nobody knows: the mean of the others
        ("Thôn Hai", 93),
        ("Thôn Một", 87),
    ]
    by_name = {share.unit.name: share for share in found.shares}
    assert by_name["Thôn Ba"].standing is None
    assert by_name["Thôn Ba"].flags == ("no_data",)
    assert by_name["Thôn Một"].standing is not None
    assert by_name["Thôn Một"].standing.source == "published"
    assert found.without_data == 1
    assert found.eligible is None


def test_it_splits_a_decision_and_leaves_a_trace(
    commune: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    whole = decide_and_cascade(
        unit=commune, entry=entry(), parts=parts(villages, 60, 70, 50), by=actor, at=at
    )
    below = targets_of([village.pk for village in villages])
    assert [below[village.pk, "eid_accounts"][0].value for village in villages] == [60, 70, 50]
    assert {row.decision for rows in below.values() for row in rows} == {"12/QĐ-UBND"}
    (found,) = decisions(commune, TODAY)
    assert (found.number, found.given, found.gap, len(found.parts)) == (180, 180, 0, 3)
    assert Event.objects.filter(deed="indicators.cascade_target", object_id=str(whole.uuid)).exists()
    assert Event.objects.filter(deed="indicators.set_target", place_id=villages[0].pk).count() == 1


def test_parts_that_do_not_sum_are_refused_and_nothing_is_kept(
    commune: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match="lệch 1"):
        decide_and_cascade(unit=commune, entry=entry(), parts=parts(villages, 60, 70, 49), by=actor, at=at)
    assert not Target.objects.exists()


def test_a_percentage_is_split_as_the_people_it_asks_for(
    commune: Unit, villages: list[Unit], put: Put, actor: Actor, at: datetime
) -> None:
    asked = entry(None, percent=Decimal(80))
    with pytest.raises(Refusal, match="Chưa biết tổng số"):
        decide_and_cascade(unit=commune, entry=asked, parts=parts(villages, 1, 1, 1), by=actor, at=at)
    put(commune, 2000, 5311, COUNTED)
    decide_and_cascade(unit=commune, entry=asked, parts=parts(villages, 4000, 200, 49), by=actor, at=at)
    (found,) = decisions(commune, TODAY)
    assert (found.number, found.gap) == (4249, 0)  # 80 % of 5 311 is 4 248,8


def test_twice_is_once_and_other_parts_are_refused(
    commune: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    sent = entry(key=uuid.uuid4())
    for _time in range(2):
        decide_and_cascade(unit=commune, entry=sent, parts=parts(villages, 60, 70, 50), by=actor, at=at)
    assert Target.objects.count() == 4
    with pytest.raises(Conflict):
        decide_and_cascade(unit=commune, entry=sent, parts=parts(villages, 70, 60, 50), by=actor, at=at)
    assert Target.objects.count() == 4


def test_the_database_refuses_a_second_standing_part(
    commune: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    whole = decide_and_cascade(
        unit=commune, entry=entry(), parts=parts(villages, 60, 70, 50), by=actor, at=at
    )
    part = whole.parts.get(unit=villages[0])
    part.pk, part.uuid, part.client_key = None, uuid.uuid4(), uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        part.save(force_insert=True)


def test_the_database_wants_to_know_who_withdrew_and_why(commune: Unit, actor: Actor, at: datetime) -> None:
    target = set_target(unit=commune, entry=entry(), by=actor, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(withdrawn_at=at)
    Target.objects.filter(pk=target.pk).update(withdrawn_at=at, withdrawn_by="x", withdraw_reason="y")


def test_withdrawing_takes_the_whole_cascade_back(
    thanh_hoa: Unit, commune: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    province = decide_and_cascade(unit=thanh_hoa, entry=entry(), parts=parts([commune], 180), by=actor, at=at)
    of_commune = province.parts.get()
    cascade_target(target=of_commune, parts=parts(villages, 60, 70, 50), by=actor, at=at)
    withdrawn = withdraw_target(target=province, reason="Giao nhầm năm", by=actor, at=at)
    assert len(withdrawn) == 5
    assert not Target.objects.standing().exists()
    assert not targets_of([commune.pk, *(village.pk for village in villages)])
    assert Event.objects.filter(deed="indicators.withdraw_target").count() == 5
    assert decisions(commune, TODAY) == ()
    with pytest.raises(Conflict):
        withdraw_target(target=province, reason="Lần nữa", by=actor, at=at)


def test_a_withdrawn_target_is_not_what_a_unit_is_to_reach(commune: Unit, actor: Actor, at: datetime) -> None:
    definition = registry().get("eid_accounts")
    old = set_target(unit=commune, entry=entry(100), by=actor, at=at)
    new = set_target(unit=commune, entry=entry(200), by=actor, at=at)

    def standing() -> object:
        decided = targets_of([commune.pk])[commune.pk, "eid_accounts"]
        row = target_for(decided, definition, None, None, TODAY)
        return row and row.uuid

    assert standing() == new.uuid
    withdraw_target(target=new, reason="Nhầm", by=actor, at=at)
    assert standing() == old.uuid


def test_it_refuses_the_wrong_place_role_and_units(
    thanh_hoa: Unit, commune: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    secretary = Clerk(frozenset({"targets.set"}), frozenset({commune.pk, *(v.pk for v in villages)}))
    reader = Clerk(frozenset({"figures.view", "figures.confirm"}), frozenset({commune.pk}))
    with pytest.raises(NotAllowed):
        set_target(unit=commune, entry=entry(), by=reader, at=at)
    with pytest.raises(NotAllowed):
        set_target(unit=thanh_hoa, entry=entry(), by=secretary, at=at)
    given = decide_and_cascade(unit=thanh_hoa, entry=entry(), parts=parts([commune], 180), by=actor, at=at)
    with pytest.raises(NotAllowed):  # what the province gave, the province takes back
        withdraw_target(target=given.parts.get(), reason="Nhiều quá", by=secretary, at=at)
    with pytest.raises(Refusal, match="ngay dưới"):
        decide_and_cascade(unit=thanh_hoa, entry=entry(), parts=parts([villages[0]], 180), by=actor, at=at)
    lower = TargetEntry(indicator="no_smartphone", by_date=BY_DATE, value=5)
    with pytest.raises(Refusal, match="càng thấp càng tốt"):
        decide_and_cascade(unit=commune, entry=lower, parts=parts(villages, 5, 0, 0), by=actor, at=at)


def test_a_later_decision_below_opens_a_gap(
    commune: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    decide_and_cascade(unit=commune, entry=entry(), parts=parts(villages, 60, 70, 50), by=actor, at=at)
    set_target(unit=villages[0], entry=entry(40), by=actor, at=at)
    (found,) = decisions(commune, TODAY)
    assert (found.given, found.gap) == (160, 20)


def test_the_command_keeps_the_contract(commune: Unit, villages: list[Unit], put: Put) -> None:
    put(villages[0], 60, 100, COUNTED)  # of adults: the rule that has figures is the one that is split
    asked = argparse.Namespace(
        indicator="eid_accounts",
        unit="15646",
        value=181,
        by_date=BY_DATE,
        stage=None,
        population=None,
        decision="",
        dry_run=False,
        by=None,
    )
    document = command.split(asked)
    assert sum(part["value"] for part in document["parts"]) == 181
    assert len(document["parts"]) == 3
    assert {"unit", "value"} <= document["parts"][0].keys()
    assert (document["population"], document["parts"][2]["done"]) == ("adults", 60)
    assert Target.objects.standing().count() == 4
    asked.dry_run, asked.value = True, 7
    assert sum(part["value"] for part in command.split(asked)["parts"]) == 7
    assert Target.objects.standing().count() == 4


def test_neither_nothing_nor_a_day_gone_by_is_split(
    commune: Unit, villages: list[Unit], put: Put, actor: Actor, at: datetime
) -> None:
    gone = TargetEntry(indicator="eid_accounts", by_date=at.date() - timedelta(days=2), value=180)
    for given, said in ((entry(0), "lớn hơn 0"), (gone, "từ hôm nay")):
        target = set_target(unit=commune, entry=given, by=actor, at=at)
        with pytest.raises(Refusal, match=said):
            cascade_target(
                target=target,
                parts=parts(villages, given.value or 0, *[0] * (len(villages) - 1)),
                by=actor,
                at=at,
            )
