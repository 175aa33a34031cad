"""What the commune says of a procedure binds what is filed online: its channels, and that it does it at all."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.dossiers.actions.filing import file_dossier
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Draft
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import CODE, at, begin, fill, send, text_of
from bakhong.procedures.actions.offering import set_offer

Say = Callable[..., Any]


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit) -> Iterator[None]:
    yield
    scope.close()


@pytest.fixture
def say(here: Unit, actor: Actor) -> Say:
    def make(**values: Any) -> Any:
        given = {"code": CODE, "is_offered": True, "valid_from": date(2026, 1, 1), "source": "Quyết định 1"}
        return set_offer(unit=here, by=actor, at=datetime.now().astimezone(), **{**given, **values})

    return make


def dossiers() -> int:
    scope.open_to(None)
    try:
        return Dossier.objects.count()
    finally:
        scope.close()


def test_without_the_channel_it_is_only_prepared(say: Say, client: Client) -> None:
    assert "Nộp hồ sơ</button>" in text_of(client, f"/thu-tuc/{CODE}/")  # as the catalogue has it
    say(channels=["direct"])
    page = text_of(client, f"/thu-tuc/{CODE}/")
    assert "Nộp hồ sơ</button>" not in page
    assert "Nộp tại bộ phận một cửa của xã" in page
    assert "Khai trước tờ khai" in page


def test_what_was_begun_before_goes_to_the_desk(say: Say, client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    say(channels=["direct"])
    assert "Nộp hồ sơ</button>" not in text_of(client, at(draft, "xem-lai"))
    answer = client.post(at(draft, "xem-lai"))
    assert answer["Location"].endswith("/buoc/xong/")
    assert "đọc mã này" in text_of(client, answer["Location"])
    assert dossiers() == 0


def test_what_is_not_done_any_more_is_told_with_what_was_typed(say: Say, client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    say(is_offered=False)
    answer = client.post(at(draft, "xem-lai"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "không còn nhận thủ tục này" in page
    assert "Lê Thị Hoá" in page
    assert "không còn nhận thủ tục này" in text_of(client, at(draft, "xem-lai"))
    assert dossiers() == 0
    assert client.get(f"/thu-tuc/{CODE}/").status_code == 404


@pytest.mark.parametrize(
    ("said", "refusal"), [({"is_offered": False}, Conflict), ({"channels": ["direct"]}, Refusal)]
)
def test_the_deed_itself_refuses(
    said: dict[str, Any], refusal: type[Refusal], say: Say, client: Client, actor: Actor
) -> None:
    draft = begin(client)
    fill(client, draft)
    say(**said)
    scope.open_to(None)
    row = Draft.objects.get(uuid=draft)
    filed = {"draft": row, "procedure": CODE, "channel": "online", "papers": [], "result_mode": "electronic"}
    with pytest.raises(refusal):
        file_dossier(**filed, by=actor, at=datetime.now().astimezone())  # type: ignore[arg-type]


def test_as_the_catalogue_has_it_it_is_filed(client: Client) -> None:
    """Negative control of all the above."""
    draft = begin(client)
    fill(client, draft)
    assert send(client, draft, "xem-lai", {}) == 302
    assert dossiers() == 1


def test_the_price_is_the_communes_own(say: Say, client: Client) -> None:
    page = text_of(client, "/thu-tuc/1.004873/")
    assert "Hiện chưa thu tiền" in page  # nobody said anything
    say(code="1.004873", amount=8000, source="Nghị quyết 12/2026/NQ-HĐND")
    page = text_of(client, "/thu-tuc/1.004873/")
    assert "8.000\u00a0đ" in page
    assert "Hiện chưa thu tiền" not in page
    assert "Nghị quyết 12/2026/NQ-HĐND" in page
    assert "Nộp qua mạng" not in page


def test_nothing_online_is_said_where_one_decides_how_to_file(say: Say, client: Client) -> None:
    say(code="1.004873", amount=8000, zero_fee="online")
    assert "Nộp qua mạng: 0\u00a0đ" in text_of(client, "/thu-tuc/1.004873/")


def test_review_and_page_say_the_same_of_nothing(say: Say, client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    assert "Không mất tiền" in text_of(client, f"/thu-tuc/{CODE}/")
    assert "Không mất tiền" in text_of(client, at(draft, "xem-lai"))
