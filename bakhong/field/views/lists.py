"""Finding a house by somebody's name, those who are away, and what I have done."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.frame import language
from bakhong.core.text import squeeze
from bakhong.field.frame import field_page, page, today
from bakhong.field.mine import Mine
from bakhong.outreach.models import MET
from bakhong.outreach.queries.sweep import heads_of
from bakhong.outreach.queries.visits import absent_people
from bakhong.people.models import Person, Presence
from bakhong.people.queries.roll import looks_like_number
from bakhong.people.rules.services import services

_PER_PAGE = 20


@field_page()
def search(request: StaffRequest) -> HttpResponse:
    mine = Mine(request.actor, today())
    text = squeeze(request.GET.get("q", "").replace("\x00", ""))[:60]
    wrong = (
        _("Chỉ tìm bằng tên. Đừng gõ số điện thoại hay số căn cước ở đây.") if looks_like_number(text) else ""
    )
    found = mine.found(text) if text and not wrong else Person.objects.none()
    people = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "search",
        active="search",
        unit=mine.first,
        text="" if wrong else text,
        wrong=wrong,
        people=people,
    )


@field_page()
def absent(request: StaffRequest) -> HttpResponse:
    """Those away from home, to be called; their numbers stay masked."""
    mine = Mine(request.actor, today())
    found = [
        each
        for village in mine.villages
        for each in absent_people(request.actor, village, mine.on, campaign=mine.campaign(village))
    ]
    shown = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    lang = language(request)
    lines = [
        {
            "person": each,
            "presence": Presence(each.need.presence).label,
            "missing": [services()[code].name(lang) for code in each.need.in_time],
        }
        for each in shown
    ]
    return page(request, "absent", active="absent", unit=mine.first, lines=lines, shown=shown)


@field_page()
def log(request: StaffRequest) -> HttpResponse:
    """My visits of this month: what the team's claim sheet is made of."""
    mine = Mine(request.actor, today())
    first = date(mine.on.year, mine.on.month, 1)
    visits = list(mine.visits().filter(visited_on__gte=first))
    counted = [each for each in visits if each.retracted_at is None]
    names = heads_of([each.household_id for each in visits])
    return page(
        request,
        "log",
        active="log",
        unit=mine.first,
        first=first,
        lines=[{"visit": each, "name": names.get(each.household_id or 0, "")} for each in visits],
        count=len(counted),
        met=sum(each.outcome in MET for each in counted),
        days=len({each.visited_on for each in counted}),
        has_team=bool(mine.memberships),
    )
