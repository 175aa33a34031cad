"""Dossiers in order, a page at a time: by the key of the last row, never by counting. A million rows cost what fifty do."""

import base64
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier, ResultMode, State
from bakhong.dossiers.queries.deadlines import OURS, is_late, is_unanswered
from bakhong.dossiers.rules.states import FINISHED, WAITING
from bakhong.people import scope
from bakhong.places.models import Level, Unit
from bakhong.places.remembering import remembered

PAGE = 50
_OPEN = ~Q(state__in=sorted(FINISHED))
# What somebody of ours has to do next, and what waits for the resident.
OUR_TURN = (*OURS, State.WITHDRAWING)
THEIR_TURN = tuple(sorted(WAITING))
# Lists besides those of one state: what is in them at a moment.
LISTS: dict[str, Callable[[datetime], Q]] = {
    "ours": lambda at: Q(state__in=OUR_TURN),
    "late": is_late,
    "theirs": lambda at: Q(state__in=THEIR_TURN),
    "unanswered": is_unanswered,
    "deliver": lambda at: Q(state=State.DONE, result_mode__in=(ResultMode.POST, ResultMode.HOME)),
    "ended": lambda at: Q(state__in=(State.REFUSED, State.STOPPED)),
    "open": lambda at: _OPEN,
    "all": lambda at: Q(),
}
_CLOSED = frozenset(
    {"deliver", "ended", "all", *FINISHED}
)  # newest first; all others by what has to be done first


@dataclass(frozen=True)
class Wish:
    """What the list should hold. `show`: one of `LISTS`, or a state; `mine`: an actor's id."""

    show: str = "open"
    procedure: str = ""
    mine: str = ""

    @property
    def is_by_due(self) -> bool:
        """Open ones come in the order in which something has to be done, the others newest first."""
        return self.show not in _CLOSED


@dataclass(frozen=True)
class QueuePage:
    """`more`: the cursor of the next page, "" on the last one."""

    rows: list[Dossier]
    more: str


def queue(
    actor: Actor, unit: Unit, *, at: datetime, wish: Wish | None = None, cursor: str = "", size: int = PAGE
) -> QueuePage:
    """The dossiers of a unit that the actor may see. A cursor that is none is answered with the first page."""
    asked = wish or Wish()
    rows = _wished(Dossier.objects.for_user(actor).filter(of_unit(unit, day_of(at))), asked, at)
    return (_by_due if asked.is_by_due else _newest)(rows, _read(cursor, 2), size)


def newest(rows: "QuerySet[Dossier]", cursor: str = "", size: int = PAGE) -> QueuePage:
    """Any dossiers, the latest handed in first. A cursor that is none is answered with the first page."""
    return _newest(rows, _read(cursor, 2), size)


def after(
    actor: Actor, unit: Unit, dossier: Dossier, *, at: datetime, wish: Wish | None = None
) -> Dossier | None:
    """The one that comes next in the list, from its top again after the last; None where there is no other."""
    asked = wish or Wish()
    moment = dossier.act_by if asked.is_by_due else dossier.submitted_at
    cursor = _write([moment.isoformat() if moment else "", dossier.pk])
    for start in (cursor, ""):
        rows = queue(actor, unit, at=at, wish=asked, cursor=start, size=2).rows
        found = next((each for each in rows if each.pk != dossier.pk), None)
        if found is not None:
            return found
    return None


def waiting_counts(
    actor: Actor, unit: Unit, *, at: datetime, mine: str = "", most: int = 1000
) -> dict[str, int]:
    """How many open dossiers there are in each state and each list of open ones, for the head of the list: counted up to `most` of each
    (then it is at least so many). `mine`: only those of this actor."""
    rows = _wished(Dossier.objects.for_user(actor).filter(of_unit(unit, day_of(at))), Wish(mine=mine), at)
    found: dict[str, int] = {}
    for state in rows.order_by("act_by", "id").values_list("state", flat=True)[:most]:
        found[state] = found.get(state, 0) + 1
    found |= {
        "ours": sum(found.get(state, 0) for state in OUR_TURN),
        "theirs": sum(found.get(state, 0) for state in THEIR_TURN),
    }
    for name in ("late", "unanswered"):
        found[name] = rows.filter(LISTS[name](at))[:most].count()
    return {name: number for name, number in found.items() if number}


def pressing(actor: Actor, unit: Unit, *, at: datetime, takes_in: bool, most: int = 100) -> int:
    """How many are late, and for who `takes_in` how many wait to be taken in as well; counted up to `most`."""
    wanted = is_late(at) | Q(state=State.SUBMITTED) if takes_in else is_late(at)
    rows = Dossier.objects.for_user(actor).filter(of_unit(unit, day_of(at))).filter(_OPEN).filter(wanted)
    return rows.order_by()[:most].count()


def communes_of(unit: Unit, on: date) -> Collection[int]:
    """The communes (former ones too) whose dossiers are those of a unit. Read once a request, as long as the connection shows the same."""
    if unit.level == Level.COMMUNE:
        return remembered(("dossiers of", unit.pk, on, scope.shown()), lambda: _communes_of(unit, on))
    return Unit.objects.filter(pk__in=covered_ids([unit.pk], on), level=Level.COMMUNE).values_list(
        "pk", flat=True
    )


def _communes_of(unit: Unit, on: date) -> list[int]:
    below = covered_ids([unit.pk], on)
    former = Unit.objects.filter(pk__in=below, level=Level.COMMUNE).exclude(pk=unit.pk)
    has_any = Exists(Dossier.objects.filter(village=OuterRef("pk")))
    return [unit.pk, *former.filter(has_any).order_by("pk").values_list("pk", flat=True)]


def of_unit(unit: Unit, on: date) -> Q:
    """Rows that are a unit's to work on: what a commune that became part of it left open is its own."""
    ids = list(communes_of(unit, on))
    return Q(village_id=ids[0]) if len(ids) == 1 else Q(village_id__in=ids)


def _wished(rows: "QuerySet[Dossier]", wish: Wish, at: datetime) -> "QuerySet[Dossier]":
    if wish.show in LISTS:
        rows = rows.filter(LISTS[wish.show](at))
    elif wish.show in State.values:
        rows = rows.filter(state=wish.show)
    if wish.is_by_due:
        rows = rows.filter(_OPEN)  # said again where it follows: the index of open ones is found by it
    if wish.procedure:
        rows = rows.filter(procedure=wish.procedure)
    if wish.mine:
        rows = rows.filter(assigned_to=wish.mine)
    return rows


def _by_due(rows: "QuerySet[Dossier]", after: list[Any] | None, size: int) -> QueuePage:
    """Those with a moment, then those without (waiting for a fee): the order of the index of open ones, which is read until a page is full.

    What comes before the cursor is excluded, rather than what follows it asked for: the planner cannot know that open ones have a moment
    and finished ones have none; asked for those with one it would expect a handful, fetch all that are open and sort them.
    """
    if after and after[0]:
        rows = rows.exclude(Q(act_by__lt=after[0]) | Q(act_by=after[0], id__lte=after[1]))
    elif after:
        rows = rows.filter(act_by__isnull=True, id__gt=after[1])
    found = list(rows.order_by("act_by", "id")[: size + 1])
    return _page(found, size, lambda row: [row.act_by.isoformat() if row.act_by else "", row.pk])


def _newest(rows: "QuerySet[Dossier]", after: list[Any] | None, size: int) -> QueuePage:
    if after:
        moment, key = after
        rows = rows.filter(Q(submitted_at__lt=moment) | Q(submitted_at=moment, id__lt=key)).filter(
            submitted_at__lte=moment
        )
    found = list(rows.order_by("-submitted_at", "-id")[: size + 1])
    return _page(found, size, lambda row: [row.submitted_at.isoformat(), row.pk])


def _page(found: list[Dossier], size: int, key: Any) -> QueuePage:
    if len(found) <= size:
        return QueuePage(found, "")
    return QueuePage(found[:size], _write(key(found[size - 1])))


def _write(key: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read(cursor: str, parts: int) -> list[Any] | None:
    """The key in a cursor: a moment ("" for none) and a row's id; None for what is no cursor of ours."""
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor[:200] + "=" * (-len(cursor[:200]) % 4)))
        if not isinstance(told, list) or len(told) != parts or not isinstance(told[1], int):
            return None
        if told[0]:
            datetime.fromisoformat(told[0])
    except (ValueError, TypeError):
        return None
    return told if abs(told[1]) < 2**62 else None
