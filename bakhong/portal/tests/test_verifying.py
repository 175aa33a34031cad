"""The page that says whether a paper is real."""

from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bakhong.core.actor import OPERATOR
from bakhong.documents import process
from bakhong.documents.actions.signing import sign_now
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.models import File
from bakhong.documents.tests.pki import Pki
from bakhong.documents.tests.test_verification import Sign, pki, sign
from bakhong.dossiers.actions.duties import pass_duty
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.results import approve
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import begin, fill, send

__all__ = ["pki", "sign"]
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


def test_it_takes_nobody_elses_place_and_does_not_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_SLOTS", BoundedSemaphore(1))
    with process._SLOTS:  # all who hand something in are being served
        assert "hỏng" in client.post(PAGE, pdf(b"%PDF-1.7 rubbish")).content.decode()
    with process._PASSING_BY:
        answer = client.post(PAGE, pdf(b"%PDF-1.7 rubbish"))
    assert answer.status_code == 422
    assert "đang kiểm tra tệp của người khác" in answer.content.decode()


# --- a result that was really signed ----------------------------------------------------------------------------------


@pytest.fixture
def result(client: Client, settings: Any, tmp_path: Path) -> Iterator[File]:
    """A dossier filed here, decided, and signed with a key of the trial authority, which only a demo site believes."""
    settings.DATA = tmp_path  # of its own: where another test made a demo site, everybody would believe it
    now, trust = timezone.now(), Path(settings.DATA) / "trust"
    authority = demo_ca.kept_authority(key_folder(), trust, now)
    demo_ca.keep_signer(
        key_folder(), authority, account="chu-tich", name="Hà Văn Chủ", organisation="UBND xã Thường Xuân",
        passphrase="chỉ để thử", at=now,
    )  # fmt: skip
    draft = begin(client)
    fill(client, draft)
    assert send(client, draft, "xem-lai", {}) == 302
    now = timezone.now()
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.select_related("village", "person", "draft__version").get(uuid=draft)
        receive(dossier=dossier, by=OPERATOR, at=now)
        pass_duty(dossier=dossier, by=OPERATOR, at=now)
        approved = approve(dossier=dossier, by=OPERATOR, at=now, answers={"note": "Giữ vệ sinh chung"})
        (signed,) = sign_now(
            files=[File.objects.get(uuid=approved.result_file)], provider="pkcs12", secret="chỉ để thử", by=OPERATOR,
            at=now, account="chu-tich",
        )  # fmt: skip
    yield signed
    scope.close()


def test_a_signed_result_is_real_and_a_changed_copy_is_not(
    client: Client, result: File, settings: Any
) -> None:
    with scope.seeing(OPERATOR):
        content = open_file(result)
    settings.DEMO = True
    real = client.post(PAGE, pdf(content)).content.decode()
    assert "Giấy này đúng là thật" in real
    assert "Hà Văn Chủ" in real
    at = (
        content.index(b"\n%") + 2
    )  # in the comment under the first line: signed too, and the file can still be read
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    told = client.post(PAGE, pdf(changed)).content.decode()
    assert "Giấy này đúng là thật" not in told
    assert "Nội dung đã bị sửa sau khi ký" in told
    more = client.post(PAGE, pdf(content + b"\n% them mot dong\n")).content.decode()
    assert "Giấy này đúng là thật" not in more
    settings.DEMO = False  # negative control: elsewhere nobody believes the trial authority
    assert "Chưa thể tin giấy này" in client.post(PAGE, pdf(content)).content.decode()


def test_the_code_printed_on_it_finds_it(client: Client, result: File) -> None:
    shown = client.get(f"{PAGE}{result.verify_code}/").content.decode()
    assert "Xã có phát hành giấy mang mã này" in shown
    assert result.sha256 in shown
    assert "Lê Thị Hoá" not in shown  # a code found on a paper tells nobody's name


@pytest.fixture
def trusting(pki: Pki, settings: Any, tmp_path: Path) -> None:
    """This installation trusts the test's authority."""
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "thu.pem").write_bytes(pki.root.read_bytes())
    settings.DATA = tmp_path


def test_a_really_signed_paper_is_real_and_says_who_signed(
    client: Client, sign: Sign, trusting: None
) -> None:
    page = client.post(PAGE, pdf(sign())).content.decode()
    assert "Giấy này đúng là thật" in page
    assert "Thử signer" in page
    assert File.objects.count() == 0  # checked, not kept


def test_one_changed_byte_and_an_authority_nobody_knows_are_told(
    client: Client, sign: Sign, trusting: None, settings: Any, tmp_path: Path
) -> None:
    """Negative controls of the same paper."""
    signed = sign()
    changed = signed.replace(b"/MediaBox", b"/MediaBoz", 1)
    assert changed != signed
    (tmp_path / "nobody").mkdir()
    for content, data in ((changed, tmp_path), (signed, tmp_path / "nobody")):
        settings.DATA = data
        page = client.post(PAGE, pdf(content)).content.decode()
        assert "Chưa thể tin giấy này" in page
        assert "Giấy này đúng là thật" not in page
