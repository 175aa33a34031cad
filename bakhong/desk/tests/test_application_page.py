"""The application at the desk: printed, signed on the resident's own telephone, and the signature judged."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from django.utils import timezone

from bakhong.desk.tests.casework import ID, at, stored, text
from bakhong.documents.adapters.signing.simulator import Simulator
from bakhong.dossiers.models import Attachment, Dossier
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def simulator(settings: Any, tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(timezone.now(), names={ID: ("Lê Thị Hoá", "")}) as running:
        sp_id, password = running.credentials
        settings.SIGNING = {
            "tsa": "",
            "smartca_url": running.url,
            "smartca_id": sp_id,
            "smartca_password": password,
            "smartca_webhook": "bí mật",
        }
        running.network.waits_for_phone = True
        yield running


def believe(simulator: Simulator, folder: Path) -> None:
    """The operator puts the provider's root where roots are believed."""
    assert simulator.authority
    (folder / "trust").mkdir(exist_ok=True)
    (folder / "trust" / "phone.pem").write_bytes(simulator.authority.certificate.public_bytes(Encoding.PEM))


@pytest.fixture
def data(settings: Any) -> Iterator[Path]:
    """The data folder, without the roots this test puts there."""
    yield Path(settings.DATA)
    (Path(settings.DATA) / "trust" / "phone.pem").unlink(missing_ok=True)


def sign(
    officer: Client, simulator: Simulator, dossier: Dossier, *, is_yes: bool = True, so: str = ""
) -> str:
    address = at("dossier_application", dossier)
    asked = officer.post(address, {"cach": "smartca", "so": so})
    assert asked.status_code == 302, text(asked)
    waits = text(officer.get(address))
    assert 'http-equiv="refresh"' in waits
    ((code, made),) = simulator.waiting()
    assert next(iter(made.files)) in waits
    simulator.press(code, is_yes=is_yes)
    officer.post(address, {"viec": "hoi"})
    return text(officer.get(address))


def test_the_resident_signs_at_the_desk(
    officer: Client, received: Dossier, simulator: Simulator, data: Path
) -> None:
    assert "không ký số" in text(officer.get(at("dossier", received)))
    shown = sign(officer, simulator, received)
    assert "Người nộp đã ký số" in shown
    assert "Chưa thể tin chữ ký này" in shown  # nobody told this office to believe the provider
    believe(simulator, data)
    shown = text(officer.get(at("dossier_application", received)))
    assert "Chữ ký đúng, nội dung không bị sửa" in shown
    assert "Chứng thư số không mang tên người nộp" not in shown
    page = text(officer.get(at("dossier", received)))
    assert "Người nộp đã ký số" in page
    assert [each.how for each in stored(Attachment) if each.paper == "application"] == ["signed"]


def test_a_certificate_of_somebody_else_is_told(
    officer: Client, received: Dossier, simulator: Simulator
) -> None:
    """Negative control of the above."""
    assert "Chứng thư số không mang tên người nộp" in sign(officer, simulator, received, so="038190007777")


def test_refused_on_the_phone_it_may_be_asked_again(
    officer: Client, received: Dossier, simulator: Simulator
) -> None:
    shown = sign(officer, simulator, received, is_yes=False)
    assert "Lần gửi trước chưa ký được" in shown
    assert "Gửi yêu cầu ký" in shown


def test_it_is_printed_without_a_signature(officer: Client, received: Dossier) -> None:
    answer = officer.get(at("dossier_application_file", received))
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]


def test_who_may_not_sign_sends_nothing(
    enter: Enter, received: Dossier, thuong_xuan: Unit, simulator: Simulator
) -> None:
    secretary = enter("secretary", thuong_xuan)
    assert secretary.post(at("dossier_application", received), {"cach": "smartca"}).status_code in (403, 404)
    assert simulator.transactions == {}
