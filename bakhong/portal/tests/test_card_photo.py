"""Somebody photographs their card on the first screen: its code fills in what it says, and the photo is gone."""

from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bakhong.core.actor import OPERATOR
from bakhong.documents.keeping import MAX_BYTES
from bakhong.documents.models import File
from bakhong.eforms.models import Answer, Draft, KnownBy
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.cards import photo_of_card
from bakhong.portal.tests.filing import CARD, NUMBER, at, begin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _commune(here: Unit) -> None:
    pass


def sent(client: Client, draft: UUID, content: bytes, typed: str = "", status: int = 422) -> str:
    photo = SimpleUploadedFile("the.jpg", content, "image/jpeg")
    answer = client.post(at(draft, "buoc/ma"), {"anh": photo, "the": typed})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def known(draft: UUID) -> tuple[str, dict[str, object]]:
    with scope.seeing(OPERATOR):
        answers = {each.path: each.value for each in Answer.objects.filter(draft_uuid=draft)}
        assert not File.objects.exists()
        return Draft.objects.get(uuid=draft).known_by, answers


@pytest.mark.parametrize("typed", ["", NUMBER])
def test_it_fills_in_what_the_card_says_and_keeps_no_photo(client: Client, typed: str) -> None:
    draft = begin(client)
    sent(client, draft, photo_of_card(CARD), typed, 302)
    known_by, answers = known(draft)
    assert known_by == KnownBy.CARD
    assert answers["full_name"] == "Lê Thị Hoá"


def bomb() -> bytes:
    """Thirty million dots in a few kilobytes."""
    out = BytesIO()
    Image.new("L", (6000, 5000)).save(out, "PNG")
    return out.getvalue()


def test_what_is_no_card_is_said_plainly_and_what_was_typed_stays(client: Client) -> None:
    draft = begin(client)
    for content, said in (
        (photo_of_card(""), "Chưa đọc được mã QR trong ảnh"),
        (photo_of_card("https://nhan-tien.example/"), "không phải mã trên thẻ căn cước"),
        (photo_of_card(CARD.replace(NUMBER, "038190005678")), "Số vừa gõ khác số trên thẻ trong ảnh"),
        (b"\xff\xd8\xff" + b"x" * 500, "Tệp bị hỏng"),
        (bomb(), "Ảnh quá lớn"),
        (b"\xff\xd8\xff" + b"x" * MAX_BYTES, "Ảnh quá lớn"),
    ):
        page = sent(client, draft, content, NUMBER)
        assert said in page
        assert 'href="#anh"' in page
        assert f'value="{NUMBER}"' in page
    assert known(draft) == (KnownBy.NOBODY, {})
