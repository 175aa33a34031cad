"""The book of certified copies: the lines of a day or of more days, to print or to take along; and what waits to be certified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO, Any

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_of, parse_day
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_day, read_count
from bakhong.desk.frame import BadQuestion, now, page, today, unit_page
from bakhong.desk.views.dossiers.copies import _waiting
from bakhong.desk.views.taking_out import taken_out
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.dossiers.actions.numbering import begin_book
from bakhong.dossiers.models import BookNumber, State
from bakhong.dossiers.permissions import RECEIVE, VIEW, may_certify
from bakhong.dossiers.queries.books import lines, next_number, sums
from bakhong.dossiers.queries.copies import lane
from bakhong.dossiers.rules.books import COPIES, books
from bakhong.places.models import Level, Unit

LONGEST, MOST, SHOWN = timedelta(days=366), 5000, 60
"""Days of one book, its lines, and open dossiers shown."""


@dataclass(frozen=True)
class Written:
    """A line as the book has it (Decree 23/2015, model SCT/BS)."""

    row: BookNumber

    @property
    def name(self) -> str:
        return str(self.row.dossier.applicant_name)

    @property
    def note(self) -> str:
        """What makes the line different from a copy that was signed and handed over."""
        if self.row.line < self.row.first_standing:
            return _("đã thu hồi")
        state = self.row.dossier.state
        if state in (State.DONE, State.RETURNED):
            return ""
        return _("đã huỷ") if state in (State.STOPPED, State.REFUSED) else _("chưa ký")


@unit_page(VIEW, post=VIEW)
def book(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """GET `?first=&last=` (today without): the lines. POST: the workbook, or `deed=begin` with the first number of this year."""
    if unit.level != Level.COMMUNE:
        raise NotFound("")
    if request.POST.get("deed") == "begin":
        return _begin(request, unit)
    first, last = _days(request)
    rows = [Written(each) for each in lines(request.actor, unit, COPIES, first, last)[:MOST]]
    if request.method == "POST":
        return _download(request, unit, rows, first, last)
    next_one = next_number(unit, COPIES, today().year)
    return page(
        request,
        "desk/dossiers/copies_book.html",
        unit=unit,
        active="copies_book",
        rows=rows,
        sums=sums(each.row for each in rows),
        first=first,
        last=last,
        is_one_day=first == last,
        volume=books()[COPIES].of_year(last.year),
        next_number=next_one,
        may_begin=next_one == 1 and request.actor.may(RECEIVE, unit.pk),
        may_receive=request.actor.may(RECEIVE, unit.pk),
        may_certify=may_certify(request.actor, unit.pk),
        waiting=[_waiting(each) for each in lane(request.actor, unit, today())[:SHOWN]],
    )


def _days(request: StaffRequest) -> tuple[date, date]:
    """Raises: BadQuestion."""
    told = request.POST or request.GET
    first = _day(told.get("first", "")) or today()
    last = _day(told.get("last", "")) or max(first, min(today(), first + LONGEST))
    if "last" not in told and "first" in told:
        last = first
    if not first <= last <= first + LONGEST:
        raise BadQuestion(_("Ngày cuối phải sau ngày đầu, và không quá một năm."))
    return first, last


def _day(text: str) -> date | None:
    day = parse_day(text.strip())
    if text.strip() and (day is None or not 2000 <= day.year < 2100):
        raise BadQuestion(_("Ngày không đọc được. Gõ ngày/tháng/năm, ví dụ 06/05/2025."))
    return day


def _begin(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    text = request.POST.get("begin", "").strip()
    try:
        begin_book(
            unit=unit,
            book=COPIES,
            year=today().year,
            first=read_count(text) or 0,
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sổ năm nay bắt đầu từ số %(first)s.") % {"first": text})
    return redirect("desk:copies_book", unit=unit.uuid)


def _download(
    request: StaffRequest, unit: Unit, rows: Sequence[Written], first: date, last: date
) -> FileResponse:
    name = f"Sổ chứng thực bản sao - {unit.full_name} - {first:%Y-%m-%d}.xlsx"
    book = _workbook(unit, rows, first, last)
    return taken_out(request, unit, book, what="copies_book", name=name, first=first, last=last)


def _workbook(unit: Unit, rows: Sequence[Written], first: date, last: date) -> IO[bytes]:
    """An official book is Vietnamese whatever language the screens are read in."""
    added = sums(each.row for each in rows)
    columns = [
        Column("Số chứng thực", "int"),
        Column("Ngày chứng thực", "day"),
        Column("Họ tên người yêu cầu"),
        Column("Tên bản chính giấy tờ, văn bản", width=40),
        Column("Người ký chứng thực"),
        Column("Số trang", "int"),
        Column("Số bản sao", "int"),
        Column("Phí", "money"),
        Column("Ghi chú"),
    ]
    cells: list[tuple[Any, ...]] = [
        (
            each.row.number,
            day_of(each.row.at),
            each.name,
            each.row.what,
            each.row.by_label,
            each.row.pages,
            each.row.copies,
            each.row.amount,
            each.note,
        )
        for each in rows
    ]
    total = (None, None, "Cộng", f"{added['documents']} việc", "", None, added["copies"], added["amount"], "")
    titles = [
        f"Sổ chứng thực bản sao từ bản chính, quyển số {books()[COPIES].of_year(last.year)}",
        f"{unit.full_name}, từ {format_day(first)} đến {format_day(last)}",
    ]
    return workbook([Sheet("So chung thuc", columns, [*cells, total], titles)])
