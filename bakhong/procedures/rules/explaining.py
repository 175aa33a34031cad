"""Why a date is what it is, line by line, in plain Vietnamese. Local moments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bakhong.procedures.rules.calendar import weekday_vi
from bakhong.procedures.rules.counting import Counting, days_between, open_hours, worked
from bakhong.procedures.rules.pauses import Stretch, outside

_DAY = timedelta(1)
_NONE = timedelta()
WAITED = "Chờ người dân bổ sung: không tính"
WEEKEND = "Thứ Bảy, Chủ nhật"


@dataclass(frozen=True)
class Line:
    """`spent`: the working time between the two moments that the limit uses up."""

    frm: datetime
    to: datetime
    spent: timedelta
    reason: str


def explain(count: Counting) -> list[Line]:
    """Every line in the order of time, from receipt to the moment due."""
    lines = [*_before_opening(count), *_pauses(count)]
    lines += _calendar_lines(count) if count.limit.unit in ("days", "months") else _working_lines(count)
    lines = _joined(sorted(lines, key=lambda each: (each.frm, each.to)))
    if lines and lines[-1].to < count.end:
        lines.append(Line(count.end, count.end, _NONE, "Đến hạn lúc mở cửa"))
    return lines


def with_minutes(lines: Sequence[Line]) -> Iterator[tuple[Line, int]]:
    """Each line with its whole minutes, so that they add up to the whole minutes of all."""
    total = _NONE
    for line in lines:
        before, total = total, total + line.spent
        yield line, total // timedelta(minutes=1) - before // timedelta(minutes=1)


def notes(count: Counting) -> tuple[str, ...]:
    """What a reader should know about the days the limit runs over."""
    days = list(days_between(count.start.date(), count.end.date()))
    specials = [special for day in days if (special := count.calendar.days.get(day)) is not None]
    found = [
        f"Ngày {each.on:%d/%m/%Y} ({each.name}): chưa thấy văn bản quy định, cần đối chiếu."
        for each in specials
        if not each.is_verified
    ]
    unknown = sorted({day.year for day in days} - count.calendar.years)
    if unknown:
        years = ", ".join(map(str, unknown))
        found.append(f"Chưa có lịch nghỉ lễ năm {years}: chỉ trừ thứ Bảy và Chủ nhật.")
    return tuple(found)


def _before_opening(count: Counting) -> Iterator[Line]:
    if count.start > count.received:
        yield Line(count.received, count.start, _NONE, "Nhận ngoài giờ làm việc: tính từ giờ mở cửa kế tiếp")


def _pauses(count: Counting) -> Iterator[Line]:
    for frm, to in count.waited:
        if frm < count.end and to > count.start:
            yield Line(frm, min(to, count.end), _NONE, WAITED)


# --- limits in working time ----------------------------------------------------------------------------------------


def _working_lines(count: Counting) -> Iterator[Line]:
    """One line a working day."""
    number = 0
    for day in days_between(count.start.date(), count.end.date()):
        if count.calendar.counts(day):
            number += day > count.start.date() and day not in count.left_out
            yield from _day_lines(count, day, number)
        elif not _is_covered(day, count.waited):
            yield _closed(count, day)


def _day_lines(count: Counting, day: date, number: int) -> Iterator[Line]:
    """The day's part of the limit, and what of it only gives back the time waited earlier."""
    yield from _part(count, day, count.start, count.last, _reason(count, day, number))
    if count.lost:
        yield from _part(count, day, count.last, count.end, "Bù giờ làm việc đã chờ người dân")


def _part(count: Counting, day: date, start: datetime, end: datetime, reason: str) -> Iterator[Line]:
    hours = [
        part
        for stretch in open_hours(count.calendar, day, start, end)
        for part in outside(stretch, count.waited)
    ]
    if hours:
        yield Line(hours[0][0], hours[-1][1], sum((to - frm for frm, to in hours), _NONE), reason)


def _reason(count: Counting, day: date, number: int) -> str:
    special = count.calendar.days.get(day)
    name = f" ({special.name})" if special else ""
    return _reason_of_day(count, day, number) + name


def _reason_of_day(count: Counting, day: date, number: int) -> str:
    is_first = day == count.start.date()
    if count.limit.unit == "hours":
        return f"Giờ làm việc ({weekday_vi(day)})"
    if count.limit.unit == "working_days":
        words = "Ngày nhận: chạy từ giờ nhận, không tính là ngày thứ nhất"
        return words if is_first else f"Ngày làm việc thứ {number}"
    if not is_first:
        return "Ngày làm việc tiếp theo"
    is_late = count.start.time() > count.limit.cutoff
    return (
        f"Nhận sau {count.limit.cutoff:%H:%M}: trả trong ngày làm việc tiếp theo"
        if is_late
        else "Trả trong ngày"
    )


def _closed(count: Counting, day: date) -> Line:
    start = datetime.combine(day, time())
    return Line(max(start, count.start), start + _DAY, _NONE, count.calendar.why_closed(day))


# --- limits in calendar days or months -----------------------------------------------------------------------------


def _calendar_lines(count: Counting) -> Iterator[Line]:
    assert count.wanted is not None
    tonight = datetime.combine(count.start.date() + _DAY, time())
    last_night = datetime.combine(count.wanted + _DAY, time())
    first = min(tonight, count.end)
    yield _stretch(count, count.start, first, "Ngày nhận: không tính là ngày thứ nhất")
    end = min(last_night, count.end)
    if end > first:
        yield _stretch(
            count, first, end, f"{count.limit.in_words()}: ngày cuối là {_day_words(count.wanted)}"
        )
    if count.end > end:
        why = count.calendar.why_closed(count.wanted)
        yield _stretch(
            count, end, count.end, f"Ngày cuối là ngày nghỉ ({why}): chuyển sang ngày làm việc kế tiếp"
        )


def _stretch(count: Counting, start: datetime, end: datetime, reason: str) -> Line:
    return Line(start, end, worked(count.calendar, count.waited, start, end), reason)


def _day_words(day: date) -> str:
    return f"{weekday_vi(day)} {day:%d/%m/%Y}"


def _is_covered(day: date, waited: Sequence[Stretch]) -> bool:
    start = datetime.combine(day, time())
    return not outside((start, start + _DAY), waited)


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Days off that follow each other for one reason, or make a weekend, become one line."""
    found: list[Line] = []
    for line in lines:
        reason = _common(found[-1], line) if found else None
        if reason:
            found[-1] = replace(found[-1], to=line.to, reason=reason)
        else:
            found.append(line)
    return found


def _common(before: Line, line: Line) -> str | None:
    if before.to != line.frm or before.spent or line.spent or line.reason == WAITED:
        return None
    if before.reason == line.reason:
        return line.reason
    return WEEKEND if (before.reason, line.reason) == ("Thứ Bảy", "Chủ nhật") else None
