"""Helping somebody at home file: only with them there, only in one's own villages, and the code is theirs."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.permissions import StaffActor
from bakhong.core.days import day_of
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.tests.return_codes import code_in
from bakhong.field.tests.conftest import Phone
from bakhong.field.tests.test_visits import text
from bakhong.outreach.models import Team
from bakhong.people import scope
from bakhong.people.models import Household, Look, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

MARRIAGE = "1.004873"


@pytest.fixture(autouse=True)
def _forms(everybody: None, at: datetime) -> None:
    publish_shipped(at)


def where(household: Household, person: Person) -> str:
    return reverse("field:assist", args=["ho", household.uuid, person.uuid])


def send(client: Client, address: str, **said: str) -> Any:
    answer = client.post(address, {"key": str(uuid4()), "procedure": MARRIAGE, "is_here": "on"} | said)
    scope.open_to(None)  # the request has closed what the test sees
    return answer


def test_the_door_leads_there(member_phone: Client, household: Household, parents: list[Person]) -> None:
    address = where(household, parents[0])
    assert address in text(member_phone.get(f"/to/ho/{household.uuid}/"))
    assert "Giúp Lê Văn An nộp hồ sơ" in text(member_phone.get(address))


def test_it_begins_with_what_is_known(
    member_phone: Client, household: Household, parents: list[Person], thuong_xuan: Unit
) -> None:
    answer = send(member_phone, where(household, parents[0]))
    assert answer.status_code == 200, answer.content.decode()
    code = code_in(text(answer))
    draft = Draft.objects.get()
    assert (draft.operated_by, draft.known_by, draft.person) == ("digital_team", "officer", parents[0])
    assert draft.village == thuong_xuan
    assert "roll" in set(Answer.objects.values_list("origin", flat=True))
    assert Look.objects.filter(person=parents[0], reason="help").exists()
    gone_on = member_phone.post(reverse("portal:resume"), {"ma": code, "the": ""})
    assert gone_on.status_code == 302
    assert str(draft.uuid) in gone_on["Location"]
    shown = member_phone.get(gone_on["Location"])
    assert shown.status_code == 200


@pytest.mark.parametrize("said", [{"is_here": ""}, {"procedure": "khac"}, {"procedure": ""}])
def test_not_without_the_person_or_a_purpose(
    said: dict[str, str], member_phone: Client, household: Household, parents: list[Person]
) -> None:
    more = {key: value for key, value in said.items() if value}
    answer = member_phone.post(
        where(household, parents[0]),
        {"key": str(uuid4()), "procedure": said.get("procedure", MARRIAGE)}
        | ({} if "is_here" in said else {"is_here": "on"})
        | more,
    )
    scope.open_to(None)
    assert answer.status_code == 422
    assert not Draft.objects.exists()


def test_sent_twice_it_is_one(member_phone: Client, household: Household, parents: list[Person]) -> None:
    key = str(uuid4())
    pages = [text(send(member_phone, where(household, parents[0]), key=key)) for _ in range(2)]
    codes = {code_in(page) for page in pages}
    assert len(codes) == 1
    assert Draft.objects.count() == 1


def test_who_only_visits_is_not_offered_it(
    phone_of: Phone, household: Household, parents: list[Person], village: Unit, team: Team
) -> None:
    head = phone_of(village, phone="0912345679", role="village_head")
    assert "Giúp Lê" not in text(head.get(f"/to/ho/{household.uuid}/"))
    assert send(head, where(household, parents[0])).status_code == 403
    assert not Draft.objects.exists()


def test_nobody_of_another_house_or_village(
    phone_of: Phone,
    member_phone: Client,
    household: Household,
    parents: list[Person],
    villages: list[Unit],
    person: MakePerson,
) -> None:
    """Negative control."""
    stranger = person("Vi Văn Khác", where=villages[1])
    assert send(member_phone, where(household, stranger)).status_code == 404
    elsewhere = phone_of(villages[1], phone="0912345670")
    assert send(elsewhere, where(household, parents[0])).status_code == 404
    assert not Draft.objects.exists()


def test_the_action_itself_asks_where_they_live(
    phone_of: Phone, villages: list[Unit], parents: list[Person], thuong_xuan: Unit, at: datetime
) -> None:
    """Negative control: it is no page that keeps a member of the next village out."""
    from bakhong.core.errors import NotAllowed
    from bakhong.eforms.actions import start_draft

    user = phone_of(villages[1], phone="0912345670").user  # type: ignore[attr-defined]
    scope.open_to(None)
    with pytest.raises(NotAllowed):
        start_draft(
            key=uuid4(),
            form="marriage_status",
            unit=thuong_xuan,
            operated_by="digital_team",
            person=parents[0],
            known_by="officer",
            by=StaffActor(user, day_of(at)),
            at=at,
        )
