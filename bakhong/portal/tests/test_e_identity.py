"""Signing in with an e-identity, against a certified provider: what is believed, what is refused, what is left afterwards."""

import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from bakhong.accounts.models import Resident, User
from bakhong.core.actor import OPERATOR, Actor
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit
from bakhong.portal.tests.provider import Running, running_provider

__all__ = ["running_provider"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(running_provider: Running, settings: Any, reference_units: None) -> Running:
    settings.E_IDENTITY = running_provider.settings
    return running_provider


@pytest.fixture
def hoa(thuong_xuan: Unit, actor: Actor, at: datetime) -> Iterator[Person]:
    """In the roll, with the number the provider knows."""
    scope.open_to(None)
    (village,) = create_villages(
        commune=thuong_xuan, villages=[("thon", "Mẫu 1")], valid_from=date(2025, 7, 1), by=actor, at=at
    )
    said = {"name": "Lê Thị Hoá", "birth": "1990", "national_id": "038190001234"}
    made = add_person(village=village, values=said, source="list", by=actor, at=at)
    scope.close()
    return made


def set_out(client: Client, wanted: str = "") -> str:
    """The address at the provider that the page leads to."""
    page = client.post("/toi/dang-nhap/di/", {"next": wanted}).content.decode()
    found = re.search(r'content="0; url=([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def come_back(client: Client, provider: Running, login: str, wanted: str = "") -> Any:
    return client.get(path_of(provider.sign_in(set_out(client, wanted), login)))


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def pending(client: Client) -> dict[str, Any]:
    return dict(client.session["portal.sign_in"])


def change_pending(client: Client, **values: Any) -> None:
    session = client.session
    session["portal.sign_in"] = {**session["portal.sign_in"], **values}
    session.save()


def test_somebody_of_the_roll_signs_in(provider: Running, hoa: Person, client: Client) -> None:
    answer = come_back(client, provider, "hoa")
    assert (answer.status_code, answer["Location"]) == (302, "/toi/")
    page = client.get("/toi/")
    assert page.status_code == 200
    assert "Lê Thị Hoá" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    row = Resident.objects.get()
    assert (row.person, row.level) == (hoa.uuid, 2)


def test_whoever_is_not_in_the_roll_signs_in_too(provider: Running, hoa: Person, client: Client) -> None:
    come_back(client, provider, "la")
    assert client.get("/toi/").status_code == 200
    assert Resident.objects.get().person is None


def test_a_stranger_under_a_mistyped_number_is_not_shown(
    provider: Running, hoa: Person, client: Client
) -> None:
    """The list gives this number to somebody of another name and another year of birth."""
    with scope.seeing(OPERATOR):
        Person.objects.filter(pk=hoa.pk).update(name_key="pham van khac", birth_year=1950)
    come_back(client, provider, "hoa")
    assert Resident.objects.get().person is None


def test_the_question_asks_for_pkce_a_fresh_sign_in_and_nothing_personal(
    provider: Running, client: Client
) -> None:
    asked = parse_qs(urlsplit(set_out(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["prompt"] == ["login"]
    assert asked["response_type"] == ["code"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert len(asked["state"][0]) >= 40
    again = parse_qs(urlsplit(set_out(client)).query)
    assert not [name for name in ("state", "nonce", "code_challenge") if asked[name] == again[name]]


def test_the_provider_refuses_a_question_without_pkce(provider: Running, client: Client) -> None:
    """Negative control of the test above: it is looked at."""
    parts = urlsplit(set_out(client))
    asked = {name: each[0] for name, each in parse_qs(parts.query).items() if "challenge" not in name}
    found = provider.sign_in(f"{provider.issuer}{parts.path}?{urlencode(asked)}", "hoa")
    assert "error=invalid_request" in found


@pytest.mark.parametrize(
    ("wrong", "values"),
    [
        ("another state", {"state": "x" * 43}),
        ("another nonce", {"nonce": "x" * 43}),
        ("another verifier", {"verifier": "x" * 43}),
        ("too late", {"until": 0}),
    ],
)
def test_an_answer_to_another_question_is_refused(
    provider: Running, client: Client, wrong: str, values: dict[str, Any]
) -> None:
    back = provider.sign_in(set_out(client), "hoa")
    change_pending(client, **values)
    answer = client.get(path_of(back))
    assert answer.status_code == 422, wrong
    assert "Chưa đăng nhập được" in answer.content.decode()
    assert not Resident.objects.exists()
    assert client.get("/toi/").status_code == 302


def test_without_the_look_at_the_nonce_it_would_be_taken(
    provider: Running, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the nonce is what refuses it."""
    from bakhong.clients import oidc

    back = provider.sign_in(set_out(client), "hoa")
    change_pending(client, nonce="x" * 43)
    monkeypatch.setattr(oidc.secrets, "compare_digest", lambda one, other: True)
    assert client.get(path_of(back)).status_code == 302


def test_a_code_is_taken_once(provider: Running, client: Client) -> None:
    back = provider.sign_in(set_out(client), "hoa")
    assert client.get(path_of(back)).status_code == 302
    client.post("/toi/thoat/")
    assert client.get(path_of(back)).status_code == 422  # the question is forgotten
    spent = parse_qs(urlsplit(back).query)["code"][0]
    set_out(client)
    kept = pending(client)
    asked = {"code": spent, "state": kept["state"], "iss": provider.issuer}
    assert client.get("/toi/dang-nhap/ve/", asked).status_code == 422  # and the provider knows the code
    assert client.get("/toi/").status_code == 302


def test_an_answer_of_another_provider_is_refused(provider: Running, client: Client) -> None:
    back = provider.sign_in(set_out(client), "hoa")
    changed = path_of(back).replace("iss=" + provider.issuer.replace(":", "%3A").replace("/", "%2F"), "iss=x")
    assert changed != path_of(back)
    assert client.get(changed).status_code == 422


def test_a_level_that_is_too_low_is_told_what_to_do(provider: Running, client: Client, settings: Any) -> None:
    answer = come_back(client, provider, "an")
    assert answer.status_code == 403
    assert "mức 2" in answer.content.decode()
    assert not Resident.objects.exists()
    settings.E_IDENTITY = {
        **provider.settings,
        "least_level": 1,
    }  # negative control: the level is what refused
    assert come_back(client, provider, "an").status_code == 302
    assert Resident.objects.get().person is None


def test_whoever_stops_there_is_told_that_nothing_happened(provider: Running, client: Client) -> None:
    set_out(client)
    answer = client.get("/toi/dang-nhap/ve/", {"error": "access_denied", "state": pending(client)["state"]})
    assert answer.status_code == 422
    assert "Bạn đã dừng" in answer.content.decode()


def test_leaving_clears_everything(provider: Running, hoa: Person, client: Client) -> None:
    come_back(client, provider, "hoa")
    session = client.session
    session["portal.held"] = {"something": 1}
    session.save()
    left = client.post("/toi/thoat/")
    assert "Đã thoát" in left.content.decode()
    assert provider.issuer in left.content.decode()  # where to leave the provider too
    assert "portal.held" not in client.session
    assert client.get("/toi/").status_code == 302


def test_nothing_the_provider_said_is_stored_in_clear(provider: Running, hoa: Person, client: Client) -> None:
    come_back(client, provider, "hoa")
    kept = str([each.get_decoded() for each in Session.objects.all()])
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("accounts_", "audit_", "socialaccount_", "account_")):
                cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
                kept += str(cursor.fetchall())
    assert "resident" in kept  # negative control: this is where it would be
    assert not [
        word for word in ("038190001234", "Hoá", "1990-05-06", "id_token", "access_token") if word in kept
    ]
    assert not User.objects.exists()


@pytest.mark.parametrize("wanted", ["/toi/ho-so/", "/thu-tuc/x/"])
def test_it_leads_back_to_what_was_wanted(provider: Running, client: Client, wanted: str) -> None:
    assert come_back(client, provider, "hoa", wanted)["Location"] == wanted


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/toi/", "/desk/", "/toi/dang-nhap/", "javascript:1", "\x00"],
)
def test_it_leads_nowhere_else(provider: Running, client: Client, wanted: str) -> None:
    assert come_back(client, provider, "hoa", wanted)["Location"] == "/toi/"


def test_a_provider_that_does_not_answer(provider: Running, client: Client, settings: Any) -> None:
    settings.E_IDENTITY = {**provider.settings, "issuer": "http://127.0.0.1:9"}
    answer = client.post("/toi/dang-nhap/di/")
    assert answer.status_code == 503
    assert "chưa trả lời" in answer.content.decode()


def test_where_there_is_no_provider_the_page_shows_the_way_without(
    reference_units: None, client: Client
) -> None:
    page = client.get("/toi/dang-nhap/").content.decode()
    assert "chưa nối với hệ thống định danh" in page
    assert "Không cần tài khoản" in page
    assert "mine_set_out" not in page
    assert client.post("/toi/dang-nhap/di/").status_code == 302
    assert client.get("/toi/dang-nhap/ve/?code=x&state=y").status_code == 302


def test_residents_pages_ask_to_sign_in(reference_units: None, client: Client) -> None:
    answer = client.get("/toi/")
    assert answer.status_code == 302
    assert answer["Location"] == "/toi/dang-nhap/?next=/toi/"
