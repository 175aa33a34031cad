"""`bakhong units show`: a unit on a day, what it lies in and holds, what it was made from and what became of it."""

import argparse
from datetime import date
from typing import Any

from bakhong.cli.database import database, now
from bakhong.cli.say import json_option, print_json, say, warn
from bakhong.core.days import day_before, day_of, parse_day
from bakhong.core.numbers import format_day
from bakhong.places.rules.naming import in_sentence

UNKNOWN_START = "không rõ từ ngày"


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("units", help="đơn vị hành chính theo thời gian")
    commands = parser.add_subparsers(metavar="VIỆC", required=True)
    show = commands.add_parser("show", help="một đơn vị vào một ngày")
    show.add_argument("code", metavar="MÃ")
    show.add_argument("--on", metavar="NGÀY", type=_day, help="ngày cần xem (mặc định: hôm nay)")
    json_option(show)
    show.set_defaults(run=run_show)


def run_show(arguments: argparse.Namespace) -> int:
    with database():
        document = describe(arguments.code.strip(), arguments.on or day_of(now()))
    if arguments.json:
        print_json(document)
    else:
        _print(document)
    for note in document["notes"]:
        warn(note)
    return 0


def describe(code: str, on: date) -> dict[str, Any]:
    """The JSON of `units show`: parents from the nearest up; periods end on the day `valid_to`, which is excluded.

    Raises: NotFound.
    """
    from bakhong.places import queries

    shown = queries.as_of(code, on)
    unit = shown.unit
    notes = []
    if shown.has_ended and unit.valid_to:
        notes.append(
            f"Mã {code} không còn là {in_sentence(unit.full_name)} từ ngày {format_day(unit.valid_to)}; "
            f"đây là thông tin đến hết ngày {format_day(shown.on)}."
        )
    if unit.valid_from is None:
        notes.append("Các đơn vị trước ngày 01/07/2025 là một bản chụp: không rõ có từ ngày nào.")
    return {
        **_brief(unit),
        "valid_to": unit.valid_to,
        "level": unit.level,
        "on": on,
        "shown_on": shown.on,
        "parents": [_brief(above) for above in queries.ancestors(unit, shown.on)],
        "children": [_brief(child) for child in queries.children(unit, shown.on)],
        "predecessors": [{**_brief(row.predecessor), **_step(row)} for row in queries.predecessors(unit)],
        "successors": [{**_brief(row.successor), **_step(row)} for row in queries.successors(unit)],
        "notes": notes,
    }


def _brief(unit: Any) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "valid_from": unit.valid_from,
        "full_name": unit.full_name,
    }


def _step(row: Any) -> dict[str, Any]:
    """`is_default_successor` is the source's hint for addresses, never an attribution."""
    return {"on": row.on, "extent": row.extent, "is_default_successor": row.is_default_successor}


def _print(document: dict[str, Any]) -> None:
    say(f"{document['full_name']} (mã {document['code']}), vào ngày {format_day(document['shown_on'])}")
    say(f"Có hiệu lực: {_period(document['valid_from'], document['valid_to'])}")
    _list("Thuộc", document["parents"])
    _list("Gồm", document["children"])
    _list("Lập từ", document["predecessors"])
    _list("Thành", document["successors"])


def _list(title: str, units: list[dict[str, Any]]) -> None:
    if units:
        say(f"{title} ({len(units)}):")
    for unit in units:
        extent = {"whole": ", toàn bộ", "part": ", một phần"}.get(unit.get("extent", ""), "")
        on = f", ngày {format_day(unit['on'])}" if "on" in unit else ""
        say(f"  {unit['code']}  {unit['full_name']}{extent}{on}")


def _period(start: date | None, end: date | None) -> str:
    since = f"từ ngày {format_day(start)}" if start else UNKNOWN_START
    return f"{since}, đến hết ngày {format_day(day_before(end))}" if end else f"{since} đến nay"


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"“{text}” không phải một ngày, ví dụ 2025-05-06 hoặc 06/05/2025")
    return day
