import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.accounts.tests.conftest import MakeStaff, World
from bakhong.accounts.views.trail import words
from bakhong.audit.actions import record
from bakhong.core.actor import OPERATOR, Actor

pytestmark = pytest.mark.urls("bakhong.accounts.tests.urls")
Enter = Callable[[User], Client]


@pytest.fixture
def lines(world: World, actor: Actor, at: datetime) -> None:
    for number in range(60):
        record(
            by=actor, at=at - timedelta(days=number), deed="accounts.add_official", object_kind="official",
            object_id=f"{number:08}", place_id=world.village.pk,
        )  # fmt: skip
    record(
        by=OPERATOR,
        at=at,
        deed="accounts.assign_role",
        object_kind="assignment",
        object_id="x" * 8,
        place_id=world.own.pk,
    )
    record(
        by=actor,
        at=at,
        deed="accounts.assign_role",
        object_kind="assignment",
        object_id="y" * 8,
        place_id=world.sibling.pk,
    )
    record(by=actor, at=at, deed="accounts.sign_in", object_kind="user", object_id="z" * 8)


def body(client: Client, world: World, query: str = "") -> str:
    response = client.get(reverse("accounts:trail", args=[world.own.uuid]) + query)
    assert response.status_code == 200
    text = response.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_it_tells_deeds_in_words(world: World, staff: MakeStaff, signed_in: Enter, lines: None) -> None:
    text = body(signed_in(staff("chair", world.own, factor=True)), world)
    assert ">Giao vai trò</td>" in text
    assert "Người vận hành máy chủ" in text
    assert "Thôn Đông" in text
    assert "vai trò <code" in text
    assert "yyyyyyyy" not in text
    assert "zzzzzzzz" not in text


def test_it_filters_and_turns_pages(world: World, staff: MakeStaff, signed_in: Enter, lines: None) -> None:
    client = signed_in(staff("chair", world.own, factor=True))
    assert body(client, world).count("<tr>") == 51
    assert body(client, world, "?page=2").count("<tr>") == 12
    assert body(client, world, "?deed=accounts.assign_role").count("<tr>") == 2
    assert body(client, world, "?since=21/11/2026&until=21/11/2026").count("<tr>") == 2
    assert body(client, world, "?actor=operator").count("<tr>") == 2
    assert "Ngày này không đọc được" in body(client, world, "?since=31/02/2026")
    assert "không đọc được" in body(client, world, "?until=31/12/9999")
    assert "Không có việc nào" in body(client, world, "?actor=nobody")
    assert body(client, world, "?actor=%00").count("<tr>") == 51
    assert body(client, world, "?page=chín").count("<tr>") == 51


def test_the_province_also_sees_what_belongs_to_no_place(
    world: World, staff: MakeStaff, signed_in: Enter, lines: None
) -> None:
    client = signed_in(staff("province_admin", world.province, factor=True))
    text = client.get(reverse("accounts:trail", args=[world.province.uuid])).content.decode()
    assert "zzzzzzzz" in text
    assert "yyyyyyyy" in text


def test_every_deed_of_this_room_has_words() -> None:
    room = Path(__file__).resolve().parents[1]
    sources = "\n".join(path.read_text() for path in room.rglob("*.py") if "tests" not in path.parts)
    deeds = set(re.findall(r'(?:deed=|_note\(user, )"(accounts\.[a-z_]+)"', sources))
    assert len(deeds) > 15
    assert deeds <= set(words())
