"""One dossier on a resident's own page: what happened and what is asked of them, and nothing of what goes on inside the office."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR
from bakhong.dossiers.actions.deadlines import warn_and_escalate
from bakhong.dossiers.actions.processing import assign
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.models import Dossier, Event
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import WHAT, begin, send, text_of
from bakhong.portal.tests.signed_in import as_resident
from bakhong.portal.tests.test_mine_filing import AN, two

__all__ = ["two"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(two: list[Person]) -> Client:
    client = as_resident(two[0], number=AN)
    draft = begin(client)
    for page, said in (
        ("nguoi", {}),
        ("viec", WHAT),
        ("buoc/ket-qua", {"cach": "electronic"}),
        ("xem-lai", {}),
    ):
        assert send(client, draft, page, said) == 302
    return client


def worked_on(officer: StaffActor, now: datetime) -> Dossier:
    """Received, given to somebody, warned of, and asked for more."""
    found = Dossier.objects.get()
    receive(dossier=found, by=officer, at=now)
    assign(dossier=found, to=officer, by=officer, at=now, note="Làm trước")
    due = Dossier.objects.get().due_at
    assert due is not None
    warn_and_escalate(at=due + timedelta(minutes=1))
    items = [Wanted("question", "address", "other", "Ghi thêm số nhà.")]
    return ask_supplement(dossier=found, items=items, by=officer, at=due + timedelta(minutes=2))


def test_it_shows_no_office_inside(client_of: Client, here: Unit) -> None:
    now = timezone.now()
    user = User.objects.create(email="canbo@example.vn", name="Hà Thị Cán Bộ")
    Assignment.objects.create(user=user, role="one_stop_officer", place=here, valid_from=date(2025, 7, 1))
    with scope.seeing(OPERATOR):
        officer = StaffActor(user, now.date())
        dossier = worked_on(officer, now)
        kinds = set(Event.objects.filter(dossier=dossier).values_list("kind", flat=True))
    assert {"assign", "escalate"} <= kinds
    page = text_of(client_of, f"/toi/ho-so/{dossier.uuid}/")
    for inside in (officer.label, "Làm trước", "giao người", "quá hạn lên người phụ trách"):
        assert inside.lower() not in page.lower(), inside
    assert "Tiếp nhận hồ sơ" in page
    assert "Cần bổ sung trước ngày" in page
    assert page.count("Ghi thêm số nhà.") == 2  # in what is asked, and in what happened
    assert "Vì sao hẹn ngày này?" in page
