"""A resident's visit: it ends by itself, it is never a member of staff, and nothing the e-identity said is kept outside it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from bakhong.accounts import residents
from bakhong.accounts.actions import forget_residents, welcome_resident
from bakhong.accounts.models import Resident, User
from bakhong.accounts.residents import Claims, HolderActor
from bakhong.audit.models import Event
from bakhong.core.ids import new_uuid

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
PERSON = UUID("019a0000-0000-7000-8000-000000000001")
SAID = Claims("038190001234", "CANARY Lê Thị Hoá", "1990-05-06", "female", "Thôn Mẫu 1", 2)


def request(user: User | None = None) -> HttpRequest:
    made = RequestFactory().get("/toi/")
    made.session = SessionStore()  # type: ignore[assignment]
    made.session.create()
    made.user = user or AnonymousUser()  # type: ignore[assignment]
    MessageMiddleware(lambda _: HttpResponse()).process_request(made)
    return made


def signed_in(level: int = 2) -> HttpRequest:
    made = request()
    row = welcome_resident(issuer="https://eid.example", subject="s-1", level=level, person=PERSON, at=NOW)
    residents.start(made, row, SAID, NOW)
    made.resident = residents.resident_of(made, NOW)  # type: ignore[attr-defined]
    return made


def test_it_knows_who_and_what_was_said() -> None:
    made = signed_in()
    actor = residents.resident_of(made, NOW)
    assert actor
    assert (actor.person, actor.level, actor.label) == (PERSON, 2, "CANARY Lê Thị Hoá")
    assert not actor.may("people.view")
    assert residents.claims(made) == SAID
    assert residents.claims(request()) is None


def test_a_visit_ends_after_a_quarter_of_an_hour_and_takes_everything_along() -> None:
    made = signed_in()
    made.session["held"] = ["something"]
    assert residents.resident_of(made, NOW + timedelta(minutes=15))  # negative control: not yet
    assert residents.resident_of(made, NOW + timedelta(minutes=31)) is None
    assert "held" not in made.session


def test_a_visit_ends_after_two_hours_of_clicking() -> None:
    made = signed_in()
    for minutes in range(10, 121, 10):
        assert residents.resident_of(made, NOW + timedelta(minutes=minutes))
    assert residents.resident_of(made, NOW + timedelta(minutes=121)) is None


def test_the_session_key_changes_and_what_was_begun_stays() -> None:
    made = request()
    made.session["held"] = ["draft"]
    before = made.session.session_key
    row = welcome_resident(issuer="https://eid.example", subject="s-1", level=2, person=None, at=NOW)
    residents.start(made, row, SAID, NOW)
    assert made.session["held"] == ["draft"]
    assert made.session.session_key != before


def test_another_resident_finds_nothing_of_the_one_before() -> None:
    """Fails where only the key changes; `test_the_session_key_changes…` is the other side of it."""
    made = signed_in()
    made.session["held"] = ["draft"]
    row = welcome_resident(issuer="https://eid.example", subject="s-2", level=2, person=None, at=NOW)
    residents.start(made, row, SAID, NOW)
    assert "held" not in made.session
    assert made.META["CSRF_COOKIE_NEEDS_UPDATE"]  # no form shown before can be sent


def test_a_member_of_staff_is_signed_out_of_this_browser() -> None:
    made = request(User.objects.create(email="can.bo@example.vn", name="Cán bộ"))
    made.session["_auth_user_id"] = "1"
    row = welcome_resident(issuer="https://eid.example", subject="s-1", level=2, person=None, at=NOW)
    residents.start(made, row, SAID, NOW)
    assert "_auth_user_id" not in made.session


def test_the_same_subject_is_the_same_resident_and_another_is_not() -> None:
    first, again, other = (
        welcome_resident(issuer="https://eid.example", subject=name, level=2, person=None, at=NOW)
        for name in ("s-1", "s-1", "s-2")
    )
    assert first.pk == again.pk != other.pk
    elsewhere = welcome_resident(issuer="https://other.example", subject="s-1", level=2, person=None, at=NOW)
    assert elsewhere.pk != first.pk


def test_nothing_that_was_said_is_stored_in_clear() -> None:
    signed_in().session.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM accounts_resident t")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT session_data FROM django_session")
        sessions = [SessionStore().decode(row[0]) for row in cursor.fetchall()]
    told = rows + str(sessions) + str([event.details for event in Event.objects.all()])
    assert str(PERSON) in rows  # negative control: this is where it would be
    assert "s-1" not in rows
    assert not [word for word in ("CANARY", "038190001234", "1990") if word in told]


def test_erasing_the_person_ends_the_visit() -> None:
    made = signed_in()
    assert forget_residents(persons=[PERSON]) == 1
    assert residents.resident_of(made, NOW) is None
    assert not Resident.objects.exists()


def test_whoever_holds_a_code_may_nothing() -> None:
    held = HolderActor("draft", new_uuid())
    assert held.id == f"holder:{held.uuid}"
    assert not held.may("dossiers.view")
