"""A result signed from the desk with a key at hand; papers scanned, seen, or not to be asked for."""

import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import CARD, UNKNOWN, at, hidden, opened, state_of, stored, text
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.models import File, SigningJob
from bakhong.documents.tests.conftest import picture
from bakhong.dossiers.models import Attachment, Dossier
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit

Enter = Callable[..., Client]


def user_id(client: Client) -> str:
    from bakhong.accounts.models import User

    return str(User.objects.get(pk=client.session["_auth_user_id"]).uuid)


def name_of(client: Client) -> str:
    from bakhong.accounts.models import User

    return str(User.objects.get(pk=client.session["_auth_user_id"]))


def keep(folder: Path, client: Client, name: str, moment: datetime) -> None:
    """A key of this name for whoever is signed in there."""
    demo_ca.keep_signer(
        folder / "secrets" / "signing",
        demo_ca.new_authority(moment),
        account=user_id(client),
        name=name,
        organisation="UBND xã",
        passphrase="mot hai ba",
        at=moment,
    )


def approved(chair: Client, dossier: Dossier) -> None:
    page = text(chair.get(at("dossier_approve", dossier)))
    said = {"version": hidden(page, "version"), f"{dossier.uuid}-number": "12/XN-UBND"}
    assert chair.post(at("dossier_approve", dossier), said).status_code == 302


WITH_KEY = {"provider": "pkcs12", "secret": "mot hai ba"}


def test_nobody_else_signs_what_names_the_chair(
    enter: Enter, received: Dossier, thuong_xuan: Unit, at_moment: datetime, tmp_path: Path, settings: object
) -> None:
    """Whoever may sign, with a key that is really theirs: the paper names another."""
    settings.DATA = str(tmp_path)  # type: ignore[attr-defined]
    chair, clerk = enter("chair", thuong_xuan), enter("specialist", thuong_xuan)
    for client in (chair, clerk):
        keep(tmp_path, client, name_of(client), at_moment)
    approved(chair, received)
    page = text(clerk.get(at("dossier_sign", received)))
    assert f"Người ký ghi trên văn bản: Chủ tịch {name_of(chair)}" in page
    assert 'value="pkcs12"' not in page
    assert 'value="pen"' in page  # that the chair signed on paper may be noted
    refused = clerk.post(at("dossier_sign", received), WITH_KEY)
    assert refused.status_code == 403
    assert "Chỉ người đó ký số được" in text(refused)
    assert state_of(received) == "approved"
    assert chair.post(at("dossier_sign", received), WITH_KEY).status_code == 302  # negative control
    assert state_of(received) == "done"


def test_a_certificate_of_another_name_is_refused_unless_the_roster_knows_it(
    enter: Enter, received: Dossier, thuong_xuan: Unit, at_moment: datetime, tmp_path: Path, settings: object
) -> None:
    from bakhong.accounts.models import Certificate, Official, User
    from bakhong.documents.adapters.signing.pkcs12 import Pkcs12

    settings.DATA = str(tmp_path)  # type: ignore[attr-defined]
    chair = enter("chair", thuong_xuan)
    keep(tmp_path, chair, "Kẻ Mạo Danh", at_moment)
    approved(chair, received)
    refused = chair.post(at("dossier_sign", received), WITH_KEY)
    assert "không đứng tên người ký" in text(refused)
    assert state_of(received) == "approved"
    assert stored(SigningJob) == []  # nothing was begun
    (identity,) = Pkcs12(tmp_path / "secrets" / "signing").identities(user_id(chair))
    user = User.objects.get(pk=chair.session["_auth_user_id"])
    official = Official.objects.create(
        name=name_of(chair),
        position="Chủ tịch UBND xã",
        unit=thuong_xuan,
        user=user,
        valid_from=date(2025, 7, 1),
    )
    Certificate.objects.create(
        official=official, kind="organisation", store="usb_token", issuer=identity.issuer, serial=identity.serial.upper(),
        valid_from=date(2025, 7, 1), valid_to=date(2099, 1, 1),
    )  # fmt: skip
    assert chair.post(at("dossier_sign", received), WITH_KEY).status_code == 302
    assert state_of(received) == "done"


def test_a_deputy_signs_for_the_chair(
    enter: Enter, received: Dossier, thuong_xuan: Unit, tmp_path: Path
) -> None:
    deputy = enter("deputy_chair", thuong_xuan)
    page = text(deputy.get(at("dossier_approve", received)))
    assert f"KT. Chủ tịch, Phó Chủ tịch {name_of(deputy)}" in page
    approved(deputy, received)
    with scope.seeing(OPERATOR):
        file = File.objects.get(uuid=Dossier.objects.get().result_file)
        (tmp_path / "a.pdf").write_bytes(open_file(file))
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "KT. CHỦ TỊCH" in told
    assert "PHÓ CHỦ TỊCH" in told


def test_the_chair_signs_with_a_secret(
    enter: Enter, received: Dossier, thuong_xuan: Unit, at_moment: datetime, tmp_path: Path, settings: object
) -> None:
    chair = enter("chair", thuong_xuan)
    settings.DATA = str(tmp_path)  # type: ignore[attr-defined]
    keep(tmp_path, chair, name_of(chair), at_moment)
    page = text(chair.get(at("dossier_approve", received)))
    said = {"version": hidden(page, "version"), f"{received.uuid}-number": "12/XN-UBND"}
    assert chair.post(at("dossier_approve", received), said).status_code == 302
    wrong = chair.post(at("dossier_sign", received), {"provider": "pkcs12", "secret": "sai"})
    assert wrong.status_code in (409, 422)
    assert "sai" not in wrong.content.decode().split('id="secret"')[1][:80]
    assert state_of(received) == "approved"
    right = chair.post(at("dossier_sign", received), {"provider": "pkcs12", "secret": "mot hai ba"})
    assert right.status_code == 302, text(right)
    assert state_of(received) == "done"
    with scope.seeing(OPERATOR):
        assert File.objects.get(uuid=Dossier.objects.get().result_file).is_signed
    assert "đã ký số" in text(chair.get(at("dossier", received)))


@pytest.fixture
def at_moment() -> datetime:
    from django.utils import timezone

    return timezone.now()


DIVORCED = {
    **UNKNOWN,
    "marital_status": "divorced",
    "spouse_name": "Trần Văn Bình",
    "court_decision": "12/2020/QĐST-HNGĐ",
    "result_mode": "desk",
}


def divorced(officer: Client, unit: Unit) -> str:
    address = str(opened(officer, unit, scan=CARD)["Location"])
    officer.post(address, {**DIVORCED, "deed": "save"})
    return address


def test_a_missing_paper_is_told(
    shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit
) -> None:
    answer = officer.post(divorced(officer, thuong_xuan), {**DIVORCED, "deed": "receive"})
    assert answer.status_code == 422
    assert "Còn thiếu" in text(answer)
    assert stored(Dossier) == []


@pytest.mark.parametrize("how", ["seen", "photo"])
def test_a_paper_is_seen_or_scanned(
    how: str, shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit
) -> None:
    address = divorced(officer, thuong_xuan)
    said: dict[str, object] = {**DIVORCED, "deed": "receive"}
    if how == "seen":
        said["paper-divorce-seen"] = "on"
    else:
        said["paper-divorce"] = SimpleUploadedFile("ban-an.jpg", picture(), "image/jpeg")
    answer = officer.post(address, said)
    assert answer.status_code == 302, text(answer)
    given = stored(Attachment)[0]
    assert given.how == {"seen": "original_seen", "photo": "scanned"}[how]
    if how == "photo":
        file = officer.get(at("dossier_file", stored(Dossier)[0], given.file))
        assert file["Content-Disposition"].startswith("attachment")
        assert officer.get(at("dossier_file", stored(Dossier)[0], uuid4())).status_code == 404


def test_a_file_that_is_not_what_it_says_is_refused(
    shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit
) -> None:
    upload = SimpleUploadedFile("ban-an.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = officer.post(
        divorced(officer, thuong_xuan), {**DIVORCED, "deed": "receive", "paper-divorce": upload}
    )
    assert answer.status_code == 422
    assert stored(Dossier) == []
    assert stored(File) == []
