"""Two records of one payer that became one: what was charged to either is theirs, and is parted again with them. No row is rewritten."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.ids import new_uuid
from bakhong.messaging.models import Message
from bakhong.payments.actions.stall_telling import tell_seller
from bakhong.payments.models import Biller, Charge, CustomerCode
from bakhong.payments.queries.bills import own_bills
from bakhong.payments.queries.matching_payers import known_of
from bakhong.payments.rules.charge_lists import Line
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    bank,
    biller,
    everybody,
    make_charge,
    village,
    villages,
)
from bakhong.payments.tests.stalls import a_stall
from bakhong.people.actions import add_person, merge_people, unmerge_people
from bakhong.people.models import Organisation, Person
from bakhong.places.models import Unit

__all__ = ["bank", "biller", "everybody", "make_charge", "village", "villages"]

TODAY = date(2026, 11, 22)


@pytest.fixture
def added(village: Unit, actor: Actor, at: datetime) -> Callable[[str], Person]:
    return lambda name: add_person(village=village, values={"name": name}, source="list", by=actor, at=at)


@pytest.fixture
def keep(added: Callable[[str], Person]) -> Person:
    return added("Lê Văn An")


@pytest.fixture
def double(added: Callable[[str], Person]) -> Person:
    return added("Lê Van An")


def bills(person: Person) -> list[Charge]:
    return sorted((each.charge for each in own_bills(person, on=TODAY)), key=lambda each: each.pk)


def test_they_see_what_was_charged_to_either(
    make_charge: MakeCharge, keep: Person, double: Person, actor: Actor, at: datetime
) -> None:
    mine, others = make_charge(person=keep), make_charge(person=double)
    assert bills(keep) == [mine]
    merge_people(keep=keep, double=double, by=actor, at=at)
    assert bills(keep) == [mine, others]
    unmerge_people(double=double, by=actor, at=at)
    assert (bills(keep), bills(double)) == ([mine], [others])


def test_a_code_leads_to_the_record_that_is_kept(
    biller: Biller, make_charge: MakeCharge, keep: Person, double: Person, village: Unit, actor: Actor, at: datetime
) -> None:  # fmt: skip
    CustomerCode.objects.create(
        biller=biller, service="water", code="KH1", name="An", person=double, village=village
    )
    make_charge(person=double, customer_code="KH2")
    rows = [Line("T", 1, code="KH1"), Line("T", 2, code="KH2")]

    def owners() -> list[Person | None]:
        found = known_of(biller, "water", None, rows, TODAY).customers
        return [found[each].person for each in ("KH1", "KH2")]

    assert owners() == [double, double]
    merge_people(keep=keep, double=double, by=actor, at=at)
    assert owners() == [keep, keep]


def test_the_seller_is_told_on_the_page_they_have(
    village: Unit, keep: Person, double: Person, actor: Actor, at: datetime
) -> None:
    stall = a_stall(village, at)
    Organisation.objects.filter(pk=stall.organisation_id).update(owner=double)
    merge_people(keep=keep, double=double, by=actor, at=at)
    stall.refresh_from_db()
    tell_seller(stall=stall, template="sticker_alarm", key=new_uuid(), by=OPERATOR, at=at)
    assert Message.objects.get().person == keep.uuid
