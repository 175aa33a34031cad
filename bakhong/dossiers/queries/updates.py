"""Requests to mend a register: those waiting, sent and answered, and what a resident is told of them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier, UpdateRequest
from bakhong.dossiers.queries.queue import of_unit
from bakhong.places.models import Unit
from bakhong.procedures.labels import HELD_BY
from bakhong.procedures.rules.calendar import WorkCalendar

WAITING, SENT, ANSWERED = "waiting", "sent", "answered"
SHOWS = (WAITING, SENT, ANSWERED)
_SHOWN: dict[str, dict[str, Any]] = {
    WAITING: {"sent_at": None},
    SENT: {"sent_at__isnull": False, "answered_at": None},
    ANSWERED: {"answered_at__isnull": False},
}


def requests(actor: Actor, unit: Unit, on: date, show: str) -> "QuerySet[UpdateRequest]":
    """Of the dossiers of a unit that the actor may see, the oldest first; what was answered, the newest first."""
    rows = (
        UpdateRequest.objects.for_user(actor)
        .filter(of_unit(unit, on), withdrawn_at=None, **_SHOWN[show])
        .select_related("dossier__person", "dossier__village")
    )
    return rows.order_by("-answered_at", "-id") if show == ANSWERED else rows.order_by("register", "at", "id")


def waiting_count(actor: Actor, unit: Unit, on: date) -> int:
    """How many wait to be sent."""
    rows = UpdateRequest.objects.for_user(actor).filter(of_unit(unit, on))
    return rows.filter(withdrawn_at=None, answered_at=None, sent_at=None).count()


def of_dossier(dossier: Dossier) -> "QuerySet[UpdateRequest]":
    """Those that stand, in order."""
    return UpdateRequest.objects.filter(dossier=dossier, withdrawn_at=None).order_by("id")


def working_days_open(request: UpdateRequest, on: date, calendar: WorkCalendar) -> int:
    """Working days since it was asked, until it was answered or the day `on`; the first day does not count."""
    since = day_of(request.at).toordinal()
    until = (day_of(request.answered_at) if request.answered_at else on).toordinal()
    return sum(calendar.counts(date.fromordinal(day)) for day in range(since + 1, until + 1))


def register_name(register: str) -> str:
    return str(HELD_BY.get(register, "")) or _("nơi giữ dữ liệu")


def told(request: UpdateRequest) -> str:
    """What became of it in one plain sentence or two, for slips and residents' pages; it promises nothing that did not happen."""
    said = [
        _("%(paper)s: đã tra %(register)s mà không thấy.")
        % {"paper": request.name or _("Giấy tờ"), "register": register_name(request.register)},
        _("Xã ghi đề nghị cập nhật ngày %(day)s, chưa gửi đi.") % {"day": _day(request.at)}
        if request.sent_at is None
        else _("Xã đã đề nghị cập nhật, gửi ngày %(day)s.") % {"day": _day(request.sent_at)},
    ]
    if request.answered_at is not None:
        answer = request.answer_words or request.get_answer_display()
        said.append(
            _("Trả lời ngày %(day)s: %(answer)s.") % {"day": _day(request.answered_at), "answer": answer}
        )
    return " ".join(said)


def told_of(dossier: Dossier) -> Collection[str]:
    return [told(each) for each in of_dossier(dossier)]


def _day(moment: datetime) -> str:
    return f"{day_of(moment):%d/%m/%Y}"
