"""Being an invented resident: in the demo, of invented people, and nowhere else."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from bakhong.accounts.models import Resident
from bakhong.core.actor import Actor
from bakhong.demo.e_identity import trials
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit
from config import urls

assert not [
    each for each in urls.urlpatterns if getattr(each, "app_name", "") == "demo"
]  # read before a test says that this is the demo

pytestmark = pytest.mark.django_db
ADDRESS = "/toi/dang-nhap/thu-nghiem/"
in_the_demo = pytest.mark.urls("bakhong.demo.tests.urls")


@pytest.fixture
def people(thuong_xuan: Unit, actor: Actor, at: datetime, settings: Any) -> Iterator[list[Person]]:
    """An invented one, and one whose number a province could have given."""
    settings.DEMO = True
    scope.open_to(None)
    (village,) = create_villages(
        commune=thuong_xuan, villages=[("thon", "Mẫu 1")], valid_from=date(2025, 7, 1), by=actor, at=at
    )
    said = {"birth": "1980-05-06", "presence": "present"}
    yield [
        add_person(
            village=village,
            values={"name": name, "national_id": number, **said},
            source="list",
            by=actor,
            at=at,
        )
        for name, number in (("Lê Thị Mẫu", "099180000001"), ("Người Thật", "038180000001"))
    ]
    scope.close()


@in_the_demo
def test_one_can_be_somebody_invented(people: list[Person], client: Client) -> None:
    scope.close()
    page = client.get(ADDRESS).content.decode()
    assert "Lê Thị Mẫu" in page
    assert "Thử nghiệm" in page
    answer = client.post(ADDRESS, {"who": str(people[0].uuid), "next": "/toi/"})
    assert answer["Location"] == "/toi/"
    assert Resident.objects.get().person == people[0].uuid
    assert client.get("/toi/").status_code == 200


@in_the_demo
def test_nobody_real_can_be_chosen(people: list[Person], client: Client) -> None:
    assert "Người Thật" not in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, {"who": str(people[1].uuid)}).status_code == 422
    assert not Resident.objects.exists()


@in_the_demo
def test_the_sign_in_page_shows_the_way(people: list[Person], client: Client) -> None:
    assert ADDRESS in client.get("/toi/dang-nhap/").content.decode()


def test_elsewhere_the_address_does_not_exist(people: list[Person], client: Client, settings: Any) -> None:
    """The site's own addresses, as the tests run them, are those of a real installation."""
    settings.DEMO = False
    with pytest.raises(NoReverseMatch):
        reverse("demo:e_identity")
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"who": str(people[0].uuid)}).status_code == 404
    assert ADDRESS not in client.get("/toi/dang-nhap/").content.decode()


@in_the_demo
def test_hung_in_by_mistake_it_still_says_no(people: list[Person], client: Client, settings: Any) -> None:
    settings.DEMO = False
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"who": str(people[0].uuid)}).status_code == 404
    settings.DEMO = True  # negative control
    assert client.get(ADDRESS).status_code == 200


def test_there_is_always_somebody_without_a_record(reference_units: None) -> None:
    assert [each.said.level for each in trials()] == [2, 1]
