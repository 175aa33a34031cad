"""`bakhong deadline`: when something is due in working time, and why.

Answers at once: with the calendar of a database that runs already, else with the one that ships with the program.
"""

import argparse
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bakhong.cli.database import reference
from bakhong.cli.say import json_option, print_json, say, warn
from bakhong.core.days import VIET_NAM, parse_day
from bakhong.core.errors import NotFound, Refusal
from bakhong.procedures.rules.calendar import NoWorkingDays, WorkCalendar
from bakhong.procedures.rules.counting import FIRST, LAST
from bakhong.procedures.rules.deadlines import Due, Limit, Pause, due, warn_at
from bakhong.procedures.rules.limits import MOST, Measure
from bakhong.procedures.rules.shipped import shipped_calendar

MOST_PAUSES = 100

_LIMITS: tuple[tuple[str, Measure, str], ...] = (
    ("--days", "working_days", "ngày làm việc"),
    ("--hours", "hours", "giờ làm việc (8 giờ là một ngày)"),
    ("--calendar-days", "days", "ngày theo lịch"),
    ("--months", "months", "tháng"),
)


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("deadline", help="hạn giải quyết theo giờ làm việc, giải thích từng bước")
    parser.add_argument(
        "--received",
        required=True,
        metavar="LÚC",
        type=_moment,
        help="lúc nhận, ví dụ 2026-03-02T10:00 (giờ Việt Nam nếu không ghi múi giờ)",
    )
    limits = parser.add_mutually_exclusive_group(required=True)
    for option, unit, words in _LIMITS:
        limits.add_argument(
            option, dest="limit", metavar="N", type=_limit(unit), help=f"thời hạn tính bằng {words}"
        )
    limits.add_argument(
        "--same-day",
        dest="limit",
        action="store_const",
        const=Limit(0, "same_day"),
        help="trong ngày; nhận sau 15:00 thì ngày làm việc tiếp theo",
    )
    parser.add_argument("--unit", metavar="MÃ", help="đơn vị có lịch làm việc riêng")
    parser.add_argument(
        "--pause",
        metavar="TỪ/ĐẾN",
        type=_pause,
        action="append",
        default=[],
        help="những ngày chờ người dân, tính cả hai đầu, ví dụ 2026-03-02/2026-03-05; ghi được nhiều lần",
    )
    json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if len(arguments.pause) > MOST_PAUSES:
        raise Refusal(f"Nhiều nhất {MOST_PAUSES} khoảng chờ.")
    with reference() as source:
        calendar = _calendar(arguments.unit, arguments.received, source)
        found = _counted(arguments.received, arguments.limit, calendar, arguments.pause)
    document = {"reference": source, **_document(found, calendar), "unit": arguments.unit}
    if arguments.json:
        print_json(document)
    else:
        _print(document)
        for note in found.notes:
            warn(note)
    return 0


def _calendar(code: str | None, received: datetime, source: str) -> WorkCalendar:
    """Raises: NotFound where no unit carries the code on that day."""
    if source == "shipped":
        _check_shipped(code, received.date())
        return shipped_calendar()
    if code is None:
        return shipped_calendar()
    from bakhong.places.queries import as_of
    from bakhong.procedures.queries.calendar import calendar_for

    return calendar_for(as_of(code.strip(), received.date()).unit, received.date())


def _check_shipped(code: str | None, on: date) -> None:
    from bakhong.places.rules.reference import shipped

    units = shipped().units if code is not None else ()
    if code is not None and not any(
        unit.code == code.strip() and (unit.valid_from is None or unit.valid_from <= on) for unit in units
    ):
        raise NotFound(f"Không có đơn vị hành chính nào mang mã “{code[:20]}” vào ngày {on:%d/%m/%Y}.")


def _counted(received: datetime, limit: Limit, calendar: WorkCalendar, pauses: Sequence[Pause]) -> Due:
    try:
        return due(received, limit, calendar, pauses)
    except NoWorkingDays:
        raise Refusal("Lịch làm việc của đơn vị không có ngày làm việc nào trong hơn một năm tới.") from None


def _document(found: Due, calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "due_at": found.due_at,
        "received_at": found.received_at,
        "starts_at": found.starts_at,
        "warn_at": warn_at(found, calendar),
        "limit": found.limit.in_words(),
        "steps": [
            {"from": each.frm, "to": each.to, "working_minutes": each.working_minutes, "reason": each.reason}
            for each in found.steps
        ],
        "notes": list(found.notes),
    }


def _print(document: dict[str, Any]) -> None:
    say(f"Thời hạn {document['limit']}. Hạn: {_words(document['due_at'])}")
    for step in document["steps"]:
        minutes = f" ({step['working_minutes']} phút)" if step["working_minutes"] else ""
        say(f"  {_words(step['from'])} - {_words(step['to'])}: {step['reason']}{minutes}")
    say(f"Nhắc trước từ {_words(document['warn_at'])}")


def _words(moment: datetime) -> str:
    return f"{moment:%H:%M %d/%m/%Y}"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.astimezone(VIET_NAM) if moment.tzinfo else moment.replace(tzinfo=VIET_NAM)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"“{text}” không phải thời điểm, ví dụ 2026-03-02T10:00") from None
    if not FIRST <= moment.year < LAST:
        raise argparse.ArgumentTypeError(f"“{text}”: năm phải từ {FIRST} đến {LAST - 1}")
    return moment


def _limit(unit: Measure) -> Any:
    def read(text: str) -> Limit:
        try:
            return Limit(int(text), unit)
        except ValueError:
            raise argparse.ArgumentTypeError(f"“{text}” phải là số nguyên từ 1 đến {MOST[unit]}") from None

    return read


def _pause(text: str) -> Pause:
    """Days, both included; or two moments."""
    parts = text.strip().split("/")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"“{text}” phải có dạng TỪ/ĐẾN, ví dụ 2026-03-02/2026-03-05")
    if any("T" in part or ":" in part for part in parts):
        first, last = _moment(parts[0]), _moment(parts[1])
        return _ordered(text, Pause, first, last)
    days = [parse_day(part) for part in parts]
    if not all(day and FIRST <= day.year < LAST for day in days):
        raise argparse.ArgumentTypeError(f"“{text}” phải là hai ngày, ví dụ 2026-03-02/2026-03-05")
    return _ordered(text, Pause.of_days, *days)


def _ordered(text: str, make: Any, *ends: Any) -> Pause:
    try:
        made: Pause = make(*ends)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”: ngày đầu phải trước ngày cuối") from None
    return made
