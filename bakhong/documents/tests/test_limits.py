"""The walls around the child hold, and are what holds."""

import signal
import subprocess
import sys

import pytest

WALLED = "from bakhong.documents.parsers.limits import confine\nconfine(0.3)\n"


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=30, check=False
    )


@pytest.mark.parametrize(
    "deed",
    [
        "bytearray(250 * 1024 * 1024)",
        "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "import tempfile; tempfile.TemporaryFile().write(b'x' * 100000)",
    ],
)
def test_it_forbids_what_no_parser_needs(deed: str) -> None:
    assert "done" in run("try:\n  " + deed + "\nexcept ConnectionRefusedError: pass\nprint('done')").stdout
    assert "done" not in run(WALLED + deed + "\nprint('done')").stdout


def test_it_ends_a_parser_that_takes_too_long() -> None:
    spin = "import sys\nfor _ in range(10**7 * 5): pass\nprint('done')"
    assert run(WALLED + spin).returncode == -signal.SIGPROF
    assert run(WALLED + "print('done')").stdout == "done\n"


def test_it_grants_more_time_for_work_that_is_there() -> None:
    grant = "from bakhong.documents.parsers.limits import extend\nextend(20)\n"
    spin = "import time\nwhile time.process_time() < 0.8: pass\nprint('done')"
    assert run(WALLED + spin).returncode == -signal.SIGPROF
    assert run(WALLED + grant + spin).stdout == "done\n"


def test_the_child_starts_without_django() -> None:
    listed = run(
        "import sys; import bakhong.documents.parsers.child as child; child._parser('zip'); print(*sys.modules)"
    )
    assert "defusedxml" in listed.stdout.split()
    assert "django" not in listed.stdout.split()
