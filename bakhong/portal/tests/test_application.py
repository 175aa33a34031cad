"""The application: seen, printed, and signed on the resident's own telephone, without a script and without an account."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from bakhong.core.actor import OPERATOR
from bakhong.documents.adapters.signing.simulator import Simulator
from bakhong.dossiers.models import Attachment, Dossier, Event
from bakhong.people import scope
from bakhong.people.tests.conftest import MakePerson, everybody, person, village, villages
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import NUMBER, begin, fill, send, text_of
from bakhong.portal.tests.signed_in import as_resident

__all__ = ["everybody", "person", "village", "villages"]


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit) -> Iterator[None]:
    yield
    scope.close()


@pytest.fixture
def simulator(settings: Any) -> Iterator[Simulator]:
    with Simulator(timezone.now(), names={NUMBER: ("Lê Thị Hoá", "")}) as running:
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


def filed(client: Client, number: str = NUMBER) -> UUID:
    draft = begin(client)
    fill(client, draft, number)
    assert send(client, draft, "xem-lai", {}) == 302
    return draft


def page(dossier: UUID, rest: str = "") -> str:
    return f"/tra-cuu/ho-so/{dossier}/don/{rest}"


def ask(client: Client, dossier: UUID, number: str = NUMBER) -> str:
    """Press the button; the address of the page that waits."""
    answer = client.post(page(dossier), {"cach": "smartca", "so": number})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def press(simulator: Simulator, *, is_yes: bool) -> None:
    ((code, _made),) = simulator.waiting()
    simulator.press(code, is_yes=is_yes)


def test_from_the_receipt_to_a_signed_application(client: Client, simulator: Simulator) -> None:
    dossier = filed(client)
    assert page(dossier) in text_of(client, f"/nop/ho-so/{dossier}/da-nop/")
    assert "Không bắt buộc" in text_of(client, page(dossier))
    waits = ask(client, dossier)
    shown = text_of(client, waits)
    assert 'http-equiv="refresh"' in shown
    ((_code, made),) = simulator.waiting()
    (name,) = made.files
    assert name in shown  # the telephone shows the same
    assert client.post(waits).status_code == 302  # nobody pressed yet
    assert "Mở điện thoại để xác nhận" in text_of(client, waits)
    press(simulator, is_yes=True)
    assert client.post(waits).status_code == 302
    done = text_of(client, waits)
    assert "Bạn đã ký xong đơn" in done
    assert "refresh" not in done
    stands = text_of(client, page(dossier))
    assert "Đơn này đã được ký số" in stands
    assert "Lê Thị Hoá" in stands
    assert "Gửi yêu cầu ký" not in stands
    with scope.seeing(OPERATOR):
        assert Attachment.objects.get(dossier__uuid=dossier, paper="application").how == "signed"
        assert Event.objects.filter(dossier__uuid=dossier, kind="sign_application").count() == 1
    signed = client.get(page(dossier, "tep/")).content
    assert b"/ByteRange" in signed


def test_refused_on_the_phone_leads_back(client: Client, simulator: Simulator) -> None:
    dossier = filed(client)
    waits = ask(client, dossier)
    press(simulator, is_yes=False)
    client.post(waits)
    shown = text_of(client, waits)
    assert "từ chối trên điện thoại" in shown
    assert page(dossier) in shown
    assert ask(client, dossier) != waits


def test_who_does_not_want_to_prints_it(client: Client, simulator: Simulator) -> None:
    dossier = filed(client)
    answer = client.get(page(dossier, "tep/"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/ByteRange" not in answer.content
    assert "no-store" in answer["Cache-Control"]


def test_without_a_provider_it_is_only_printed(client: Client) -> None:
    dossier = filed(client)
    shown = text_of(client, page(dossier))
    assert "Tải đơn để xem hoặc in" in shown
    assert "Xã chưa mở ký số" in shown
    assert client.post(page(dossier), {"cach": "smartca", "so": NUMBER}).status_code == 422
    assert (
        client.post(page(dossier), {"cach": "pkcs12", "so": NUMBER}).status_code == 422
    )  # no key of theirs lies with us


@pytest.mark.parametrize("number", ["", "12", "038190009999", "‮", "x" * 500, "\x00"])
def test_a_wrong_number_rings_nobody(client: Client, simulator: Simulator, number: str) -> None:
    dossier = filed(client)
    answer = client.post(page(dossier), {"cach": "smartca", "so": number})
    assert answer.status_code == 422
    assert "Cần xem lại" in answer.content.decode()
    assert simulator.transactions == {}


def test_another_residents_dossier_is_not_there(client: Client, simulator: Simulator) -> None:
    mine = filed(client)
    waits = ask(client, mine)
    job = re.search(r"/ky/([0-9a-f-]{36})/", waits)
    assert job
    stranger = Client()
    theirs = filed(stranger, "038190001299")
    for address in (page(mine), page(mine, "tep/"), waits):
        assert stranger.get(address)["Location"] == "/tra-cuu/"
    for address in (page(mine), waits):
        assert stranger.post(address, {"cach": "smartca", "so": NUMBER})["Location"] == "/tra-cuu/"
    # The request of another dossier under one's own address: there is none.
    for found in (job[1], uuid4()):
        assert stranger.get(page(theirs, f"ky/{found}/")).status_code == 404
    assert client.get(waits).status_code == 200  # negative control: whose it is
    assert len(simulator.transactions) == 1


def test_get_writes_nothing(client: Client, simulator: Simulator) -> None:
    dossier = filed(client)
    with scope.seeing(OPERATOR):
        before = Event.objects.count(), Dossier.objects.get(uuid=dossier).version
    for rest in ("", "tep/"):
        client.get(page(dossier, rest))
    with scope.seeing(OPERATOR):
        from bakhong.documents.models import File

        assert (Event.objects.count(), Dossier.objects.get(uuid=dossier).version) == before
        assert not File.objects.filter(owner=dossier).exists()


def test_from_ones_own_pages_no_number_is_typed(
    client: Client, simulator: Simulator, person: MakePerson
) -> None:
    hoa = person("Lê Thị Hoá", sex="female", birth="1990-03-15", national_id=NUMBER)
    dossier = filed(client)
    with scope.seeing(OPERATOR):
        Dossier.objects.filter(uuid=dossier).update(person=hoa)
    home = as_resident(hoa, number=NUMBER)
    opened = home.post(f"/toi/ho-so/{dossier}/mo/", {"den": "don"})
    assert opened["Location"] == page(dossier)
    shown = text_of(home, page(dossier))
    assert "số cuối 1234" in shown
    assert 'name="so"' not in shown
    waits = ask(home, dossier, "")
    press(simulator, is_yes=True)
    home.post(waits)
    assert "Bạn đã ký xong đơn" in text_of(home, waits)
