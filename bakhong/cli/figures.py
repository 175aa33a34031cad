"""`bakhong figures read`: a written report as figures and findings. `bakhong figures check`: the stored figures, across reports too."""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bakhong.cli.database import actor, database, now, reference, set_up_django
from bakhong.cli.say import by_option, json_option, print_json, say, table, warn
from bakhong.core.days import day_of, parse_day
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_decimal, format_int

if TYPE_CHECKING:
    from bakhong.indicators.rules.reading import Reading

EARLIER = date(2025, 6, 30)  # the last day of the units before the reorganisation
_AT_ONCE = 30  # characters of an excerpt in the table
_QUALIFIERS = {"about": "khoảng ", "at_least": "ít nhất ", "more_than": "hơn ", "less_than": "gần "}
_ROLES = {
    "value": "",
    "before": "mức trước",
    "remaining": "còn lại",
    "target": "chỉ tiêu",
    "change": "mức thay đổi",
}
_SEVERITIES = {"error": "LỖI", "warning": "LƯU Ý"}


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("figures", help="số liệu trong báo cáo")
    commands = parser.add_subparsers(metavar="VIỆC", required=True)
    reading = commands.add_parser("read", help="đọc một báo cáo, tìm số liệu và chỗ không khớp; không lưu gì")
    reading.add_argument(
        "file", metavar="TỆP", help=".txt, .docx, .pdf, .xlsx; “-” là đọc từ bàn phím hoặc ống dẫn"
    )
    _options(reading)
    reading.set_defaults(run=run_read)
    checking = commands.add_parser("check", help="kiểm tra số liệu đã lưu, kể cả giữa các báo cáo")
    _options(checking)
    by_option(checking)
    checking.set_defaults(run=run_check)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unit", metavar="MÃ", help="mã đơn vị hành chính")
    parser.add_argument("--on", metavar="NGÀY", type=_day, help="ngày của báo cáo hoặc ngày cần xem")
    json_option(parser)


def run_read(arguments: argparse.Namespace) -> int:
    set_up_django()  # refusals are translated, which needs the settings and no database
    with reference() as where:
        find = _find_in_database if where == "database" else _find_shipped
        source = _extract(arguments.file)
        unit = _named_unit(arguments.unit, arguments.on, find)
        document = describe(source.text, arguments.on, unit, find)
    document["reference"] = where
    document["warnings"] = [*source.warnings]
    document["kind"] = source.kind
    if source.signature is not None:
        document["signature"] = source.signature.sentence
    if arguments.json:
        print_json(document)
    else:
        _print(document)
    for warning in document["warnings"]:
        warn(warning)
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    with database():
        document = {"findings": check(arguments)}
    if arguments.json:
        print_json(document)
    else:
        _print_stored(document["findings"])
    return 0


# --- read ------------------------------------------------------------------------------------------------------------

Find = Callable[
    [str, date, str | None], str | None
]  # (name or code, day, code of the unit around it) -> code


def describe(text: str, on: date | None, unit: "tuple[str, str] | None", find: Find) -> dict[str, Any]:
    """The JSON of `figures read`. `unit`: code and name of the report's unit, where the caller knows it."""
    from bakhong.indicators.rules.reader import read

    reading = read(text, on=on, unit_name=unit[1] if unit else None)
    day = on or _day_of(reading) or day_of(now())
    codes = {name: _code_of(name, day, find) for name in reading.unit_names}
    if unit:
        codes[unit[1]] = unit[0]
    document = reading.as_json(
        unit[0] if unit else _only_commune(codes), day if on or _day_of(reading) else None
    )
    for figure in document["figures"]:
        name = figure["unit_name"]
        figure["unit_code"] = codes.get(name) or (_code_of(name, day, find) if name else None)
    document["text"] = text
    return document


def _code_of(name: str, day: date, find: Find) -> str | None:
    """In the province served first, then anywhere; today's units before earlier ones."""
    within = os.environ.get("BAKHONG_UNIT", "38")
    return find(name, day, within) or find(name, day, None)


def _only_commune(codes: dict[str, str | None]) -> str | None:
    """The report's unit where the text names exactly one commune."""
    communes = {
        code
        for name, code in codes.items()
        if code and name.split()[0].lower() in {"xã", "phường", "thị", "đặc"}
    }
    return communes.pop() if len(communes) == 1 else None


def _day_of(reading: "Reading") -> date | None:
    days = {figure.counted_to for figure in reading.figures if figure.counted_to}
    return max(days) if days else None


def _find_in_database(name: str, day: date, within: str | None) -> str | None:
    from bakhong.places.queries import resolve_name, unit_on

    around = unit_on(within, day) if within else None
    found = resolve_name(name, on=day, within=around) if around or not within else None
    return found.code if found else None


def _find_shipped(name: str, day: date, within: str | None) -> str | None:
    from bakhong.places.rules.reference import shipped

    units = shipped()
    for moment in (day, EARLIER):
        around = units.unit_on(within, moment) if within else None
        found = units.resolve_name(name, on=moment, within=around) if around or not within else None
        if found:
            return found.code
    return None


def _named_unit(code: str | None, on: date | None, find: Find) -> tuple[str, str] | None:
    """Code and name as a sentence has it ("xã Ngọc Phụng").

    Raises: NotFound.
    """
    if not code:
        return None
    from bakhong.places.rules.naming import in_sentence
    from bakhong.places.rules.reference import shipped

    for day in (on or day_of(now()), EARLIER):
        unit = shipped().unit_on(code.strip(), day)
        if unit:
            return unit.code, in_sentence(unit.full_name)
    raise NotFound(f"Không có đơn vị hành chính nào mang mã “{code}”. Hãy kiểm tra lại mã, ví dụ 15655.")


def _extract(name: str) -> Any:
    """Raises: Refusal, with one plain sentence."""
    from bakhong.documents.reading import extract

    if name == "-":
        return extract(sys.stdin.buffer, filename="-")
    path = Path(name)
    if path.is_dir():
        raise Refusal(f"“{name}” là một thư mục. Hãy chỉ một tệp báo cáo.")
    try:
        return extract(path, filename=path.name)
    except FileNotFoundError:
        raise Refusal(f"Không tìm thấy tệp “{name}”. Hãy kiểm tra lại đường dẫn.") from None
    except PermissionError:
        raise Refusal(f"Không được phép đọc tệp “{name}”.") from None
    except OSError as error:
        raise Refusal(f"Không đọc được tệp “{name}”: {error.strerror or error}.") from None


def _print(document: dict[str, Any]) -> None:
    from bakhong.indicators.rules.advice import advice

    figures = document["figures"]
    if not figures:
        say("Không tìm thấy số liệu nào trong báo cáo này.")
        return
    say(f"Tìm thấy {len(figures)} số liệu:")
    table(
        [
            ["#", "Số liệu", "Tỷ lệ", "Chỉ tiêu", "Đơn vị", "Trong văn bản"],
            *(_row(figure) for figure in figures),
        ]
    )
    findings = document["findings"]
    say("")
    if not findings:
        say("Không thấy chỗ nào không khớp.")
        return
    say(f"{len(findings)} chỗ cần xem lại:")
    for finding in findings:
        numbers = ", ".join(f"#{number}" for number in finding["figures"])
        say(f"- {_SEVERITIES[finding['severity']]} ({numbers}): {finding['message']}")
        say(f"  Việc cần làm: {advice(finding['code'])}")


def _row(figure: dict[str, Any]) -> list[str]:
    return [
        str(figure["id"]),
        _count(figure),
        _percent(figure),
        _what(figure),
        figure["unit_name"] or "chưa rõ",
        _short(" ".join(figure["text"].split()), _AT_ONCE),
    ]


def _what(figure: dict[str, Any]) -> str:
    """The indicator's name, shortened, with stage and role."""
    from bakhong.indicators.rules.definitions import STAGES, registry

    name = (
        registry().get(figure["indicator"]).name_vi
        if figure["indicator"] in registry()
        else "chưa rõ chỉ tiêu"
    )
    stage = STAGES[figure["stage"]][0] if figure["stage"] in STAGES else ""
    parts = [_short(name, 45), stage, _ROLES.get(figure["role"], "")]
    return ", ".join(part for part in parts if part)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _count(figure: dict[str, Any]) -> str:
    if figure["numerator"] is None:
        return ""
    whole = f"/{format_int(figure['denominator'])}" if figure["denominator"] is not None else ""
    return f"{format_int(figure['numerator'])}{whole}"


def _percent(figure: dict[str, Any]) -> str:
    from decimal import Decimal

    if figure["percent"] is None:
        return ""
    return (
        f"{_QUALIFIERS.get(figure['qualifier'] or '', '')}{format_decimal(Decimal(str(figure['percent'])))}%"
    )


# --- check -----------------------------------------------------------------------------------------------------------


def check(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Checks the reports of a unit and of those below it, then lists what is open. Findings answered already are left out."""
    from bakhong.accounts.permissions import covered_ids
    from bakhong.indicators import actions, queries
    from bakhong.indicators.models import Report
    from bakhong.places.queries import as_of, served_unit

    by, at = actor(arguments), now()
    on = arguments.on or day_of(at)
    if arguments.unit:
        shown = as_of(arguments.unit.strip(), on)
        # As the page does: what lies below it, and what it was made from; most figures are about units of before 2025-07-01.
        units = set(covered_ids([shown.unit.pk], shown.on))
        reports = Report.objects.filter(figures__unit__in=units).distinct()
    else:
        served_unit(on)  # says so when the setting names no unit
        reports = Report.objects.all()
        units = set()
    for report in reports.select_related("unit").order_by("id"):
        actions.check_report(report=report, by=by, at=at)
    every = units or set(Report.objects.values_list("figures__unit", flat=True)) - {None}
    return [_stored(row, on) for row in queries.findings(every) if _is_by(row, arguments.on)]


def _is_by(row: Any, on: date | None) -> bool:
    """Every figure of the finding was known by the day asked for."""
    return on is None or all(figure.when.end is None or figure.when.end <= on for figure in row.figures)


def _stored(row: Any, on: date) -> dict[str, Any]:
    return {
        "uuid": row.uuid,
        "code": row.code,
        "severity": row.severity,
        "unit": row.unit.code,
        "unit_name": row.unit.name,
        "report": row.report_title,
        "figures": [str(figure.uuid) for figure in row.figures],
        "expected": row.expected or None,
        "found": row.found or None,
        "message": row.message,
        "advice": row.advice,
        "repairs": list(row.repairs),
    }


def _print_stored(findings: list[dict[str, Any]]) -> None:
    if not findings:
        say("Không thấy chỗ nào không khớp trong các số liệu đã lưu.")
        return
    say(f"{len(findings)} chỗ cần xem lại:")
    for finding in findings:
        say(
            f"- {_SEVERITIES[finding['severity']]} · {finding['unit_name']} ({finding['unit']}) · {finding['report']}"
        )
        say(f"  {finding['message']}")
        say(f"  Việc cần làm: {finding['advice']}")


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"“{text}” không phải một ngày, ví dụ 2025-05-06 hoặc 06/05/2025")
    return day
