"""The ledger: its accounts, the entries of one, one entry, and the entries of some days to take along."""

from datetime import date, timedelta
from typing import IO, Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.queries import labels_of
from bakhong.core.days import parse_day
from bakhong.core.numbers import format_day
from bakhong.desk.actions import note_ledger
from bakhong.desk.frame import BadQuestion, now, page, today, unit_page
from bakhong.desk.views.export import XLSX
from bakhong.desk.views.money.choosing import chosen, switch
from bakhong.desk.views.money.words import account_words
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.payments.models import AccountKind, Biller, Entry, LedgerAccount
from bakhong.payments.permissions import VIEW
from bakhong.payments.queries.books import Days, entries_between, entries_of, entry_of, written
from bakhong.payments.queries.ledger import GROW_BY_DEBITS, all_sums, sums
from bakhong.places.models import Unit

LONGEST, MOST_EXPORTED = timedelta(days=366), 200_000


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit, biller: UUID | None = None) -> HttpResponse:
    """`?on=`: every account with what stands in it at the end of the day; `?print=1` for paper."""
    one = chosen(request, unit, biller)
    on = _day(request.GET.get("on", ""))
    rows = _accounts(one, on) if one else []
    return page(
        request,
        "desk/money/ledger_print.html" if request.GET.get("print") else "desk/money/ledger.html",
        unit=unit,
        active="ledger",
        biller=one,
        billers=switch(request, unit, "desk:ledger", one),
        on=on,
        on_text=format_day(on) if on else "",
        debits=sum(each["sums"].debits for each in rows),
        credits=sum(each["sums"].credits for each in rows),
        rows=rows,
        first=today().replace(day=1),
    )


def _accounts(biller: Biller, on: date | None) -> list[dict[str, Any]]:
    order = list(AccountKind.values)
    found = sorted(all_sums(biller, on), key=lambda pair: (order.index(pair[0].kind), pair[0].code))
    return [
        {"account": each, "words": account_words(each), "sums": told, "balance": told.balance(each.kind)}
        for each, told in found
    ]


@unit_page(VIEW)
def account(request: StaffRequest, unit: Unit, biller: UUID, code: str) -> HttpResponse:
    """`?first=&last=&from=`: the entries of one account, newest first, a page at a time."""
    one = _biller(request, unit, biller)
    found = LedgerAccount.objects.filter(biller=one, code=code).select_related("bank_account").first()
    if found is None:
        raise Http404
    days = _days(request)
    leaf = entries_of(found, days=days, cursor=request.GET.get("from", "")[:40])
    rows = [{"row": each, "other": account_words(each.other)} for each in leaf.rows]
    kept = {key: str(request.GET[key]) for key in ("first", "last") if request.GET.get(key)}
    return page(
        request,
        "desk/money/account.html",
        unit=unit,
        active="ledger",
        biller=one,
        account=found,
        words=account_words(found),
        balance=sums(found, days.last).balance(found.kind),
        grows_by_debits=found.kind in GROW_BY_DEBITS,
        days=days,
        rows=rows,
        next_url="?" + urlencode({**kept, "from": leaf.following}) if leaf.following else "",
        is_first="from" not in request.GET,
    )


@unit_page(VIEW)
def entry(request: StaffRequest, unit: Unit, biller: UUID, key: str) -> HttpResponse:
    """One entry: what was moved from where to where, for what, by whom."""
    one = _biller(request, unit, biller)
    found = entry_of(one, key)
    if found is None:
        raise Http404
    return page(
        request,
        "desk/money/entry.html",
        unit=unit,
        active="ledger",
        biller=one,
        entry=found,
        debit=account_words(found.debit),
        credit=account_words(found.credit),
        who=_who(found),
        reversal=getattr(found, "reversed_by", None),
    )


@unit_page(VIEW, post=VIEW)
def xlsx(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """POST `first`, `last`: the entries of these days as a workbook. It is written down who took it."""
    one = _biller(request, unit, biller)
    days = _days(request)
    first, last = days.first or today().replace(day=1), days.last or today()
    if not first <= last <= first + LONGEST:
        raise BadQuestion(_("Ngày cuối phải sau ngày đầu, và không quá một năm."))
    if request.method != "POST":
        raise Http404
    note_ledger(biller=one, first=first, last=last, by=request.actor, at=now())
    name = f"Sổ cái - {one.name} - {first:%Y-%m-%d} - {last:%Y-%m-%d}.xlsx"
    return FileResponse(_workbook(one, first, last), as_attachment=True, filename=name, content_type=XLSX)


def _workbook(biller: Biller, first: date, last: date) -> IO[bytes]:
    """Vietnamese whatever language the screens are read in: it goes to the file of the house."""
    columns = [
        Column("Ngày", "day"),
        Column("Số hiệu", width=44),
        Column("Nghiệp vụ", width=40),
        Column("Ghi nợ", width=34),
        Column("Ghi có", width=34),
        Column("Số tiền", "money"),
        Column("Ghi chú", width=40),
    ]
    found = written(entries_between(biller, Days(first, last)), MOST_EXPORTED)
    titles = [f"Sổ cái của {biller.name}", f"Từ {format_day(first)} đến {format_day(last)}"]
    with override("vi"):
        return workbook(
            [Sheet("So cai", columns, (_cells(each) for each in found), titles, is_landscape=True)]
        )


def _cells(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.on,
        entry.key,
        str(entry.get_kind_display()),
        account_words(entry.debit),
        account_words(entry.credit),
        entry.amount,
        entry.note,
    )


def _who(entry: Entry) -> str:
    return labels_of({entry.by}).get(entry.by, "") or _("phần mềm")


def _biller(request: StaffRequest, unit: Unit, biller: UUID) -> Biller:
    one = chosen(request, unit, biller)
    assert one is not None
    return one


def _days(request: StaffRequest) -> Days:
    told = request.POST or request.GET
    return Days(_day(told.get("first", "")), _day(told.get("last", "")))


def _day(text: str) -> date | None:
    """Raises: BadQuestion."""
    day = parse_day(text) if text.strip() else None
    if text.strip() and (day is None or not 2000 <= day.year < 2100):
        raise BadQuestion(_("Ngày không đọc được. Gõ ngày/tháng/năm, ví dụ 06/05/2025."))
    return day
