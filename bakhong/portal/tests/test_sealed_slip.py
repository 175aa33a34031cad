"""Who files online gets slips with the commune's own signature: the plain one at once, the signed one when the worker has been."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from bakhong.core.actor import OPERATOR
from bakhong.documents.actions.sealing import choose_seal
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.models import File
from bakhong.documents.queries.seals import key_name
from bakhong.documents.queries.verification import verify
from bakhong.documents.tasks import seal_waiting
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.actions.taking_back import take_back
from bakhong.dossiers.models import Dossier, Event, Kind
from bakhong.dossiers.tasks import keep
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import begin, fill, send

NOW = datetime.now(UTC)
NAME = "Uỷ ban nhân dân xã"


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit, tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.DATA = tmp_path
    yield
    scope.close()


def set_up_seal(unit: Unit) -> Path:
    """The commune's key, with its secret left for the worker; gives the root to trust."""
    trust = key_folder().parent / "trust"
    authority, account = demo_ca.kept_authority(key_folder(), trust, NOW), key_name(unit)
    demo_ca.keep_signer(
        key_folder(), authority, account=account, name=NAME, organisation=NAME, passphrase="con dấu", at=NOW
    )
    (key_folder() / f"{account}.pass").touch(mode=0o600)
    (key_folder() / f"{account}.pass").write_text("con dấu")
    choose_seal(unit=unit, provider="pkcs12", account="", by=OPERATOR, at=NOW)
    return trust / "demo.pem"


def filed(client: Client) -> Dossier:
    draft = begin(client)
    fill(client, draft)
    assert send(client, draft, "xem-lai", {}) == 302
    with scope.seeing(OPERATOR):
        found: Dossier = Dossier.objects.select_related("village").get(uuid=draft)
        return found


def work(dossier: Dossier, kind: str) -> None:
    """What the worker does of what it was asked."""
    with scope.seeing(OPERATOR):
        event = Event.objects.filter(dossier=dossier, kind=kind).order_by("-number")[0]
    asked = ProcrastinateJob.objects.filter(task_name="dossiers.keep_slip", args={"event": event.pk})
    assert asked.count() == 1
    keep(event=event.pk)
    keep(event=event.pk)  # once
    assert ProcrastinateJob.objects.filter(task_name="documents.seal_waiting").exists()
    seal_waiting(unit=dossier.village_id)


def body(client: Client, address: str) -> bytes:
    answer: Any = client.get(address)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_slip_is_there_at_once_and_its_signed_file_follows(client: Client, here: Unit) -> None:
    root, dossier = set_up_seal(here), filed(client)
    slip = f"/tra-cuu/ho-so/{dossier.uuid}/giay-hen/"
    with scope.seeing(OPERATOR):
        receive(dossier=dossier, by=OPERATOR, at=NOW)
    assert b"ConDauSo" not in body(client, slip)
    work(dossier, Kind.RECEIVE)
    content = body(client, slip)
    said = verify(content, at=datetime.now(UTC), roots=[root])
    assert said.holds
    assert [(each.name, each.is_agency) for each in said.signers] == [(f"{NAME} (thử nghiệm)", True)]
    told = client.post("/kiem-tra/", {"tep": SimpleUploadedFile("a.pdf", content)}).content.decode()
    assert "Xã đã phát hành giấy này" in told
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in told

    page = f"/tra-cuu/{tracking_code_of(dossier)}/"
    wanted = [Wanted("paper", "other", "missing")]
    with scope.seeing(OPERATOR):
        asked = ask_supplement(dossier=dossier, items=wanted, by=OPERATOR, at=NOW)
    assert "mau=02" not in client.get(page).content.decode()
    work(dossier, Kind.ASK_SUPPLEMENT)
    assert "mau=02" in client.get(page).content.decode()
    second = body(client, f"{slip}?mau=02")
    assert verify(second, at=datetime.now(UTC), roots=[root]).holds
    assert Client().get(f"{slip}?mau=02")["Location"] == "/tra-cuu/"
    with scope.seeing(OPERATOR):
        take_back(dossier=asked, by=OPERATOR, at=NOW)
        digest = hashlib.sha256(second).hexdigest()
        assert File.objects.get(sha256=digest).revoked_at is not None
    assert "mau=02" not in client.get(page).content.decode()
    assert client.get(f"{slip}?mau=02").status_code == 302
    told = client.post("/kiem-tra/", {"tep": SimpleUploadedFile("a.pdf", second)}).content.decode()
    assert "Giấy này đã bị thu hồi" in told


def test_without_a_seal_nothing_is_kept(client: Client) -> None:
    dossier = filed(client)
    with scope.seeing(OPERATOR):
        receive(dossier=dossier, by=OPERATOR, at=NOW)
    assert not ProcrastinateJob.objects.filter(task_name="dossiers.keep_slip").exists()
    assert body(client, f"/tra-cuu/ho-so/{dossier.uuid}/giay-hen/").startswith(b"%PDF")
