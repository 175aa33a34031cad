"""Pages through the real server (two processes, as `bakhong up` starts it), signed in, on the figures of bench/indicators.py."""

import atexit
import http.client
import os
import random
import socket
import subprocess
import threading
import time
from datetime import date
from uuid import UUID

from bakhong.cli.database import ROOT
from bakhong.cli.up import _web_server
from bench import Scenario
from bench.indicators import LAST, fill

NEEDS_DATABASE = True
EMAIL = "bench@bakhong.example"
_RANDOM = random.Random(20261122)
_LOCAL = threading.local()


def scenarios() -> list[Scenario]:
    fill()
    from bakhong.places.queries import descendants, served_unit

    province = served_unit(LAST)
    communes = [unit.uuid for unit in descendants(province, LAST, "commune")]
    cookie, port = _session(province.pk), serve()

    def get(path: str, sign_in: bool = True) -> None:
        connection = getattr(_LOCAL, "connection", None)
        if connection is None:
            connection = _LOCAL.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Cookie": cookie} if sign_in else {})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")

    def of(unit: UUID, page: str = "") -> str:
        return f"/desk/u/{unit}/{page}"

    return [
        Scenario("page: commune dashboard", lambda: get(of(_RANDOM.choice(communes))), 50, 1, 30),
        Scenario("page: commune dashboard", lambda: get(of(_RANDOM.choice(communes))), 50, 8, 12),
        Scenario("page: province league", lambda: get(of(province.uuid, "league/")), 500, 1, 10),
        Scenario("page: province league", lambda: get(of(province.uuid, "league/")), 500, 8, 5),
        Scenario("page: province dashboard", lambda: get(of(province.uuid)), 2000, 1, 3),
        Scenario("page: public front page", lambda: get("/", sign_in=False), 200, 8, 10),
    ]


def _session(place: int) -> str:
    """The cookie of somebody who may see the whole province."""
    from django.test import Client

    from bakhong.accounts.models import Assignment, User

    user = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL, None, name="Bench")
    Assignment.objects.get_or_create(
        user=user, role="province_viewer", place_id=place, defaults={"valid_from": date(2024, 1, 1)}
    )
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def serve() -> int:
    """A server of our own on a free port, ended with the bench."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "BAKHONG_POOL": "1"}
    server = subprocess.Popen(_web_server("127.0.0.1", port), cwd=ROOT, env=environment)
    atexit.register(server.terminate)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return port
    raise RuntimeError("the server did not start")
