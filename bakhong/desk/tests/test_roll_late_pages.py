"""The chair's second and third question, answered from the roll: who lacks most people, why, and what to do next."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.desk.tests.figures import put
from bakhong.indicators.models import Target
from bakhong.indicators.queries.roll_below import NOTHING_COUNTED
from bakhong.people import scope
from bakhong.people.actions import Adopted, add_person, record_adoptions
from bakhong.people.models import Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]


def board(unit: Unit) -> str:
    return reverse("desk:dashboard", args=[unit.uuid])


def part(answer: Any, name: str) -> str:
    """The section's source."""
    page = str(answer.content.decode())
    found = re.search(rf'<section aria-labelledby="{name}">.*?</section>', page, flags=re.S)
    return html.unescape(found.group(0)) if found else ""


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    named = [("thon", "Xuân Thành"), ("thon", "Xuân Lợi"), ("thon", "Xuân Trống")]
    return create_villages(commune=thuong_xuan, villages=named, valid_from=date(2025, 7, 1), by=actor, at=at)


@pytest.fixture
def people(villages: list[Unit], actor: Actor, at: datetime) -> list[Person]:
    """Four in Xuân Lợi without anything, one away, one of them said why; one in Xuân Thành with level 2; nobody in Xuân Trống."""
    told = [
        (1, {"name": "Lò Văn Một", "birth": "1980"}),
        (1, {"name": "Lò Văn Hai", "birth": "1981", "device": "basic"}),
        (1, {"name": "Lò Văn Ba", "birth": "1982", "presence": "away"}),
        (1, {"name": "Lò Văn Bốn", "birth": "1983"}),
        (0, {"name": "Lê Thị Hoá", "birth": "1980"}),
    ]
    with scope.seeing(OPERATOR):
        made = [
            add_person(village=villages[where], values=values, source="list", by=actor, at=at)
            for where, values in told
        ]
        entries = [Adopted(service="eid_level1", state="none", person=made[1], reason="no_smartphone")]
        record_adoptions(entries=entries, source="officer", by=actor, at=at)
        entries = [
            Adopted(service="eid_level2", state="activated", person=made[4], happened_on=date(2026, 3, 1))
        ]
        record_adoptions(entries=entries, source="list", by=actor, at=at)
    for village in villages:
        Target.objects.create(
            indicator="eid_accounts",
            stage="activated",
            population="adults",
            unit=village,
            percent=Decimal(90),
            by_date=date(2026, 12, 31),
            decision="Thử",
            definition_version=1,
            entered_at=at,
            entered_by="test",
        )
    return made


def test_who_lacks_most_comes_first_with_reasons_and_what_to_do(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], people: list[Person]
) -> None:
    late = part(enter("chair", thuong_xuan).get(board(thuong_xuan)), "late")
    text = re.sub(r"<[^>]+>", "", late)
    assert "Chưa có số liệu mới của cấp dưới" not in late
    assert late.index("Thôn Xuân Lợi") < late.index("Thôn Xuân Thành")
    assert "(0/4 người trưởng thành (từ đủ 18 tuổi); số liệu đến ngày 22/11/2026)" in text
    assert "được giao 90% đến 31/12/2026" in text
    assert "là 4 nữa" in late
    assert "đang đi vắng: 25% (1/4)" in late
    assert "không có điện thoại thông minh: 25% (1/4)" in late
    assert reverse("desk:outreach_plans", args=[thuong_xuan.uuid]) in late
    assert reverse("desk:followup_new", args=[villages[1].uuid]) in late
    assert f"/desk/u/{villages[1].uuid}/counted/" in late
    assert "side=missing" in late


def test_only_who_is_neither_counted_nor_told_of_is_silent(
    enter: Enter, thuong_xuan: Unit, people: list[Person]
) -> None:
    late = part(enter("chair", thuong_xuan).get(board(thuong_xuan)), "late")
    assert "1 nơi không có số liệu trong 12 tháng qua" in late
    silent = late[late.index("1 nơi không có số liệu") :]
    assert "Thôn Xuân Trống" in silent
    assert "Thôn Xuân Lợi" not in silent


def test_the_next_order_is_about_who_lacks_most(
    enter: Enter, thuong_xuan: Unit, people: list[Person]
) -> None:
    orders = part(enter("chair", thuong_xuan).get(board(thuong_xuan)), "next")
    assert "<strong>Thôn Xuân Lợi:" in orders
    assert "đếm từ danh sách: 0% (0/4)" in orders


def test_two_ways_of_counting_stand_apart_and_say_so(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], people: list[Person]
) -> None:
    alone = part(enter("chair", thuong_xuan).get(board(thuong_xuan)), "late")
    assert "Theo số đã công bố" not in alone
    put(villages[2], 10, 100)
    late = part(enter("chair", thuong_xuan).get(board(thuong_xuan)), "late")
    assert "tính theo hai cách" in late
    assert late.index("Theo danh sách người dân") < late.index("Theo số đã công bố")
    assert "không có số liệu trong 12 tháng qua" not in late


def test_who_may_not_see_people_or_visits_sees_numbers_only(
    enter: Enter, thuong_xuan: Unit, people: list[Person]
) -> None:
    late = part(enter("accountant", thuong_xuan).get(board(thuong_xuan)), "late")
    assert "0/4" in late
    assert "/counted/" not in late
    assert "/outreach/" not in late
    assert "đã nói lý do" not in late
    assert "đã nói lý do: Chỉ có điện thoại thường, không có điện thoại thông minh (1 lượt)" in part(
        enter("dx_secretary", thuong_xuan).get(board(thuong_xuan)), "late"
    )


def test_a_province_sees_its_communes_beside_those_that_published(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit, people: list[Person]
) -> None:
    answer = enter("province_viewer", thanh_hoa).get(board(thanh_hoa))
    late = part(answer, "late")
    assert "Xã Thường Xuân" in late
    assert "Theo danh sách người dân" in late
    assert thuong_xuan.pk not in {each.id for each in answer.context["coverage"].silent}
    assert thuong_xuan.pk not in {each.id for each in answer.context["below"].silent}


def test_without_a_roll_nothing_is_asked_of_it(enter: Enter, thuong_xuan: Unit, villages: list[Unit]) -> None:
    client = enter("chair", thuong_xuan)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        late = part(client.get(board(thuong_xuan)), "late")
    assert "Theo danh sách người dân" not in late
    assert not [each for each in asked if "outreach_visithelp" in each["sql"]]


def test_what_the_roll_adds_in_queries_is_bounded(
    enter: Enter, thuong_xuan: Unit, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    client.get(board(thuong_xuan))
    with CaptureQueriesContext(connection) as whole:
        client.get(board(thuong_xuan))
    monkeypatch.setattr(
        "bakhong.desk.views.dashboard.below_by_the_roll", lambda *_asked, **_more: NOTHING_COUNTED
    )
    with CaptureQueriesContext(connection) as without:
        client.get(board(thuong_xuan))
    # Six for the counts of every unit below, six for what residents said (three of them open and close the connection to it).
    assert 0 < len(whole) - len(without) <= 12
