"""How long the program takes to start: the floor under every command that must answer within 2 s."""

import subprocess
import sys

from bench import Scenario


def _help() -> None:
    subprocess.run(
        [sys.executable, "-m", "bakhong.cli.main", "--help"], check=True, stdout=subprocess.DEVNULL
    )


def scenarios() -> list[Scenario]:
    return [Scenario("bakhong --help, a new process", _help, promise=500, repeats=10)]
