"""What the banks told of: the list behind the numbers of a day and of a statement."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import urlencode

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.desk.frame import page, unit_page
from bakhong.desk.views.money.choosing import billers_here, chosen
from bakhong.desk.views.money.words import bank_words
from bakhong.payments.models import BankLine, Direction, LineState, Statement
from bakhong.payments.permissions import VIEW
from bakhong.payments.queries.bank_lines import Wanted, lines_of, statement_of, tally_of_lines
from bakhong.places.models import Unit

MARKS = {
    LineState.NEW: "late",
    LineState.MATCHED: "done",
    LineState.SUSPENSE: "late",
    LineState.EXPLAINED: "none",
}


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponse:
    """`?first=&last=&state=&direction=&statement=&unconfirmed=&from=`: lines of the banks, newest first, a page at a time."""
    one = chosen(request, unit, biller)
    assert one is not None
    wanted = _wanted(request, unit)
    leaf = lines_of(one, wanted, request.GET.get("from", "")[:40])
    kept = {key: str(value) for key, value in request.GET.items() if key != "from" and value}
    tally = tally_of_lines(one, wanted)
    return page(
        request,
        "desk/money/lines.html",
        unit=unit,
        active="days",
        biller=one,
        wanted=wanted,
        rows=[_row(each) for each in leaf.rows],
        next_url="?" + urlencode({**kept, "from": leaf.following}) if leaf.following else "",
        came=tally.get(Direction.IN, (0, 0)),
        went=tally.get(Direction.OUT, (0, 0)),
        states=LineState.choices,
        directions=Direction.choices,
        is_filtered=wanted != Wanted(),
    )


def _wanted(request: StaffRequest, unit: Unit) -> Wanted:
    """Unknown filters are as if not given. Raises: Http404 for another's statement."""
    told = request.GET
    return Wanted(
        first=parse_day(told.get("first", "")),
        last=parse_day(told.get("last", "")),
        state=told.get("state", "") if told.get("state", "") in LineState.values else "",
        direction=told.get("direction", "") if told.get("direction", "") in Direction.values else "",
        statement=_statement(request, unit, "statement"),
        unconfirmed=_statement(request, unit, "unconfirmed"),
    )


def _statement(request: StaffRequest, unit: Unit, name: str) -> Statement | None:
    """Raises: Http404 for another's."""
    if not request.GET.get(name):
        return None
    try:
        found = statement_of(billers_here(request, unit), UUID(request.GET[name]))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _row(line: BankLine) -> dict[str, Any]:
    settled = next((each for each in line.settlements.all() if each.taken_back_id is None), None)
    return {
        "line": line,
        "bank": bank_words(line.account),
        "mark": MARKS[LineState(line.state)],
        "charge": settled.charge if settled is not None else None,
        "item": getattr(line, "suspense_item", None),
    }
