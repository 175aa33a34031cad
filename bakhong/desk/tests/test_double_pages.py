"""Two records that may be one person: the clerk compares, decides, and can take it back."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Look, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]
Pair = tuple[Person, Person]


@pytest.fixture
def pair(thuong_xuan: Unit, actor: Actor, at: datetime) -> Pair:
    """One woman from the lists of two former communes."""
    villages = create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi")],
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )
    said = {"name": "Lê Thị Hoá", "birth": "1941-03-05", "sex": "female", "phone": "0912345678"}
    with scope.seeing(OPERATOR):
        first, second = (
            add_person(village=each, values=said, source="list", by=actor, at=at) for each in villages
        )
    return first, second


def listed(client: Client, unit: Unit) -> str:
    return client.get(reverse("desk:doubles", args=[unit.uuid])).content.decode()


def address(unit: Unit, pair: Pair) -> str:
    return reverse("desk:double", args=[unit.uuid, pair[0].uuid, pair[1].uuid])


def test_a_suspected_pair_is_listed_with_its_reasons_and_merged(
    enter: Enter, thuong_xuan: Unit, pair: Pair
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    assert "cùng họ tên, cùng ngày sinh, cùng số điện thoại" in listed(client, thuong_xuan)
    page = client.get(address(thuong_xuan, pair)).content.decode()
    assert "Thôn Xuân Thành" in page
    assert "0912345678" not in page  # masked on both sides
    done = client.post(address(thuong_xuan, pair), {"deed": "merge", "keep": str(pair[1].uuid)})
    assert done["Location"] == reverse("desk:person", args=[thuong_xuan.uuid, pair[1].uuid])
    assert "Không có cặp nào nghi trùng" in listed(client, thuong_xuan)
    kept = client.get(done["Location"]).content.decode()
    assert "Bản ghi đã gộp vào đây" in kept
    unmerge = reverse("desk:person_unmerge", args=[thuong_xuan.uuid, pair[1].uuid, pair[0].uuid])
    assert client.post(unmerge).status_code == 302
    assert "Lê Thị Hoá" in listed(client, thuong_xuan)


def test_a_pair_judged_apart_is_not_asked_again(enter: Enter, thuong_xuan: Unit, pair: Pair) -> None:
    client = enter("dx_secretary", thuong_xuan)
    assert client.post(address(thuong_xuan, pair), {"deed": "apart"}).status_code == 302
    assert "Không có cặp nào nghi trùng" in listed(client, thuong_xuan)
    for each in pair:
        page = client.get(reverse("desk:person", args=[thuong_xuan.uuid, each.uuid])).content.decode()
        assert "Có người trùng tên" not in page
    assert "hai người khác nhau" in client.get(address(thuong_xuan, pair)).content.decode()
    client.post(address(thuong_xuan, pair), {"deed": "apart"})
    with scope.seeing(OPERATOR):
        said = pair[0].facts.filter(values__has_key="apart_from").get()  # once, though said twice
    client.post(reverse("desk:person_retract", args=[thuong_xuan.uuid, pair[0].uuid, said.uuid]))
    assert "Lê Thị Hoá" in listed(client, thuong_xuan)


def test_merging_needs_a_choice(enter: Enter, thuong_xuan: Unit, pair: Pair) -> None:
    answer = enter("dx_secretary", thuong_xuan).post(address(thuong_xuan, pair), {"deed": "merge"})
    assert answer.status_code == 422
    assert "Chọn bản ghi giữ lại" in answer.content.decode()


def test_comparing_is_looking(enter: Enter, thuong_xuan: Unit, pair: Pair) -> None:
    enter("dx_secretary", thuong_xuan).get(address(thuong_xuan, pair))
    with scope.seeing(OPERATOR):
        assert {each.person_id for each in Look.objects.all()} == {each.pk for each in pair}
