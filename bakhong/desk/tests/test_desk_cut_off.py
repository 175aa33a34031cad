"""The desk when nothing outside answers: no Internet, no register, no mail, no other system. A number is given all the same, within 2 s."""

import socket
from collections.abc import Collection, Iterator
from time import process_time
from typing import Any

import pytest
from django.test import Client

from bakhong.desk.tests.casework import UNKNOWN, opened, stored, text
from bakhong.dossiers.adapters import registry
from bakhong.dossiers.models import Dossier, Sending
from bakhong.people import registers as ports
from bakhong.people.models import Person
from bakhong.places.models import Unit

DEAD = "http://127.0.0.1:9"
pytestmark = pytest.mark.usefixtures("shipped_forms")


class Unreachable:
    """A register behind the cable that was pulled out."""

    code = "population"
    name = "Dân cư"
    keys = frozenset({"person.full_name", "person.birth", "person.ethnicity"})
    is_local = False

    def lookup(self, national_id: str, keys: Collection[str]) -> Any:
        with socket.create_connection(("192.0.2.1", 443), timeout=1):
            return ports.NOT_FOUND

    def check(self) -> ports.Check:
        return ports.Check(False, "")


@pytest.fixture
def tried(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Everything outside is set up and nothing of it answers; gives the addresses that were tried."""
    tries: list[Any] = []

    def refuse(_socket: socket.socket, address: Any) -> None:
        tries.append(address)
        raise OSError(101, "Network is unreachable")

    settings.REGISTERS = {"population": f"{__name__}.Unreachable"}
    settings.EXCHANGES = {
        code: {"url": DEAD, "token": "x", "adapter": "bakhong.dossiers.adapters.national.http.HttpExchange"}
        for code in ("national", "provincial")
    }
    settings.SIGNING = {**settings.SIGNING, "tsa": DEAD, "smartca_url": DEAD}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for each in (ports._made, registry._made):
        each.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield tries
    ports._quiet_until.clear()
    for each in (ports._made, registry._made):
        each.cache_clear()


def test_a_number_is_given_within_two_seconds(
    officer: Client, lady: Person, thuong_xuan: Unit, tried: list[Any]
) -> None:
    form = opened(officer, thuong_xuan)["Location"]
    since = process_time()  # nothing outside answers, so that there is nothing to wait for but this process
    answer = officer.post(form, {**UNKNOWN, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    slip = text(officer.get(answer["Location"]))
    seconds = process_time() - since
    (dossier,) = stored(Dossier)
    assert (dossier.state, dossier.code in slip) == ("received", True)
    assert "<svg" in slip
    assert seconds <= 2, seconds
    assert ("192.0.2.1", 443) in tried  # negative control: the register was asked, and was out of reach
    assert stored(Sending)  # what other systems are to hear waits, and nobody waits for it
    assert all(each.state != "done" for each in stored(Sending))
