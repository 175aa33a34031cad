"""Starting the child that parses a file, without trusting it: a deadline and a limit on what it sends."""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO, Any

from .refusals import REASONS, Unreadable

MAX_ANSWER = 64 * 1024 * 1024
MAX_WALL_SECONDS = 18.0  # the child's own alarm rings before
# Each child may hold 200 MB.
_SLOTS = threading.BoundedSemaphore(3)
_SLOT_SECONDS = 20.0
# Whoever comes by with a file to be verified takes no slot from those who hand something in, and does not wait.
_PASSING_BY = threading.BoundedSemaphore(1)

_KILLED_BY = {
    signal.SIGPROF: "too_slow",
    signal.SIGALRM: "too_slow",
    signal.SIGKILL: "too_slow",
    signal.SIGABRT: "too_heavy",  # Rust's answer to a refused allocation
    signal.SIGXFSZ: "damaged",
    signal.SIGSEGV: "damaged",
}


def parse_in_child(
    container: str, file: IO[bytes], arguments: Sequence[str] = (), *, is_passing_by: bool = False
) -> dict[str, Any]:
    """The child's answer about `file`, a real file of the operating system.

    `is_passing_by`: for anybody from the street; one at a time, refused at once while another is looked at.

    Raises: Unreadable.
    """
    slots, wait = (_PASSING_BY, 0.0) if is_passing_by else (_SLOTS, _SLOT_SECONDS)
    if not slots.acquire(timeout=wait):
        raise Unreadable("verifying" if is_passing_by else "busy")
    try:
        answer = _run(container, file, arguments)
    finally:
        slots.release()
    if "bad" in answer:
        code = answer["bad"]
        raise Unreadable(code if code in REASONS else "damaged", answer.get("values"))
    return answer


def _run(container: str, file: IO[bytes], arguments: Sequence[str]) -> dict[str, Any]:
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # the child shares the descriptor, not our buffer
    child = subprocess.Popen(
        [sys.executable, "-I", "-m", "bakhong.documents.parsers.child", container, *arguments],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        close_fds=True,
    )
    with child:
        assert child.stdout is not None
        try:
            sent = _read(child.stdout, time.monotonic() + MAX_WALL_SECONDS)
        finally:
            if child.poll() is None:
                _end(child)
    return _answer(child.returncode, sent)


def _read(pipe: IO[bytes], deadline: float) -> bytes | None:
    """All that comes before the deadline; None when it is late or too much."""
    sent = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            chunk = os.read(pipe.fileno(), 1 << 20)
            if not chunk:
                return bytes(sent)
            sent += chunk
            if len(sent) > MAX_ANSWER:
                return None
    return None


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(0.2)  # it has closed its pipe and is on its way out
    except subprocess.TimeoutExpired:
        child.kill()


def _answer(status: int, sent: bytes | None) -> dict[str, Any]:
    if status < 0:
        return {"bad": _KILLED_BY.get(signal.Signals(-status), "damaged")}
    if status or sent is None:
        return {"bad": "damaged"}
    try:
        answer: dict[str, Any] = json.loads(sent)
    except ValueError:
        return {"bad": "damaged"}
    return answer
