"""One dossier on a resident's own page: what happened and what is asked of them, and nothing of what goes on inside the office."""

from datetime import date, datetime, timedelta
from io import BytesIO
from time import time
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR
from bakhong.documents.actions.storing import store_file
from bakhong.documents.models import File, Purpose
from bakhong.dossiers.actions.deadlines import warn_and_escalate
from bakhong.dossiers.actions.exchange_codes import note_code
from bakhong.dossiers.actions.processing import assign
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.models import Attachment, Dossier, Event, ExternalDossier, Given, ProvincialList
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


def of_ones_own(person: Person, here: Unit, number: int) -> File:
    """A paper that lies in their store."""
    made = BytesIO()
    Image.new("RGB", (40 + number, 30), "white").save(made, "JPEG")
    with scope.seeing(OPERATOR):
        return store_file(
            key=uuid4(),
            content=made.getvalue(),
            name=f"kho-{number}.jpg",
            owner=("person", person.uuid),
            unit=here,
            purpose=Purpose.ATTACHMENT,
            person_uuid=person.uuid,
            by=OPERATOR,
            at=timezone.now(),
        )


def asked_for_a_paper() -> Dossier:
    now = timezone.now()
    with scope.seeing(OPERATOR):
        found = receive(dossier=Dossier.objects.get(), by=OPERATOR, at=now)
        return ask_supplement(dossier=found, items=[Wanted("paper", "other", "missing")], by=OPERATOR, at=now)


def test_what_was_given_before_answers_a_supplement(client_of: Client, two: list[Person], here: Unit) -> None:
    mine, anothers = of_ones_own(two[0], here, 1), of_ones_own(two[1], here, 2)
    dossier = asked_for_a_paper()
    address = f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/"
    page = text_of(client_of, address)
    assert str(mine.uuid) in page
    assert str(anothers.uuid) not in page
    assert client_of.post(address, {"muc0-lai": str(anothers.uuid)}).status_code == 422
    assert client_of.post(address).status_code == 422  # negative control: something has to be given
    assert client_of.post(address, {"muc0-lai": str(mine.uuid)}).status_code == 302
    assert client_of.post(address, {"muc0-lai": str(mine.uuid)}).status_code == 302  # pressed again
    with scope.seeing(OPERATOR):
        (given,) = Attachment.objects.filter(dossier=dossier)
        assert (given.how, given.sha256, given.file != mine.uuid) == (Given.REUSED, mine.sha256, True)
        assert File.objects.get(uuid=mine.uuid).owner == two[0].uuid  # it stays in the store


def test_whoever_merely_holds_the_code_is_offered_nothing_of_the_owners(
    client_of: Client, two: list[Person], here: Unit
) -> None:
    mine = of_ones_own(two[0], here, 1)
    dossier = asked_for_a_paper()
    holder = Client()
    session = holder.session
    session["portal.held"] = {str(dossier.uuid): time()}
    session.save()
    address = f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/"
    assert str(mine.uuid) not in text_of(holder, address)
    assert holder.post(address, {"muc0-lai": str(mine.uuid)}).status_code == 422


def test_what_another_systems_list_says_of_it_stands_on_their_page(client_of: Client, here: Unit) -> None:
    now = timezone.now()
    code = "000.17.22.H56-261103-0001"
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.get()
        note_code(dossier=dossier, system="provincial", code=code, by=OPERATOR, at=now)
        batch = ProvincialList.objects.create(
            uuid=uuid4(),
            village=here,
            file_name="ds.xlsx",
            sha256="0" * 64,
            as_of=date(2026, 11, 22),
            taken_at=now,
            taken_by=OPERATOR.id,
        )
        ExternalDossier.objects.create(village=here, batch=batch, code=code, digest="0" * 64, state=4)
    page = text_of(client_of, "/toi/ho-so/")
    assert code in page
    assert "theo danh sách ngày 22/11/2026" in page
