"""Changing an office's days and hours. Moments due that were promised already stay as they are."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.places.models import Unit
from bakhong.procedures.actions.saying import needed, say, take_back
from bakhong.procedures.models import CalendarDay, DayKind, OfficeHours
from bakhong.procedures.permissions import require
from bakhong.procedures.rules.calendar import parse_spans, spans_in_words

FIRST, LAST = date(2020, 1, 1), date(2100, 1, 1)


def set_day(
    *,
    unit: Unit,
    on: date,
    kind: str,
    name: str,
    source: str,
    by: Actor,
    at: datetime,
    key: UUID | None = None,
) -> CalendarDay:
    """How the unit, and every unit below it, works on a day. The latest word counts.

    Raises: NotAllowed; Refusal.
    """
    require(unit, by=by)
    if kind not in DayKind.values:
        raise Refusal(_("Chọn: nghỉ, làm việc hay như mọi tuần."))
    if not FIRST <= on < LAST:
        raise Refusal(_("Ngày phải từ năm 2020 đến năm 2099."))
    return say(
        CalendarDay,
        deed="procedures.set_day",
        what="calendar_day",
        unit=unit,
        source=needed(source, 300, _("Ghi văn bản hoặc thông báo làm căn cứ.")),
        key=key,
        by=by,
        at=at,
        on=on,
        name=needed(name, 120, _("Ghi lý do, ví dụ: Nghỉ bù Giỗ Tổ Hùng Vương.")),
        kind=kind,
    )


def undo_day(*, day: CalendarDay, by: Actor, at: datetime) -> None:
    """Raises: NotAllowed."""
    take_back(day, deed="procedures.undo_day", what="calendar_day", by=by, at=at)


def set_hours(
    *,
    unit: Unit,
    weekday: int,
    spans: str,
    is_counted: bool,
    valid_from: date,
    source: str,
    by: Actor,
    at: datetime,
    key: UUID | None = None,
) -> OfficeHours:
    """The hours of one weekday from a day on ("" for closed).

    Raises: NotAllowed; Refusal.
    """
    require(unit, by=by)
    if not 0 <= weekday <= 6:
        raise Refusal(_("Chọn một ngày trong tuần."))
    if not FIRST <= valid_from < LAST:
        raise Refusal(_("Ngày phải từ năm 2020 đến năm 2099."))
    try:
        read = parse_spans(spans)
    except ValueError:
        raise Refusal(_("Ghi giờ theo dạng 07:30-11:30, 13:30-17:30; để trống nếu đóng cửa.")) from None
    if len(read) > 4:
        raise Refusal(_("Một ngày có nhiều nhất bốn khoảng giờ."))
    return say(
        OfficeHours,
        deed="procedures.set_hours",
        what="office_hours",
        unit=unit,
        source=needed(source, 300, _("Ghi văn bản hoặc thông báo làm căn cứ.")),
        key=key,
        by=by,
        at=at,
        weekday=weekday,
        spans=spans_in_words(read),
        is_counted=is_counted and bool(read),
        valid_from=valid_from,
    )


def undo_hours(*, hours: OfficeHours, by: Actor, at: datetime) -> None:
    """Raises: NotAllowed."""
    take_back(hours, deed="procedures.undo_hours", what="office_hours", by=by, at=at)
