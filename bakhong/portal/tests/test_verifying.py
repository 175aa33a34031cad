"""The page that says whether a paper is real."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bakhong.documents.models import File
from bakhong.places.models import Unit

PAGE = "/kiem-tra/"


@pytest.fixture(autouse=True)
def _commune(here: Unit) -> None:
    pass


def pdf(content: bytes, name: str = "giay.pdf") -> dict[str, SimpleUploadedFile]:
    return {"tep": SimpleUploadedFile(name, content, "application/pdf")}


@pytest.mark.parametrize("code", ["abc", "7K3M-9QFW-2XHT", "%00", "x" * 300, "‮", "' OR 1=1"])
def test_a_code_nobody_gave_out_is_told_apart_from_nothing(client: Client, code: str) -> None:
    for answer in (client.get(PAGE, {"ma": code}), client.post(PAGE, {"ma": code})):
        assert answer.status_code == 404
        assert "Không có giấy nào mang mã này" in answer.content.decode()


def test_nothing_sent_is_asked_for(client: Client) -> None:
    assert client.post(PAGE).status_code == 422


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"GIF89a", 422), (b"", 422), (b"%PDF-1.7 rubbish", 422), (b"PK\x03\x04" * 99, 422)],
)
def test_a_file_that_is_no_signed_pdf_says_so(client: Client, content: bytes, status: int) -> None:
    answer = client.post(PAGE, pdf(content))
    assert answer.status_code == status
    assert File.objects.count() == 0


def test_a_file_too_large_is_not_read(client: Client) -> None:
    assert client.post(PAGE, pdf(b"%PDF-1.7" + b"\0" * (11 * 1024 * 1024))).status_code == 413
