"""Somebody comes to the desk for a confirmation of marital status: five requests from the scanned card to the slip, 16 answers.

The card is scanned (1), the procedure chosen (2), the form shown with what is known (3), the rest typed and the dossier taken in (4), the
slip shown (5). Processor time of the web process is counted in-process; waiting is measured through the real server. What was stored is
put into bare tables with the same indexes for comparison.
"""

import http.client
import os
import re
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

import psycopg

from bakhong.cli.say import say, table
from bench import Scenario
from bench.pages import serve

if TYPE_CHECKING:
    from bakhong.places.models import Unit

NEEDS_DATABASE = True
ON, FILLED = date(2026, 11, 22), datetime(2026, 11, 1, 3, tzinfo=UTC)
COMMUNE, EMAIL, RESIDENTS, RUNS = "15646", "bench.intake@example.vn", 60, 60
STEPS = ("scan", "open", "form", "receive", "slip")
TYPED = {
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "phone": "0912345678",
    "marital_status": "unmarried",
    "residence_since": "01/02/2010",
    "purpose": "marriage",
    "partner_name": "Phạm Văn Thử",
    "partner_national_id": "038090000017",
    "marriage_place": "UBND xã Thường Xuân",
    "for_whom": "self",
    "result_mode": "desk",
    "deed": "receive",
}


@dataclass
class Answer:
    status: int
    location: str
    body: str


Ask = Callable[[str, str, Mapping[str, str] | None], Answer]  # name of the step, address, what is posted


def scenarios() -> list[Scenario]:
    from bakhong.places.queries import unit_on

    commune = unit_on(COMMUNE, ON)
    assert commune is not None
    _residents(commune)
    cookie = _session(commune)
    web, database, queries, inserts = _in_process(commune, cookie)
    port = serve()
    waits: dict[str, list[float]] = defaultdict(list)
    whole = _through(port, cookie, commune, waits)
    _two_clients(whole)
    say("five requests at the desk, from the card to the slip: milliseconds, median unless said otherwise")
    rows: list[tuple[object, ...]] = [("request", "web CPU", "queries", "p50, 2 clients", "p95, 2 clients")]
    rows += [
        (
            name,
            f"{_mid(web[name]):.1f}",
            queries[name],
            f"{_mid(waits[name]):.0f}",
            f"{_p95(waits[name]):.0f}",
        )
        for name in STEPS
    ]
    every = [each for name in STEPS for each in waits[name]]
    together = sum(_mid(web[name]) for name in STEPS)
    rows.append(
        ("all five", f"{together:.1f}", sum(queries.values()), f"{_mid(every):.0f}", f"{_p95(every):.0f}")
    )
    table(rows)
    bare = _bare(inserts)
    say(f"database CPU {database:.1f} ms a journey; promised: web CPU 60, p95 200")
    say(
        f"{len(inserts)} INSERTs; bare into tables with the same indexes {bare:.1f} ms, web CPU {together / bare:.1f} times that"
    )
    _background(commune)
    return [Scenario("five requests at the desk, 2 clients", whole, promise=1000, clients=2, repeats=10)]


# --- the walk --------------------------------------------------------------------------------------------------------


def _walk(ask: Ask, commune: "Unit", number: int) -> UUID:
    """From the card to the slip; the dossier's uuid."""
    here = f"/desk/u/{commune.uuid}/tiep-nhan/"
    shown = ask("scan", here, {"scan": _card(number), "key": str(uuid4())})
    known = {name: _hidden(shown.body, name) for name in ("key", "card", "person")}
    opened = ask("open", here, {**known, "procedure": "tthn"})
    form = ask("form", opened.location, None)
    revision = _hidden(form.body, "revision")
    slip = ask("receive", opened.location, {**TYPED, "revision": revision}).location
    ask("slip", slip, None)
    return UUID(slip.split("/")[-3])


def _hidden(page: str, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)[-1]


def _checked(name: str, answer: Answer) -> Answer:
    wanted = 302 if name in ("open", "receive") else 200
    if answer.status != wanted:
        raise RuntimeError(f"{name}: {answer.status} {_words(answer.body)}")
    return answer


def _words(page: str) -> str:
    """What a refused page says."""
    problems = page[page.find("govuk-error-summary") :][:3000]
    return " ".join(re.sub("<[^>]*>", " ", problems).split())


# --- in one process: processor time and queries ------------------------------------------------------------------------


def _in_process(
    commune: "Unit", cookie: str
) -> tuple[dict[str, list[float]], float, dict[str, int], list[tuple[str, Any]]]:
    """(request → CPU ms of each run, database CPU ms a journey, request → queries, the INSERTs of one journey)."""
    from django.db import connection
    from django.test import Client

    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost", headers={"cookie": cookie})
    for pair in cookie.split("; "):
        client.cookies[pair.split("=")[0]] = pair.split("=", 1)[1]
    spent: dict[str, list[float]] = defaultdict(list)
    queries: dict[str, int] = {}
    inserts: list[tuple[str, Any]] = []

    def ask(name: str, address: str, posted: Mapping[str, str] | None) -> Answer:
        start = time.process_time()
        if posted is None:
            response = client.get(address)
        else:
            response = client.post(
                address, {**posted, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
            )
        spent[name].append((time.process_time() - start) * 1000)
        body = response.content.decode()
        return _checked(name, Answer(response.status_code, response.headers.get("Location", ""), body))

    def counting(name: str, address: str, posted: Mapping[str, str] | None) -> Answer:
        queries[name] = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            queries[name] += 1
            if sql.lstrip().startswith("INSERT"):
                inserts.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            return ask(name, address, posted)

    client.get(f"/desk/u/{commune.uuid}/tiep-nhan/")
    for number in range(10):
        _walk(ask, commune, number)
    _walk(counting, commune, 10)
    spent.clear()
    pid, before = _backend(connection), 0.0
    before = _cpu_of(pid)
    for number in range(RUNS):
        _walk(ask, commune, number)
    return spent, (_cpu_of(pid) - before) / RUNS, queries, inserts


def _backend(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(pid)


def _cpu_of(pid: int) -> float:
    """Milliseconds a process has used so far; nan where the database is on another machine."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return float("nan")
    user, system = path.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


# --- through the server ------------------------------------------------------------------------------------------------


def _through(port: int, cookie: str, commune: "Unit", waits: dict[str, list[float]]) -> Callable[[], UUID]:
    local, numbers = threading.local(), count()

    def ask(name: str, address: str, posted: Mapping[str, str] | None) -> Answer:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        token = cookie.split("csrftoken=")[1].split(";")[0]
        body = urlencode({**posted, "csrfmiddlewaretoken": token}) if posted is not None else None
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        start = time.perf_counter()
        local.connection.request("GET" if body is None else "POST", address, body, headers)
        answer = local.connection.getresponse()
        content = answer.read().decode()
        waits[name].append((time.perf_counter() - start) * 1000)
        return _checked(name, Answer(answer.status, answer.getheader("Location") or "", content))

    return lambda: _walk(ask, commune, next(numbers))


def _two_clients(run: Callable[[], UUID]) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _each: [run() for _time in range(RUNS // 2)], range(2)))


# --- beside it ---------------------------------------------------------------------------------------------------------


def _bare(inserts: list[tuple[str, Any]]) -> float:
    """Milliseconds of the same INSERTs into temporary tables with the same indexes, without guards, walls and keys between them."""
    names = {re.search(r'INTO "?(\w+)', sql)[1] for sql, _params in inserts}  # type: ignore[index]
    times = []
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        for name in names:
            owner.execute(f'CREATE TEMP TABLE "{name}" (LIKE public."{name}" INCLUDING ALL)'.encode())
        owner.commit()
        for _each in range(20):
            start = time.perf_counter()
            for sql, params in inserts:
                owner.execute(sql.encode(), params)
            times.append((time.perf_counter() - start) * 1000)
            owner.rollback()
    return _mid(times)


def _background(commune: "Unit") -> None:
    """What is left to do after the answers: the receipt as PDF, and the seal of the journey's part of the trail."""
    from bakhong.audit.actions import seal
    from bakhong.core.actor import OPERATOR
    from bakhong.dossiers.models import Dossier
    from bakhong.dossiers.writing.slips import receipt_pdf
    from bakhong.people import scope

    at, papers, seals = datetime.now(UTC), [], []
    with scope.seeing(OPERATOR):
        rows = list(Dossier.objects.filter(village=commune, procedure="1.004873", state="received")[:21])
        for row in rows:
            start = time.process_time()
            receipt_pdf(row, at=at)
            papers.append((time.process_time() - start) * 1000)
    start = time.process_time()
    count = seal(at=at)
    seals.append((time.process_time() - start) * 1000 / max(count, 1))
    say(
        f"background CPU: receipt as PDF {_mid(papers[1:]):.1f} ms (the first {papers[0]:.0f}), sealing {seals[0]:.2f} ms an event; "
        "promised 150"
    )


def _mid(times: list[float]) -> float:
    return statistics.median(times)


def _p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


# --- who is there ------------------------------------------------------------------------------------------------------


def _number(number: int) -> str:
    return f"038190{number % RESIDENTS + 800001:06d}"


def _name(number: int) -> str:
    return f"Lê Thị Th{'ưửứừữ'[number % 5]} {chr(65 + number % RESIDENTS // 5)}"


def _card(number: int) -> str:
    return f"{_number(number)}|172345678|{_name(number)}|15031990|Nữ|Thôn Thử, Thường Xuân|01052021"


def _residents(commune: "Unit") -> None:
    from bakhong.core.actor import OPERATOR
    from bakhong.people import scope
    from bakhong.people.actions import add_person
    from bakhong.people.models import Source

    with scope.seeing(OPERATOR):
        for number in range(RESIDENTS):
            said = {
                "name": _name(number),
                "national_id": _number(number),
                "birth": "1990-03-15",
                "sex": "female",
                "address": "Thôn Thử",
            }
            key = uuid5(commune.uuid, f"bench/desk/{number}")
            add_person(village=commune, values=said, source=Source.CARD, by=OPERATOR, at=FILLED, uuid=key)


def _session(commune: "Unit") -> str:
    """The cookies of an officer at the commune's desk, who has seen one page."""
    from django.test import Client

    from bakhong.accounts.models import Assignment, User

    user = User.objects.filter(email=EMAIL).first() or User.objects.create_user(
        EMAIL, None, name="Bench desk"
    )
    Assignment.objects.get_or_create(
        user=user, role="one_stop_officer", place=commune, defaults={"valid_from": date(2025, 7, 1)}
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if client.get(f"/desk/u/{commune.uuid}/tiep-nhan/").status_code != 200:
        raise RuntimeError("the desk's first page does not open")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
