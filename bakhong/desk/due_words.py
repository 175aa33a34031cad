"""How a dossier's due moment is said in a list: a colour, a word and how long. Pure."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.numbers import format_day
from bakhong.dossiers.rules.states import FINISHED, REFUSED, STOPPED, SUPPLEMENT, WAITING


def due_mark(
    state: str,
    due_at: datetime | None,
    finished_at: datetime | None,
    at: datetime,
    *,
    supplements: int = 0,
    is_reappointed: bool = False,
    was_late: bool = False,
) -> tuple[str, str]:
    """(kind, words) for `{% state %}`, of what has ended as it is counted. Days are days of the calendar: the time limit itself is counted
    by `procedures`. `was_late`: already when its day was named anew.
    """
    if state in (REFUSED, STOPPED):
        return "none", _("đã dừng") if state == STOPPED else _("không nhận")
    if due_at is None:
        return "none", _("chưa có ngày hẹn")
    if state in FINISHED:
        if finished_at is not None and finished_at > due_at:
            return "late", _("xong sau hẹn")
        if supplements > 1:
            return "late", _("tính là trễ: bổ sung hơn một lần")
        if was_late:
            return "late", _("tính là trễ: hẹn lại khi đã quá hạn")
        return "done", _("xong theo ngày hẹn lại") if is_reappointed else _("xong đúng hẹn")
    if state in WAITING:
        return "none", _("chờ người nộp")
    if at > due_at:
        return "late", _past(due_at, at)
    return "doing", _ahead(due_at, at)


def turn_mark(state: str, act_by: datetime, at: datetime) -> tuple[str, str]:
    """(kind, words) of a dossier not taken in yet, or asked for more: by when what comes next should come."""
    last = act_by - timedelta(seconds=1)  # what ends at midnight ends with the day before
    if state == SUPPLEMENT:
        day = {"day": format_day(day_of(last))}
        return ("late", _("hết hạn bổ sung")) if at > act_by else ("none", _("chờ đến %(day)s") % day)
    return ("late", _("quá hạn tiếp nhận")) if at > act_by else ("doing", _("chờ tiếp nhận"))


def step_mark(step_due_at: datetime | None, due_at: datetime | None, at: datetime) -> tuple[str, str]:
    """(kind, words) of the step where it is; words "" where the step has no time of its own within the whole."""
    if step_due_at is None or due_at is None or step_due_at >= due_at:
        return "none", ""
    words = _("bước này đến %(moment)s") % {"moment": f"{step_due_at.astimezone(VIET_NAM):%H:%M %d/%m}"}
    return "late" if at > step_due_at else "none", words


def _past(due_at: datetime, at: datetime) -> str:
    days = (day_of(at) - day_of(due_at)).days
    if not days:
        return _("quá hạn từ %(time)s") % {"time": due_at.astimezone(VIET_NAM).strftime("%H:%M")}
    return ngettext("quá hạn %(days)s ngày", "quá hạn %(days)s ngày", days) % {"days": days}


def _ahead(due_at: datetime, at: datetime) -> str:
    days = (day_of(due_at) - day_of(at)).days
    if not days:
        return _("hạn hôm nay, %(time)s") % {"time": due_at.astimezone(VIET_NAM).strftime("%H:%M")}
    return ngettext("còn %(days)s ngày", "còn %(days)s ngày", days) % {"days": days}
