"""A unit's own days and hours over the shipped ones."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from bakhong.accounts.permissions import Anonymous
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.places.models import Unit
from bakhong.procedures.actions.calendar import set_day, set_hours, undo_day, undo_hours
from bakhong.procedures.models import CalendarDay
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.rules.deadlines import Limit, due
from bakhong.procedures.rules.shipped import shipped_calendar

MARCH = date(2026, 3, 10)  # a Tuesday
pytestmark = pytest.mark.django_db


def _day(unit: Unit, actor: Actor, at: datetime, **values: object) -> CalendarDay:
    given = {"on": MARCH, "kind": "off", "name": "Ngày hội của xã", "source": "Thông báo 12/TB-UBND"}
    return set_day(unit=unit, by=actor, at=at, **{**given, **values})  # type: ignore[arg-type]


def test_it_ships_the_days_of_the_country(thuong_xuan: Unit) -> None:
    calendar = calendar_for(thuong_xuan, date(2026, 1, 1), date(2026, 12, 31))
    assert calendar.days == shipped_calendar().days
    assert not calendar.counts(date(2026, 2, 16))
    assert calendar.counts(date(2026, 8, 22))


def test_a_day_of_the_commune_moves_what_is_due(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    received = datetime(2026, 3, 9, 3, tzinfo=UTC)
    before = due(received, Limit(1), calendar_for(thuong_xuan, received.date())).due_at
    _day(thuong_xuan, actor, at)
    after = due(received, Limit(1), calendar_for(thuong_xuan, received.date())).due_at
    assert (before.date(), after.date()) == (MARCH, date(2026, 3, 11))


def test_undoing_brings_the_day_back(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    row = _day(thuong_xuan, actor, at)
    undo_day(day=row, by=actor, at=at)
    undo_day(day=row, by=actor, at=at)
    assert calendar_for(thuong_xuan, MARCH).counts(MARCH)
    assert CalendarDay.objects.filter(pk=row.pk).exists()
    assert Event.objects.filter(deed="procedures.undo_day").count() == 1


def test_the_nearest_unit_wins_over_those_above(
    thuong_xuan: Unit, thanh_hoa: Unit, actor: Actor, at: datetime
) -> None:
    _day(thuong_xuan, actor, at, kind="worked", name="Trực tiếp dân")
    _day(thanh_hoa, actor, at, name="Nghỉ toàn tỉnh")
    assert calendar_for(thuong_xuan, MARCH).counts(MARCH)
    assert not calendar_for(thanh_hoa, MARCH).counts(MARCH)


def test_a_shipped_day_can_be_made_ordinary(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    culture_day = date(2026, 11, 24)
    assert not calendar_for(thuong_xuan, culture_day).counts(culture_day)
    _day(thuong_xuan, actor, at, on=culture_day, kind="ordinary", name="Chưa có luật")
    assert calendar_for(thuong_xuan, culture_day).counts(culture_day)


def test_a_saturday_morning_receives_and_does_not_count(
    thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    saturday = date(2026, 3, 7)
    row = set_hours(
        unit=thuong_xuan,
        weekday=5,
        spans="7h30-11h30",
        is_counted=False,
        valid_from=date(2026, 3, 1),
        source="Quyết định 5",
        by=actor,
        at=at,
    )
    calendar = calendar_for(thuong_xuan, date(2026, 2, 1))
    assert calendar.spans(saturday) == ((time(7, 30), time(11, 30)),)
    assert not calendar.counts(saturday)
    assert calendar.spans(date(2026, 2, 28)) == ()
    received = datetime(2026, 3, 7, 2, tzinfo=UTC)  # 09:00 on that Saturday
    assert due(received, Limit(1), calendar).due_at.isoformat() == "2026-03-09T09:00:00+07:00"
    undo_hours(hours=row, by=actor, at=at)
    assert due(received, Limit(1), calendar_for(thuong_xuan, saturday)).due_at.day == 10


def test_it_leaves_a_trace(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    row = _day(thuong_xuan, actor, at)
    event = Event.objects.get(deed="procedures.set_day")
    assert (event.object_id, event.place_id) == (str(row.uuid), thuong_xuan.pk)
    assert event.details["on"] == "2026-03-10"


def test_the_same_form_sent_again_is_one_row(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    key = uuid4()
    assert _day(thuong_xuan, actor, at, key=key) == _day(thuong_xuan, actor, at, key=key)
    assert CalendarDay.objects.count() == 1


def test_a_key_of_another_unit_is_refused(
    thuong_xuan: Unit, thanh_hoa: Unit, actor: Actor, at: datetime
) -> None:
    key = uuid4()
    _day(thuong_xuan, actor, at, key=key)
    with pytest.raises(Conflict):
        _day(thanh_hoa, actor, at, key=key)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "half"}, {"name": " "}, {"source": ""}, {"on": date(1999, 1, 1)}, {"on": date(2100, 1, 1)}],
)
def test_it_refuses_nonsense(thuong_xuan: Unit, actor: Actor, at: datetime, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        _day(thuong_xuan, actor, at, **wrong)


@pytest.mark.parametrize("spans", ["7-11", "11:30-07:30", "07:30-11:30, 11:00-12:00", "25:00-26:00"])
def test_it_refuses_hours_it_cannot_read(thuong_xuan: Unit, actor: Actor, at: datetime, spans: str) -> None:
    with pytest.raises(Refusal):
        set_hours(
            unit=thuong_xuan,
            weekday=5,
            spans=spans,
            is_counted=False,
            valid_from=MARCH,
            source="x",
            by=actor,
            at=at,
        )


def test_it_refuses_whoever_may_not(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    row = _day(thuong_xuan, actor, at)
    with pytest.raises(NotAllowed):
        _day(thuong_xuan, Anonymous(), at)
    with pytest.raises(NotAllowed):
        undo_day(day=row, by=Anonymous(), at=at)


def test_the_database_keeps_what_was_said(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    row = _day(thuong_xuan, actor, at)
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarDay.objects.filter(pk=row.pk).update(kind="worked")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    undo_day(day=row, by=actor, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarDay.objects.filter(pk=row.pk).update(retracted_by="", retracted_at=None)


def test_a_calendar_is_read_in_few_queries(
    thuong_xuan: Unit, actor: Actor, at: datetime, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 29):
        _day(thuong_xuan, actor, at, on=date(2026, 3, day))
    with django_assert_max_num_queries(4):
        calendar = calendar_for(thuong_xuan, date(2026, 1, 1), date(2026, 12, 31))
        due(datetime(2026, 2, 27, 3, tzinfo=UTC), Limit(1), calendar)


def test_the_latest_word_counts(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    _day(thuong_xuan, actor, at)
    later = _day(thuong_xuan, actor, at + timedelta(hours=1), kind="ordinary", name="Không nghỉ nữa")
    assert calendar_for(thuong_xuan, MARCH).counts(MARCH)
    undo_day(day=later, by=actor, at=at + timedelta(hours=2))
    assert not calendar_for(thuong_xuan, MARCH).counts(MARCH)
