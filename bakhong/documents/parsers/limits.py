"""The walls around a parser: memory, processor time, files, network. Built before the child sees the file."""

import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MAX_MEMORY = 200 * 1024 * 1024  # resident, the program itself included
MAX_WALL_SECONDS = 15.0

_BASE_SECONDS = 1.4  # processor time for any file, so that a hostile small one is refused within 2 s
_SECONDS_PER_MEGABYTE = 1.5
MAX_SECONDS = 10.0

# Not "socket.": asyncio, which pyHanko runs on, makes itself a pair that goes nowhere.
_FORBIDDEN = (
    *("socket.connect", "socket.bind", "socket.send", "socket.get", "subprocess.", "os.exec", "os.fork"),
    *("os.system", "os.posix_spawn", "os.remove", "os.rename"),
)


def cpu_seconds(size: int) -> float:
    """The processor time that a file of `size` bytes may take.

    >>> cpu_seconds(30_000) < 1.5, cpu_seconds(20_000_000)
    (True, 10.0)
    """
    return min(MAX_SECONDS, _BASE_SECONDS + size / 1e6 * _SECONDS_PER_MEGABYTE)


def extend(seconds: float) -> None:
    """Grants a confined process more processor time for work it has shown to have, MAX_SECONDS in all at most."""
    left, _ = signal.getitimer(signal.ITIMER_PROF)
    allowed = MAX_SECONDS - time.process_time()
    if left and allowed > left:
        signal.setitimer(signal.ITIMER_PROF, min(allowed, left + seconds))


def confine(seconds: float) -> None:
    """Bound this process for the rest of its life; `seconds` of processor time from now on.

    Address space is limited so that what is resident cannot exceed MAX_MEMORY. The timers end the process by
    their signals' default action, also inside C code.
    """
    mapped, resident = (
        int(pages) * resource.getpagesize() for pages in Path("/proc/self/statm").read_text().split()[:2]
    )
    ceiling = MAX_MEMORY + mapped - resident
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, MAX_WALL_SECONDS)
    os.nice(5)
    tempfile.tempdir = (
        os.devnull
    )  # a library that looks for a place to write would leave its trial file behind
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
