"""What a member starts the day with: who waits today, where to go next, what is coming."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from bakhong.accounts.access import StaffRequest, View
from bakhong.core.days import day_of
from bakhong.field.frame import PERMISSION, field_page, now, page, today
from bakhong.field.mine import Mine
from bakhong.outreach.models import Outcome, PartOfDay
from bakhong.outreach.queries.sessions import sessions_at
from bakhong.outreach.queries.sweep import Stop, heads_of, sweep_order
from bakhong.outreach.queries.trainings import trainings_at
from bakhong.outreach.queries.visits import is_visited, to_come_back
from bakhong.people.models import Household
from bakhong.places.models import Unit

_FEW_VILLAGES = 3  # with more, one is chosen first: an order of the whole commune takes seconds
_NEXT = 5
_PER_PAGE = 20


def _or_desk(view: View) -> View:
    """Whoever kept this address on their phone and goes from house to house no more, or only collects money, starts at the desk."""

    @wraps(view)
    def inner(request: StaffRequest) -> HttpResponseBase:
        if request.user.is_authenticated and not request.actor.may(PERMISSION):
            return redirect("desk:home")
        return view(request)

    return inner


@_or_desk
@field_page()
def home(request: StaffRequest) -> HttpResponse:
    mine = Mine(request.actor, today())
    few = len(mine.villages) <= _FEW_VILLAGES
    villages = [_village(mine, each, _NEXT) for each in mine.villages] if few else []
    asked = mine.villages if few else mine.places
    waiting = [
        visit
        for each in asked
        for visit in to_come_back(request.actor, each, mine.on)
        if visit.village_id in mine.belongs
    ]
    names = heads_of([each.household_id for each in waiting])
    return page(
        request,
        "home",
        active="home",
        unit=mine.first,
        mine=mine,
        villages=villages,
        many=[] if few else mine.villages,
        waiting=[{"visit": each, "name": names.get(each.household_id or 0, "")} for each in waiting],
        coming=_coming(mine, asked),
    )


@field_page()
def village(request: StaffRequest, village: UUID) -> HttpResponse:
    """The households of a village that still lack something, hardest first."""
    mine = Mine(request.actor, today())
    found = mine.village(village)
    shown = _village(mine, found, None)
    pages = Paginator(shown["stops"], _PER_PAGE)
    return page(
        request,
        "village",
        active="home",
        unit=found,
        village=found,
        shown=shown,
        stops=pages.get_page(request.GET.get("page")),
    )


def _village(mine: Mine, village: Unit, at_most: int | None) -> dict[str, Any]:
    """A village with its first households to go to; those called at today and those done stand back."""
    campaign = mine.campaign(village)
    order = sweep_order(mine.actor, village, mine.on, mine.codes(campaign))
    stops = [each for each in order.stops if each.household_id is not None]
    whole = next(each for each in order.stops if each.household_id is None)
    last = is_visited([each.household_id for each in stops if each.household_id], campaign)
    if at_most is not None:
        stops = [each for each in stops if each.household_id not in last][:at_most] or stops[:at_most]
    households = Household.objects.in_bulk([each.household_id for each in stops if each.household_id])
    names = heads_of(households)
    return {
        "village": village,
        "campaign": campaign,
        "missing": whole.missing,
        "people": whole.people,
        "households": sum(each.household_id is not None for each in order.stops),
        "homeless": order.homeless.get(village.pk, 0),
        "stops": [_stop(each, households, names, last) for each in stops],
    }


def _stop(
    stop: Stop, households: dict[int, Household], names: dict[int, str], last: dict[int, str]
) -> dict[str, Any]:
    pk = stop.household_id or 0
    return {
        "household": households[pk],
        "name": names.get(pk, ""),
        "missing": stop.missing,
        "people": stop.people,
        "best": PartOfDay(stop.best.part).label if stop.best else "",
        "last": Outcome(last[pk]).label if pk in last else "",
    }


def _coming(mine: Mine, asked: list[Unit]) -> list[dict[str, Any]]:
    """Trainings and mobile sessions that are not over, the soonest first."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for each in asked:
        trainings: QuerySet[Any] = trainings_at(mine.actor, each, mine.on)
        sessions: QuerySet[Any] = sessions_at(mine.actor, each, mine.on)
        for kind, rows in (("training", trainings), ("session", sessions)):
            for row in rows.filter(ends_at__gt=now(), cancelled_at=None)[:20]:
                what = row.title if kind == "training" else row.provider
                found[kind, row.pk] = {
                    "kind": kind,
                    "what": what,
                    "venue": row.venue,
                    "place": row.place,
                    "at": row.starts_at,
                    "is_today": day_of(row.starts_at) == mine.on,
                }
    return sorted(found.values(), key=lambda each: each["at"])[:5]
