"""Markets: their stalls, a month's fees, the cards of all of them, and the list to check them by."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.forms.stalls import MarketForm, MonthForm
from bakhong.desk.frame import BadQuestion, now, page, today, unit_page
from bakhong.desk.views.stalls.printing import cards_answer, check_url
from bakhong.desk.views.stalls.words import account_of, state_of
from bakhong.payments.actions.market_fees import raise_month
from bakhong.payments.actions.stalls import change_market, close_market, open_market
from bakhong.payments.actions.stickers import issue_stickers
from bakhong.payments.models import Biller, Market, Stall
from bakhong.payments.permissions import CHARGE, KEEP_STALLS, SEE_STALLS, VIEW, billers_for
from bakhong.payments.queries.billers import billers_of
from bakhong.payments.queries.market_months import market_month
from bakhong.payments.queries.stalls import market_for, markets_at, stalls_at
from bakhong.payments.queries.stickers import cards_of
from bakhong.places.models import Unit


@unit_page(SEE_STALLS)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    rows = [(each, _counts(_stalls(request, unit, each))) for each in markets_at(unit, today())]
    return page(
        request,
        "desk/stalls/markets.html",
        unit=unit,
        active="markets",
        rows=rows,
        may_keep=request.actor.may(KEEP_STALLS, unit.pk),
    )


@unit_page(KEEP_STALLS, post=KEEP_STALLS)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    form = MarketForm(request.POST if request.method == "POST" else None, billers=_collectors(unit))
    if request.method == "POST" and form.is_valid():
        try:
            made = open_market(unit=unit, by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã thêm %(name)s.") % {"name": made.name})
            return redirect("desk:market", unit=unit.uuid, market=made.uuid)
    return _form_page(request, unit, form, _("Thêm chợ"), _("Lưu chợ"))


@unit_page(KEEP_STALLS, post=KEEP_STALLS)
def change(request: StaffRequest, unit: Unit, market: UUID) -> HttpResponseBase:
    """POST with `close`: it is held no more."""
    found = market_for(unit, today(), market)
    first = {"address": found.address, "biller": found.biller and found.biller.uuid}
    form = MarketForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        billers=_collectors(unit),
        is_new=False,
    )
    if request.method == "POST" and form.is_valid():
        try:
            if "close" in request.POST:
                close_market(market=found, by=request.actor, at=now())
                messages.success(request, _("Đã đóng %(name)s.") % {"name": found.name})
                return redirect("desk:markets", unit=unit.uuid)
            change_market(market=found, by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("desk:market", unit=unit.uuid, market=found.uuid)
    title = _("Sửa %(name)s") % {"name": found.name}
    return _form_page(request, unit, form, title, _("Lưu chợ"), market=found)


@unit_page(SEE_STALLS)
def market(request: StaffRequest, unit: Unit, market: UUID) -> HttpResponse:
    """`?thang=2026-12`: the month whose fees are shown."""
    found = market_for(unit, today(), market)
    return _market_page(request, unit, found, _month(request.GET.get("thang", "")))


@unit_page(SEE_STALLS, post=CHARGE)
def raise_fees(request: StaffRequest, unit: Unit, market: UUID) -> HttpResponseBase:
    """The month's fee of every stall of the market, in one deed; again makes only what is missing."""
    found = market_for(unit, today(), market)
    if request.method != "POST":
        return redirect("desk:market", unit=unit.uuid, market=found.uuid)
    form = MonthForm(request.POST)
    if not form.is_valid():
        return _market_page(request, unit, found, _month(request.POST.get("month", "")), form)
    month = form.cleaned_data["month"]
    try:
        made = raise_month(
            market=found,
            month=month,
            due_on=form.cleaned_data["due_on"],
            with_withdrawn=form.cleaned_data["with_withdrawn"],
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _market_page(request, unit, found, month, form)
    told = {"made": len(made.made), "kept": made.kept, "free": made.free}
    messages.success(
        request,
        _("Đã lập %(made)s khoản thu. %(kept)s điểm bán đã có từ trước, %(free)s điểm bán không thu phí.")
        % told,
    )
    return redirect(f"{_address(unit, found)}?thang={month:%Y-%m}")


@unit_page(SEE_STALLS, post=KEEP_STALLS)
def issue(request: StaffRequest, unit: Unit, market: UUID) -> HttpResponseBase:
    """A card for every stall that has an account and no card yet."""
    found = market_for(unit, today(), market)
    if request.method == "POST":
        without = [each for each in _stalls(request, unit, found) if not each.has_card]
        made = issue_stickers(stalls=without, by=request.actor, at=now())
        messages.success(request, _("Đã cấp %(count)s thẻ mới. Bấm “In thẻ” để in.") % {"count": len(made)})
    return redirect("desk:market", unit=unit.uuid, market=found.uuid)


@unit_page(SEE_STALLS)
def cards(request: StaffRequest, unit: Unit, market: UUID) -> HttpResponse:
    """The cards that hang there now, four on a sheet. Raises: NotFound where there is none."""
    found = market_for(unit, today(), market)
    held = cards_of(_stalls(request, unit, found))
    if not held:
        raise NotFound(_("Chợ này chưa có thẻ nào. Bấm “Cấp thẻ” trước."))
    return cards_answer(request, held, unit, "a4", f"the-{found.pk}.pdf")


@unit_page(SEE_STALLS)
def sheet(request: StaffRequest, unit: Unit, market: UUID) -> HttpResponse:
    """To take along: who sells where, the bank, the last four digits and the seal code of the card."""
    found = market_for(unit, today(), market)
    stalls = _stalls(request, unit, found)
    seals = {each.stall_id: each.seal_code for each in cards_of(stalls)}
    return page(
        request,
        "desk/stalls/sheet.html",
        unit=unit,
        active="markets",
        market=found,
        rows=[(each, account_of(each), seals.get(each.pk, "")) for each in stalls],
        check_url=check_url(request),
    )


def _market_page(
    request: StaffRequest, unit: Unit, found: Market, month: date, form: MonthForm | None = None
) -> HttpResponse:
    stalls = _stalls(request, unit, found)
    told = market_month(found, month)
    collector = found.biller
    may_charge = collector is not None and billers_for(request.actor, CHARGE).filter(pk=collector.pk).exists()
    return page(
        request,
        "desk/stalls/market.html",
        unit=unit,
        active="markets",
        status=422 if form is not None else 200,
        market=found,
        counts=_counts(stalls),
        new_stall_url=f"{reverse('desk:stall_new', args=[unit.uuid])}?cho={found.uuid}",
        told=told,
        rows=[(each, charge, _look(stalls, each)) for each, charge in told.rows],
        month=month,
        before=_shift(month, -1),
        after=_shift(month, 1),
        form=form or MonthForm(initial={"month": f"{month:%Y-%m}", "due_on": month.replace(day=20)}),
        may_keep=request.actor.may(KEEP_STALLS, unit.pk),
        may_charge=may_charge,
        may_see_money=collector is not None
        and billers_for(request.actor, VIEW).filter(pk=collector.pk).exists(),
    )


def _look(stalls: list[Any], stall: Stall) -> tuple[str, str]:
    found = next((each for each in stalls if each.pk == stall.pk), None)
    return state_of(found.last_verdict, has_alarm=found.has_alarm) if found else state_of(None)


def _stalls(request: StaffRequest, unit: Unit, market: Market) -> list[Any]:
    """Stalls with the columns of `with_state`."""
    return list(stalls_at(request.actor, unit, today()).filter(market=market))


def _counts(stalls: list[Any]) -> dict[str, int]:
    """Of a market: its stalls, those with an account, a card, a look at it, and an open alarm."""
    return {
        "stalls": len(stalls),
        "accounts": sum(1 for each in stalls if each.account),
        "cards": sum(1 for each in stalls if each.has_card),
        "checked": sum(1 for each in stalls if each.last_at),
        "alarms": sum(1 for each in stalls if each.has_alarm),
    }


def _collectors(unit: Unit) -> list[Biller]:
    return list(billers_of(unit, today()).filter(unit=unit, keeps_ledger=True))


def _month(text: str) -> date:
    """The first day of the month asked for; of this month where none is. Raises: BadQuestion."""
    if not text:
        return today().replace(day=1)
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadQuestion(_("Không có tháng này. Ghi như 2026-12.")) from None
    if not 2000 <= found.year < 2100:
        raise BadQuestion(_("Không có tháng này. Ghi như 2026-12."))
    return found


def _shift(month: date, by: int) -> date:
    at = month.year * 12 + month.month - 1 + by
    return date(at // 12, at % 12 + 1, 1)


def _address(unit: Unit, market: Market) -> str:
    return reverse("desk:market", args=[unit.uuid, market.uuid])


def _form_page(
    request: StaffRequest,
    unit: Unit,
    form: MarketForm,
    heading: str,
    button: str,
    market: Market | None = None,
) -> HttpResponse:
    return page(
        request,
        "desk/stalls/market_form.html",
        unit=unit,
        active="markets",
        status=422 if form.is_bound else 200,
        form=form,
        heading=heading,
        button_label=button,
        market=market,
    )
