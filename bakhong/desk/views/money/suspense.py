"""Money that no rule could place: the queue, oldest first, each line with its owner, age and next step."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.numbers import format_money
from bakhong.desk.frame import page, today, unit_page
from bakhong.desk.views.money.choosing import billers_here
from bakhong.desk.views.money.words import bank_words, waited_words
from bakhong.payments.models import Direction, SuspenseItem, SuspenseReason
from bakhong.payments.permissions import VIEW
from bakhong.payments.queries.owners import NOBODY
from bakhong.payments.queries.suspense import closed_items, open_items
from bakhong.payments.rules.ages import is_late, last_late
from bakhong.payments.rules.suspense import ADD_UP, CALL, EXPLAIN, FIND, REST, RETURN
from bakhong.places.models import Unit

PER_PAGE = 50
STEP_WORDS = {
    FIND: gettext_lazy("tìm khoản thu của số tiền này"),
    CALL: gettext_lazy("gọi hỏi người chuyển"),
    REST: gettext_lazy("chờ phần còn thiếu, nhắc người trả"),
    ADD_UP: gettext_lazy("đã đủ: gộp các phần vào khoản thu"),
    RETURN: gettext_lazy("đề nghị trả lại"),
    EXPLAIN: gettext_lazy("ghi rõ đây là tiền gì"),
}


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?whose=mine|nobody`, `?late=1`, `?reason=`: what waits, the oldest first; `?closed=1`: what was dealt with, the latest first."""
    billers, asked = billers_here(request, unit), _asked(request)
    every = open_items(request.actor).filter(biller__in=billers)
    closed = closed_items(request.actor).filter(biller__in=billers)
    found = closed if asked["closed"] else _chosen(every, request, asked)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/money/suspense.html",
        unit=unit,
        active="suspense",
        has_biller=bool(billers),
        tally=_tally(every),
        shown=shown,
        lines=[line_of(each, today()) for each in shown],
        filters=_filters(every, request, asked),
        is_closed=bool(asked["closed"]),
        has_closed=closed.exists(),
        has_several=len(billers) > 1,
    )


def _tally(every: QuerySet[SuspenseItem]) -> dict[str, int]:
    came, went = (Q(line__direction=each) for each in (Direction.IN, Direction.OUT))
    found = every.order_by().aggregate(
        count=Count("pk"),
        came=Sum("amount", filter=came, default=0),
        went=Sum("amount", filter=went, default=0),
    )
    return {**found, "amount": found["came"] + found["went"]}


def _asked(request: StaffRequest) -> dict[str, str]:
    reason = request.GET.get("reason", "")
    return {
        "whose": whose if (whose := request.GET.get("whose", "")) in ("mine", "nobody") else "",
        "late": "1" if request.GET.get("late") else "",
        "closed": "1" if request.GET.get("closed") else "",
        "reason": reason if reason in SuspenseReason.values else "",
    }


def _chosen(
    every: QuerySet[SuspenseItem], request: StaffRequest, asked: dict[str, str]
) -> QuerySet[SuspenseItem]:
    owners = {"mine": request.actor.id, "nobody": NOBODY.id}
    mine = every.filter(owner=owners[asked["whose"]]) if asked["whose"] else every
    mine = mine.filter(_late(today())) if asked["late"] else mine
    return mine.filter(reason=asked["reason"]) if asked["reason"] else mine


def _filters(
    every: QuerySet[SuspenseItem], request: StaffRequest, asked: dict[str, str]
) -> list[dict[str, Any]]:
    """All, mine, and each reason there is; each says how many."""
    by_reason = dict(every.order_by().values_list("reason").annotate(Count("pk")))
    mine = every.filter(owner=request.actor.id).count()
    found = [(_("Tất cả"), sum(by_reason.values()), {}), (_("Việc của tôi"), mine, {"whose": "mine"})]
    more = [
        (_("Chưa có người lo"), every.filter(owner=NOBODY.id).count(), {"whose": "nobody"}),
        (_("Quá hạn"), every.filter(_late(today())).count(), {"late": "1"}),
    ]
    found += [each for each in more if each[1]]
    found += [
        (str(each.label), by_reason[each.value], {"reason": each.value})
        for each in SuspenseReason
        if each.value in by_reason
    ]
    wanted = {key: value for key, value in asked.items() if value}
    return [
        {"label": label, "count": count, "url": "?" + urlencode(kept), "current": kept == wanted}
        for label, count, kept in found
    ]


def _late(on: date) -> Q:
    return Q(opened_at__lt=datetime.combine(last_late(on) + timedelta(days=1), time(), VIET_NAM))


def line_of(item: SuspenseItem, on: date) -> dict[str, Any]:
    """An item as a line of the queue."""
    return {
        "item": item,
        "line": item.line,
        "bank": bank_words(item.line.account),
        "headline": headline(item),
        "age": waited_words(item.line.on, on),
        "is_late": item.closed_at is None and is_late(day_of(item.opened_at), on),
        "step": STEP_WORDS.get(item.next_step, item.next_step),
    }


def headline(item: SuspenseItem) -> str:
    """What is wrong, first and in large letters: the missing amount before anything else."""
    amount = item.amount
    if item.amount < item.line.amount:
        return _("CÒN THỪA %(amount)s") % {"amount": format_money(amount)}
    if item.charge is not None and item.next_step == ADD_UP:
        return _("GỘP LẠI LÀ ĐỦ %(amount)s") % {"amount": format_money(item.charge.amount)}
    if item.charge is not None and item.reason == SuspenseReason.UNDERPAID:
        return _("THIẾU %(amount)s") % {"amount": format_money(item.charge.amount - amount)}
    if item.charge is not None and item.reason == SuspenseReason.OVERPAID:
        return _("THỪA %(amount)s") % {"amount": format_money(amount - item.charge.amount)}
    said = {
        SuspenseReason.DOUBLE: _("TRẢ HAI LẦN %(amount)s"),
        SuspenseReason.CLOSED: _("KHOẢN ĐÃ HUỶ, NHẬN %(amount)s"),
        SuspenseReason.OUT: _("TIỀN RA %(amount)s"),
    }.get(SuspenseReason(item.reason), _("CHƯA RÕ %(amount)s"))
    return said % {"amount": format_money(amount)}
