"""Whoever sits down next at the same browser opens nothing of whoever sat there before."""

import re
from time import time
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.test import Client

from bakhong.accounts.adapters.e_identity import Confirmed
from bakhong.accounts.models import User
from bakhong.accounts.residents import Claims
from bakhong.people.models import Person
from bakhong.places.models import Unit
from bakhong.portal.receivers import on_staff_signed_in
from bakhong.portal.tests.filing import CODE, NUMBER, at, begin, fill
from bakhong.portal.tests.signed_in import as_resident
from bakhong.portal.tests.test_mine_filing import AN, BE, two
from bakhong.portal.views.mine_sign_in import wanted_address, welcome

__all__ = ["two"]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = pytest.mark.django_db


def form_key(client: Client) -> str:
    page = client.get(f"/thu-tuc/{CODE}/").content.decode()
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    return found[1]


def send_start(client: Client, key: str) -> Any:
    return client.post(f"/nop/{CODE}/", {"form_key": key, "ai": "resident"})


def uuid_in(address: str) -> UUID:
    found = re.search(r"/nop/ho-so/([0-9a-f-]{36})/", address)
    assert found, address
    return UUID(found[1])


def test_the_same_start_sent_twice_is_one_draft(here: Unit, client: Client) -> None:
    key = form_key(client)
    assert send_start(client, key)["Location"] == send_start(client, key)["Location"]


def test_back_and_send_again_opens_nothing_after_leaving(here: Unit, client: Client) -> None:
    """Fails where the draft's key is made without the visit's secret."""
    key = form_key(client)
    draft = uuid_in(send_start(client, key)["Location"])
    fill(client, draft)
    assert client.post("/nop/roi-may/").status_code == 200
    again = uuid_in(send_start(client, key)["Location"])
    assert again != draft
    assert client.get(at(draft, "nguoi")).status_code == 302
    page = client.get(at(again, "nguoi")).content.decode()
    assert "Lê Thị Hoá" not in page
    assert NUMBER not in page


def test_sent_again_it_opens_nothing_that_was_idle_for_too_long(here: Unit, client: Client) -> None:
    """Fails where an earlier draft is opened without asking whether it is held."""
    key = form_key(client)
    draft = uuid_in(send_start(client, key)["Location"])
    session = client.session
    session["portal.held"] = {str(draft): 0.0}
    session.save()
    assert send_start(client, key)["Location"].startswith("/tiep-tuc/")
    assert client.get(at(draft, "nguoi")).status_code == 302


@pytest.mark.parametrize("how", ["leave", "sign out"])
def test_a_form_shown_before_cannot_be_sent_after(two: list[Person], here: Unit, how: str) -> None:
    client = as_resident(two[0], number=AN)
    form_key(client)
    before = client.cookies["csrftoken"].value
    client.post("/nop/roi-may/" if how == "leave" else "/toi/thoat/")
    assert client.cookies["csrftoken"].value != before


def test_the_next_resident_does_not_get_the_drafts_of_the_last(two: list[Person]) -> None:
    """Fails where a sign-in keeps the session of another resident."""
    client = as_resident(two[0], number=AN)
    draft = begin(client)
    assert client.get(at(draft, "nguoi")).status_code == 200
    as_resident(two[1], number=BE, client=client)
    for step in ("nguoi", "buoc/ma", "xem-lai", "da-nop"):
        answer = client.get(at(draft, step))
        assert answer.status_code == 302
        assert "Lê Văn An" not in answer.content.decode()


def test_the_same_resident_goes_on(two: list[Person]) -> None:
    client = as_resident(two[0], number=AN)
    draft = begin(client)
    as_resident(two[0], number=AN, client=client)
    assert client.get(at(draft, "nguoi")).status_code == 200


def test_what_was_resumed_with_a_code_does_not_go_to_who_signs_in_next(
    two: list[Person], client: Client
) -> None:
    """Fails where the door of sign-in keeps all that this browser held."""
    theirs = begin(as_resident(two[0], number=AN))
    mine = begin(client)
    session = client.session
    session["portal.held"] = {**session["portal.held"], str(theirs): time()}
    session.save()
    assert client.get(at(theirs, "nguoi")).status_code == 200
    request = HttpRequest()
    request.session, request.user = client.session, AnonymousUser()
    welcome(request, Confirmed("https://eid.example", "bé", Claims(BE, "Trần Văn Bé", "", "", "", 2)))
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    assert client.get(at(theirs, "nguoi")).status_code == 302
    assert client.get(at(mine, "nguoi")).status_code == 200


@pytest.mark.parametrize("extra", [0, 1])
def test_the_address_to_go_back_to_is_bounded(extra: int) -> None:
    wanted = "/toi/" + "a" * (495 + extra)
    assert (wanted_address(wanted) == wanted) is not bool(extra)


def test_an_officer_who_signs_in_opens_nothing_of_the_resident_before(here: Unit, client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    assert client.get(at(draft, "xem-lai")).status_code == 200
    client.force_login(User.objects.create(email="canbo@example.com", name="Cán bộ"), backend=BACKEND)
    assert client.get(at(draft, "xem-lai")).status_code in (302, 404)


def test_the_resident_s_things_would_stay_without_letting_go(here: Unit, client: Client) -> None:
    """Negative control: Django keeps what a session holds when somebody signs in."""
    draft = begin(client)
    fill(client, draft)
    user_logged_in.disconnect(on_staff_signed_in)
    try:
        client.force_login(User.objects.create(email="canbo@example.com", name="Cán bộ"), backend=BACKEND)
    finally:
        user_logged_in.connect(on_staff_signed_in)
    assert client.get(at(draft, "xem-lai")).status_code == 200
