"""The page that says whether a paper is real."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bakhong.accounts.models import Certificate, Official
from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.documents import process
from bakhong.documents.actions.signing import sign_now
from bakhong.documents.actions.storing import open_file, revoke_file, store_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.models import File
from bakhong.documents.queries.verification import verify
from bakhong.documents.tests.pki import Pki
from bakhong.documents.tests.test_verification import Sign, pki, sign
from bakhong.dossiers.actions.duties import pass_duty
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.results import approve
from bakhong.dossiers.actions.results import sign as sign_result
from bakhong.dossiers.models import Dossier, ResultMode
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import begin, fill, send

__all__ = ["pki", "sign"]
PAGE = "/kiem-tra/"
OURS = "Xã đã phát hành giấy này"


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
def approved(client: Client, settings: Any, tmp_path: Path) -> Iterator[Dossier]:
    """A dossier filed here and decided; there is a key of the trial authority, which only a demo site believes."""
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
        found = approve(dossier=dossier, by=OPERATOR, at=now, answers={"note": "Giữ vệ sinh chung"})
    yield found
    scope.close()


@pytest.fixture
def result(approved: Dossier) -> File:
    """Signed with that key."""
    with scope.seeing(OPERATOR):
        (signed,) = sign_now(
            files=[File.objects.get(uuid=approved.result_file)], provider="pkcs12", secret="chỉ để thử", by=OPERATOR,
            at=timezone.now(), account="chu-tich",
        )  # fmt: skip
    return signed


def content_of(file: File) -> bytes:
    with scope.seeing(OPERATOR):
        return open_file(file)


def test_a_signed_result_is_ours_and_a_changed_copy_is_not(
    client: Client, result: File, settings: Any
) -> None:
    content = content_of(result)
    settings.DEMO = True
    real = client.post(PAGE, pdf(content)).content.decode()
    assert OURS in real
    assert "Chữ ký đúng, nội dung không bị sửa" in real
    assert "Hà Văn Chủ" in real
    at = (
        content.index(b"\n%") + 2
    )  # in the comment under the first line: signed too, and the file can still be read
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    told = client.post(PAGE, pdf(changed)).content.decode()
    assert OURS not in told
    assert "Nội dung đã bị sửa sau khi ký" in told
    more = client.post(PAGE, pdf(content + b"\n% them mot dong\n")).content.decode()
    assert OURS not in more
    settings.DEMO = False  # elsewhere nobody believes the trial authority; what we keep is ours all the same
    told = client.post(PAGE, pdf(content)).content.decode()
    assert OURS in told
    assert "Không nhận ra nơi cấp chứng thư số này" in told


def test_what_was_revoked_says_so_by_the_file_and_by_the_code(
    client: Client, result: File, settings: Any
) -> None:
    settings.DEMO = True
    content = content_of(result)
    with scope.seeing(OPERATOR):
        revoke_file(file=result, why="Cấp nhầm", by=OPERATOR, at=timezone.now())
    for answer in (client.post(PAGE, pdf(content)), client.get(f"{PAGE}{result.verify_code}/")):
        page = answer.content.decode()
        assert "Giấy này đã bị thu hồi" in page
        assert OURS not in page
        assert "Xã có phát hành" not in page
        assert "Tải bản điện tử" not in page


def test_what_nobody_signed_has_no_value(client: Client, approved: Dossier) -> None:
    with scope.seeing(OPERATOR):
        file = File.objects.get(uuid=approved.result_file)
    for answer in (client.post(PAGE, pdf(content_of(file))), client.get(f"{PAGE}{file.verify_code}/")):
        page = answer.content.decode()
        assert "Giấy này chưa ký: chưa có giá trị" in page
        assert 'class="bk-note bk-note--late"' in page
        assert "Xã có phát hành" not in page


def test_the_draft_of_a_signed_paper_is_told_apart(client: Client, result: File) -> None:
    with scope.seeing(OPERATOR):
        draft = File.objects.get(pk=result.replaces_id)
    page = client.post(PAGE, pdf(content_of(draft))).content.decode()
    assert "Đây là bản trước khi ký" in page
    assert OURS not in page


def test_a_paper_signed_by_pen_is_ours_on_paper(client: Client, approved: Dossier) -> None:
    with scope.seeing(OPERATOR):
        approved.result_mode = ResultMode.DESK
        Dossier.objects.filter(pk=approved.pk).update(result_mode=ResultMode.DESK)
        sign_result(dossier=approved, how="pen", by=OPERATOR, at=timezone.now())
        file = File.objects.get(uuid=approved.result_file)
    page = client.post(PAGE, pdf(content_of(file))).content.decode()
    assert OURS in page
    assert "bản có giá trị là bản giấy" in page
    assert "ký tay, đóng dấu" in client.get(f"{PAGE}{file.verify_code}/").content.decode()


def test_the_code_printed_on_it_tells_what_to_compare(client: Client, result: File) -> None:
    shown = client.get(f"{PAGE}{result.verify_code}/").content.decode()
    assert "Xã có phát hành giấy mang mã này" in shown
    assert result.sha256 in shown
    assert "Lê T. H***" in shown
    assert "Lê Thị Hoá" not in shown  # a code found on a paper tells nobody's name
    assert "Hà Văn Chủ (thử nghiệm) (ký số)" in shown
    assert "nhà văn hoá" in shown


def test_the_electronic_copy_wants_four_digits_of_the_card(client: Client, result: File) -> None:
    page = f"{PAGE}{result.verify_code}/"
    assert "Xem bản điện tử" in client.get(page).content.decode()
    tail = tail_of(result)
    wrong = client.post(f"{page}ban-dien-tu/", {"so": f"{(int(tail) + 1) % 10_000:04}"})
    assert wrong.status_code == 422
    assert "Bốn số này chưa đúng" in wrong.content.decode()
    right = client.post(f"{page}ban-dien-tu/", {"so": tail})
    assert (right.status_code, right["Content-Type"]) == (200, "application/pdf")
    assert right.content == content_of(result)
    for _try in range(10):
        client.post(f"{page}ban-dien-tu/", {"so": "x"})
    assert client.post(f"{page}ban-dien-tu/", {"so": tail}).status_code == 429
    assert client.get(f"{page}ban-dien-tu/").status_code == 405


def tail_of(file: File) -> str:
    with scope.seeing(OPERATOR):
        found = Dossier.objects.get(uuid=file.owner)
        return str(found.applicant_id_tail or found.applicant_phone_tail)


@pytest.fixture
def trusting(pki: Pki, settings: Any, tmp_path: Path) -> None:
    """This installation trusts the test's authority."""
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "thu.pem").write_bytes(pki.root.read_bytes())
    settings.DATA = tmp_path


def test_a_strangers_signature_is_right_and_the_paper_is_not_ours(
    client: Client, sign: Sign, trusting: None
) -> None:
    """Anybody may have a certificate of an authority we believe; a "decision" signed with it is no paper of the commune's."""
    page = client.post(PAGE, pdf(sign())).content.decode()
    assert "Chữ ký đúng của Thử signer, nhưng không phải giấy do xã phát hành" in page
    assert 'class="bk-note bk-note--info"' in page
    assert 'class="bk-note bk-note--done"' not in page
    assert OURS not in page
    assert File.objects.count() == 0  # checked, not kept


def test_an_official_of_the_roster_is_named_and_the_paper_still_not_ours(
    client: Client, sign: Sign, trusting: None, here: Unit
) -> None:
    signed, today = sign(), timezone.now().date()
    (signer,) = verify(signed, at=timezone.now()).signers
    official = Official.objects.create(
        name="Thử signer", position="Phó Chủ tịch", unit=here, valid_from=date(2025, 7, 1)
    )
    spelled = ":".join(re.findall("..?", signer.serial.upper()))
    certificate = Certificate.objects.create(
        official=official, kind="personal", store="remote", issuer="Cơ quan thử", serial=spelled,
        valid_from=today - timedelta(days=9), valid_to=today + timedelta(days=9),
    )  # fmt: skip
    page = client.post(PAGE, pdf(signed)).content.decode()
    assert "Người ký là Thử signer, Phó Chủ tịch, nhưng giấy này không có trong hệ thống" in page
    assert 'class="bk-note bk-note--done"' not in page
    certificate.revoked_on = today  # negative control: it is theirs no more
    certificate.save()
    assert "Phó Chủ tịch" not in client.post(PAGE, pdf(signed)).content.decode()


def test_what_a_resident_gave_us_is_no_paper_of_ours(
    client: Client, sign: Sign, trusting: None, here: Unit
) -> None:
    signed, now = sign(), timezone.now()
    with scope.seeing(OPERATOR):
        for with_code in (False, True):
            store_file(
                key=new_uuid(), content=signed, name="a.pdf", owner=("draft", new_uuid()), unit=here,
                purpose="attachment", by=OPERATOR, at=now, with_code=with_code,
            )  # fmt: skip
            page = client.post(PAGE, pdf(signed)).content.decode()
            assert (OURS in page) == with_code  # negative control: the code is what makes it ours
    scope.close()


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
        assert "Chữ ký đúng của" not in page
