"""Dossiers in order, a page at a time: by the key of the last row, never by counting. A million rows cost what fifty do."""

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.deadlines import is_late
from bakhong.dossiers.rules.states import FINISHED
from bakhong.places.models import Level, Unit

Order = Literal["due", "newest"]
PAGE = 50
_OPEN = ~Q(state__in=sorted(FINISHED))


@dataclass(frozen=True)
class Wish:
    """What the list should hold. `state`: one state; `is_open`: nothing finished; `mine`: an actor's id; `is_late`: past its limit.

    `order`: "due" (open ones only, what has to be done first comes first) or "newest".
    """

    state: str = ""
    procedure: str = ""
    mine: str = ""
    is_late: bool = False
    is_open: bool = True
    order: Order = "due"


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
    rows = _wished(Dossier.objects.for_user(actor).filter(_where(unit, at)), asked, at)
    if asked.order == "newest" or not asked.is_open:
        return _newest(rows, _read(cursor, 2), size)
    return _by_due(rows, _read(cursor, 2), size)


def after(
    actor: Actor, unit: Unit, dossier: Dossier, *, at: datetime, wish: Wish | None = None
) -> Dossier | None:
    """The one that comes next in the list, from its top again after the last; None where there is no other."""
    asked = wish or Wish()
    is_by_due = asked.order == "due" and asked.is_open
    moment = dossier.act_by if is_by_due else dossier.submitted_at
    cursor = _write([moment.isoformat() if moment else "", dossier.pk])
    for start in (cursor, ""):
        rows = queue(actor, unit, at=at, wish=asked, cursor=start, size=2).rows
        found = next((each for each in rows if each.pk != dossier.pk), None)
        if found is not None:
            return found
    return None


def waiting_counts(actor: Actor, unit: Unit, *, at: datetime, most: int = 1000) -> dict[str, int]:
    """State → how many open dossiers, for the head of the list; counted up to `most` (then it is at least so many)."""
    rows = Dossier.objects.for_user(actor).filter(_where(unit, at)).filter(_OPEN)
    found: dict[str, int] = {}
    for state in rows.order_by("act_by", "id").values_list("state", flat=True)[:most]:
        found[state] = found.get(state, 0) + 1
    return found


def communes_of(unit: Unit, at: datetime) -> Collection[int]:
    """The communes (former ones too) whose dossiers are those of a unit."""
    if unit.level == Level.COMMUNE:
        below = covered_ids([unit.pk], day_of(at))
        former = Unit.objects.filter(pk__in=below, level=Level.COMMUNE).exclude(pk=unit.pk)
        with_dossiers = [pk for pk in former.values_list("pk", flat=True) if _has_any(pk)]
        return [unit.pk, *with_dossiers]
    return Unit.objects.filter(pk__in=covered_ids([unit.pk], day_of(at)), level=Level.COMMUNE).values_list(
        "pk", flat=True
    )


def _has_any(unit_id: int) -> bool:
    return Dossier.objects.filter(village_id=unit_id).exists()


def _where(unit: Unit, at: datetime) -> Q:
    ids = list(communes_of(unit, at))
    return Q(village_id=ids[0]) if len(ids) == 1 else Q(village_id__in=ids)


def _wished(rows: "QuerySet[Dossier]", wish: Wish, at: datetime) -> "QuerySet[Dossier]":
    if wish.is_open:
        rows = rows.filter(_OPEN)
    if wish.state:
        rows = rows.filter(state=wish.state)
    if wish.procedure:
        rows = rows.filter(procedure=wish.procedure)
    if wish.mine:
        rows = rows.filter(assigned_to=wish.mine)
    if wish.is_late:
        rows = rows.filter(is_late(at))
    return rows


def _by_due(rows: "QuerySet[Dossier]", after: list[Any] | None, size: int) -> QueuePage:
    """Those with a moment, then those without (waiting for a fee), so that each part is one range of the index."""
    due, key = (after[0], after[1]) if after else (None, None)
    found: list[Dossier] = []
    if after is None or due:
        dated = rows.filter(act_by__isnull=False)
        if due:
            dated = dated.filter(Q(act_by__gt=due) | Q(act_by=due, id__gt=key)).filter(act_by__gte=due)
        found = list(dated.order_by("act_by", "id")[: size + 1])
        key = None
    if len(found) <= size:
        bare = rows.filter(act_by__isnull=True)
        if key is not None:
            bare = bare.filter(id__gt=key)
        found += list(bare.order_by("id")[: size + 1 - len(found)])
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
