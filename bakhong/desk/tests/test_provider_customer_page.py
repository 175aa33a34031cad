"""Whose a customer's code is: a person's of that name, their whole household's, or a business's."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.billers import open_biller
from bakhong.payments.actions.providers import Whose, record_customer_code
from bakhong.payments.models import BillerKind, CustomerCode
from bakhong.people import scope
from bakhong.people.actions.recording import add_person
from bakhong.people.models import Household, Organisation, Person
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def customer(thuong_xuan: Unit, at: datetime) -> CustomerCode:
    with scope.seeing(OPERATOR):
        power = open_biller(
            unit=thuong_xuan, kind=BillerKind.UTILITY, name="Điện lực", services=["electricity"], keeps_ledger=False,
            by=OPERATOR, at=at,
        )  # fmt: skip
        return record_customer_code(
            biller=power, service="electricity", code="PA01000000009", name="Lê Văn An", village=thuong_xuan,
            whose=Whose(), key=new_uuid(), by=OPERATOR, at=at,
        )  # fmt: skip


@pytest.fixture
def home(thuong_xuan: Unit, at: datetime) -> Household:
    with scope.seeing(OPERATOR):
        made = Household.objects.create(village=thuong_xuan)
        an = add_person(village=thuong_xuan, values={"name": "Lê Văn An"}, source="list", by=OPERATOR, at=at)
        Person.objects.filter(pk=an.pk).update(household=made)
    return made


@pytest.fixture
def business(thuong_xuan: Unit) -> Organisation:
    with scope.seeing(OPERATOR):
        return Organisation.objects.create(
            village=thuong_xuan, kind="household_business", name="Lê Văn An", name_key="le van an",
            valid_from=date(2025, 7, 1),
        )  # fmt: skip


def page_of(customer: CustomerCode) -> str:
    return reverse(
        "desk:provider_customer", args=[customer.biller.unit.uuid, customer.biller.uuid, customer.uuid]
    )


def whose(customer: CustomerCode) -> tuple[int | None, int | None, int | None]:
    with scope.seeing(OPERATOR):
        held = CustomerCode.objects.get(pk=customer.pk)
    return held.person_id, held.household_id, held.organisation_id


def test_it_is_given_to_a_household_or_a_business(
    enter: Enter, thuong_xuan: Unit, customer: CustomerCode, home: Household, business: Organisation
) -> None:
    client = enter("one_stop_officer", thuong_xuan)
    page = client.get(page_of(customer)).content.decode()
    assert "Cả hộ của Lê Văn An" in page
    assert "Hộ kinh doanh Lê Văn An" in page
    client.post(page_of(customer), {"deed": "give", "person": str(home.uuid)})
    assert whose(customer) == (None, home.pk, None)
    client.post(page_of(customer), {"deed": "take"})
    assert whose(customer) == (None, None, None)
    client.post(page_of(customer), {"deed": "give", "person": str(business.uuid)})
    assert whose(customer) == (None, None, business.pk)


def test_what_is_not_offered_is_not_taken(
    enter: Enter, thuong_xuan: Unit, other_commune: Unit, customer: CustomerCode
) -> None:
    with scope.seeing(OPERATOR):
        far = Household.objects.create(village=other_commune)
    client = enter("one_stop_officer", thuong_xuan)
    assert client.post(page_of(customer), {"deed": "give", "person": str(far.uuid)}).status_code >= 400
    assert whose(customer) == (None, None, None)
