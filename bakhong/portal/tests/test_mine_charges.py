"""One's own bills: what one owes, what the household owes as a whole, and nobody else's."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.people import scope
from bakhong.people.actions import add_person, make_household
from bakhong.people.models import Organisation, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit
from bakhong.portal.tests.paying import bank_says, owed
from bakhong.portal.tests.signed_in import as_resident

NUMBER = "038190001234"


@pytest.fixture
def family(here: Unit, actor: Actor, at: datetime) -> Iterator[list[Person]]:
    """An and his wife, of one household."""
    with scope.seeing(OPERATOR):
        (village,) = create_villages(
            commune=here, villages=[("thon", "Mẫu 1")], valid_from=date(2025, 7, 1), by=actor, at=at
        )
        found = [
            add_person(
                village=village,
                values={"name": name, "birth": "1990-05-06", "national_id": number},
                source="list",
                by=actor,
                at=at,
            )
            for name, number in (("Lê Văn An", NUMBER), ("Lò Thị Mai", "038190005678"))
        ]
        make_household(village=village, members={found[0]: "head", found[1]: "spouse"}, by=actor, at=at)
        found = list(Person.objects.filter(pk__in=[each.pk for each in found]).order_by("pk"))
    yield found
    scope.close()


def page_of(client: Client) -> str:
    return str(client.get(reverse("portal:mine_charges")).content.decode().replace("\xa0", " "))


def test_mine_and_the_households_and_no_others(family: list[Person], here: Unit) -> None:
    an, mai = family
    with scope.seeing(OPERATOR):
        home = an.household
    owed(here, 20_000, title="Lệ phí của An", person=an)
    owed(here, 30_000, title="Rác của hộ", household=home)
    owed(here, 40_000, title="Lệ phí của Mai", person=mai, household=home)
    owed(here, 50_000, title="Của người khác")
    page = page_of(as_resident(an, number=NUMBER))
    assert "Lệ phí của An" in page
    assert "Rác của hộ" in page
    assert "50.000 đ" in page  # of the two
    assert "Của người khác" not in page
    assert "Lệ phí của Mai" not in page


def test_a_sellers_market_fee_is_among_theirs(family: list[Person], here: Unit) -> None:
    an, mai = family
    with scope.seeing(OPERATOR):
        stalls = [
            Organisation.objects.create(
                village=each.village, kind="household_business", name=each.name, name_key="x", owner=each
            )
            for each in (an, mai)
        ]
    owed(here, 60_000, title="Phí chợ của An", organisation=stalls[0])
    owed(here, 70_000, title="Phí chợ của Mai", organisation=stalls[1])
    page = page_of(as_resident(an, number=NUMBER))
    assert "Phí chợ của An" in page
    assert "Phí chợ của Mai" not in page


def test_what_was_paid_leads_to_its_confirmation(family: list[Person], here: Unit) -> None:
    charge = owed(here, 20_000, title="Lệ phí của An", person=family[0])
    client = as_resident(family[0], number=NUMBER)
    assert "Trả 20.000 đ" in page_of(client)
    bank_says(charge)
    page = page_of(client)
    assert "xác nhận số 1/" in page
    assert "không có khoản nào phải trả" in page
