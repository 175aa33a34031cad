"""Who took their consent back types for themself at home; at the desk the office's duty holds."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import uuid4

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import Claims, ResidentActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.eforms.actions import Started, save_page, submit_draft
from bakhong.eforms.actions.judging import judge_draft
from bakhong.eforms.queries import answers_of
from bakhong.people.actions import give_consent, withdraw_consent
from bakhong.people.models import Consent, Person
from bakhong.people.queries.consents import Basis, prefill_basis
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

Start = Callable[..., Started]
NUMBER = "038190000123"
CLAIMS = Claims(NUMBER, "Lê Thị Hoá")


@pytest.fixture
def hoa(person: MakePerson) -> Person:
    return person("Lê Thị Hoá", sex="female", birth="1990-02-01", national_id=NUMBER)


@pytest.fixture
def agreed(hoa: Person, actor: Actor, at: datetime) -> Consent:
    return give_consent(
        person=hoa, purpose="prefill", evidence="Ký phiếu", given_on=date(2026, 11, 1), by=actor, at=at
    )


def at_home(start: Start, hoa: Person) -> Started:
    by = ResidentActor(uuid4(), hoa.uuid, 2, "Lê Thị Hoá")
    return start(by=by, person=hoa, known_by="e_identity", claims=CLAIMS)


def last_basis() -> str:
    rows = Event.objects.filter(deed="people.use_known").order_by("-pk")
    return str(rows.values_list("details__basis", flat=True)[0])


def test_who_agreed_has_it_filled_in(start: Start, hoa: Person, agreed: Consent) -> None:
    assert answers_of(at_home(start, hoa).draft)["birth"] == "1990-02-01"
    assert last_basis() == "consent"


def test_who_said_nothing_is_served_by_the_offices_duty(start: Start, hoa: Person) -> None:
    assert answers_of(at_home(start, hoa).draft)["birth"] == "1990-02-01"
    assert last_basis() == "legal_duty"


def test_who_took_it_back_has_only_what_the_sign_in_says(
    start: Start, hoa: Person, agreed: Consent, actor: Actor, at: datetime
) -> None:
    withdraw_consent(consent=agreed, by=actor, at=at)
    assert prefill_basis(hoa) == Basis.REFUSED
    assert answers_of(at_home(start, hoa).draft) == {"name": "Lê Thị Hoá", "number": NUMBER}
    give_consent(
        person=hoa, purpose="prefill", evidence="Ký phiếu", given_on=date(2026, 11, 2), by=actor, at=at
    )
    assert "birth" in answers_of(at_home(start, hoa).draft)  # agreed again


def test_nor_is_it_looked_up_to_judge_what_they_typed(
    start: Start, hoa: Person, agreed: Consent, actor: Actor, at: datetime
) -> None:
    withdraw_consent(consent=agreed, by=actor, at=at)
    started, by = at_home(start, hoa), ResidentActor(uuid4(), hoa.uuid, 2, "Lê Thị Hoá")
    for page, said in (("nguoi-khai", {"birth": ["1/2/1990"]}), ("noi-dung", {"married": ["no"]})):
        save_page(draft=started.draft, page=page, posted=said, by=by, at=at)
    submit_draft(draft=started.draft, by=by, at=at, claims=CLAIMS)
    judged = judge_draft(draft=started.draft, person=hoa, on=date(2026, 11, 22), by=OPERATOR, at=at)
    assert (judged.known, judged.re_asked) == (2, 0)  # what the sign-in said


def test_at_the_desk_the_duty_holds(
    start: Start,
    hoa: Person,
    agreed: Consent,
    staff: Callable[[str, Unit], StaffActor],
    thuong_xuan: Unit,
    actor: Actor,
    at: datetime,
) -> None:
    withdraw_consent(consent=agreed, by=actor, at=at)
    started = start(by=staff("one_stop_officer", thuong_xuan), person=hoa, known_by="officer")
    assert answers_of(started.draft)["birth"] == "1990-02-01"
    assert last_basis() == "legal_duty"
