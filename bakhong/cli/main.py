"""The program `bakhong`. Each module of this package with a `register(subparsers)` is a group of commands.

A command's function takes the parsed arguments and returns the exit status: 0 done, 1 the input or the data is wrong, 2 wrong usage.
It imports Django and the rooms inside itself, so that commands without a database answer at once.
"""

import argparse
import importlib
import os
import pkgutil
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import FrameType
from typing import NoReturn, cast

import bakhong.cli
from bakhong.cli.say import warn
from bakhong.core.errors import Refusal

Run = Callable[[argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        # A name from the command line may be no UTF-8; it is shown escaped.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        try:
            return _run(words)
        finally:
            sys.stdout.flush()  # here, where a reader that has left can still be met with silence
    except BrokenPipeError:
        # Whoever read us has left. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _run(words: Sequence[str] | None) -> int:
    arguments = parser().parse_args(words)
    try:
        return cast(Run, arguments.run)(arguments)
    except Refusal as refusal:
        warn(str(refusal))
    except UnicodeEncodeError:
        warn("Tham số có ký tự không phải UTF-8; hãy gõ lại.")
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception:
        warn(f"Có lỗi ngoài dự kiến, lệnh đã dừng.{_note_trouble(traceback.format_exc())}")
    return 1


def parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog="bakhong", description="Ba Không: dịch vụ công không khai lại, không tiền mặt, không phải đến."
    )
    groups = top.add_subparsers(metavar="LỆNH", required=True, parser_class=_Parser)
    for module in pkgutil.iter_modules(bakhong.cli.__path__):
        register = getattr(importlib.import_module(f"bakhong.cli.{module.name}"), "register", None)
        if register is not None:
            register(groups)
    return top


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"Lệnh chưa đúng: {message}\nXem cách dùng: {self.prog} --help\n")


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Leave by the ordinary way out, so that whatever the command started is stopped."""
    raise SystemExit(128 + number)


def _note_trouble(trace: str) -> str:
    """Write the traceback where the operator can find it; returns the sentence that says where."""
    from bakhong.cli.database import data_folder

    try:
        log = data_folder() / "logs"
        log.mkdir(parents=True, exist_ok=True)
        with (log / "bakhong.log").open("a") as file:
            file.write(f"{datetime.now(UTC).isoformat()}\n{trace}\n")
    except OSError:
        return f" {trace.splitlines()[-1]}"
    return f" Chi tiết ghi ở {log / 'bakhong.log'}."


if __name__ == "__main__":
    sys.exit(main())
