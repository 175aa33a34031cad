"""What was paid by transfer and what in cash, by village, service and month: of every charge, and of providers' lists."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import dropwhile
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_before
from bakhong.core.numbers import format_int, format_money
from bakhong.desk.actions import note_export
from bakhong.desk.frame import BadQuestion, now, page, standing_day, today, unit_page
from bakhong.desk.paid_lines import service_asked
from bakhong.documents.writing.xlsx import Column, Sheet, Value, workbook
from bakhong.indicators.queries.paid import month_on, paid_definitions
from bakhong.payments.permissions import CHARGE
from bakhong.payments.queries.cashless import (
    OUTCOMES,
    Helped,
    Rate,
    cashless,
    helped,
    month_after,
    month_before,
    newest_month,
    together,
)
from bakhong.payments.rules.services import service_name, services
from bakhong.places.models import Level, Unit
from bakhong.places.queries import children
from bakhong.ui.charts import BarRow, Point, worst_first
from bakhong.ui.figures import Figure, language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTHS = 12
FEWEST = 10  # paid charges of a month: of fewer one more or less is ten points, and a change says nothing
ESSENTIAL, EVERY = "", "tat-ca"


@dataclass(frozen=True)
class Ask:
    """What the address asks: a month (its first day), and one service, all essential ones ("") or all."""

    month: date
    service: str

    @property
    def services(self) -> Collection[str] | None:
        """None: all of them."""
        if self.service == EVERY:
            return None
        if self.service == ESSENTIAL:
            return [each.code for each in services().values() if each.is_essential]
        return [self.service]

    @property
    def service_words(self) -> str:
        named = {ESSENTIAL: _("Dịch vụ thiết yếu"), EVERY: _("Tất cả các khoản")}
        return named.get(self.service) or service_name(self.service, language())

    @property
    def month_words(self) -> str:
        return month_words(self.month)

    def url(self, name: str, unit: Unit, **changes: str) -> str:
        told = {"thang": f"{self.month:%m/%Y}", "dich-vu": self.service, **changes}
        asked = urlencode({key: value for key, value in told.items() if value}, safe="/")
        return reverse(f"desk:{name}", args=[unit.uuid]) + f"?{asked}"

    def at(self, month: date) -> "Ask":
        return Ask(month, self.service)


def month_words(month: date) -> str:
    return _("tháng %(month)s") % {"month": f"{month:%m/%Y}"}


def ask_of(request: StaffRequest, unit: Unit) -> Ask:
    """`?thang=mm/yyyy&dich-vu=`; the newest month with anything owed where none is said.

    Raises: BadQuestion.
    """
    text = request.GET.get("thang", "").strip()
    service = request.GET.get("dich-vu", "")
    if service not in (ESSENTIAL, EVERY) and service not in services():
        raise BadQuestion(_("Không có dịch vụ đó. Hãy mở lại từ trang Không tiền mặt."))
    return Ask(_month(text) if text else newest_month(unit, by=now()), service)


def _month(text: str) -> date:
    month, _slash, year = text.partition("/")
    is_number = month.isascii() and month.isdigit() and year.isascii() and year.isdigit()
    if (
        is_number
        and len(month) <= 2
        and len(year) == 4
        and 1 <= int(month) <= 12
        and 2000 <= int(year) < 2100
    ):
        return date(int(year), int(month), 1)
    raise BadQuestion(
        _("“%(text)s” không phải một tháng. Hãy ghi theo dạng tháng/năm, ví dụ 10/2026.")
        % {"text": text[:20]}
    )


def paid_urls(unit: Unit, on: date) -> dict[str, str]:
    """Indicator counted from payments → the page of its services and of the month it counts on the day."""
    return {
        definition.code: Ask(month_on(on), service_asked(definition.code)).url("cashless", unit)
        for definition, _paid in paid_definitions()
    }


@dataclass(frozen=True)
class Line:
    """One place or service: its rate by count, and each number with the list behind it."""

    label: str
    url: str
    rate: Rate
    figure: Figure | None
    cells: tuple[tuple[str, int, int, str], ...]  # (heading, how many, đồng, address of the list)


@dataclass(frozen=True)
class Board:
    """Everything the page, the sheet and the workbook show of a month."""

    ask: Ask
    whole: Rate
    before: Rate
    places: tuple[Line, ...]
    bars: tuple[BarRow, ...]
    by_service: tuple[Line, ...]
    trend: tuple[Rate, ...]
    helped: Helped


def outcome_words(outcome: str) -> str:
    words = {
        "due": _("Phải trả"),
        "transfer": _("Chuyển khoản"),
        "cash": _("Tiền mặt"),
        "unsaid": _("Đã trả, không rõ cách"),
        "unpaid": _("Chưa trả"),
        "paid": _("Đã trả"),
        "helped": _("Có người trả giúp"),
    }
    return words[outcome]


def board_of(unit: Unit, ask: Ask) -> Board:
    """About fifteen queries, whatever the number of places."""
    on = standing_day(unit, today())
    below = children(unit, on)
    first = ask.month
    for _count in range(MONTHS - 1):
        first = month_before(first)
    own = cashless([unit], first, ask.month, services=ask.services, on=on)
    parts = cashless(below, month_before(ask.month), ask.month, services=ask.services, on=on)
    last = month_before(ask.month)

    def of(each: Unit, month: date, rates: Sequence[Rate]) -> Rate:
        return together(
            each, [rate for rate in rates if (rate.unit.pk, rate.period) == (each.pk, month)], period=month
        )

    now_there = [of(each, ask.month, parts) for each in below]
    befores = {each.pk: of(each, last, parts) for each in below}
    known = [rate for rate in now_there if rate.due_count]
    found = {rate.service for rate in own if rate.period == ask.month}
    return Board(
        ask=ask,
        whole=of(unit, ask.month, own),
        before=of(unit, last, own),
        places=tuple(_line(rate.unit.full_name, rate.unit, rate, ask) for rate in _worst_first(known)),
        bars=tuple(
            worst_first([_bar(rate, befores[rate.unit.pk], ask) for rate in known if rate.paid_count])
        ),
        by_service=tuple(
            _service_line(unit, code, [r for r in own if (r.service, r.period) == (code, ask.month)], ask)
            for code in services()
            if code in found
        ),
        trend=tuple(of(unit, month, own) for month in _months(first, ask.month)),
        helped=helped(unit, ask.month, ask.month, services=ask.services, on=on),
    )


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = month_after(first)


def dots(trend: Sequence[Rate]) -> list[Point]:
    """From the first month with anything owed, each at its last day."""
    known = dropwhile(lambda rate: not rate.due_count, trend)
    return [Point(_last_day(rate.period), rate.percent) for rate in known if rate.period is not None]


def _last_day(month: date) -> date:
    return day_before(month_after(month))


def _worst_first(rates: Sequence[Rate]) -> list[Rate]:
    """Who has paid nothing yet comes last: of them there is no rate."""
    return sorted(rates, key=lambda each: (each.percent is None, each.percent or Decimal(0)))


def _service_line(unit: Unit, code: str, rates: Sequence[Rate], ask: Ask) -> Line:
    one = Ask(ask.month, code)
    rate = together(unit, rates, service=code, period=ask.month)
    return _line(service_name(code, language()), unit, rate, one)


def _line(label: str, unit: Unit, rate: Rate, ask: Ask) -> Line:
    return Line(label, ask.url("cashless", unit), rate, rate_figure(rate, ask), cells_of(unit, rate, ask))


def cells_of(unit: Unit, rate: Rate, ask: Ask) -> tuple[tuple[str, int, int, str], ...]:
    told = (("due", rate.due_count, rate.due_amount), *_outcomes(rate))
    return tuple(
        (outcome_words(code), number, amount, ask.url("cashless_list", unit, cach=code) if number else "")
        for code, number, amount in told
    )


def _outcomes(rate: Rate) -> Iterator[tuple[str, int, int]]:
    for outcome in OUTCOMES:
        yield outcome, rate.count_of(outcome), rate.amount_of(outcome)


def rate_figure(rate: Rate, ask: Ask, *, url: str = "") -> Figure | None:
    """The rate by count; None where nothing was paid."""
    if not rate.paid_count:
        return None
    return Figure(
        numerator=rate.transfer_count,
        denominator=rate.paid_count,
        percent=rate.percent,
        counted=_("khoản đã trả"),
        day_text=_("khoản của %(month)s") % {"month": ask.month_words},
        url=url,
    )


def _amount_words(rate: Rate) -> str:
    """ "61,2% (1.200.000/1.960.000 đ đã trả)" as plain words."""
    if rate.percent_of_amount is None:
        return ""
    lang = language()
    from_words = f"{format_int(rate.transfer_amount, lang)}/{format_money(rate.paid_amount, lang)}"
    return _("%(amounts)s đã trả") % {"amounts": from_words}


def _bar(rate: Rate, before: Rate, ask: Ask) -> BarRow:
    url = ask.url("cashless", rate.unit)
    return BarRow(
        label=rate.unit.full_name, figure=rate_figure(rate, ask, url=url), url=url, before=before.percent
    )


@unit_page("figures.view")
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    ask = ask_of(request, unit)
    board = board_of(unit, ask)
    return page(
        request,
        "desk/cashless/index.html",
        unit=unit,
        active="cashless",
        may_take=unit.level == Level.COMMUNE and request.actor.may(CHARGE, unit.pk),
        may_export=request.actor.may("reports.export", unit.pk),
        print_url=ask.url("cashless_sheet", unit),
        export_url=ask.url("cashless_export", unit),
        **_shown(unit, board),
    )


@unit_page("figures.view")
def sheet(request: StaffRequest, unit: Unit) -> HttpResponse:
    """The month as tables for A4."""
    ask = ask_of(request, unit)
    return page(
        request,
        "desk/cashless/sheet.html",
        unit=unit,
        active="cashless",
        back_url=ask.url("cashless", unit),
        **_shown(unit, board_of(unit, ask)),
    )


def _shown(unit: Unit, board: Board) -> dict[str, Any]:
    ask, whole = board.ask, board.whole
    return {
        "ask": ask,
        "board": board,
        "figure": rate_figure(whole, ask, url=ask.url("cashless_list", unit, cach="transfer")),
        "amount_percent": whole.percent_of_amount,
        "amounts": _amount_words(whole),
        "change": _change_words(whole, board.before),
        "cells": cells_of(unit, whole, ask) if whole.due_count else (),
        "tabs": _tabs(unit, board),
        "earlier": ask.at(month_before(ask.month)),
        "earlier_url": ask.at(month_before(ask.month)).url("cashless", unit),
        "later": ask.at(month_after(ask.month)) if month_after(ask.month) <= today() else None,
        "later_url": ask.at(month_after(ask.month)).url("cashless", unit),
        "dots": dots(board.trend),
        "helped_url": ask.url("cashless_list", unit, cach="helped") if board.helped.helped else "",
        "path": reverse("desk:cashless", args=[unit.uuid]),
    }


def _change_words(rate: Rate, before: Rate) -> str:
    if rate.percent is None or before.percent is None or min(rate.paid_count, before.paid_count) < FEWEST:
        return ""
    change = rate.percent - before.percent
    words = (
        _("bằng tháng trước")
        if not change
        else _("tăng %(points)s điểm %% so với tháng trước")
        if change > 0
        else _("giảm %(points)s điểm %% so với tháng trước")
    )
    points = str(abs(change)).replace(".", "," if language() == "vi" else ".")
    return words % {"points": points}


def _tabs(unit: Unit, board: Board) -> list[dict[str, Any]]:
    ask = board.ask
    on = standing_day(unit, today())
    found = {rate.service for rate in cashless([unit], ask.month, ask.month, on=on)}
    codes = [ESSENTIAL, EVERY, *(code for code in services() if code in found or code == ask.service)]
    return [
        {
            "label": (each := Ask(ask.month, code)).service_words,
            "url": each.url("cashless", unit),
            "current": code == ask.service,
        }
        for code in codes
    ]


# --- taking it out ---------------------------------------------------------------------------------------------------


@unit_page("reports.export", post="reports.export")
def export(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """POST downloads the month as a workbook, and leaves a trace; there is nothing to read here."""
    if request.method != "POST":
        raise Http404
    ask = ask_of(request, unit)
    board = board_of(unit, ask)
    note_export(
        unit=unit, what="cashless", form="xlsx", on=ask.month, boundaries=None, by=request.actor, at=now()
    )
    name = f"{_('Không tiền mặt')} - {unit.full_name} - {ask.month:%Y-%m}.xlsx"
    titles = (unit.full_name, f"{ask.service_words}, {ask.month_words}")
    sheets = [
        Sheet(_("Theo nơi"), _columns(_("Nơi")), list(_rows(board.places)), titles, is_landscape=True),
        Sheet(
            _("Theo dịch vụ"),
            _columns(_("Dịch vụ")),
            list(_rows(board.by_service)),
            titles,
            is_landscape=True,
        ),
    ]
    file = workbook(sheets, title=name)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _columns(what: str) -> list[Column]:
    pairs = [
        Column(f"{outcome_words(code)}, {unit}", "int")
        for code in ("due", *OUTCOMES)
        for unit in (_("khoản"), _("đồng"))
    ]
    rates = [
        Column(_("Tỷ lệ không tiền mặt (khoản)"), "percent"),
        Column(_("Tỷ lệ không tiền mặt (đồng)"), "percent"),
    ]
    return [Column(what, width=30), *pairs, *rates]


def _rows(lines: Sequence[Line]) -> Iterator[list[Value]]:
    for each in lines:
        numbers = [value for _label, number, amount, _url in each.cells for value in (number, amount)]
        yield [each.label, *numbers, each.rate.percent, each.rate.percent_of_amount]
