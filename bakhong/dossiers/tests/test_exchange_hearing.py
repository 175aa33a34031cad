"""What the applicant does in the other system after filing there is heard here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed
from bakhong.documents.tests.files import SENTENCE, pdf_file
from bakhong.dossiers.actions.exchange_hearing import look_at_change
from bakhong.dossiers.actions.exchange_taking import pull, take_in_again
from bakhong.dossiers.actions.exchange_telling import deliver_due
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.adapters.national.simulator import Portal, Simulator
from bakhong.dossiers.adapters.port import Exchange
from bakhong.dossiers.adapters.registry import exchanges
from bakhong.dossiers.applicants import email_of, phone_of
from bakhong.dossiers.models import Attachment, Dossier, Event, Pulled
from bakhong.dossiers.tests.test_exchange_sync import SYSTEM, item, paper
from bakhong.places.models import Unit

CODE = "G22.99-261120-0001"
MORE = paper(pdf_file(SENTENCE + " Thêm."), "Bản án ly hôn.pdf")
pytestmark = pytest.mark.usefixtures("everybody")


@pytest.fixture
def portal(settings: Any) -> Iterator[Portal]:
    made = Portal()
    with Simulator(made) as url:
        settings.EXCHANGES = {
            SYSTEM: {
                "url": url,
                "token": made.token,
                "adapter": "bakhong.dossiers.adapters.national.http.HttpExchange",
            }
        }
        yield made


@pytest.fixture
def side(portal: Portal) -> Exchange:
    return exchanges()[SYSTEM]


@pytest.fixture
def pulled(portal: Portal, side: Exchange, thuong_xuan: Unit, at: datetime) -> Dossier:
    portal.file(item(1, thuong_xuan, Email="an@example.vn", DanhSachTaiLieuNop=[paper(pdf_file(SENTENCE))]))
    pull(exchange=side, at=at)
    return Dossier.objects.get()


def test_withdrawn_there_is_withdrawn_here(
    portal: Portal, side: Exchange, pulled: Dossier, actor: Actor, at: datetime
) -> None:
    receive(dossier=pulled, by=actor, at=at)
    deliver_due(exchange=side, at=at)
    portal.change(CODE, TrangThaiHoSo=7)
    assert pull(exchange=side, at=at).heard == 1
    pulled.refresh_from_db()
    assert pulled.state == "withdrawing"
    assert pull(exchange=side, at=at).heard == 0
    deliver_due(exchange=side, at=at)
    assert portal.states[CODE] == 7


@pytest.mark.parametrize("code", ["", "giay-la"])
def test_what_was_asked_for_and_came_there_is_the_answer(
    portal: Portal, side: Exchange, pulled: Dossier, actor: Actor, at: datetime, code: str
) -> None:
    receive(dossier=pulled, by=actor, at=at)
    ask_supplement(dossier=pulled, items=[Wanted("paper", "other", "blurred")], by=actor, at=at)
    deliver_due(exchange=side, at=at)
    assert portal.states[CODE] == 5
    portal.change(CODE, TrangThaiHoSo=4, papers=[{**MORE, "MaGiayTo": code}])
    assert pull(exchange=side, at=at).heard == 1
    pulled.refresh_from_db()
    assert (pulled.state, pulled.waiting_since, pulled.file_count) == ("received", None, 2)
    assert Attachment.objects.filter(dossier=pulled).count() == 2
    assert Event.objects.filter(dossier=pulled, kind="answer_supplement").count() == 1


def test_what_does_not_answer_all_is_kept_and_told_to_somebody(
    portal: Portal, side: Exchange, pulled: Dossier, actor: Actor, at: datetime
) -> None:
    receive(dossier=pulled, by=actor, at=at)
    wanted = [Wanted("paper", "other", "blurred"), Wanted("paper", "them", "missing")]
    ask_supplement(dossier=pulled, items=wanted, by=actor, at=at)
    portal.change(CODE, papers=[MORE])
    assert pull(exchange=side, at=at).waiting == 1
    pulled.refresh_from_db()
    assert (pulled.state, pulled.file_count) == ("supplement", 2)
    assert Pulled.objects.get().detail == "papers"


def test_another_telephone_waits_until_somebody_looks(
    portal: Portal, side: Exchange, pulled: Dossier, actor: Actor, specialist: StaffActor, at: datetime
) -> None:
    portal.change(CODE, SoDienThoai="0987 654 321", Email="an2@example.vn")
    assert pull(exchange=side, at=at).waiting == 1
    row = Pulled.objects.get()
    assert (row.problem, row.detail) == ("changed_there", "phone,email")
    assert b"0987" not in bytes(row.body or b"")
    with pytest.raises(NotAllowed):
        look_at_change(pulled=row, by=specialist, at=at)
    with pytest.raises(Conflict):
        take_in_again(pulled=row, by=actor, at=at)
    look_at_change(pulled=row, by=actor, at=at)
    pulled.refresh_from_db()
    assert phone_of(pulled.applicant_phone, pulled.uuid) == "0987654321"
    assert email_of(pulled.applicant_email, pulled.uuid) == "an2@example.vn"
    with pytest.raises(Conflict):
        look_at_change(pulled=row, by=actor, at=at)


def test_withdrawn_there_after_the_end_here_is_looked_at(
    portal: Portal, side: Exchange, pulled: Dossier, actor: Actor, at: datetime
) -> None:
    from bakhong.dossiers.actions.ending import refuse

    refuse(dossier=pulled, reason="other", note="Chưa rõ.", by=actor, at=at)
    portal.change(CODE, TrangThaiHoSo=7)
    assert pull(exchange=side, at=at).waiting == 1
    assert Pulled.objects.get().detail == "withdrawal"


@pytest.mark.parametrize(
    ("there", "here"),
    [(1, "submitted"), (2, "received"), (4, "in_progress"), (5, "in_progress"), (7, "withdrawing")],
)
def test_it_comes_in_as_far_as_it_is_there(
    portal: Portal, side: Exchange, thuong_xuan: Unit, at: datetime, there: int, here: str
) -> None:
    portal.file(item(1, thuong_xuan, TrangThaiHoSo=there, NgayTiepNhan="2026-11-20T09:00:00+07:00"))
    assert pull(exchange=side, at=at).taken == 1
    made = Dossier.objects.get()
    assert made.state == here
    if here in ("received", "in_progress"):
        assert made.received_at is not None
        assert made.received_at.isoformat() == "2026-11-20T02:00:00+00:00"
        assert made.code is not None
        assert made.due_at is not None


@pytest.mark.parametrize("there", [3, 8, 9, 10])
def test_what_has_ended_there_is_not_begun_here(
    portal: Portal, side: Exchange, thuong_xuan: Unit, at: datetime, there: int
) -> None:
    portal.file(item(1, thuong_xuan, TrangThaiHoSo=there))
    assert pull(exchange=side, at=at).waiting == 1
    assert Pulled.objects.get().problem == "ended_there"


def test_what_waited_comes_in_when_it_is_mended_there(
    portal: Portal, side: Exchange, thuong_xuan: Unit, at: datetime
) -> None:
    portal.file(item(1, thuong_xuan, ChuHoSo=""))
    assert pull(exchange=side, at=at).waiting == 1
    portal.change(CODE, ChuHoSo="Lê Văn An")
    assert pull(exchange=side, at=at).taken == 1
    assert Pulled.objects.get().problem == ""


def test_forward_here_is_no_news_there(
    portal: Portal, side: Exchange, pulled: Dossier, actor: Actor, at: datetime
) -> None:
    """Negative control of the number: an older writing shown again does nothing."""
    receive(dossier=pulled, by=actor, at=at)
    forward(dossier=pulled, by=actor, at=at)
    portal.change(CODE, TrangThaiHoSo=7)
    portal.filed[-1]["LanCapNhat"] = 1
    assert pull(exchange=side, at=at).known == 1
    pulled.refresh_from_db()
    assert pulled.state == "in_progress"
