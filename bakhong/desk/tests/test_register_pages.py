"""Household businesses and subscriptions: listed with how many of all have a service, added, ended."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.people import scope
from bakhong.people.actions import (
    Adopted,
    add_organisation,
    add_person,
    make_household,
    record_adoptions,
)
from bakhong.people.models import Organisation, Person, PhoneSubscription
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    named = [("thon", "Xuân Thành"), ("thon", "Xuân Lợi")]
    return create_villages(commune=thuong_xuan, villages=named, valid_from=date(2025, 7, 1), by=actor, at=at)


@pytest.fixture
def owner(villages: list[Unit], actor: Actor, at: datetime) -> Person:
    with scope.seeing(OPERATOR):
        return add_person(village=villages[0], values={"name": "Lê Thị Hoá"}, source="list", by=actor, at=at)


@pytest.fixture
def shops(villages: list[Unit], actor: Actor, at: datetime) -> list[Organisation]:
    """Two, of which the first takes QR payments."""
    with scope.seeing(OPERATOR):
        made = [
            add_organisation(village=village, kind="household_business", name=name, by=actor, at=at)
            for village, name in zip(villages, ("Tạp hoá Hoa", "Quán Bình"), strict=True)
        ]
        has = Adopted("merchant_qr", "activated", organisation=made[0])
        record_adoptions(entries=[has], source="visit", by=actor, at=at)
    return made


def get(client: Client, name: str, unit: Unit, query: str = "") -> str:
    return client.get(reverse(f"desk:{name}", args=[unit.uuid]) + query).content.decode()


def test_the_list_counts_and_finds_who_lacks_a_service(
    enter: Enter, thuong_xuan: Unit, shops: list[Organisation]
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    assert "<strong>1/2</strong>" in get(client, "organisations", thuong_xuan)
    lacking = get(client, "organisations", thuong_xuan, "?missing=merchant_qr")
    assert "Quán Bình" in lacking
    assert "Tạp hoá Hoa" not in lacking
    found = get(client, "organisations", thuong_xuan, "?q=tap+hoa")
    assert "Tạp hoá Hoa" in found
    assert "Quán Bình" not in found


def test_the_households_without_a_service_are_listed_by_who_heads_them(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        people = [
            add_person(village=village, values={"name": name, "birth": birth}, source="list", by=actor, at=at)
            for village, name, birth in zip(
                [villages[0], villages[0], villages[1]],
                ("Lê Văn Chủ", "Lê Thị Cụ", "Hà Văn Trả"),
                ("1980", "1940", "1970"),
                strict=True,
            )
        ]
        members = {people[0]: "head", people[1]: "parent"}
        make_household(village=villages[0], members=members, by=actor, at=at)
        pays = make_household(village=villages[1], members={people[2]: "head"}, by=actor, at=at)
        has = Adopted("cashless_bills", "in_use", household=pays)
        record_adoptions(entries=[has], source="visit", by=actor, at=at)
    client = enter("dx_secretary", thuong_xuan)
    lacking = reverse("desk:households", args=[thuong_xuan.uuid]) + "?missing=cashless_bills"
    assert lacking in get(client, "services", thuong_xuan)
    everybody = get(client, "households", thuong_xuan)
    assert "<strong>1/2</strong>" in everybody
    assert "Hà Văn Trả" in everybody
    listed = client.get(lacking).content.decode()
    assert "Lê Văn Chủ" in listed
    assert "Xuân Thành" in listed
    assert "Hà Văn Trả" not in listed  # it has the service
    assert ">Lê Thị Cụ<" not in listed  # the elder does not head it
    assert "Lê Văn Chủ" in get(client, "households", thuong_xuan, "?q=cu")
    head = enter("village_head", villages[1])
    assert "Lê Văn Chủ" not in get(head, "households", villages[1])  # a place of its own
    assert client.get(lacking + "&village=x").status_code == 400


def test_a_shop_is_added_from_its_owner_s_page_and_closed(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], owner: Person
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    here = reverse("desk:organisation_new", args=[thuong_xuan.uuid])
    typed = {"village": str(villages[0].uuid), "kind": "household_business", "name": "Quán Hoá"}
    wrong = client.post(f"{here}?owner={owner.uuid}", typed | {"tax_code": "12"})
    assert wrong.status_code == 422
    assert "Mã số thuế gồm" in wrong.content.decode()
    made = client.post(f"{here}?owner={owner.uuid}", typed)
    assert "Lê Thị Hoá" in client.get(made["Location"]).content.decode()
    assert client.post(made["Location"], {"ended_on": "22/11/2027"}).status_code == 422
    assert client.post(made["Location"], {"ended_on": "22/11/2026"}).status_code == 302
    assert "Quán Hoá" not in get(client, "organisations", thuong_xuan, "?q=quan")
    assert "Đã ngừng từ ngày 22/11/2026" in client.get(made["Location"]).content.decode()


def test_a_subscription_s_number_is_masked(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], owner: Person
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    here = f"{reverse('desk:subscription_new', args=[thuong_xuan.uuid])}?person={owner.uuid}"
    typed = {"village": str(villages[0].uuid), "number": "0912 345 678", "is_smartphone": "yes"}
    made = client.post(here, typed)
    for page in (client.get(made["Location"]).content.decode(), get(client, "subscriptions", thuong_xuan)):
        assert "•••••••678" in page
        assert "0912345678" not in page
        assert "iện thoại thông minh" in page
    assert "đã có" in client.post(here, typed).content.decode()
    with scope.seeing(OPERATOR):
        assert PhoneSubscription.objects.get().is_smartphone is True


def test_a_village_head_sees_only_the_village(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], shops: list[Organisation]
) -> None:
    client = enter("village_head", villages[0])
    page = get(client, "organisations", villages[0])
    assert "Tạp hoá Hoa" in page
    assert "Quán Bình" not in page
    other = reverse("desk:organisation", args=[villages[0].uuid, shops[1].uuid])
    assert client.get(other).status_code == 404
