"""How every command speaks: one JSON document or plain lines on standard output, trouble in plain sentences on standard error."""

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="in ra đúng một tài liệu JSON")


def by_option(parser: argparse.ArgumentParser) -> None:
    """For commands that change data: in whose name. Read it with `database.actor(arguments)`."""
    parser.add_argument("--by", metavar="EMAIL", help="người thực hiện; bỏ trống là người vận hành máy chủ")


def say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")


def warn(*lines: str) -> None:
    """Beside the result: on standard error, so that standard output stays one document."""
    for line in lines:
        sys.stderr.write(line + "\n")


def print_json(document: Any) -> None:
    say(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def table(rows: Iterable[Iterable[object]]) -> None:
    """Columns set apart by two spaces, each as wide as its widest cell."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, UUID):
        return str(value)
    return str(value)  # lazy translations
