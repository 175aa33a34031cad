"""Residents' wishes for correction at the desk: by the clock, answered in words they read; and who may act for whom."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from bakhong.core.actor import OPERATOR, Actor
from bakhong.messaging.models import Message
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.actions.correcting import ask_correction
from bakhong.people.models import CorrectionRequest, Fact, Look, Mandate, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish(thuong_xuan: Unit, actor: Actor, at: datetime) -> CorrectionRequest:
    with scope.seeing(OPERATOR):
        (village,) = create_villages(
            commune=thuong_xuan, villages=[("thon", "Mẫu 1")], valid_from=date(2025, 7, 1), by=actor, at=at
        )
        person = add_person(
            village=village, values={"name": "Lê Văn An", "birth": "1990"}, source="list", by=actor, at=at
        )
        return ask_correction(
            person=person,
            key="person.birth",
            current="1990",
            wanted="1991-05-06",
            reason="Khai sinh ghi khác",
            about=None,
            by=OPERATOR,
            at=at,
        )


@pytest.fixture
def clerk(enter: Callable[..., Client], thuong_xuan: Unit) -> Client:
    return enter("dx_secretary", thuong_xuan)


def address(wish: CorrectionRequest, unit: Unit) -> str:
    return f"/desk/u/{unit.uuid}/corrections/{wish.uuid}/"


def again(wish: CorrectionRequest) -> CorrectionRequest:
    with scope.seeing(OPERATOR):
        return CorrectionRequest.objects.select_related("person").get(pk=wish.pk)


def test_the_list_shows_the_wish_and_its_clock(
    wish: CorrectionRequest, clerk: Client, thuong_xuan: Unit
) -> None:
    page = clerk.get(f"/desk/u/{thuong_xuan.uuid}/corrections/").content.decode()
    assert "Lê Văn An" in page
    assert "06/05/1991" in page
    assert "báo đã nhận trước 17:30" in page


def test_it_is_acknowledged_then_accepted_and_comes_true(
    wish: CorrectionRequest, clerk: Client, thuong_xuan: Unit
) -> None:
    assert clerk.post(address(wish, thuong_xuan), {"do": "acknowledge"}).status_code == 302
    assert again(wish).state == "acknowledged"
    assert (
        clerk.post(address(wish, thuong_xuan), {"do": "accept", "answer": "Đã xem khai sinh"}).status_code
        == 302
    )
    done = again(wish)
    assert (done.state, done.person.birth_year, done.person.birth_day) == ("accepted", 1991, 6)
    with scope.seeing(OPERATOR):
        assert Fact.objects.filter(person=done.person, source="resident", voids=["birth"]).exists()
        assert Message.objects.filter(person=done.person.uuid, template="correction_answered").count() == 1
    assert clerk.post(address(wish, thuong_xuan), {"do": "refuse", "answer": "Không"}).status_code == 409


def test_refusing_needs_a_reason_and_keeps_what_was_typed(
    wish: CorrectionRequest, clerk: Client, thuong_xuan: Unit
) -> None:
    assert clerk.post(address(wish, thuong_xuan), {"do": "refuse"}).status_code == 422
    kept = clerk.post(address(wish, thuong_xuan), {"do": "nonsense", "answer": "Giấy ghi 1990"})
    assert kept.status_code == 422
    assert "Giấy ghi 1990" in kept.content.decode()
    assert (
        clerk.post(address(wish, thuong_xuan), {"do": "refuse", "answer": "Giấy ghi 1990"}).status_code == 302
    )
    done = again(wish)
    assert (done.state, done.person.birth_year) == ("refused", 1990)


def test_whoever_opens_it_is_noted(wish: CorrectionRequest, clerk: Client, thuong_xuan: Unit) -> None:
    assert clerk.get(address(wish, thuong_xuan)).status_code == 200
    with scope.seeing(OPERATOR):
        assert Look.objects.get().reason == "check"


def test_who_may_only_look_answers_nothing(
    wish: CorrectionRequest, enter: Callable[..., Client], thuong_xuan: Unit
) -> None:
    reader = enter("supervising_leader", thuong_xuan)
    assert reader.post(address(wish, thuong_xuan), {"do": "accept"}).status_code in (403, 404)
    assert again(wish).state == "asked"


def test_a_mandate_is_written_down_at_the_desk(
    wish: CorrectionRequest, clerk: Client, thuong_xuan: Unit
) -> None:
    person: Person = again(wish).person
    page = f"/desk/u/{thuong_xuan.uuid}/people/{person.uuid}/mandates/"
    said = {
        "agent_name": "Trần Bé",
        "agent_number": "038190005678",
        "how": "paper",
        "scope": "all",
        "last_day": "31/12/2026",
    }
    assert clerk.post(page, said).status_code == 422  # which paper?
    assert clerk.post(page, said | {"evidence": "Giấy uỷ quyền số 12, UBND xã"}).status_code == 302
    with scope.seeing(OPERATOR):
        row = Mandate.objects.get()
    assert (row.how, row.valid_to) == ("paper", date(2027, 1, 1))
    assert "Trần Bé" in clerk.get(page).content.decode()
    assert clerk.post(f"{page}{row.uuid}/end/").status_code == 302
    with scope.seeing(OPERATOR):
        assert Mandate.objects.get().ended_at is not None
