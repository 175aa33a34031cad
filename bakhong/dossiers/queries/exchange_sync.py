"""What waits to be told to other systems, what came from them and waits, and whether they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from bakhong.core.actor import Actor
from bakhong.dossiers.models import Point, Pulled, Sending, Sent
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Side:
    """Another system, as it stands for one commune. `silent_since`: it has not answered since then."""

    code: str
    name: str
    heard_at: datetime | None
    silent_since: datetime | None
    problem: str
    waiting: int
    held: int
    done: int
    pulled: int


def sides(actor: Actor, unit: Unit, connected: Mapping[str, Any]) -> list[Side]:
    """`connected`: code → the other side, as `adapters.registry.exchanges` gives them."""
    points = {each.system: each for each in Point.objects.all()}
    rows = Sending.objects.for_user(actor).filter(village=unit)
    counts = {
        (row["system"], row["state"]): row["n"]
        for row in rows.values("system", "state").annotate(n=Count("pk"))
    }
    came = Pulled.objects.for_user(actor).filter(village=unit).exclude(dossier=None)
    pulled = dict(came.values_list("system").annotate(n=Count("pk")))
    return [
        _side(code, str(each.name), points.get(code), counts, pulled.get(code, 0))
        for code, each in connected.items()
    ]


def open_sendings(actor: Actor, unit: Unit) -> "QuerySet[Sending]":
    """What the other side does not have yet: first what it declined, then the oldest."""
    rows = Sending.objects.for_user(actor).filter(village=unit).exclude(state=Sent.DONE)
    return rows.select_related("dossier").order_by("state", "queued_at", "pk")


def not_taken(actor: Actor, unit: Unit) -> "QuerySet[Pulled]":
    """What came and could not be taken in."""
    rows = Pulled.objects.for_user(actor).filter(village=unit, dossier=None)
    return rows.exclude(body=None).order_by("pulled_at", "pk")


def changed_there(actor: Actor, unit: Unit) -> "QuerySet[Pulled]":
    """Dossiers of ours that changed there so that somebody has to look."""
    rows = Pulled.objects.for_user(actor).filter(village=unit, dossier__isnull=False).exclude(problem="")
    return rows.select_related("dossier").order_by("pulled_at", "pk")


def awaited(actor: Actor, unit: Unit) -> "QuerySet[Pulled]":
    """What residents filled in here and say they filed there; it has not come yet."""
    rows = Pulled.objects.for_user(actor).filter(village=unit, dossier=None, body=None)
    return rows.filter(draft__isnull=False).select_related("draft").order_by("-pulled_at", "-pk")


def waiting_everywhere() -> dict[str, tuple[int, int]]:
    """system → (waiting, declined), for the operator. The connection must see every commune."""
    found: dict[str, tuple[int, int]] = {}
    for row in Sending.objects.exclude(state=Sent.DONE).values("system", "state").annotate(n=Count("pk")):
        waiting, held = found.get(row["system"], (0, 0))
        more = row["n"]
        is_held = row["state"] == Sent.HELD
        found[row["system"]] = (waiting + (0 if is_held else more), held + (more if is_held else 0))
    return found


def strays_of(system: str) -> list[str]:
    """Codes of dossiers that came for units this installation does not know."""
    point = Point.objects.filter(system=system).first()
    return list(point.strays) if point is not None else []


def _side(
    code: str, name: str, point: Point | None, counts: Mapping[tuple[str, str], int], pulled: int
) -> Side:
    return Side(
        code=code,
        name=name,
        heard_at=point.heard_at if point else None,
        silent_since=point.silent_since if point else None,
        problem=point.problem if point else "",
        waiting=counts.get((code, Sent.WAITING), 0),
        held=counts.get((code, Sent.HELD), 0),
        done=counts.get((code, Sent.DONE), 0),
        pulled=pulled,
    )
