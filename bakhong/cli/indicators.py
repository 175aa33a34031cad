"""`bakhong indicators`: every indicator of a unit and of the units below it, published and counted; and counting anew."""

import argparse
from dataclasses import asdict
from datetime import date
from typing import Any

from bakhong.cli.database import database, now
from bakhong.cli.say import json_option, print_json, say, table, warn
from bakhong.core.days import day_of, parse_day
from bakhong.core.numbers import format_day, format_decimal, format_int


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("indicators", help="chỉ tiêu và số liệu")
    commands = parser.add_subparsers(metavar="VIỆC", required=True)
    show = commands.add_parser("show", help="mọi chỉ tiêu của một đơn vị và các đơn vị bên dưới")
    show.add_argument("--unit", metavar="MÃ", required=True, help="mã đơn vị hành chính")
    show.add_argument("--on", metavar="NGÀY", type=day_argument, help="ngày cần xem (mặc định: hôm nay)")
    show.add_argument(
        "--boundaries", metavar="NGÀY", type=day_argument, help="xem theo ranh giới hành chính của ngày này"
    )
    json_option(show)
    show.set_defaults(run=run_show)
    recompute = commands.add_parser("recompute", help="tính lại số liệu từ danh sách người dân")
    recompute.add_argument(
        "--verify", action="store_true", help="chỉ đối chiếu, không ghi gì; khác nhau thì thoát với mã 1"
    )
    json_option(recompute)
    recompute.set_defaults(run=run_recompute)


def run_show(arguments: argparse.Namespace) -> int:
    on = arguments.on or day_of(now())
    with database():
        document, notes = describe(arguments.unit.strip(), on, arguments.boundaries)
    if arguments.json:
        print_json(document)
    else:
        _print(document)
    for note in notes:
        warn(note)
    return 0


def run_recompute(arguments: argparse.Namespace) -> int:
    """Exits 1 where `--verify` finds a difference."""
    with database():
        from bakhong.core.actor import OPERATOR
        from bakhong.indicators.actions.recompute import rebuild
        from bakhong.indicators.actions.verifying import verify

        if not arguments.verify:
            rebuild(by=OPERATOR, at=now())
        found = verify(by=OPERATOR)
    document = {"cells": found.cells, "differences": [asdict(each) for each in found.differences]}
    if arguments.json:
        print_json(document)
    else:
        say(f"Đã đối chiếu {format_int(found.cells)} ô số liệu, {len(found.differences)} chỗ khác nhau.")
        for each in found.differences:
            say(
                f"  {each.what} {each.subject} {each.day or ''}: đang ghi {each.stored}, phải là {each.expected}"
            )
    if found.differences and arguments.verify:
        warn(
            "Số liệu đang ghi khác với danh sách người dân. Chạy “bakhong indicators recompute” để tính lại."
        )
    return 0 if found.is_ok else 1


def describe(code: str, on: date, boundaries: date | None) -> tuple[dict[str, Any], list[str]]:
    """The JSON of `indicators show`, and what to say beside it.

    The code names the unit of the day of the boundaries, else of `on`.

    Raises: NotFound.
    """
    from bakhong.indicators.queries import overview
    from bakhong.places.queries import as_of

    shown = as_of(code, boundaries or on)
    notes = []
    if shown.has_ended and shown.unit.valid_to:
        notes.append(
            f"{shown.unit.full_name} (mã {code}) đã sắp xếp lại từ ngày {format_day(shown.unit.valid_to)}; đây là số liệu của đơn vị cũ."
        )
    ground = boundaries or (shown.on if shown.has_ended else None)
    rows = overview(shown.unit, on=on, boundaries=ground)
    document = {
        "unit": code,
        "unit_name": shown.unit.full_name,
        "on": on,
        "boundaries": boundaries,
        "rows": [_row(row) for row in rows]
        + _computed_rows(shown.unit, on, ground)
        + _paid_rows(shown.unit, on, ground),
    }
    return document, notes


def _row(row: Any) -> dict[str, Any]:
    sources = dict.fromkeys(figure.report_title for figure in row.figures)
    return {
        "unit": row.unit.code,
        "unit_name": row.unit.name,
        "indicator": row.rule.indicator,
        "stage": row.rule.stage or None,
        "population": row.rule.population or None,
        "numerator": row.value.numerator,
        "denominator": row.value.denominator,
        "percent": row.value.percent,
        "printed_percent": row.value.printed,
        "qualifier": row.value.qualifier or None,
        "as_of": row.when.end,
        "as_of_kind": row.when.kind,
        "as_of_text": row.when.text,
        "target": row.target.percent if row.target else None,
        "target_value": row.target.value if row.target else None,
        "target_by": row.target.by_date if row.target else None,
        "cover": row.cover.text if row.cover else None,
        "source": "; ".join(sources) or None,
    }


def _computed_rows(unit: Any, on: date, boundaries: date | None) -> list[dict[str, Any]]:
    """What the roll counts in the unit and in the units below it, in the registry's order."""
    from bakhong.accounts.ground import map_day
    from bakhong.indicators.queries.counted import counted
    from bakhong.places.queries import children

    units = [unit, *children(unit, map_day(unit, on, boundaries))]
    found = counted([each.pk for each in units], on, boundaries=boundaries)
    return [
        {
            "unit": each.code,
            "unit_name": each.full_name,
            "indicator": key.indicator,
            "stage": key.stage or None,
            "population": key.population,
            "numerator": count.numerator,
            "denominator": count.denominator,
            "percent": count.percent(),
            "printed_percent": None,
            "qualifier": None,
            "as_of": on,
            "as_of_kind": "counted",
            "as_of_text": f"đếm ngày {format_day(on)}",
            "target": None,
            "target_value": None,
            "target_by": None,
            "cover": None,
            "absent": count.absent,
            "source": "computed",
        }
        for each in units
        for (pk, key), count in found.items()
        if pk == each.pk
    ]


def _paid_rows(unit: Any, on: date, boundaries: date | None) -> list[dict[str, Any]]:
    """What was paid by transfer of all that was paid for the last whole month, in the unit and in the units below it."""
    from bakhong.accounts.ground import map_day
    from bakhong.indicators.queries.paid import month_on, paid_definitions, paid_on
    from bakhong.places.queries import children

    ground = map_day(unit, on, boundaries)
    units = [unit, *children(unit, ground)]
    found = [
        (definition.code, paid.population, paid_on(units, paid, on, boundaries=ground))
        for definition, paid in paid_definitions()
    ]
    return [
        {
            "unit": each.code,
            "unit_name": each.full_name,
            "indicator": code,
            "stage": None,
            "population": population,
            "numerator": rates[each.pk].transfer_count,
            "denominator": rates[each.pk].paid_count,
            "percent": rates[each.pk].percent,
            "printed_percent": None,
            "qualifier": None,
            "as_of": on,
            "as_of_kind": "period",
            "as_of_text": f"khoản của tháng {month_on(on):%m/%Y}, trả đến {format_day(on)}",
            "target": None,
            "target_value": None,
            "target_by": None,
            "cover": None,
            "source": "computed",
        }
        for each in units
        for code, population, rates in found
        if each.pk in rates and rates[each.pk].paid_count
    ]


def _print(document: dict[str, Any]) -> None:
    from bakhong.indicators.rules.definitions import STAGES, registry

    say(f"{document['unit_name']}, ngày {format_day(document['on'])}")
    if not document["rows"]:
        say("Chưa có số liệu nào.")
        return
    lines = []
    for row in document["rows"]:
        name = (
            registry().get(row["indicator"]).name_vi if row["indicator"] in registry() else row["indicator"]
        )
        stage = f", {STAGES[row['stage']][0]}" if row["stage"] in STAGES else ""
        lines.append(
            [
                row["unit_name"],
                f"{name}{stage}",
                _value(row),
                row["as_of_text"],
                row["cover"] or "",
                "đếm từ danh sách" if row["source"] == "computed" else row["source"] or "",
            ]
        )
    table([["Đơn vị", "Chỉ tiêu", "Kết quả", "Ngày", "Phạm vi", "Nguồn"], *lines])


def _value(row: dict[str, Any]) -> str:
    counts = ""
    if row["numerator"] is not None:
        whole = f"/{format_int(row['denominator'])}" if row["denominator"] is not None else ""
        counts = f"{format_int(row['numerator'])}{whole}"
    if row["percent"] is None:
        return counts
    percent = f"{format_decimal(row['percent'])}%"
    return f"{percent} ({counts})" if counts else percent


def day_argument(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"“{text}” không phải một ngày, ví dụ 2025-05-06 hoặc 06/05/2025")
    return day
