"""The daily report on the desk: seen before it is frozen, ready to paste, printed, and honest about what moved since."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.indicators.models import DailyReport
from bakhong.outreach.models import Visit
from bakhong.outreach.tests.conftest import campaign, household, member, parents, team, visit
from bakhong.people import scope
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.models import Household, Person
from bakhong.people.tests.conftest import MakePerson, everybody, person, village, villages
from bakhong.places.models import Unit

__all__ = [
    "campaign",
    "everybody",
    "household",
    "member",
    "parents",
    "person",
    "team",
    "village",
    "villages",
    "visit",
]
DAY = "22/11/2026"


@pytest.fixture(autouse=True)
def _roll(household: Household) -> None:
    """Two people live in the village."""


def address(unit: Unit, report: DailyReport | None = None, name: str = "daily") -> str:
    if report is None:
        return reverse("desk:daily", args=[unit.uuid])
    return reverse(f"desk:{name}", args=[unit.uuid, report.uuid])


def form(deed: str, **more: Any) -> dict[str, Any]:
    return {"day": DAY, "plan": "", "client_key": str(new_uuid()), "deed": deed, **more}


def test_it_is_seen_first_and_then_frozen(
    enter: Callable[..., Client], village: Unit, visit: Callable[..., Visit]
) -> None:
    visit()
    head = enter("village_head", village)
    assert "Bước đầu" in head.get(address(village)).content.decode()
    seen = head.post(address(village), form("preview", plan="Họp tổ lúc 19 giờ")).content.decode()
    assert "BÁO CÁO NGÀY 22/11/2026" in seen
    assert "1 lượt đến 1 hộ" in seen
    assert "Họp tổ lúc 19 giờ" in seen
    assert not DailyReport.objects.exists()
    sent = form("make", plan="Họp tổ lúc 19 giờ")
    for _time in range(2):
        assert head.post(address(village), sent).status_code == 302
    report = DailyReport.objects.get()
    text = head.get(address(village, report, "daily_report")).content.decode()
    assert report.sha256[:10] in text
    assert "nguyên vẹn" in text
    assert 'data-copy="message"' in text
    assert "Tính lại hôm nay vẫn ra đúng các số này." in text
    assert report.sha256 in head.get(address(village, report, "daily_sheet")).content.decode()
    assert DAY in head.get(address(village)).content.decode()


def test_what_was_learned_later_is_listed_and_the_report_stays(
    enter: Callable[..., Client], village: Unit, parents: list[Person], actor: Actor, at: datetime
) -> None:
    head = enter("village_head", village)
    head.post(address(village), form("make"))
    report = DailyReport.objects.get()
    before = head.get(address(village, report, "daily_report")).content.decode()
    assert "0/2" in before
    fact = Adopted("eid_level2", "activated", person=parents[0], happened_on=date(2026, 11, 20))
    with scope.seeing(actor):
        record_adoptions(entries=[fact], source="list", by=actor, at=at)
    after = head.get(address(village, report, "daily_report")).content.decode()
    assert "Nếu tính lại hôm nay" in after
    assert "1/2" in after
    assert DailyReport.objects.get().content == report.content


def test_a_wrong_form_keeps_what_was_typed(enter: Callable[..., Client], village: Unit) -> None:
    head = enter("village_head", village)
    for wrong, said in (
        ({"day": "31/02/2026"}, "không đọc được"),
        ({"day": "23/11/2026"}, "chưa tới"),
        ({"day": "01/01/2026"}, "hơn một tháng"),
    ):
        answer = head.post(address(village), form("make", plan="Họp tổ", **wrong))
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "Họp tổ" in answer.content.decode()
    assert not DailyReport.objects.exists()


def test_another_village_s_report_is_not_there(enter: Callable[..., Client], villages: list[Unit]) -> None:
    enter("village_head", villages[0]).post(address(villages[0]), form("make"))
    report = DailyReport.objects.get()
    other = enter("village_head", villages[1])
    assert other.get(address(villages[0], report, "daily_report")).status_code == 404
    assert other.get(address(villages[1], report, "daily_report")).status_code == 404


def test_more_people_are_no_more_queries(
    enter: Callable[..., Client], village: Unit, person: MakePerson, actor: Actor
) -> None:
    head = enter("village_head", village)
    head.post(address(village), form("make"))
    page = address(village, DailyReport.objects.get(), "daily_report")
    head.get(page)
    with CaptureQueriesContext(connection) as few:
        head.get(page)
    with scope.seeing(actor):
        for letter in "CDEGHIK":
            person(f"Lê Thị {letter}", birth="1980-05-06")
    with CaptureQueriesContext(connection) as many:
        head.get(page)
    assert len(many) <= len(few)
