"""A commune with a resident on its roll and its staff at browsers, for the journeys at the desk."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.tests.conftest import enrol
from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import taken_in
from bakhong.dossiers.models import Dossier
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.actions.detailing import record_details
from bakhong.people.models import Person
from bakhong.places.models import Unit
from tests.journeys.gates import AT_A_DESK, checked, leaving, settle

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NUMBER = "038190001234"
_SAID = {
    "name": "Lê Thị Hoá",
    "birth": "1990-03-15",
    "sex": "female",
    "national_id": NUMBER,
    "phone": "0912345678",
    "address": "Thôn 1",
}
# Keys one after the other without a pause, whatever else this machine is doing; letters land where the cursor stands.
_SCANNER = """text => { for (const key of [...text, 'Enter']) {
  const at = document.activeElement;
  const is_left = at.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
  if (is_left && key.length === 1 && 'value' in at) at.value += key; } }"""
# A browser puts the cursor where `autofocus` says with the first picture of the page, which may be after its load event.
_HAS_CURSOR = "() => !document.querySelector('[autofocus]') || document.activeElement !== document.body"
_KNOWN = {"person.ethnicity": "Kinh", "person.nationality": "Việt Nam", "marriage.status": "unmarried"}


def make_lady(commune: Unit) -> Person:
    """On the roll, and known from an earlier dossier as far as a commune knows people."""
    at = datetime.now(UTC)
    with scope.seeing(OPERATOR):
        publish_shipped(at)
        person = add_person(village=commune, values=_SAID, source="list", by=OPERATOR, at=at)
        record_details(
            person=person,
            values=_KNOWN,
            source="officer",
            origin=None,
            true_on=at.date(),
            by=OPERATOR,
            at=at,
        )
    return person


@pytest.fixture
def lady(thuong_xuan: Unit, transactional_db: None) -> Person:
    return make_lady(thuong_xuan)


@pytest.fixture
def dossier(lady: Person, thuong_xuan: Unit) -> Dossier:
    """Hers, taken in a minute ago."""
    return taken_in(client_of("one_stop_officer", thuong_xuan), thuong_xuan)


@pytest.fixture
def officer_at(
    thuong_xuan: Unit,
    live_server: Any,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> Callable[[str, int, str], tuple[Any, Callable[[str], None]]]:
    """`officer_at(role, width, journey)`: a browser that somebody of the role is signed in at, and what looks at a page.

    The look waits for the page, keeps a picture of it by the journey's and its own name, and asserts that nothing is wrong with it.
    """

    def sit(role: str, width: int, journey: str) -> tuple[Any, Callable[[str], None]]:
        page = browse(width=width)
        seat(page, client_of(role, thuong_xuan), live_server.url)

        def look(name: str) -> None:
            settle(page)
            screenshot(page, f"{journey}-{name}-{width}")
            found = checked(page, axe, AT_A_DESK)
            assert not found, (name, found)  # this module's assertions are not taken apart by pytest

        return page, look

    return sit


def client_of(role: str, commune: Unit) -> Client:
    """Somebody who holds the role there, signed in."""
    user, is_new = User.objects.get_or_create(
        email=f"{role}@example.com", defaults={"name": f"Cán bộ {role[:5]}"}
    )
    if is_new:
        Assignment.objects.create(user=user, role=role, place=commune, valid_from=date(2025, 7, 1))
        enrol(user)
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def seat(page: Any, client: Client, site: str) -> None:
    """The browser goes on as this client."""
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


class Keys:
    """The officer's hand: every key counts; a scan is one act. `waited`: seconds until the pages asked for were there."""

    def __init__(self, page: Any) -> None:
        self.page, self.keys, self.letters, self.scans, self.waited = page, 0, 0, 0, 0.0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(120)  # slower than a scanner
            self.keys += 1

    def leave(self, key: str) -> None:
        """A key that leads to another page."""
        self._wait(lambda: self.press(key))

    def type(self, text: str) -> None:
        self.page.wait_for_function(_HAS_CURSOR)
        self.page.keyboard.type(text, delay=90)
        self.keys += len(text)
        self.letters += len(text)

    def scan(self, text: str) -> None:
        self._wait(lambda: self.page.evaluate(_SCANNER, text))
        self.scans += 1

    def _wait(self, act: Callable[[], None]) -> None:
        """Until the page that the act leads to is there and the cursor stands in it: keys pressed earlier would go nowhere."""
        self.page.wait_for_function(_HAS_CURSOR)
        since = monotonic()
        with leaving(self.page):
            act()
        self.page.wait_for_function(_HAS_CURSOR)
        self.waited += monotonic() - since

    @property
    def seconds(self) -> float:
        """By the keystroke-level model: 0.28 s a key, 3 s to reach for the card, 1.35 s of thought before each of them; and the waiting."""
        return (0.28 + 1.35) * self.keys + (3.0 + 1.35) * self.scans + self.waited

    @property
    def spent(self) -> str:
        return f"{self.keys} keys, {self.letters} letters, {self.scans} scans, {self.seconds:.0f} s"
