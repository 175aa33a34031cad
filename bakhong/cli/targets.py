"""`bakhong targets cascade`: a target split over the units below, in whole numbers that sum to it."""

import argparse
from datetime import date
from typing import Any

from bakhong.cli.database import actor, database, now
from bakhong.cli.indicators import day_argument
from bakhong.cli.say import by_option, json_option, print_json, say, table, warn
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day, format_int

FLAGS = {
    "no_data": "chưa có số liệu, tạm chia theo mức trung bình",
    "nothing_missing": "không còn thiếu",
    "over_eligible": "nhiều hơn tổng số người thuộc diện",
    "reached": "cả chỉ tiêu đã đạt",
}


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("targets", help="chỉ tiêu được giao")
    commands = parser.add_subparsers(metavar="VIỆC", required=True)
    split = commands.add_parser(
        "cascade", help="giao một chỉ tiêu và chia xuống các đơn vị ngay bên dưới theo số còn thiếu"
    )
    split.add_argument("--indicator", metavar="MÃ", required=True, help="mã chỉ tiêu, ví dụ eid_accounts")
    split.add_argument("--unit", metavar="MÃ", required=True, help="mã đơn vị hành chính được giao")
    split.add_argument("--value", metavar="N", type=int, required=True, help="số phải đạt, tính cả đã có")
    split.add_argument("--by-date", metavar="NGÀY", type=day_argument, required=True, help="hạn phải đạt")
    split.add_argument("--stage", metavar="MÃ", help="giai đoạn, ví dụ activated (mặc định: như thường dùng)")
    split.add_argument("--population", metavar="MÃ", help="nhóm người được tính (mặc định: của chỉ tiêu)")
    split.add_argument("--decision", metavar="SỐ", default="", help="số, ngày của quyết định")
    split.add_argument("--dry-run", action="store_true", help="chỉ xem cách chia, không ghi lại")
    by_option(split)
    json_option(split)
    split.set_defaults(run=run_cascade)


def run_cascade(arguments: argparse.Namespace) -> int:
    with database():
        document = split(arguments)
    if arguments.json:
        print_json(document)
    else:
        _print(document)
    if document["is_feasible"] is False:
        warn("Chỉ tiêu nhiều hơn số người thuộc diện ở ít nhất một đơn vị. Hãy xem lại số được giao.")
    return 0


def split(arguments: argparse.Namespace) -> dict[str, Any]:
    """The JSON of `targets cascade`; the decision is stored unless it is a dry run.

    Raises: Refusal, NotFound.
    """
    from bakhong.indicators.actions.entries import TargetEntry
    from bakhong.indicators.actions.targets import PartEntry, decide_and_cascade, demand_splittable
    from bakhong.indicators.queries.cascades import propose
    from bakhong.places.models import Unit
    from bakhong.places.queries import as_of

    at = now()
    on = day_of(at)
    by = actor(arguments)
    unit = as_of(arguments.unit.strip(), on).unit
    ask = demand_splittable(unit, arguments.indicator, arguments.stage, arguments.population, on)
    if arguments.value <= 0:
        raise Refusal("Chỉ tiêu phải là một số lớn hơn 0.")
    if arguments.by_date < on:
        raise Refusal("Hạn phải từ hôm nay trở đi.")
    found = propose(unit, ask, arguments.value, on)
    if found is None:
        raise Refusal(f"{unit.full_name} không có đơn vị nào bên dưới để chia chỉ tiêu.")
    stored = None
    if not arguments.dry_run:
        units = Unit.objects.in_bulk([share.unit.id for share in found.shares])
        stored = decide_and_cascade(
            unit=unit,
            entry=TargetEntry(
                indicator=ask.indicator,
                by_date=arguments.by_date,
                value=arguments.value,
                stage=ask.stage,
                population=ask.population,
                decision=arguments.decision,
            ),
            parts=[PartEntry(units[share.unit.id], share.value) for share in found.shares],
            by=by,
            at=at,
        )
    return _document(unit.full_name, arguments.unit.strip(), ask, found, arguments.by_date, stored)


def _document(name: str, code: str, ask: Any, found: Any, by_date: date, stored: Any) -> dict[str, Any]:
    return {
        "target": stored.uuid if stored else None,
        "unit": code,
        "unit_name": name,
        "indicator": ask.indicator,
        "stage": ask.stage or None,
        "population": ask.population,
        "value": found.total,
        "by_date": by_date,
        "is_feasible": found.is_feasible and (None if found.without_data else True),  # None: nobody knows
        "parts": [
            {
                "unit": share.unit.code,
                "unit_name": share.unit.name,
                "value": share.value,
                "add": share.add,
                "done": share.standing.done if share.standing else None,
                "eligible": share.standing.eligible if share.standing else None,
                "missing": share.standing.missing if share.standing else None,
                "source": share.standing.source if share.standing else None,
                "as_of": share.standing.on if share.standing else None,
                "flags": list(share.flags),
            }
            for share in found.shares
        ],
    }


def _print(document: dict[str, Any]) -> None:
    done = "Đã giao" if document["target"] else "Nếu giao"
    say(
        f"{done} {document['unit_name']}: {format_int(document['value'])}, hạn {format_day(document['by_date'])}."
    )
    lines = [
        [
            part["unit"],
            part["unit_name"],
            format_int(part["value"]),
            "chưa có số liệu" if part["eligible"] is None else f"{part['done']}/{part['eligible']}",
            format_int(part["add"]),
            "; ".join(FLAGS[flag] for flag in part["flags"]),
        ]
        for part in document["parts"]
    ]
    table([["Mã", "Đơn vị", "Chỉ tiêu", "Đã đạt", "Làm thêm", "Lưu ý"], *lines])
