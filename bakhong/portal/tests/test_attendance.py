"""The attendance page under attack: it tells nobody who lives here, and takes nothing outside its hours."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bakhong.core.actor import Actor
from bakhong.outreach.actions.trainings import MOST_A_MINUTE, cancel_training, plan_training
from bakhong.outreach.models import CheckIn, Training
from bakhong.people import scope
from bakhong.people.tests.conftest import MakePerson, everybody, person, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "village", "villages"]
AN = {"name": "Lê Văn An", "birth_year": "1960", "phone_tail": "5678"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> list[datetime]:
    """The site's clock; set `clock[0]`."""
    moment = [at]
    monkeypatch.setattr("bakhong.portal.views.attendance.timezone.now", lambda: moment[0])
    return moment


@pytest.fixture
def training(village: Unit, thuong_xuan: Unit, actor: Actor, at: datetime) -> Training:
    return plan_training(
        unit=thuong_xuan,
        title="Dùng VNeID",
        services=[],
        place=village,
        venue="Nhà văn hoá",
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        trainer="Lò Văn Dạy",
        client_key=uuid4(),
        by=actor,
        at=at,
    )


@pytest.fixture
def page(training: Training, clock: list[datetime]) -> str:
    return f"/t/{training.token}/"


def kept() -> int:
    scope.open_to(None)
    return CheckIn.objects.count()


def test_an_entry_is_kept_and_thanked_for(client: Client, page: str) -> None:
    assert "Họ và tên" in client.get(page).content.decode()
    sent = client.post(page, AN)
    assert sent.status_code == 200
    assert "Đã nhận điểm danh" in sent.content.decode()
    assert kept() == 1


def test_a_resident_and_an_invented_name_get_the_same_answer(
    client: Client, page: str, person: MakePerson
) -> None:
    person("Lê Văn An", birth="1960", phone="0912345678")

    def answer(**typed: Any) -> tuple[int, str, list[str]]:
        with CaptureQueriesContext(connection) as queries:
            response = client.post(page, {**AN, **typed})
        text = response.content.decode().replace(typed.get("name", AN["name"]), "")
        text = re.sub(r'value="\w{64}"|<!--.*?-->', "", text)  # the form's token is new each time
        return response.status_code, text, [re.sub(r"\d+|'[^']*'", "", row["sql"])[:60] for row in queries]

    known, invented = answer(), answer(name="Ngô Hư Cấu")
    assert known[0] == invented[0] == 200
    assert known[1] == invented[1]
    assert known[2] == invented[2]  # the same questions to the database: time tells nothing either


def test_the_page_asks_nothing_about_any_resident(client: Client, page: str, person: MakePerson) -> None:
    person("Lê Văn An", birth="1960", phone="0912345678")
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
        client.post(page, AN)
    asked = " ".join(row["sql"] for row in queries)
    assert "people_person" not in asked
    assert "people_phonenumber" not in asked
    assert "outreach_checkin" in asked  # negative control: this would have shown them


def test_after_the_page_this_connection_sees_nobody(
    client: Client, page: str, person: MakePerson, app_role: str
) -> None:
    person("Lê Văn An")
    client.post(page, AN)
    assert CheckIn.objects.count() == 0
    assert kept() == 1


@pytest.mark.parametrize("hours", [-1, 4])
def test_a_code_kept_at_home_is_worth_nothing(
    client: Client, page: str, clock: list[datetime], hours: int
) -> None:
    clock[0] += timedelta(hours=hours)
    assert client.get(page).status_code == 410
    assert client.post(page, AN).status_code == 410
    assert kept() == 0
    clock[0] -= timedelta(hours=hours)
    assert client.post(page, AN).status_code == 200  # negative control


def test_a_cancelled_training_takes_nobody(
    client: Client, page: str, training: Training, actor: Actor, at: datetime
) -> None:
    cancel_training(training=training, by=actor, at=at)
    assert client.post(page, AN).status_code == 410
    assert kept() == 0


@pytest.mark.parametrize("token", ["x", "A" * 16, "admin", "0", "A" * 500, "-", "%00"])
def test_a_guessed_code_does_not_exist(client: Client, page: str, token: str) -> None:
    assert client.get(f"/t/{token}/").status_code == 404
    assert client.post(f"/t/{token}/", AN).status_code == 404
    assert kept() == 0


def test_another_case_of_the_code_does_not_open_it(client: Client, page: str, training: Training) -> None:
    other = training.token.swapcase()
    assert other != training.token
    assert client.post(f"/t/{other}/", AN).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "<script>alert(1)</script>"},
        {"name": "038190001234"},
        {"birth_year": "19"},
        {"birth_year": "٢٠٠٠"},
        {"birth_year": "1700"},
        {"birth_year": "9999"},
        {"phone_tail": "12"},
        {"phone_tail": "12a4"},
        {"phone_tail": "１２３４"},
    ],
)
def test_what_cannot_be_is_asked_again_and_kept_as_typed(
    client: Client, page: str, wrong: dict[str, str]
) -> None:
    sent = client.post(page, {**AN, **wrong})
    assert sent.status_code == 422
    assert "<script>alert" not in sent.content.decode()
    assert kept() == 0


@pytest.mark.parametrize("name", ["a\x00b", "ả" * 5000, "‮Lê Văn", "Lê Văn An" * 30])
def test_strange_names_never_break_the_page(client: Client, page: str, name: str) -> None:
    assert client.post(page, {**AN, "name": name}).status_code in (200, 422)


def test_a_flood_is_held_back_and_the_flood_of_one_training_is_not_anothers(
    client: Client, page: str, training: Training, actor: Actor, at: datetime, thuong_xuan: Unit
) -> None:
    statuses = [
        client.post(page, {**AN, "phone_tail": f"{number:04}"}).status_code
        for number in range(MOST_A_MINUTE + 5)
    ]
    assert statuses.count(200) == MOST_A_MINUTE
    assert statuses[-1] == 429
    other = plan_training(
        unit=thuong_xuan,
        title="Khác",
        services=[],
        place=training.place,
        venue="Trường học",
        starts_at=at,
        ends_at=at + timedelta(hours=1),
        trainer="Lò Văn Dạy",
        client_key=uuid4(),
        by=actor,
        at=at,
    )
    assert client.post(f"/t/{other.token}/", AN).status_code == 200


def test_a_form_of_another_site_is_refused(page: str) -> None:
    assert Client(enforce_csrf_checks=True).post(page, AN).status_code == 403
    assert kept() == 0


def test_reading_writes_nothing_and_works_without_scripts(client: Client, page: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        text = client.get(page).content.decode()
    assert not [row["sql"] for row in queries if row["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert not re.search(r"<script(?![^>]*\bdefer\b)", text)
