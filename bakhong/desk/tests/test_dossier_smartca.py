"""Results signed on a telephone: the page waits without a script too, and whatever comes of it is said, with the way back."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import Enter, at, hidden, state_of, stored, taken_in, text
from bakhong.documents.actions.methods import choose_method
from bakhong.documents.adapters.signing.simulator import HABITS, Network, Simulator
from bakhong.documents.models import File, SigningJob
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.places.models import Unit

YES = "012345670000"


@pytest.fixture
def simulator(at: datetime, settings: Any) -> Iterator[Simulator]:
    with Simulator(at, network=Network(waits_for_phone=False)) as running:
        sp_id, password = running.credentials
        settings.SIGNING = {
            "tsa": "",
            "smartca_url": running.url,
            "smartca_id": sp_id,
            "smartca_password": password,
            "smartca_webhook": "khoá",
        }
        yield running


@pytest.fixture
def chair(enter: Enter, thuong_xuan: Unit, simulator: Simulator) -> Client:
    client = enter("chair", thuong_xuan)
    simulator.names = {f"01234567{habit}": (str(user_of(client)), "") for habit in HABITS}
    return client


def approved(chair: Client, dossier: Dossier) -> Dossier:
    page = text(chair.get(at("dossier_approve", dossier)))
    said = {"version": hidden(page, "version"), f"{dossier.uuid}-number": "12/XN-UBND"}
    answer = chair.post(at("dossier_approve", dossier), said)
    assert answer.status_code == 302, text(answer)
    return dossier


def sign_by(client: Client, account: str) -> None:
    actor = StaffActor(user_of(client), date(2026, 11, 22))
    choose_method(provider="smartca", account=account, by=actor, at=timezone.now())


def user_of(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def asked(chair: Client, dossier: Dossier, account: str) -> str:
    """The page that waits. The account is theirs, set up once on “Ký số của tôi”."""
    sign_by(chair, account)
    answer = chair.post(at("dossier_sign", dossier), {"provider": "smartca"})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def test_it_waits_then_it_is_signed(chair: Client, received: Dossier) -> None:
    address = asked(chair, approved(chair, received), YES)
    page = text(chair.get(address))
    assert "Chờ bạn xác nhận trên điện thoại" in page
    assert "data-reload" in page
    assert "Tải lại trang" in page  # without a script
    assert 'http-equiv="refresh"' not in page
    assert state_of(received) == "approved"  # looking asks nobody
    assert chair.post(address).status_code == 302
    page = text(chair.get(address))
    assert "Đã ký xong" in page
    assert "data-reload" not in page
    assert state_of(received) == "done"
    with scope.seeing(OPERATOR):
        assert File.objects.get(uuid=Dossier.objects.get().result_file).is_signed


@pytest.mark.parametrize(
    ("habit", "words"), [("0001", "phút"), ("0002", "từ chối"), ("0003", "PIN"), ("0004", "không thành công")]
)
def test_what_came_to_nothing_is_said_with_the_way_back(
    habit: str, words: str, chair: Client, received: Dossier
) -> None:
    address = asked(chair, approved(chair, received), f"01234567{habit}")
    chair.post(address)
    page = text(chair.get(address))
    assert "Chưa ký được" in page
    assert words in page
    assert state_of(received) == "approved"
    again = reverse("desk:dossiers_sign", args=[received.village.uuid]) + f"?dossier={received.uuid}"
    assert f'href="{again}"' in page
    assert "Ký bằng" in text(chair.get(again))
    done = asked(chair, received, YES)
    chair.post(done)
    assert state_of(received) == "done"


@pytest.mark.parametrize(("account", "words"), [("012345670404", "chứng thư"), ("", "Ký số của tôi")])
def test_who_has_no_certificate_stays_where_they_can_choose(
    account: str, words: str, chair: Client, received: Dossier
) -> None:
    approved(chair, received)
    if account:
        sign_by(chair, account)
    # A number typed in passing is nobody's.
    answer = chair.post(at("dossier_sign", received), {"provider": "smartca", "account": YES})
    assert answer.status_code in (409, 422)
    assert words in text(answer)
    assert state_of(received) == "approved"


def test_no_telephone_rings_for_a_certificate_of_another_name(
    chair: Client, received: Dossier, simulator: Simulator
) -> None:
    approved(chair, received)
    simulator.names = {YES: ("Lê Thị Khác", "")}
    sign_by(chair, YES)
    answer = chair.post(at("dossier_sign", received), {"provider": "smartca"})
    assert "không đứng tên người ký" in text(answer)
    assert simulator.transactions == {}
    assert stored(SigningJob) == []


def test_a_network_that_is_down_is_told(chair: Client, received: Dossier, settings: Any) -> None:
    approved(chair, received)
    sign_by(chair, YES)
    settings.SIGNING = {**settings.SIGNING, "smartca_url": "http://127.0.0.1:9"}
    answer = chair.post(at("dossier_sign", received), {"provider": "smartca"})
    assert answer.status_code in (409, 422, 503)
    assert "bk-note--error" in text(answer)


def test_many_are_confirmed_once(
    chair: Client, officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    both = [approved(chair, received), approved(chair, taken_in(officer, thuong_xuan))]
    address = reverse("desk:dossiers_sign", args=[thuong_xuan.uuid])
    said = {"dossier": [str(each.uuid) for each in both], "provider": "smartca"}
    sign_by(chair, YES)
    answer = chair.post(address, said)
    assert answer.status_code == 302, text(answer)
    assert len(stored(SigningJob)) == 1
    chair.post(answer["Location"])
    assert {state_of(each) for each in both} == {"done"}


def test_nobody_else_sees_it(chair: Client, received: Dossier, enter: Enter, thuong_xuan: Unit) -> None:
    address = asked(chair, approved(chair, received), YES)
    assert enter("specialist", thuong_xuan).get(address).status_code == 404
