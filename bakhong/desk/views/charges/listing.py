"""What is owed to a biller: a page at a time, as a workbook, on paper, and as bills to cut apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import IO, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.actions import note_charges
from bakhong.desk.forms.charges import months_around
from bakhong.desk.frame import BadQuestion, now, page, today, unit_page
from bakhong.desk.views.export import XLSX
from bakhong.desk.views.money.choosing import chosen, switch
from bakhong.documents.serve import headers
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.payments.models import Biller, Charge, ChargeList, ChargeState
from bakhong.payments.permissions import CHARGE, VIEW, billers_for
from bakhong.payments.queries.charges import Wanted, charges_for, matching, totals
from bakhong.payments.rules.services import service_name
from bakhong.payments.writing.bills import bills_pdf
from bakhong.places.models import Unit
from bakhong.places.queries import children, contact_of
from bakhong.ui.figures import language

MOST_BILLS, MOST_PRINTED, MOST_EXPORTED = 400, 1000, 100_000
STATES = (("", lazy("mọi trạng thái")), *ChargeState.choices, ("overdue", lazy("quá hạn")))


def wanted(request: StaffRequest) -> Wanted:
    """`?state=&service=&period=&village=&q=&list=`: what is unknown is not looked at; a month that is none is a bad question."""
    state = request.GET.get("state", "")
    batch, village = request.GET.get("list", ""), request.GET.get("village", "")
    return Wanted(
        state=state if state in ChargeState.values else "",
        service=request.GET.get("service", "")[:20],
        period=_month(request.GET.get("period", "")),
        overdue_on=today() if state == "overdue" else None,
        text=request.GET.get("q", "")[:120].replace("\0", ""),
        batch=_uuid(batch, _("Không có danh sách này.")) if batch else None,
        village=_uuid(village, _("Không có thôn này.")) if village else None,
    )


def _month(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10]).replace(day=1)
    except ValueError:
        raise BadQuestion(_("Tháng này không đọc được. Hãy chọn lại.")) from None


def _uuid(text: str, problem: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadQuestion(problem) from None


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit, biller: UUID | None = None) -> HttpResponse:
    """`?print=1` for paper. The sums are of everything that fits, by state."""
    one = chosen(request, unit, biller)
    asked = wanted(request)
    is_paper = bool(request.GET.get("print"))
    found = charges_for(request.actor, one, asked, request.GET.get("from", "")[:20]) if one else None
    rows = _printed(request, one, asked) if one and is_paper else found.rows if found else []
    kept = {key: str(value) for key, value in request.GET.items() if key not in ("from", "print") and value}
    return page(
        request,
        "desk/charges/charges_print.html" if is_paper else "desk/charges/charges.html",
        unit=unit,
        active="charges",
        biller=one,
        billers=switch(request, unit, "desk:charges", one),
        asked=asked,
        state=request.GET.get("state", ""),
        states=STATES,
        services=[(code, service_name(code, language())) for code in one.services] if one else [],
        months=months_around(today()),
        villages=[(str(each.uuid), each.full_name) for each in (unit, *children(unit, today()))],
        village=str(asked.village or ""),
        period=asked.period.isoformat() if asked.period else "",
        batch=ChargeList.objects.filter(biller=one, uuid=asked.batch).first()
        if one and asked.batch
        else None,
        rows=[_row(each) for each in rows],
        sums=totals(request.actor, one, asked) if one else [],
        is_filtered=asked != Wanted(),
        next_url="?" + urlencode({**kept, "from": found.cursor}) if found and found.cursor else "",
        is_first="from" not in request.GET,
        query=urlencode(kept),
        may=one is not None and _may_charge(request, one),
        is_cut=is_paper and len(rows) == MOST_PRINTED,
    )


def _may_charge(request: StaffRequest, biller: Biller) -> bool:
    return billers_for(request.actor, CHARGE).filter(pk=biller.pk).exists()


def _printed(request: StaffRequest, biller: Biller, asked: Wanted) -> list[Charge]:
    found = matching(request.actor, biller, asked).order_by("village__sort_key", "payer_name", "pk")
    return list(found[:MOST_PRINTED])


def _row(charge: Charge) -> dict[str, Any]:
    return {
        "charge": charge,
        "service": service_name(charge.service, language()),
        "state": state_mark(charge),
        "words": state_words(charge),
    }


def state_mark(charge: Charge) -> str:
    if charge.state == ChargeState.OPEN:
        return "late" if charge.due_on and charge.due_on < today() else "doing"
    return "done" if charge.state == ChargeState.PAID else "none"


def state_words(charge: Charge) -> str:
    if charge.state == ChargeState.PAID:
        return _("đã trả, %(method)s") % {"method": charge.get_method_display()}
    if state_mark(charge) == "late":
        return _("quá hạn")
    return str(charge.get_state_display())


@unit_page(VIEW, post=VIEW)
def xlsx(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """POST with the question in the address: everything that fits as a workbook. It is written down who took it."""
    one = chosen(request, unit, biller)
    if request.method != "POST" or one is None:
        raise Http404
    asked = wanted(request)
    found = matching(request.actor, one, asked).order_by("pk")
    note_charges(biller=one, form="xlsx", by=request.actor, at=now())
    name = f"Khoản thu - {one.name} - {today():%Y-%m-%d}.xlsx"
    return FileResponse(_workbook(one, found), as_attachment=True, filename=name, content_type=XLSX)


def _workbook(biller: Biller, found: QuerySet[Charge]) -> IO[bytes]:
    """Vietnamese whatever language the screens are read in: it goes to the file of the house."""
    columns = [
        Column("Mã khoản thu", width=20),
        Column("Ai trả", width=30),
        Column("Thôn", width=24),
        Column("Mã khách hàng", width=16),
        Column("Loại", width=22),
        Column("Nội dung", width=36),
        Column("Số tiền", "money"),
        Column("Hạn trả", "day"),
        Column("Trạng thái", width=22),
        Column("Trả lúc", "moment"),
    ]
    titles = [f"Khoản thu của {biller.name}", f"Đến ngày {format_day(today())}"]
    with override("vi"):
        return workbook([Sheet("Khoan thu", columns, _cells(found), titles, is_landscape=True)])


def _cells(found: QuerySet[Charge]) -> Iterator[list[Any]]:
    for each in found[:MOST_EXPORTED].iterator(chunk_size=2000):
        yield [
            each.reference,
            each.payer_name,
            each.village.full_name,
            each.customer_code,
            service_name(each.service),
            each.title,
            each.amount,
            each.due_on,
            state_words(each),
            each.paid_at,
        ]


@unit_page(VIEW, post=VIEW)
def bills(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """POST with the question in the address, and `part` (from 1): the open ones that fit as bills, four on a sheet, by village and name.

    The parts of a list are of all its charges, so that they stay while people pay.

    Raises: Refusal where nothing waits to be paid.
    """
    one = chosen(request, unit, biller)
    if request.method != "POST" or one is None:
        raise Http404
    part = max(int(request.POST.get("part", "1")), 1) if request.POST.get("part", "1").isdecimal() else 1
    asked = wanted(request)
    found = matching(request.actor, one, replace(asked, state="") if asked.batch else asked)
    found = found if asked.batch else found.filter(state=ChargeState.OPEN)
    start = (min(part, 1000) - 1) * MOST_BILLS
    these = found.order_by("village__sort_key", "payer_name", "pk")[start : start + MOST_BILLS]
    rows = [each for each in these if each.state == ChargeState.OPEN]
    if not rows:
        raise Refusal(_("Không có khoản nào chờ trả để in."))
    note_charges(biller=one, form="pdf", by=request.actor, at=now())
    return pdf_of(request, unit, rows, "a4", f"Giấy báo thu - {one.name} - {part}.pdf")


def pdf_of(
    request: StaffRequest, unit: Unit, charges: list[Charge], paper: Any, name: str
) -> HttpResponseBase:
    contact = contact_of(unit, today())
    address = request.build_absolute_uri(reverse("portal:pay_find")).partition("://")[2]
    made = bills_pdf(charges, pay_url=address, phone=contact.phone if contact else "", paper=paper, at=now())
    answer = HttpResponse(made, content_type="application/pdf")
    for header, value in headers(name, inline=True).items():
        answer[header] = value
    return answer
