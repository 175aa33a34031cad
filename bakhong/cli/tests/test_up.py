"""`bakhong up` from start to Ctrl-C."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bakhong.cli import embedded
from bakhong.cli.up import _refuse_demo_beyond_loopback, _refuse_taken
from bakhong.core.errors import Refusal

PROGRAM = [sys.executable, "-m", "bakhong.cli.main"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(f"/tmp/bakhong-up-{os.getpid()}-{time.monotonic_ns()}")
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


def environment(data: Path) -> dict[str, str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("BAKHONG_", "DATABASE_"))}
    return {**ours, "BAKHONG_DATA": str(data)}


def start(data: Path, port: int) -> "subprocess.Popen[str]":
    service = subprocess.Popen(
        [*PROGRAM, "up", "--port", str(port)], env=environment(data), stdout=subprocess.PIPE, text=True
    )
    assert service.stdout is not None
    said = service.stdout.readline()
    assert f"http://127.0.0.1:{port}" in said
    return service


def processes_of(data: Path) -> list[str]:
    """Command lines of the processes that were started for this folder."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            text = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            if re.search(re.escape(os.fsencode(data)) + rb"[\0/]", text):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def test_it_serves_is_shared_and_leaves_nothing(data: Path) -> None:
    port = free_port()
    service = start(data, port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.read() == b"ok"
    beside = subprocess.run(
        [*PROGRAM, "doctor", "--json"], env=environment(data), capture_output=True, check=False
    )
    database = next(c for c in json.loads(beside.stdout)["checks"] if c["name"] == "database")
    assert database["ok"], database
    assert embedded.is_running(data)
    assert len(processes_of(data)) > 4
    service.send_signal(signal.SIGINT)
    assert service.wait(30) == 0
    assert processes_of(data) == []


def test_it_stops_when_a_part_dies(data: Path) -> None:
    service = start(data, free_port())
    worker = next(
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and _is_worker_of(folder, service.pid)
    )
    os.kill(worker, signal.SIGKILL)
    assert service.wait(30) == 1
    assert processes_of(data) == []


def _is_worker_of(folder: Path, parent: int) -> bool:
    try:
        status = (folder / "status").read_text()
        return f"PPid:\t{parent}\n" in status and b"procrastinate" in (folder / "cmdline").read_bytes()
    except OSError:
        return False


def test_a_port_in_use_is_a_plain_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refusal, match="--port"):
            _refuse_taken("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_is_none(port: int) -> None:
    with pytest.raises(Refusal, match="không hợp lệ"):
        _refuse_taken("127.0.0.1", port)


def test_the_demo_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAKHONG_HOSTS", raising=False)
    _refuse_demo_beyond_loopback("127.0.0.1")
    for host in ("0.0.0.0", "192.168.1.5", "::"):
        with pytest.raises(Refusal, match="dùng thử"):
            _refuse_demo_beyond_loopback(host)
    monkeypatch.setenv("BAKHONG_HOSTS", "127.0.0.1,ubnd.example.vn")
    with pytest.raises(Refusal, match="dùng thử"):
        _refuse_demo_beyond_loopback("127.0.0.1")


def test_a_folder_that_held_the_demo_never_serves_others(data: Path) -> None:
    (data / "secrets").mkdir(parents=True)
    (data / "secrets" / "demo.json").write_text("[]")
    done = subprocess.run(
        [*PROGRAM, "up", "--host", "0.0.0.0", "--port", str(free_port())],
        env=environment(data), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "dùng thử" in done.stderr
