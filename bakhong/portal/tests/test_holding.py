"""The right to a draft lives in the session: it ends, it is not planted, and an address alone opens nothing."""

import time
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.http import HttpRequest

from bakhong.portal import holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_() -> HttpRequest:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    return request


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [time.time()]
    monkeypatch.setattr("bakhong.portal.holding.time.time", lambda: moment[0])
    return moment


def test_nothing_is_held_at_first(request_: HttpRequest) -> None:
    assert holding.held(request_) == set()
    assert not holding.holds(request_, uuid4())
    assert not request_.session.modified


def test_what_was_opened_is_held_until_it_is_let_go(request_: HttpRequest) -> None:
    one, other = uuid4(), uuid4()
    holding.hold(request_, one)
    assert holding.held(request_) == {one}
    assert not holding.holds(request_, other)
    holding.let_go(request_)
    assert holding.held(request_) == set()


def test_it_ends_when_nobody_comes_back(request_: HttpRequest, clock: list[float]) -> None:
    one = uuid4()
    holding.hold(request_, one)
    clock[0] += holding.IDLE.total_seconds() - 1
    assert holding.holds(request_, one)  # and this visit counts
    clock[0] += holding.IDLE.total_seconds() - 1
    assert holding.holds(request_, one)
    clock[0] += holding.IDLE.total_seconds() + 1
    assert not holding.holds(request_, one)


def test_a_session_planted_before_has_another_name(request_: HttpRequest) -> None:
    request_.session.create()
    before = request_.session.session_key
    holding.hold(request_, uuid4())
    assert request_.session.session_key != before


def test_the_oldest_go_first(request_: HttpRequest, clock: list[float]) -> None:
    made: list[UUID] = []
    for _number in range(holding.MOST + 3):
        made.append(uuid4())
        clock[0] += 1
        holding.hold(request_, made[-1])
    assert holding.held(request_) == set(made[3:])


def test_a_sign_in_keeps_what_was_begun_here_and_nothing_opened_with_a_code(request_: HttpRequest) -> None:
    begun, resumed = uuid4(), uuid4()
    for each in (begun, resumed):
        holding.hold(request_, each)
    holding.note_begun(request_, begun)
    holding.keep_begun(request_)
    assert holding.held(request_) == {begun}


def test_letting_go_forgets_the_secret(request_: HttpRequest) -> None:
    before = holding.secret_of(request_)
    assert holding.secret_of(request_) == before
    holding.let_go(request_)
    assert holding.secret_of(request_) != before


def test_what_is_held_under_a_mandate_is_not_held_by_who_has_none(request_: HttpRequest) -> None:
    """Fails where the mandate is not asked for: nobody is signed in here."""
    one = uuid4()
    holding.hold(request_, one, mandate=uuid4(), procedure="any")
    assert not holding.holds(request_, one)
    assert holding.held(request_) == set()
    holding.hold(request_, one)  # with its code
    assert holding.holds(request_, one)
