"""Begun without an account, signed in half way: the rest is filled in, by one press and for nobody else."""

from typing import Any

import pytest
from django.test import Client

from bakhong.core.actor import OPERATOR
from bakhong.eforms.models import Answer
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.portal.tests.filing import at, begin, send, text_of
from bakhong.portal.tests.signed_in import as_resident
from bakhong.portal.tests.test_mine_filing import AN, BE, offered, stored, two

__all__ = ["two"]
pytestmark = pytest.mark.django_db
STEP = "buoc/dien-san"


def signed_in(client: Client, who: Person, number: str) -> Client:
    return as_resident(who, number=number, client=client)


def values(draft: Any) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        return dict(Answer.objects.filter(draft_uuid=draft).values_list("path", "value"))


def test_who_is_not_signed_in_is_led_to_it_and_back(two: list[Person], client: Client) -> None:
    draft = begin(client)
    assert at(draft, STEP) in text_of(client, at(draft, "nguoi"))
    away = client.get(at(draft, STEP))
    assert away.status_code == 302
    assert away["Location"].startswith("/toi/dang-nhap/?next=%2Fnop%2F")
    assert client.post(at(draft, STEP)).status_code == 302
    assert stored(draft).known_by == ""


def test_what_is_known_fills_what_was_left_empty(two: list[Person], client: Client) -> None:
    draft = begin(client)
    send(client, draft, "nguoi", {"phone": "0987654321"})
    signed_in(client, two[0], AN)
    assert "Điền sẵn cho tôi" in text_of(client, at(draft, STEP))
    assert offered(draft) == {}  # looking at it writes nothing
    assert client.post(at(draft, STEP)).status_code == 302
    assert stored(draft).person == two[0]
    assert offered(draft)["full_name"] in ("roll", "e_identity")
    assert values(draft)["phone"] == "0987654321"  # what was typed stays
    assert "Lê Văn An" in text_of(client, at(draft, "nguoi"))
    assert at(draft, STEP) not in text_of(client, at(draft, "nguoi"))
    assert "làm dở" in text_of(client, "/toi/ho-so/")
    assert client.post(at(draft, STEP)).status_code == 302  # pressed again


def test_anothers_number_in_it_is_refused(two: list[Person], client: Client) -> None:
    draft = begin(client)
    client.post(at(draft, "buoc/ma"), {"the": BE})
    signed_in(client, two[0], AN)
    refused = client.post(at(draft, STEP))
    assert refused.status_code == 403
    assert "số thẻ của người khác" in refused.content.decode()
    assert stored(draft).person is None
    assert "full_name" not in offered(draft)


def test_a_draft_for_a_relative_is_not_filled_in_with_ones_own(two: list[Person], client: Client) -> None:
    draft = begin(client, ai="relative")
    assert at(draft, STEP) not in text_of(client, at(draft, "nguoi"))
    signed_in(client, two[0], AN)
    assert client.post(at(draft, STEP)).status_code == 302
    assert stored(draft).person is None
