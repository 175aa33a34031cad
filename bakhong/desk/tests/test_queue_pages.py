"""The queue: what is ours to do first, what waits for residents apart, how many are late; as a workbook; what a merged commune left."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event as Trail
from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import Enter, stored, text
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.places.models import Extent, Succession, Unit

ASK = [Wanted("paper", "divorce", "blurred")]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The desk's and the bar's clock, at another moment."""

    def to(moment: datetime) -> None:
        monkeypatch.setattr("bakhong.desk.frame.timezone.now", lambda: moment)

    return to


def queue(unit: Unit, asked: str = "") -> str:
    return reverse("desk:queue", args=[unit.uuid]) + asked


def asked_for_more(dossier: Dossier, moment: datetime) -> Dossier:
    with scope.seeing(OPERATOR):
        return ask_supplement(dossier=dossier, items=ASK, by=OPERATOR, at=moment)


def test_what_waits_for_the_resident_stands_apart(
    officer: Client, received: Dossier, thuong_xuan: Unit, at: datetime
) -> None:
    code = str(received.code)
    assert code in text(officer.get(queue(thuong_xuan)))
    assert code not in text(officer.get(queue(thuong_xuan, "?show=theirs")))
    asked_for_more(received, at)
    assert code not in text(officer.get(queue(thuong_xuan)))
    waiting = text(officer.get(queue(thuong_xuan, "?show=theirs")))
    assert code in waiting
    assert "chờ đến 22/12/2026" in waiting
    assert "Hết hạn bổ sung" not in waiting


def test_an_answer_that_never_came_has_its_tab(
    enter: Enter, received: Dossier, thuong_xuan: Unit, at: datetime, travel: Callable[[datetime], None]
) -> None:
    asked_for_more(received, at)
    travel(at + timedelta(days=40))
    officer = enter("one_stop_officer", thuong_xuan)
    assert "Hết hạn bổ sung 1" in text(officer.get(queue(thuong_xuan)))
    assert str(received.code) in text(officer.get(queue(thuong_xuan, "?show=unanswered")))
    assert str(received.code) not in text(officer.get(queue(thuong_xuan, "?show=late")))


def test_late_ones_are_counted_on_the_tab_and_in_the_bar(
    enter: Enter, received: Dossier, thuong_xuan: Unit, at: datetime, travel: Callable[[datetime], None]
) -> None:
    officer = enter("one_stop_officer", thuong_xuan)
    page = text(officer.get(queue(thuong_xuan)))
    assert "Quá hạn 1" not in page
    assert "bước này đến" in page
    travel(at + timedelta(days=20))
    page = text(enter("one_stop_officer", thuong_xuan).get(queue(thuong_xuan)))
    assert "Quá hạn 1" in page
    assert "Hàng chờ (1)" in page


def test_it_is_taken_along_as_a_workbook_and_that_is_noted(
    officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    answer = officer.post(queue(thuong_xuan, "?show=received"))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    values = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert str(received.code) in values
    assert "Lê Thị Hoá" in values
    noted = Trail.objects.filter(details__what="dossier_queue").get()
    assert "Hoá" not in str(noted.details)


def test_what_a_merged_commune_left_open_is_worked_on(
    enter: Enter, received: Dossier, thuong_xuan: Unit, other_commune: Unit, staff: Callable[..., User]
) -> None:
    address = reverse("desk:dossier", args=[other_commune.uuid, received.uuid])
    officer = enter("one_stop_officer", other_commune)
    assert officer.get(address).status_code == 404  # negative control: another commune's
    Succession.objects.create(
        predecessor=thuong_xuan, successor=other_commune, on=date(2026, 11, 20), extent=Extent.WHOLE
    )
    assert address in text(officer.get(queue(other_commune)))
    assert str(received.code) in text(officer.get(address))
    find = reverse("desk:dossier_find", args=[other_commune.uuid])
    assert officer.post(find, {"scan": str(received.code)})["Location"] == address
    user = staff("specialist", other_commune)
    forward = reverse("desk:dossier_deed", args=[other_commune.uuid, received.uuid, "forward"])
    assert officer.post(forward, {"version": "2", "to": str(user.uuid)}).status_code == 302
    (worked_on,) = stored(Dossier)
    assert worked_on.assigned_to == StaffActor(user, date(2026, 11, 22)).id
