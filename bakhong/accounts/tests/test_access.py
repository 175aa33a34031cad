from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import InternalError
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.accounts.tests.conftest import MakeStaff, World

pytestmark = pytest.mark.urls("bakhong.accounts.tests.urls")
Enter = Callable[[User], Client]


def test_it_lets_anybody_into_a_public_page(client: Client, db: None) -> None:
    assert client.get("/open/").content == b"anonymous"


def test_it_refuses_a_view_that_declares_nothing(
    world: World, staff: MakeStaff, signed_in: Enter, client: Client
) -> None:
    assert client.get("/undeclared/").status_code == 404
    assert signed_in(staff("specialist", world.own)).get("/undeclared/").status_code == 404


def test_it_asks_a_stranger_to_sign_in_and_remembers_where(client: Client, world: World) -> None:
    for address in ("/staff/", f"/unit/{world.own.uuid}/", "/inviters/"):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, f"/accounts/login/?next={address}")


def test_it_answers_for_a_foreign_unit_as_for_none(world: World, staff: MakeStaff, signed_in: Enter) -> None:
    client = signed_in(staff("specialist", world.own))
    assert client.get(f"/unit/{world.own.uuid}/").content.decode() == "Xã Một"
    assert client.get(f"/unit/{world.village.uuid}/").status_code == 200
    foreign, missing = client.get(f"/unit/{world.sibling.uuid}/"), client.get(f"/unit/{uuid4()}/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_it_tells_staff_of_the_unit_that_their_role_may_not(
    world: World, staff: MakeStaff, signed_in: Enter
) -> None:
    client = signed_in(staff("one_stop_officer", world.own))
    address = f"/unit/{world.own.uuid}/"
    assert client.get(address).status_code == 200
    response = client.post(address)
    assert response.status_code == 403
    assert "Vai trò của bạn" in response.content.decode()
    assert client.get("/inviters/").status_code == 403


def test_reading_a_page_cannot_write(client: Client, db: None) -> None:
    with pytest.raises(InternalError, match="read-only"):
        client.get("/writes/")
    assert not User.objects.filter(email="ghi@example.com").exists()
    assert client.post("/writes/").status_code == 200
    assert User.objects.filter(email="ghi@example.com").exists()


def test_approvers_enrol_before_anything_else(world: World, staff: MakeStaff, signed_in: Enter) -> None:
    client = signed_in(staff("chair", world.own))
    response = client.get("/staff/")
    assert (response.status_code, response.url) == (302, reverse("mfa_activate_totp"))
    assert client.post(f"/unit/{world.own.uuid}/").status_code == 302


def test_an_enrolled_approver_works(world: World, staff: MakeStaff, signed_in: Enter) -> None:
    client = signed_in(staff("chair", world.own, factor=True))
    response = client.get("/staff/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
