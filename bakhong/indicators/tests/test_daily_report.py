"""A daily report is frozen: what is learned later shows in the restatement, never in what was sent."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.indicators.actions.daily import make_daily_report
from bakhong.indicators.actions.entries import TargetEntry
from bakhong.indicators.actions.targets import set_target
from bakhong.indicators.models import DailyReport, Figure
from bakhong.indicators.queries.computed import of_the_roll
from bakhong.indicators.queries.daily import change_of, last_before, restatement, undated_line, verify
from bakhong.indicators.queries.dashboards import dashboard
from bakhong.indicators.rules.daily import LONGEST_MESSAGE, Moved, digest, moved
from bakhong.indicators.tests.conftest import Clerk
from bakhong.outreach.actions.said import Helped, Met
from bakhong.outreach.actions.visits import retract_visit
from bakhong.outreach.models import Visit
from bakhong.outreach.queries.obstacles import Wanted, said_reasons
from bakhong.outreach.tests.conftest import campaign, household, member, parents, team, visit
from bakhong.people.actions.adopting import Adopted, record_adoptions, retract_adoptions
from bakhong.people.actions.outcomes import open_import
from bakhong.people.models import Adoption, Household, Person
from bakhong.people.tests.conftest import everybody, person, village, villages
from bakhong.places.models import Unit

__all__ = [
    "campaign",
    "everybody",
    "household",
    "member",
    "parents",
    "person",
    "team",
    "village",
    "villages",
    "visit",
]
DAY = date(2026, 11, 22)
Make = Callable[..., DailyReport]


@pytest.fixture
def make(village: Unit, actor: Actor, at: datetime) -> Make:
    def deed(unit: Unit = village, **more: Any) -> DailyReport:
        given: dict[str, Any] = {"day": DAY, "plan": "", "client_key": uuid.uuid4(), "by": actor, "at": at}
        return make_daily_report(unit=unit, **(given | more))

    return deed


def figure(report: DailyReport, indicator: str) -> dict[str, Any]:
    return next(row for row in report.content["figures"] if row["indicator"] == indicator)


def activate(persons: list[Person], on: date, actor: Actor, at: datetime) -> None:
    record_adoptions(
        entries=[Adopted("eid_level2", "activated", person=each, happened_on=on) for each in persons],
        source="list",
        by=actor,
        at=at,
    )


def test_it_freezes_counts_visits_and_words(
    make: Make, visit: Callable[..., Visit], parents: list[Person], actor: Actor, at: datetime
) -> None:
    activate(parents[:1], DAY, actor, at)
    visit(outcome="nobody_home", next_on=DAY + timedelta(days=1), next_part="evening")
    report = make(plan="Cả tổ đi  xóm trên\nlúc 19 giờ")
    eid = figure(report, "eid_level2")
    assert (eid["numerator"], eid["denominator"]) == (1, 2)
    assert eid["before"] == {"day": "2026-11-21", "numerator": 0, "denominator": 2, "recounted": 0}
    assert report.content["visits"] == {"visits": 1, "households": 1, "met": 0}
    text = report.content["text"]
    assert "BÁO CÁO NGÀY 22/11/2026" in text
    assert "1 lượt đến 1 hộ, gặp được 0" in text
    assert "Ngày mai: đến lại 1 hộ đã hẹn; Cả tổ đi xóm trên lúc 19 giờ." in text
    assert "(+, − là so với 21/11)" in text
    first = text.splitlines()[3]  # what moved comes first
    assert first.startswith("- Người dân được cấp tài khoản định danh điện tử, đã kích hoạt: 50% (1/2 người")
    assert first.endswith("), +1 trong ngày")
    assert len(text) <= LONGEST_MESSAGE
    assert report.sha256 == digest(report.content)
    assert verify(report).is_good
    event = Event.objects.get(deed="indicators.make_daily")
    assert event.details["sha256"] == report.sha256


def test_a_fact_learned_later_moves_the_day_but_not_the_report(
    make: Make, parents: list[Person], visit: Callable[..., Visit], actor: Actor, at: datetime
) -> None:
    report = make()
    assert restatement(report, actor) == ()
    activate(parents, DAY - timedelta(days=3), actor, at + timedelta(hours=1))
    visit()
    stored = DailyReport.objects.get(pk=report.pk)
    assert figure(stored, "eid_level2")["numerator"] == 0
    assert verify(stored).is_good
    changed = {(row.part, row.key.split("/")[0]): (row.then, row.now) for row in restatement(stored, actor)}
    # The negative control: the same day counted today does say otherwise.
    assert changed["figures", "eid_level2"] == ("0/2", "2/2")
    assert changed["visits", "visits"] == ("0", "1")
    assert figure(make(), "eid_level2")["numerator"] == 2


def test_a_visit_taken_back_is_in_the_restatement(
    make: Make, visit: Callable[..., Visit], actor: Actor, at: datetime
) -> None:
    made = visit()
    report = make()
    assert report.content["visits"]["visits"] == 1
    retract_visit(visit=made, reason="Ghi nhầm hộ", by=actor, at=at)
    assert ("visits", "visits") in {(row.part, row.key) for row in restatement(report, actor)}


def test_obstacles_are_of_whom_was_asked_that_day(
    make: Make,
    visit: Callable[..., Visit],
    parents: list[Person],
    village: Unit,
    actor: Actor,
    at: datetime,
) -> None:
    def noted(reason: str, source: str, on: date | None) -> None:
        said = [Adopted("digital_signature", "none", person=parents[1], reason=reason, happened_on=on)]
        record_adoptions(entries=said, source=source, by=actor, at=at)

    visit(outcome="nobody_home")
    noted("no_smartphone", "list", DAY)
    noted("away", "list", None)  # learned today, so it counts from today
    noted("elderly", "officer", DAY - timedelta(days=1))
    assert make().content["obstacles"] == []
    # The negative control: the page of all obstacles does know them as of that day.
    assert len(said_reasons(actor, village, DAY, Wanted(since=DAY, until=DAY))) == 2
    noted("ill", "officer", DAY)
    tried = tuple(Helped(code, "tried", reason="old_phone") for code in ("eid_level2", "payment_account"))
    visit(outcome="cannot", persons=[Met(parents[0], helped=tried)])
    report = make()
    assert {row["reason"]: row["people"] for row in report.content["obstacles"]} == {"ill": 1, "old_phone": 1}
    assert "cài mãi không xong (1 người)" in report.content["text"]


def test_the_second_of_a_day_is_the_next_issue_and_the_same_form_is_one(
    make: Make, household: Household
) -> None:
    key = uuid.uuid4()
    first = make(client_key=key)
    assert make(client_key=key).pk == first.pk
    second = make()
    assert (first.number, second.number) == (1, 2)
    assert "Bản số 2" in second.content["text"]
    later = make(day=DAY, plan="Lần ba")
    assert later.number == 3


def test_change_is_told_against_the_last_report_even_if_more_is_known_now(
    make: Make, parents: list[Person], village: Unit, actor: Actor, at: datetime
) -> None:
    make(day=DAY - timedelta(days=2))
    activate(parents, DAY - timedelta(days=5), actor, at)
    report = make()
    before = {"day": "2026-11-20", "numerator": 0, "denominator": 2, "recounted": 2}
    row = figure(report, "eid_level2")
    assert row["before"] == before
    assert last_before(village, DAY) is not None
    assert moved(row) == Moved(0, 2)
    assert "+2 do nhập danh sách, ghi bổ sung" in report.content["text"]
    assert "trong ngày," not in report.content["text"]


def test_what_happened_is_told_apart_from_what_was_learned(
    make: Make, parents: list[Person], actor: Actor, at: datetime
) -> None:
    """The negative control: told together, both would read as done today."""
    make(day=DAY - timedelta(days=1))
    activate(parents[:1], DAY - timedelta(days=30), actor, at)
    activate(parents[1:], DAY, actor, at)
    report = make()
    row = figure(report, "eid_level2")
    assert row["numerator"] - row["before"]["numerator"] == 2
    assert moved(row) == Moved(1, 1)
    line = next(each for each in report.content["text"].splitlines() if "đã kích hoạt" in each)
    assert line.endswith("), +1 trong ngày, +1 do nhập danh sách, ghi bổ sung")
    assert len(report.content["text"]) <= LONGEST_MESSAGE
    assert report.content["undated"] == 0
    assert change_of(row, DAY) == "+1 trong ngày, +1 do nhập danh sách, ghi bổ sung, so với 21/11"


def test_days_between_two_reports_are_named(
    make: Make, parents: list[Person], actor: Actor, at: datetime
) -> None:
    make(day=DAY - timedelta(days=3))
    activate(parents, DAY - timedelta(days=1), actor, at)
    assert "), +2 từ 20/11" in make().content["text"]


def test_what_is_taken_back_is_no_loss_of_the_day(
    make: Make, parents: list[Person], actor: Actor, at: datetime
) -> None:
    activate(parents, DAY - timedelta(days=9), actor, at)
    make(day=DAY - timedelta(days=1))
    facts = Adoption.objects.filter(service="eid_level2", person=parents[0])
    retract_adoptions(adoptions=list(facts), by=actor, at=at)
    assert "), −1 do rút lại, sửa lại" in make().content["text"]


def test_what_has_no_day_of_its_own_is_owned_up_to(
    make: Make, parents: list[Person], actor: Actor, at: datetime
) -> None:
    make(day=DAY - timedelta(days=1))
    told = [Adopted("eid_level2", "activated", person=parents[0])]
    record_adoptions(entries=told, source="list", by=actor, at=at)
    report = make()
    assert moved(figure(report, "eid_level2")) == Moved(1, 0)
    assert report.content["undated"] == 1
    assert "gồm cả 1 việc không rõ ngày" in report.content["text"]


@pytest.mark.parametrize(
    ("as_of", "undated", "split"), [(DAY, 2, (2, 0)), (DAY - timedelta(days=2), 0, (0, 2))]
)
def test_a_list_counts_as_of_its_day(
    as_of: date,
    undated: int,
    split: tuple[int, int],
    make: Make,
    parents: list[Person],
    thuong_xuan: Unit,
    actor: Actor,
    at: datetime,
) -> None:
    make(day=DAY - timedelta(days=1))
    batch = open_import(thuong_xuan, as_of, "ds.xlsx", b"", actor, at)
    told = [Adopted("eid_level2", "activated", person=each, happened_on=as_of) for each in parents]
    record_adoptions(entries=told, source="list", by=actor, at=at, batch=batch)
    report = make()
    assert moved(figure(report, "eid_level2")) == Moved(*split)
    assert report.content["undated"] == undated


def test_a_report_of_the_first_schema_reads_as_it_was_sent() -> None:
    before = {"day": "2026-11-21", "numerator": 5, "denominator": 9}
    assert change_of({"numerator": 8, "before": before}, DAY) == "tăng 3 so với 21/11"
    assert change_of({"numerator": 5, "before": before}, DAY) == "không đổi so với 21/11"
    assert undated_line({"schema": 1}) == ""


def test_nothing_changes_or_deletes_it(make: Make, household: Household) -> None:
    report = make()
    for deed in (
        lambda: DailyReport.objects.filter(pk=report.pk).update(number=9),
        lambda: DailyReport.objects.filter(pk=report.pk).delete(),
    ):
        with pytest.raises((InternalError, ProgrammingError), match="frozen"), transaction.atomic():
            deed()


def test_a_changed_row_is_found_out(make: Make, household: Household) -> None:
    """Whoever owns the database can take the trigger away; the hash, and the one in the trail, still tell."""
    report = make()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE indicators_dailyreport DISABLE TRIGGER indicators_frozen")
        changed = {**report.content, "plan": "khác"}
        DailyReport.objects.filter(pk=report.pk).update(content=changed)
        assert not verify(DailyReport.objects.get(pk=report.pk)).is_intact
        DailyReport.objects.filter(pk=report.pk).update(sha256=digest(changed))
        found = verify(DailyReport.objects.get(pk=report.pk))
        assert found.is_intact
        assert not found.is_in_trail


def test_what_the_unit_has_a_target_for_comes_first(
    make: Make, village: Unit, household: Household, actor: Actor, at: datetime
) -> None:
    entry = TargetEntry(indicator="payment_account", value=2, by_date=date(2026, 12, 31))
    set_target(unit=village, entry=entry, by=actor, at=at)
    assert make().content["figures"][0]["indicator"] == "payment_account"


def test_it_counts_those_whom_the_dashboard_counts(
    make: Make, village: Unit, household: Household, put: Callable[..., Figure]
) -> None:
    yesterday = DAY - timedelta(days=1)
    assert figure(make(day=yesterday), "eid_accounts")["population"] == "legal_age"
    put(village, 1, 2, date(2026, 10, 1))  # published of adults, so the dashboard counts adults beside it
    shown = [
        row.key.population
        for row in of_the_roll(village, dashboard(village, on=DAY))
        if row.key.indicator == "eid_accounts"
    ]
    rows = [row["population"] for row in make().content["figures"] if row["indicator"] == "eid_accounts"]
    assert rows == shown == ["adults"]
    before = figure(make(), "eid_accounts")["before"]
    assert before["day"] == yesterday.isoformat(), "what yesterday's report did not tell is counted"


def test_it_refuses_the_wrong_place_role_and_day(
    make: Make, village: Unit, thuong_xuan: Unit, thanh_hoa: Unit, household: Household
) -> None:
    accountant = Clerk(frozenset({"figures.enter"}), frozenset({village.pk}))
    leader = Clerk(frozenset({"outreach.view"}), frozenset({village.pk}))
    elsewhere = Clerk(frozenset({"figures.enter", "outreach.view"}), frozenset({thuong_xuan.pk}))
    for who in (accountant, leader, elsewhere):
        with pytest.raises(NotAllowed):
            make(by=who)
    for day, said in ((DAY + timedelta(days=1), "chưa tới"), (DAY - timedelta(days=40), "hơn một tháng")):
        with pytest.raises(Refusal, match=said):
            make(day=day)
    with pytest.raises(Refusal, match="xã, phường hoặc thôn"):
        make(thanh_hoa)
    with pytest.raises(Refusal, match="dài quá"):
        make(plan="a" * 301)
    key = uuid.uuid4()
    make(client_key=key)
    with pytest.raises(Conflict):
        make(thuong_xuan, client_key=key)
