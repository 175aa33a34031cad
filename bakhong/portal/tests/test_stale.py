"""Two devices on one page: the second is told who saved what, sees both answers, and decides."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from bakhong.core.actor import OPERATOR
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import answers_of
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import WHAT, at, begin, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit) -> Iterator[None]:
    yield
    scope.close()


@pytest.fixture
def other() -> Client:
    return Client()


@pytest.fixture
def draft(client: Client, other: Client) -> UUID:
    """Open in two browsers."""
    made = begin(client)
    session = other.session
    session["portal.held"] = {str(made): timezone.now().timestamp()}
    session.save()
    return made


def shown(page: str) -> dict[str, str]:
    """What a page says of the state it shows."""
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("_revision", "_token")}


def stored(draft: UUID) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        return answers_of(Draft.objects.select_related("version__form").get(uuid=draft))


def test_both_answers_are_shown_and_nothing_is_written_over(
    client: Client, other: Client, draft: UUID
) -> None:
    first, second = (shown(text_of(each, at(draft, "viec"))) for each in (client, other))
    assert client.post(at(draft, "viec"), {**WHAT, **first, "part": "evening"}).status_code == 302
    answer = other.post(at(draft, "viec"), {**WHAT, **second, "note": "Cần 50 ghế"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"Người giữ mã hồ sơ vừa sửa trang này lúc \d\d:\d\d \d\d/\d\d/\d{4}", page)
    assert re.search(r"(?s)<h2>Buổi</h2>.*Máy khác đã lưu.*Tối.*Bạn vừa khai.*Sáng", page)
    assert "Cần 50 ghế" in page
    assert stored(draft)["part"] == "evening"
    assert "note" not in stored(draft)
    again = other.post(at(draft, "viec"), {**WHAT, **shown(page), "note": "Cần 50 ghế"})
    assert again.status_code == 302  # having seen both, theirs holds
    assert (stored(draft)["part"], stored(draft)["note"]) == ("morning", "Cần 50 ghế")


def test_negative_control_one_device_is_never_stopped(client: Client, draft: UUID) -> None:
    first = shown(text_of(client, at(draft, "viec")))
    assert client.post(at(draft, "viec"), {**WHAT, **first, "keep": "1"}).status_code == 204
    assert client.post(at(draft, "viec"), {**WHAT, **first, "part": "evening"}).status_code == 302


def test_what_a_script_saves_does_not_win_either(client: Client, other: Client, draft: UUID) -> None:
    first, second = (shown(text_of(each, at(draft, "viec"))) for each in (client, other))
    client.post(at(draft, "viec"), {**WHAT, **first})
    kept = other.post(at(draft, "viec"), {**WHAT, **second, "part": "day", "keep": "1"})
    assert (kept.status_code, kept.content) == (409, b"")
    assert stored(draft)["part"] == "morning"


def test_nothing_typed_is_run_as_markup(client: Client, other: Client, draft: UUID) -> None:
    first, second = (shown(text_of(each, at(draft, "viec"))) for each in (client, other))
    client.post(at(draft, "viec"), {**WHAT, **first, "note": "<script>a</script>"})
    answer = other.post(at(draft, "viec"), {**WHAT, **second, "note": "<script>b</script>"})
    assert answer.status_code == 409
    assert b"<script>a" not in answer.content
    assert b"<script>b" not in answer.content


def test_another_device_knows_how_the_result_is_wanted(client: Client, other: Client, draft: UUID) -> None:
    """Fails where the choice lies in one browser's session."""
    assert client.post(at(draft, "buoc/ket-qua"), {"cach": "home"}).status_code == 302
    assert re.search(r'value="home"[^>]* checked', text_of(other, at(draft, "buoc/ket-qua")))
    assert "Cán bộ mang đến nhà" in text_of(other, at(draft, "xem-lai"))
