"""Which confirmations lack the number of a tax receipt: listed, taken along as a workbook, the numbers taken in from a file."""

from collections.abc import Iterator
from datetime import date
from typing import IO, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.actions import note_charges
from bakhong.desk.forms.list_file import sent_list
from bakhong.desk.frame import BadQuestion, now, page, today, unit_page
from bakhong.desk.views.export import XLSX
from bakhong.desk.views.money.choosing import chosen
from bakhong.desk.views.money.taken import LONGEST, PER_PAGE
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.payments.actions.official import Noted, note_numbers
from bakhong.payments.models import Biller, Receipt
from bakhong.payments.permissions import RECONCILE, VIEW, billers_for
from bakhong.payments.queries.official import numbered, receipts_between, without_number
from bakhong.payments.rules.official import Numbered, read_numbers
from bakhong.people.reading import grids_of
from bakhong.places.models import Unit

SHOWN, MOST_ROWS = 200, 20_000
PROBLEMS = {
    "no_reference": gettext_lazy("không có mã khoản thu (BK…) ở dòng này"),
    "several": gettext_lazy("có nhiều mã khoản thu ở một dòng"),
    "amount_unclear": gettext_lazy("số tiền không đọc được"),
    "day_unclear": gettext_lazy("ngày biên lai không đọc được"),
    "not_paid": gettext_lazy("mã này chưa có xác nhận đã nhận tiền của đơn vị"),
    "amount": gettext_lazy("số tiền khác với số đã thu"),
    "other": gettext_lazy("khoản này đã ghi một số khác; cần sửa thì mở khoản thu"),
    "twice": gettext_lazy("số biên lai này đã ghi cho khoản khác"),
    "odd": gettext_lazy("ký hiệu hoặc số dài quá 20 ký tự"),
    "ahead": gettext_lazy("ngày biên lai ở sau hôm nay"),
}


@unit_page(VIEW, post=RECONCILE)
def index(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """`?first=&last=` this year without days; `?co=1` those that have one. POST: a file with the numbers."""
    one = chosen(request, unit, biller)
    if one is None:
        raise Http404
    first, last = _days(request)
    problem, status, left = "", 200, None
    if request.method == "POST":
        try:
            done = note_numbers(biller=one, rows=_rows(request), by=request.actor, at=now())
        except NotAllowed:
            raise
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
        else:
            messages.success(request, _said(done))
            if not done.problems:
                return redirect(_address(unit, one, first, last))
            left = [(each.row, each.reference, each.number, PROBLEMS[each.problem]) for each in done.problems]
    return _page(request, unit, one, first, last, status, problem=problem, left=left)


def _page(
    request: StaffRequest, unit: Unit, one: Biller, first: date, last: date, status: int, **more: Any
) -> HttpResponse:
    rows = receipts_between(one, first, last)
    has_one = request.GET.get("co") == "1"
    listed = numbered(rows) if has_one else without_number(rows)
    left = more.pop("left") or []
    return page(
        request,
        "desk/money/official.html",
        unit=unit,
        active="money",
        status=status,
        biller=one,
        first=first,
        last=last,
        has_one=has_one,
        total=rows.count(),
        known=numbered(rows).count(),
        shown=Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        may=billers_for(request.actor, RECONCILE).filter(pk=one.pk).exists(),
        xlsx_url=f"{reverse('desk:official_xlsx', args=[unit.uuid, one.uuid])}?first={format_day(first)}&last={format_day(last)}",
        left=left[:SHOWN],
        more_left=max(len(left) - SHOWN, 0),
        **more,
    )


def _days(request: StaffRequest) -> tuple[date, date]:
    """Raises: BadQuestion."""
    first = parse_day(request.GET.get("first", "")) or date(today().year, 1, 1)
    last = parse_day(request.GET.get("last", "")) or max(first, today())
    if not 2000 <= first.year < 2100 or not first <= last <= first + LONGEST:
        raise BadQuestion(_("Ngày cuối phải sau ngày đầu, và không quá một năm."))
    return first, last


def _address(unit: Unit, biller: Biller, first: date, last: date) -> str:
    where = reverse("desk:official", args=[unit.uuid, biller.uuid])
    return f"{where}?first={format_day(first)}&last={format_day(last)}"


def _rows(request: StaffRequest) -> list[Numbered]:
    """Raises: Refusal."""
    name, content = sent_list(request, _("Chọn tệp Excel có số biên lai."))
    grids, _warnings = grids_of(content, name)
    told = [found for grid in grids if (found := read_numbers(grid.cells)) is not None]
    if not told:
        raise Refusal(_("Không thấy cột “Số biên lai” hoặc “Số hoá đơn” trong tệp."))
    rows = [each for found in told for each in found]
    if len(rows) > MOST_ROWS:
        raise Refusal(_("Tệp có quá nhiều dòng. Hãy chia thành nhiều tệp rồi gửi từng tệp."))
    return rows


def _said(done: Noted) -> str:
    return _("Đã ghi %(noted)s số biên lai; %(known)s số đã có từ trước, %(left)s dòng chưa ghi được.") % {
        "noted": done.noted,
        "known": done.known,
        "left": len(done.problems),
    }


@unit_page(VIEW, post=VIEW)
def xlsx(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """POST: those without a number, with columns to fill in and to send back. It is written down who took it."""
    one = chosen(request, unit, biller)
    if request.method != "POST" or one is None:
        raise Http404
    found = without_number(receipts_between(one, *_days(request)))
    note_charges(biller=one, form="official", by=request.actor, at=now())
    name = f"Chưa có số biên lai - {one.name} - {today():%Y-%m-%d}.xlsx"
    return FileResponse(_workbook(one, found), as_attachment=True, filename=name, content_type=XLSX)


def _workbook(biller: Biller, found: QuerySet[Receipt]) -> IO[bytes]:
    """Vietnamese whatever language the screens are read in: it goes to the file of the house, and is read back by its columns."""
    columns = [
        Column("Số xác nhận", width=14),
        Column("Mã khoản thu", width=20),
        Column("Người trả", width=30),
        Column("Nội dung", width=36),
        Column("Số tiền", "money"),
        Column("Trả lúc", "moment"),
        Column("Ký hiệu", width=12),
        Column("Số biên lai", width=14),
        Column("Ngày biên lai", "day"),
    ]
    titles = [f"Chưa có số biên lai: {biller.name}", f"Đến ngày {format_day(today())}"]
    with override("vi"):
        return workbook([Sheet("Bien lai", columns, _cells(found), titles, is_landscape=True)])


def _cells(found: QuerySet[Receipt]) -> Iterator[list[Any]]:
    for each in found[:MOST_ROWS].iterator(chunk_size=2000):
        charge = each.charge
        yield [
            f"{each.number}/{each.year}",
            charge.reference,
            each.payer_name,
            charge.title,
            each.amount,
            each.at,
            None,
            None,
            None,
        ]
