"""A register that does not answer is named on the draft's pages, and asked again by a press that loses nothing typed."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.tests.test_updates import CivilStatus, register
from bakhong.eforms.contents import value_of
from bakhong.eforms.models import Answer
from bakhong.people import registers, scope
from bakhong.people.models import Person
from bakhong.portal.tests.filing import at, begin, send, text_of
from bakhong.portal.tests.signed_in import as_resident
from bakhong.portal.tests.test_mine_filing import AN, BE, entrusted, stored, two

__all__ = ["register", "two"]
pytestmark = pytest.mark.django_db
MARRIAGE, PAGE = "1.004873", "hon-nhan"
SAID = "Có nơi lưu dữ liệu chưa trả lời"


def answers(draft: Any) -> dict[str, tuple[str, Any]]:
    with scope.seeing(OPERATOR):
        rows = list(Answer.objects.filter(draft_uuid=draft).select_related("draft"))
        return {each.path: (each.origin, value_of(each)) for each in rows}


def test_what_was_silent_is_said_and_asked_again(two: list[Person], register: type[CivilStatus]) -> None:
    register.said = registers.Silent("off")
    client = as_resident(two[0], number=AN)
    draft = begin(client, MARRIAGE)
    page = text_of(client, at(draft, PAGE))
    assert SAID in page
    assert "Hộ tịch điện tử" in page
    assert send(client, draft, PAGE, {"earlier_no": "12/GXN", "hoi-lai": "1"}) == 302
    assert SAID in text_of(client, at(draft, PAGE))
    register.said = {"marriage.status": "widowed"}
    assert send(client, draft, PAGE, {"earlier_no": "13/GXN"}) in (302, 422)
    assert SAID in text_of(client, at(draft, PAGE))  # saving alone asks nobody
    answer = client.post(at(draft, PAGE), {"earlier_no": "14/GXN", "hoi-lai": "1"})
    assert (answer.status_code, answer["Location"]) == (302, at(draft, PAGE))
    assert SAID not in text_of(client, at(draft, PAGE))
    found = answers(draft)
    assert found["marital_status"] == ("register", "widowed")
    assert found["earlier_no"] == ("typed", "14/GXN")  # the press keeps what stands in the boxes


def test_who_acts_for_them_asks_and_who_merely_holds_it_does_not(
    two: list[Person], register: type[CivilStatus], client: Client
) -> None:
    mandate = entrusted(two[0])
    register.said = registers.Silent("off")
    agent = as_resident(two[1], number=BE)
    draft = begin(agent, MARRIAGE, **{"lam-thay": str(mandate.uuid)})
    assert SAID in text_of(agent, at(draft, PAGE))
    register.said = {"marriage.status": "widowed"}

    session = client.session
    session["portal.held"] = {str(draft): timezone.now().timestamp()}
    session.save()
    asked = len(register.depths)
    assert SAID not in text_of(client, at(draft, PAGE))
    assert send(client, draft, PAGE, {"earlier_no": "12/GXN", "hoi-lai": "1"}) == 302
    assert len(register.depths) == asked
    assert stored(draft).silent == ["civil_status"]

    assert send(agent, draft, PAGE, {"hoi-lai": "1"}) == 302
    assert len(register.depths) == asked + 1  # the control
    assert answers(draft)["marital_status"] == ("register", "widowed")
    assert (stored(draft).silent, stored(draft).mandate) == ([], mandate.uuid)
