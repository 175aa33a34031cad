"""A portal that stands in for the national one (or a provincial system) in tests and demos, on this machine only.

Between it and us the network may lose a request or its answer, repeat, reorder, answer 500 or a page of HTML; `Faults` says how often,
from a seed. The portal itself keeps the contract of README.md: a key is done once, and of each dossier the highest number holds.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 3  # dossiers an answer
KINDS = ("lose_request", "lose_answer", "repeat", "reorder", "error", "html", "redirect", "stale")


@dataclass
class Faults:
    """`rate`: how many requests of a hundred meet one. `met` counts them by kind."""

    seed: int = 0
    rate: int = 0
    met: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 (to be repeated, not to be secret)

    def next(self) -> str:
        if self.random.randrange(100) >= self.rate:
            return ""
        kind = self.random.choice(KINDS)
        self.met[kind] = self.met.get(kind, 0) + 1
        return kind


@dataclass
class Portal:
    """What the other side knows. `declined`: codes of dossiers it takes nothing of."""

    faults: Faults = field(default_factory=Faults)
    token: str = "token"  # noqa: S105 (of a simulator)
    filed: list[dict[str, Any]] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    results: dict[str, list[str]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    out_of_order: list[str] = field(default_factory=list)
    late: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def file(self, item: Mapping[str, Any]) -> None:
        """Somebody files a dossier there."""
        self.filed.append(dict(item))
        self.states[str(item["MaHoSo"])] = 1

    def change(self, code: str, papers: Sequence[Mapping[str, Any]] = (), **fields: Any) -> None:
        """Its applicant does something there later: the dossier stands in the list once more, as it is now, one writing further."""
        last = next(each for each in reversed(self.filed) if each["MaHoSo"] == code)
        told = {**last, "TrangThaiHoSo": self.states[code]} | fields
        told["LanCapNhat"] = int(last.get("LanCapNhat", 1)) + 1
        told["DanhSachTaiLieuNop"] = [*last.get("DanhSachTaiLieuNop", ()), *papers]
        self.filed.append(told)
        self.states[code] = int(told["TrangThaiHoSo"])

    def let_late_ones_arrive(self) -> None:
        """What the network held back comes now, in any order."""
        held, self.late = self.late, []
        self.faults.random.shuffle(held)
        for path, key, body in held:
            self.receive(path, key, body)

    def receive(self, path: str, key: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        code, number = str(body.get("MaHoSo")), int(body.get("SoThuTu", 0))
        if code in self.declined:
            return 422, {"Loi": "HOSO_KHOA"}
        if key in self.done:
            return 200, {"DaNhan": key}
        self.done.add(key)
        if number < self.numbers.get(code, 0):
            self.out_of_order.append(code)
        self.numbers[code] = max(number, self.numbers.get(code, 0))
        self.states[code] = int(body["TrangThaiHoSo"])
        if path.endswith("ket-qua"):
            papers = body["DanhSachGiayToKetQua"]
            self.results.setdefault(code, []).extend(each["MaGiayToKetQua"] for each in papers)
        return 200, {"DaNhan": key}

    def give(self, cursor: str, fault: str = "") -> dict[str, Any]:
        start = int(cursor) if cursor.isdigit() else 0
        if fault == "stale":  # an older answer, from somewhere on the way
            start = self.faults.random.randrange(start + 1)
        found = self.filed[start : start + PAGE]
        end = start + len(found)
        if fault == "repeat":
            found = [*found, *found]
        if fault == "reorder":
            found = self.faults.random.sample(found, len(found))
        return {"HoSo": found, "ViTri": str(end)}


class Simulator:
    """`with Simulator(portal) as url:` serves it on a free port of the loopback."""

    def __init__(self, portal: Portal) -> None:
        lock = threading.Lock()

        class Handler(_Handler):
            def do_GET(self) -> None:
                with lock:
                    self.serve(portal)

            def do_POST(self) -> None:
                self.do_GET()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing personal into a test's output."""

    def serve(self, portal: Portal) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        if self.headers.get("Authorization") != f"Bearer {portal.token}":
            self._say(401, b"{}")
            return
        fault = portal.faults.next()
        if fault == "lose_request":
            return  # the connection ends without a word
        if fault in ("error", "html", "redirect"):
            self._spoil(fault)
            return
        key = self.headers.get("Idempotency-Key", "")
        if self.command == "POST" and fault == "reorder":
            portal.late.append((self.path, key, body))
            return
        status, said = self._done(portal, key, body, fault)
        if fault != "lose_answer":
            self._say(status, json.dumps(said).encode())

    def _done(self, portal: Portal, key: str, body: dict[str, Any], fault: str) -> tuple[int, dict[str, Any]]:
        address = urlsplit(self.path)
        if self.command == "POST":
            if fault in ("repeat", "stale"):
                portal.late.append((self.path, key, body))
            return portal.receive(address.path, key, body)
        if address.path.endswith("ho-so-moi"):
            return 200, portal.give(parse_qs(address.query).get("sau", [""])[0], fault)
        return 200, {"KetQua": "duoc"}

    def _spoil(self, fault: str) -> None:
        if fault == "error":
            self._say(500, b'{"DaNhan": "no"}')
        elif fault == "redirect":
            self._say(302, b"", ("Location", "http://127.0.0.1:9/"))
        else:
            self._say(200, "<html>Xin chào! Bấm để vào mạng.</html>".encode(), ("Content-Type", "text/html"))

    def _say(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
