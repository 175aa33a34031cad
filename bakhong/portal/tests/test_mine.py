"""Residents' own pages: everything of theirs, nothing of anybody else's; agreed, wished and entrusted by themselves."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.ids import new_uuid
from bakhong.people import scope
from bakhong.people.actions import add_person, give_consent, reveal
from bakhong.people.models import Consent, CorrectionRequest, Mandate, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit
from bakhong.portal.tests.signed_in import as_resident

pytestmark = pytest.mark.django_db
PAGES = (
    "mine",
    "mine_charges",
    "mine_dossiers",
    "mine_documents",
    "mine_known",
    "mine_looks",
    "mine_consents",
    "mine_corrections",
    "mine_mandates",
)
AN, BE = "038190001234", "038190005678"


@pytest.fixture
def two(thuong_xuan: Unit, actor: Actor, at: datetime) -> Iterator[list[Person]]:
    with scope.seeing(OPERATOR):
        (village,) = create_villages(
            commune=thuong_xuan, villages=[("thon", "Mẫu 1")], valid_from=date(2025, 7, 1), by=actor, at=at
        )
        found = [
            add_person(
                village=village,
                values={
                    "name": name,
                    "birth": "1990-05-06",
                    "national_id": number,
                    "phone": phone,
                    "sex": "male",
                },
                source="list",
                by=actor,
                at=at,
            )
            for name, number, phone in (("Lê Văn An", AN, "0912345678"), ("CANARY Trần Bé", BE, "0987654321"))
        ]
    yield found
    scope.close()


def text_of(client: Client, name: str, *args: object, status: int = 200) -> str:
    response = client.get(reverse(f"portal:{name}", args=args))
    assert response.status_code == status, response.content.decode()
    return re.sub(r"<style>.*?</style>|\s+", " ", response.content.decode(), flags=re.DOTALL)


@pytest.mark.parametrize(("served", "is_said"), [("38", True), ("15646", False)])
def test_their_commune_is_not_asked_again(
    served: str, is_said: bool, two: list[Person], thuong_xuan: Unit, settings: Any
) -> None:
    settings.UNIT = served
    home = text_of(as_resident(two[0], number=AN), "mine")
    said = f"{reverse('portal:procedures')}?xa={thuong_xuan.uuid}"
    assert (said in home) is is_said  # where only one commune is served there is nothing to say
    if is_said:
        page = as_resident(two[0], number=AN).get(said).content.decode()
        assert f"/?xa={thuong_xuan.uuid}" in page


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_theirs_and_one_small_response(two: list[Person], name: str) -> None:
    client = as_resident(two[0], number=AN)
    response = client.get(reverse(f"portal:{name}"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Lê Văn An" in page
    assert "CANARY" not in page
    assert AN not in page
    assert "0912345678" not in page
    assert "no-store" in response["Cache-Control"]
    assert len(gzip.compress(response.content, 9)) <= 14 * 1024
    assert not re.search(r"<script|<link[^>]+stylesheet|(?:src|href)=\"(?:https?:)?//", page)


@pytest.mark.parametrize("name", [*PAGES, "mine_data"])
def test_whoever_is_not_signed_in_is_sent_to_the_door(
    reference_units: None, client: Client, name: str
) -> None:
    assert client.get(reverse(f"portal:{name}"))["Location"].startswith("/toi/dang-nhap/?next=/toi/")


@pytest.mark.parametrize("name", PAGES)
def test_whoever_is_not_in_the_roll_is_told_what_to_do(reference_units: None, name: str) -> None:
    for level in (1, 2):
        page = text_of(as_resident(None, level=level), name)
        assert "Xã chưa thấy bạn trong danh sách" in page


def test_a_level_1_account_shows_nothing_of_the_roll(two: list[Person]) -> None:
    page = text_of(as_resident(two[0], number=AN, level=1), "mine_known")
    assert "06/05/1990" not in page
    assert "06/05/1990" in text_of(as_resident(two[0], number=AN), "mine_known")  # negative control


def test_what_is_known_says_from_where_and_hides_numbers(two: list[Person]) -> None:
    page = text_of(as_resident(two[0], number=AN), "mine_known")
    assert "•••••••••234" in page
    assert "•••••••678" in page
    assert "Danh sách của xã, 22/11/2026" in page


def test_who_looked_and_why(two: list[Person], at: datetime) -> None:
    with scope.seeing(OPERATOR):
        reveal(person=two[0], what="phone", reason="call", note="Hẹn lịch", by=OPERATOR, at=at)
        reveal(person=two[1], what="phone", reason="call", note="CANARY", by=OPERATOR, at=at)
    page = text_of(as_resident(two[0], number=AN), "mine_looks")
    assert "Người vận hành máy chủ" in page
    assert "Gọi cho người dân" in page
    assert "Hẹn lịch" in page
    assert "CANARY" not in page


# --- consents


def agree(client: Client, **data: str) -> int:
    return client.post(reverse("portal:mine_consent", args=["reminder"]), data).status_code


def test_nothing_is_agreed_by_default(two: list[Person]) -> None:
    client = as_resident(two[0], number=AN)
    assert "checked" not in text_of(client, "mine_consents")
    assert agree(client) == 422
    with scope.seeing(OPERATOR):
        assert not Consent.objects.exists()


def test_they_agree_and_take_it_back(two: list[Person]) -> None:
    client = as_resident(two[0], number=AN)
    assert agree(client, is_agreed="on") == 302
    assert agree(client, is_agreed="on") == 302  # sent twice
    with scope.seeing(OPERATOR):
        row = Consent.objects.get()
        assert (row.person, row.recorded_by.partition(":")[0]) == (two[0], "resident")
    assert "Đã đồng ý từ" in text_of(client, "mine_consents")
    assert agree(client, do="withdraw") == 302
    with scope.seeing(OPERATOR):
        assert Consent.objects.get().withdrawn_on is not None


def test_nobody_takes_back_what_another_agreed_to(two: list[Person], actor: Actor, at: datetime) -> None:
    with scope.seeing(OPERATOR):
        give_consent(
            person=two[1],
            purpose="reminder",
            evidence="Ký phiếu",
            given_on=date(2026, 11, 1),
            by=actor,
            at=at,
        )
    assert agree(as_resident(two[0], number=AN), do="withdraw") == 302
    with scope.seeing(OPERATOR):
        assert Consent.objects.get().withdrawn_on is None


# --- corrections


def ask(client: Client, key: str, **data: str) -> int:
    return client.post(reverse("portal:mine_correct", args=[key]), data).status_code


def test_they_ask_and_nothing_changes_yet(two: list[Person]) -> None:
    client = as_resident(two[0], number=AN)
    form_key = str(new_uuid())
    for _twice in range(2):
        assert ask(client, "person.birth", wanted="06/05/1991", reason="Khai sinh", form_key=form_key) == 302
    with scope.seeing(OPERATOR):
        row = CorrectionRequest.objects.get()
        assert Person.objects.get(pk=two[0].pk).birth_year == 1990
        assert row.person == two[0]
    page = text_of(client, "mine_corrections")
    assert "06/05/1991" in page
    assert "2 ngày làm việc" in page


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("person.birth", "31/02/1990"),
        ("person.birth", ""),
        ("person.birth", "06/05/1990"),
        ("person.national_id", "123"),
        ("person.sex", "other"),
        ("person.full_name", "\x00"),
        ("person.full_name", "ả" * 5000),
    ],
)
def test_what_cannot_be_is_asked_again_with_what_was_typed(two: list[Person], key: str, wanted: str) -> None:
    client = as_resident(two[0], number=AN)
    assert ask(client, key, wanted=wanted) == 422
    with scope.seeing(OPERATOR):
        assert not CorrectionRequest.objects.exists()


@pytest.mark.parametrize("key", ["household.members", "nothing", "person.birth.x", "%00"])
def test_a_thing_that_is_none_does_not_exist(two: list[Person], key: str) -> None:
    assert as_resident(two[0], number=AN).get(f"/toi/sua-thong-tin/{key}/").status_code == 404


def test_only_who_asked_takes_it_back(two: list[Person]) -> None:
    ask(as_resident(two[0], number=AN), "person.birth", wanted="1991")
    with scope.seeing(OPERATOR):
        row = CorrectionRequest.objects.get()
    address = reverse("portal:mine_withdraw", args=[row.uuid])
    assert as_resident(two[1], number=BE).post(address).status_code == 404
    assert as_resident(two[0], number=AN).post(address).status_code == 302
    with scope.seeing(OPERATOR):
        assert CorrectionRequest.objects.get().state == "withdrawn"


# --- mandates

ENTRUSTED = {"agent_name": "Trần Bé", "agent_number": BE, "relation": "con", "scope": "all", "months": "3"}


def entrust(client: Client, **data: str) -> int:
    return client.post(reverse("portal:mine_mandates"), ENTRUSTED | data).status_code


def test_somebody_is_let_act_and_stopped_again(two: list[Person]) -> None:
    principal, agent = as_resident(two[0], number=AN), as_resident(two[1], number=BE)
    assert "Lê Văn An" not in text_of(agent, "mine_mandates")
    form_key = str(new_uuid())
    assert [entrust(principal, form_key=form_key) for _twice in range(2)] == [302, 302]
    with scope.seeing(OPERATOR):
        row = Mandate.objects.get()
    assert "Lê Văn An" in text_of(agent, "mine_mandates")
    assert "Làm thay Lê Văn An" in text_of(agent, "mine_principal", row.uuid)
    assert agent.post(reverse("portal:mine_end_mandate", args=[row.uuid])).status_code == 404
    assert principal.post(reverse("portal:mine_end_mandate", args=[row.uuid])).status_code == 302
    assert agent.get(reverse("portal:mine_principal", args=[row.uuid])).status_code == 404


def test_an_agent_outside_the_roll_may_act_too(two: list[Person]) -> None:
    assert entrust(as_resident(two[0], number=AN), agent_number="038190007777") == 302
    with scope.seeing(OPERATOR):
        row = Mandate.objects.get()
    stranger = as_resident(None, number="038190007777")
    assert "Làm thay Lê Văn An" in text_of(stranger, "mine_principal", row.uuid)
    for other in (
        as_resident(None, number="038190008888"),
        as_resident(None, number="038190007777", level=1),
    ):
        assert other.get(reverse("portal:mine_principal", args=[row.uuid])).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"agent_number": AN},
        {"agent_number": "12"},
        {"agent_name": ""},
        {"scope": "procedures"},
        {"scope": "x"},
        {"months": "99"},
        {"procedures": "nothing"},
    ],
)
def test_a_mandate_that_cannot_be_is_refused(two: list[Person], wrong: dict[str, str]) -> None:
    assert entrust(as_resident(two[0], number=AN), **wrong) == 422
    with scope.seeing(OPERATOR):
        assert not Mandate.objects.exists()


# --- their data


def test_they_take_their_data_along(two: list[Person]) -> None:
    response = as_resident(two[0], number=AN).get("/toi/du-lieu/")
    found = json.loads(response.content)
    assert found["national_id"] == AN
    assert {each["key"]: each["value"] for each in found["known"]}["person.birth"] == "1990-05-06"
    assert "CANARY" not in response.content.decode()
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("name", ["mine_dossier", "mine_document", "mine_principal"])
def test_somebody_elses_thing_does_not_exist(two: list[Person], name: str) -> None:
    assert as_resident(two[0], number=AN).get(reverse(f"portal:{name}", args=[new_uuid()])).status_code == 404


@pytest.mark.parametrize("name", ["mine_go_on", "mine_open_dossier", "mine_end_mandate", "mine_withdraw"])
def test_nor_can_it_be_acted_on(two: list[Person], name: str) -> None:
    assert (
        as_resident(two[0], number=AN).post(reverse(f"portal:{name}", args=[new_uuid()])).status_code == 404
    )
