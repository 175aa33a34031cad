"""Who gets what answer from which address: every URL × role × place, and nothing of a foreign place in any answer."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from bakhong.accounts.access import declared_policy
from bakhong.accounts.policies import BY_URL_NAME
from tests.matrix.rows import Row
from tests.matrix.world import Holder, World, make_holders, make_world

DOORS = sorted(path.stem for path in Path(__file__).parent.glob("rows_*.py"))
OURS = {
    "accounts",
    "desk",
    "field",
    "portal",
}  # the rest are libraries', the gallery and health, without anybody's data
# A Client of its own would load all middleware for each request, static files too, which takes longer than most answers.
HANDLER = ClientHandler(enforce_csrf_checks=False)
ROWS: list[Row] = [row for door in DOORS for row in import_module(f"tests.matrix.{door}").ROWS]


def patterns(resolver: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name with its namespaces, pattern) of every address of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner)
        else:
            yield f"{namespace}{entry.name or '(no name)'}", entry


SITE = list(patterns())


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[World, list[Holder]]]:
    """The world and everybody signed in, made once: each test stands in a savepoint of this transaction, which is then taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        yield world, make_holders(world)
        transaction.set_rollback(True)


@pytest.fixture
def world(standing: tuple[World, list[Holder]], db: None) -> World:
    return standing[0]


@pytest.fixture
def holders(standing: tuple[World, list[Holder]], db: None) -> list[Holder]:
    return standing[1]


@pytest.mark.parametrize(
    ("name", "pattern"), SITE, ids=[f"{name} {pattern.pattern}" for name, pattern in SITE]
)
def test_every_address_says_who_may_open_it(name: str, pattern: URLPattern) -> None:
    assert declared_policy(pattern.callback) or name in BY_URL_NAME, (
        f"{name} declares no policy: decorate its view with public, signed_in or requires of bakhong.accounts.access"
    )


def test_every_address_of_ours_has_a_row() -> None:
    written = {row.name for row in ROWS}
    ours = [name for name, _ in SITE if name.partition(":")[0] in OURS]
    assert len(ours) > 40
    assert [name for name in ours if name not in written] == []


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_gets_what(row: Row, world: World, holders: list[Holder]) -> None:
    address = reverse(row.name, kwargs=row.arguments(world))
    wrong = []
    for holder in [None, *holders]:
        status, text = ask(row.method, address, holder, row.data)
        if status not in row.expected(holder):
            wrong.append(f"{holder or 'stranger'}: {status}, not {sorted(row.expected(holder))}")
        if row.scope == "unit" and (holder is None or holder.where == "away"):
            assert "CANARY NHÀ" not in text, f"{holder} reads what is at home"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_of_a_unit_answers_a_foreigner(method: str, world: World, holders: list[Holder]) -> None:
    """Needs no row: every address with a `unit` in it is found by itself."""
    addresses = [
        (name, "/" + _fill(pattern, world)) for name, pattern in _full_patterns() if "<uuid:unit>" in pattern
    ]
    assert addresses
    foreigners = [each for each in holders if each.where == "away"]
    answers = {
        (name, str(each)): status
        for name, address in addresses
        for each in foreigners
        for status, text in [ask(method, address, each, {})]
        if status not in (404, 405) or "CANARY NHÀ" in text
    }
    assert not answers


def ask(method: str, address: str, holder: Holder | None, data: Any) -> tuple[int, str]:
    """Status and text of the answer; whatever it wrote is taken back."""
    client = Client(raise_request_exception=True)
    client.handler = HANDLER
    if holder is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = holder.session
    with transaction.atomic():
        response = getattr(client, method)(address, data)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = content.decode(errors="replace") + str(response.headers)
        transaction.set_rollback(True)
    return response.status_code, text


def _full_patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _full_patterns(entry, prefix + str(entry.pattern))
        else:
            yield str(entry.name), prefix + str(entry.pattern)


def _fill(pattern: str, world: World) -> str:
    address = pattern.replace("<uuid:unit>", str(world.home["commune"].uuid))
    while "<" in address:
        start, end = address.index("<"), address.index(">")
        kind = address[start + 1 : end].partition(":")[0]
        address = address[:start] + (str(UUID(int=1)) if kind == "uuid" else "1") + address[end + 1 :]
    return address


def test_the_matrix_can_fail(world: World, holders: list[Holder]) -> None:
    """Negative control: a row that promises too much, and one that promises too little, are found."""
    chair = next(each for each in holders if str(each) == "chair@home")
    clerk = next(each for each in holders if str(each) == "accountant@home")
    row = Row("accounts:people", may={"accountant"})
    address = reverse(row.name, kwargs=row.arguments(world))
    assert ask("get", address, chair, {})[0] not in row.expected(chair)
    assert ask("get", address, clerk, {})[0] not in row.expected(clerk)
    assert "CANARY NHÀ" in ask("get", address, chair, {})[1]
