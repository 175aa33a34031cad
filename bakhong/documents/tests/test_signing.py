"""Signing at once, with a key in a PKCS#12 file: what comes out holds, and what does not fit is refused."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import NotAllowed
from bakhong.documents.actions.signing import sign_now
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.appearance import moment_shown
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.models import File, JobState, SigningJob
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.verification import verify
from bakhong.documents.signals import file_signed
from bakhong.documents.tests.conftest import Store, picture
from bakhong.documents.tests.test_pdf import data
from bakhong.documents.writing.pdf import ROOMS, typst_pdf

PASSPHRASE = "chỉ để thử"


@pytest.fixture
def signer(actor: Actor, at: datetime) -> Path:
    """The actor has a key on this machine; gives the root to trust."""
    trust = Path(settings.DATA) / "trust"
    authority = demo_ca.kept_authority(key_folder(), trust, at)
    demo_ca.keep_signer(
        key_folder(),
        authority,
        account=actor.id,
        name="Nguyễn Văn Thử",
        organisation="UBND xã Thường Xuân",
        passphrase=PASSPHRASE,
        at=at,
    )
    return trust / "demo.pem"


@pytest.fixture
def sign(signer: Path, actor: Actor, at: datetime) -> Callable[..., list[File]]:
    def now(
        files: Sequence[File], secret: str = PASSPHRASE, by: Actor = actor, when: datetime = at
    ) -> list[File]:
        return sign_now(
            files=files, provider="pkcs12", secret=secret, by=by, at=when, reason="Phê duyệt", place="Thường Xuân",
            account=actor.id,
        )  # fmt: skip

    return now


Sign = Callable[..., list[File]]


def test_it_signs_and_the_signature_holds(sign: Sign, store: Store, signer: Path, at: datetime) -> None:
    plain = store(with_code=True)
    (signed,) = sign([plain])
    result = verify(open_file(signed), at=at, roots=[signer])
    assert (result.intact, result.trusted, result.whole_file, result.problem) == (True, True, True, "")
    (by,) = result.signers
    assert (by.name, by.organisation) == ("Nguyễn Văn Thử (thử nghiệm)", "UBND xã Thường Xuân")
    assert (by.reason, by.place, by.signed_at) == ("Phê duyệt", "Thường Xuân", at)
    assert (signed.replaces, signed.is_signed, signed.verify_code) == (plain, True, plain.verify_code)
    assert signed.owner == plain.owner
    assert open_file(signed).startswith(open_file(plain))  # an increment: what was there is untouched


def test_pdfsig_agrees(sign: Sign, store: Store, tmp_path: Path) -> None:
    """Another program, of other people, comes to the same answer."""
    if which("pdfsig") is None:
        pytest.skip("no pdfsig on this machine: install poppler-utils")
    (signed,) = sign([store()])
    said = pdfsig(open_file(signed), tmp_path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    content = open_file(signed)
    spot = (
        content.index(b"\n%") + 2
    )  # in the comment under the first line: signed too, and the file can still be read
    spoilt = content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :]
    told = pdfsig(spoilt, tmp_path)
    assert "Digest Mismatch" in told
    assert "Signature is Valid" not in told


def pdfsig(content: bytes, folder: Path) -> str:
    path = folder / "a.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout


@pytest.fixture
def paper(store: Store) -> Iterator[Callable[[], File]]:
    """Papers in the layout of decree 30, with the place of the signature."""
    path = ROOMS / "documents" / "typst" / "_test_signing.typ"
    path.write_text(
        '#import "/documents/typst/decree30.typ": *\n#let d = json(bytes(sys.inputs.data))\n'
        "#show: document.with(d)\n#header(d)\n#lorem(700)\n#signature(d)\n"
    )
    yield lambda: store(typst_pdf(path, data()), with_code=True)
    path.unlink()


def test_who_signed_for_which_office_and_when_is_seen_on_the_page(
    sign: Sign, paper: Callable[[], File], signer: Path, at: datetime, tmp_path: Path
) -> None:
    plain = paper()
    (signed,) = sign([plain])
    assert verify(open_file(signed), at=at, roots=[signer]).holds
    reader = PdfReader(BytesIO(open_file(signed)))
    page: Any = reader.pages[-1]  # where the block of the signature is
    notes = [each.get_object() for each in page["/Annots"]]
    (field,) = [each for each in notes if each.get("/FT") == "/Sig"]
    (place,) = [each for each in notes if str(each.get("/A", {}).get("/URI", "")).endswith("#chu-ky")]
    assert [round(float(each)) for each in place["/Rect"]] == [int(each) for each in field["/Rect"]]
    assert int(field["/F"]) & 4  # it is printed, as an archive format wants
    for words in ("Ký số bởi: Nguyễn Văn Thử", "UBND xã Thường Xuân", moment_shown(at)):
        assert words in shown_on(signed, tmp_path)
        assert words not in shown_on(plain, tmp_path)  # negative control
    if which("pdfsig"):
        assert "Signature is Valid" in pdfsig(open_file(signed), tmp_path)
    (twice,) = sign([signed])  # a second one, for which there is no place, spoils nothing
    assert verify(open_file(twice), at=at, roots=[signer]).holds


def shown_on(file: File, folder: Path) -> str:
    (folder / "seen.pdf").write_bytes(open_file(file))
    done = subprocess.run(
        ["pdftotext", "-layout", folder / "seen.pdf", "-"], capture_output=True, text=True, check=True
    )
    return " ".join(done.stdout.split())


def test_many_files_are_one_job(sign: Sign, store: Store, signer: Path, at: datetime) -> None:
    files = [store() for _ in range(5)]
    signed = sign(files)
    assert [each.replaces for each in signed] == files
    assert all(verify(open_file(each), at=at, roots=[signer]).holds for each in signed)
    job = SigningJob.objects.get()
    assert (job.state, job.lines.count()) == (JobState.SIGNED, 5)
    assert Event.objects.filter(deed="documents.sign").count() == 5
    assert Event.objects.filter(deed="documents.ask_signature").count() == 1


def test_two_sign_one_after_the_other(sign: Sign, store: Store, signer: Path, at: datetime) -> None:
    (once,) = sign([store()])
    (twice,) = sign([once])
    result = verify(open_file(twice), at=at, roots=[signer])
    assert (result.holds, len(result.signers)) == (True, 2)


def test_a_version_that_was_replaced_is_not_signed_again(sign: Sign, store: Store) -> None:
    plain = store()
    sign([plain])
    with pytest.raises(NotSigned) as refused:
        sign([plain])
    assert refused.value.code == "changed"


def test_a_wrong_passphrase_signs_nothing(sign: Sign, store: Store) -> None:
    files = [store(), store()]
    with pytest.raises(NotSigned) as refused:
        sign(files, secret="sai")
    assert refused.value.code == "wrong_secret"
    assert not SigningJob.objects.exists()
    assert File.objects.count() == 2


def test_a_picture_cannot_be_signed(sign: Sign, store: Store) -> None:
    with pytest.raises(NotSigned, match="PDF"):
        sign([store(picture())])


def test_who_may_not_sign_does_not(
    sign: Sign, store: Store, staff: Callable[..., StaffActor], thuong_xuan: object
) -> None:
    file = store()
    with pytest.raises(NotAllowed):
        sign([file], by=staff("accountant", thuong_xuan))
    assert sign([file], by=staff("chair", thuong_xuan))  # negative control


def test_a_resident_signs_only_an_application(sign: Sign, store: Store) -> None:
    class Resident(Operator):
        def may(self, permission: str, place_id: int | None = None) -> bool:
            return False

    resident = Resident(id="resident:1", label="Lê Thị Hoá")
    assert sign([store(purpose="application")], by=resident)
    with pytest.raises(NotAllowed):
        sign([store(purpose="result")], by=resident)


def test_a_certificate_out_of_date_is_refused(sign: Sign, store: Store, at: datetime) -> None:
    with pytest.raises(NotSigned) as refused:
        sign([store()], when=at + timedelta(days=400))
    assert refused.value.code == "certificate_period"


def test_those_above_are_told(sign: Sign, store: Store) -> None:
    heard: list[tuple[File, File]] = []

    def hear(sender: object, file: File, replaced: File, **_: object) -> None:
        heard.append((file, replaced))

    plain = store()
    file_signed.connect(hear)
    try:
        signed = sign([plain])
    finally:
        file_signed.disconnect(hear)
    assert heard == [(signed[0], plain)]


def test_no_account_leads_out_of_the_folder(signer: Path, store: Store, actor: Actor, at: datetime) -> None:
    for account in ("../signing/test", "/etc/passwd", "demo_ca/../test", "không có"):
        with pytest.raises(NotSigned) as refused:
            sign_now(files=[store()], provider="pkcs12", secret=PASSPHRASE, by=actor, at=at, account=account)
        assert refused.value.code == "no_certificate"
