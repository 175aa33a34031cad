"""Photos of papers: what is sent is kept, what is not what it says is refused, nothing is lost, and no dossier goes without them."""

import io
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bakhong.core.actor import OPERATOR
from bakhong.documents.models import File
from bakhong.dossiers.models import Attachment, Given
from bakhong.dossiers.queries.papers import MOST_KEPT
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import CODE, WHAT, WHO, at, begin, send, text_of
from bakhong.portal.tests.signed_in import as_resident
from bakhong.portal.tests.test_mine_filing import AN, BE, two
from bakhong.procedures.rules import catalogue
from bakhong.procedures.rules.catalogue import Paper

__all__ = ["two"]
LETTER = Paper("letter", "Giấy giới thiệu", "Letter of introduction")
MAP = Paper("map", "Sơ đồ", "Map", required=False)
BOOK = Paper("book", "Sổ hộ khẩu", "Household book", held_by="population")


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Booking the culture house needs papers today."""
    versions = tuple(
        replace(each, papers=(LETTER, MAP, BOOK)) if each.code == CODE else each
        for each in catalogue.all_versions()
    )
    monkeypatch.setattr(catalogue, "all_versions", lambda: versions)
    catalogue.procedures.cache_clear()
    yield
    catalogue.procedures.cache_clear()
    scope.close()


@pytest.fixture
def draft(client: Client) -> UUID:
    made = begin(client)
    send(client, made, "nguoi", WHO)
    send(client, made, "viec", WHAT)
    return made


def photo(
    colour: str = "white", size: tuple[int, int] = (40, 30), name: str = "anh.jpg"
) -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def kept(draft: UUID) -> list[File]:
    with scope.seeing(OPERATOR):
        return list(File.objects.filter(owner=draft, erased_at=None).order_by("id"))


def give(client: Client, draft: UUID, *files: SimpleUploadedFile, paper: str = "letter") -> int:
    return client.post(at(draft, "buoc/giay-to"), {"giay": paper, "tep": list(files)}).status_code


def test_what_the_state_holds_is_not_asked_for(client: Client, draft: UUID) -> None:
    page = text_of(client, at(draft, "buoc/giay-to"))
    assert page.index("Giấy giới thiệu") < page.index("Không phải nộp") < page.index("Sổ hộ khẩu")
    assert give(client, draft, photo(), paper="book") == 422


def test_photos_go_with_the_dossier_and_stand_on_the_receipt(client: Client, draft: UUID) -> None:
    assert give(client, draft, photo("red", name="mot.jpg"), photo("blue", name="hai.jpg")) == 302
    assert send(client, draft, "buoc/giay-to", {"xong": "1"}) == 302
    send(client, draft, "buoc/ket-qua", {"cach": "desk"})
    assert "mot.jpg" in text_of(client, at(draft, "xem-lai"))
    assert send(client, draft, "xem-lai", {}) == 302
    receipt = text_of(client, at(draft, "da-nop"))
    for file in kept(draft):
        assert file.name in receipt
        assert file.sha256 in receipt
    with scope.seeing(OPERATOR):
        assert Attachment.objects.filter(dossier_uuid=draft, paper="letter").count() == 2


def test_without_a_needed_paper_nothing_is_sent(client: Client, draft: UUID) -> None:
    assert send(client, draft, "buoc/giay-to", {"xong": "1"}) == 422
    sent = client.post(at(draft, "xem-lai"))
    assert sent.status_code == 422
    assert "Còn thiếu giấy tờ: Giấy giới thiệu" in sent.content.decode()
    assert give(client, draft, photo()) == 302
    assert send(client, draft, "xem-lai", {}) == 302  # negative control


def test_the_same_photo_twice_is_one(client: Client, draft: UUID) -> None:
    for _time in range(2):
        assert give(client, draft, photo()) == 302
    assert len(kept(draft)) == 1


def test_a_photo_is_taken_back_and_sent_again(client: Client, draft: UUID) -> None:
    give(client, draft, photo())
    (file,) = kept(draft)
    assert send(client, draft, "buoc/giay-to", {"bo": str(uuid4())}) == 302
    assert len(kept(draft)) == 1
    assert send(client, draft, "buoc/giay-to", {"bo": str(file.uuid)}) == 302
    assert kept(draft) == []
    assert give(client, draft, photo()) == 302
    assert len(kept(draft)) == 1


def test_nobody_takes_back_anothers_photo(client: Client, draft: UUID) -> None:
    give(client, draft, photo())
    (file,) = kept(draft)
    stranger = Client()
    theirs = begin(stranger)
    assert send(stranger, theirs, "buoc/giay-to", {"bo": str(file.uuid)}) == 302
    assert send(stranger, theirs, "buoc/giay-to", {"giay": "letter", "lai": str(file.uuid)}) == 422
    assert len(kept(draft)) == 1
    assert kept(theirs) == []


def filed_by(client: Client, **paper: object) -> UUID:
    draft = begin(client)
    send(client, draft, "viec", WHAT)
    assert send(client, draft, "buoc/giay-to", {"giay": "letter", **paper}) == 302
    send(client, draft, "buoc/ket-qua", {"cach": "electronic"})
    assert send(client, draft, "xem-lai", {}) == 302
    return draft


def test_what_was_given_once_is_taken_again_by_its_owner_alone(two: list[Person]) -> None:
    client, other = as_resident(two[0], number=AN), as_resident(two[1], number=BE)
    (first,) = kept(filed_by(client, tep=photo(name="mot.jpg")))
    assert "mot.jpg" in text_of(client, "/toi/giay-to/")
    assert str(first.uuid) in text_of(client, at(begin(client), "buoc/giay-to"))
    second = filed_by(client, lai=str(first.uuid))
    with scope.seeing(OPERATOR):
        (given,) = Attachment.objects.filter(dossier_uuid=second)
    assert (given.how, given.sha256) == (Given.REUSED, first.sha256)
    theirs = begin(other)
    assert str(first.uuid) not in text_of(other, at(theirs, "buoc/giay-to"))
    assert send(other, theirs, "buoc/giay-to", {"giay": "letter", "lai": str(first.uuid)}) == 422


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00", b"PK\x03\x04" * 50, b"<svg onload=alert(1)>", b"\xff\xd8\xff broken", b"%PDF-"],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_rest_stays(
    client: Client, draft: UUID, content: bytes
) -> None:
    give(client, draft, photo())
    answer = client.post(
        at(draft, "buoc/giay-to"),
        {"giay": "letter", "tep": SimpleUploadedFile("anh.jpg", content, "image/jpeg")},
    )
    assert answer.status_code == 422
    assert "Cần xem lại" in answer.content.decode()
    assert len(kept(draft)) == 1


def test_a_file_too_large_says_how_large_it_may_be(client: Client, draft: UUID) -> None:
    large = SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024), "image/jpeg")
    answer = client.post(at(draft, "buoc/giay-to"), {"giay": "letter", "tep": large})
    assert answer.status_code == 422
    assert "10 MB" in answer.content.decode()


def test_a_photo_of_too_many_dots_is_refused(client: Client, draft: UUID) -> None:
    assert give(client, draft, photo(size=(6000, 5000))) == 422
    assert kept(draft) == []


def test_too_many_files_are_refused_before_any_is_kept(client: Client, draft: UUID) -> None:
    assert give(client, draft, *[photo(f"#{n:06x}") for n in range(MOST_KEPT + 1)]) == 422
    assert kept(draft) == []


def test_nothing_chosen_says_what_to_do(client: Client, draft: UUID) -> None:
    assert give(client, draft) == 422
