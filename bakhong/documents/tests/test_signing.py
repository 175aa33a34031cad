"""Signing at once, with a key in a PKCS#12 file: what comes out holds, and what does not fit is refused."""

import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
from django.conf import settings

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import NotAllowed
from bakhong.documents.actions.signing import sign_now
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.models import File, JobState, SigningJob
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.verification import verify
from bakhong.documents.signals import file_signed
from bakhong.documents.tests.conftest import Store, picture

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
    spoilt = open_file(signed).replace(b"/Producer", b"/Producex", 1)
    if spoilt != open_file(signed):
        assert "Signature is Valid" not in pdfsig(spoilt, tmp_path)


def pdfsig(content: bytes, folder: Path) -> str:
    path = folder / "a.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout


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
