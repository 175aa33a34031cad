"""Tasks of an area, of one person, and how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor, covered_ids, live
from bakhong.core.actor import Actor
from bakhong.outreach.models import CampaignTask, TaskState
from bakhong.outreach.queries.counts import count_having
from bakhong.outreach.rules.tasks import standing
from bakhong.places.models import Unit
from bakhong.places.queries import ancestor_ids


@dataclass(frozen=True)
class TaskLine:
    """`has` of `task.wanted` today, None where it is not counted; `standing` as rules.tasks says."""

    task: CampaignTask
    has: int | None
    standing: str


def partners(place: Unit, on: date) -> QuerySet[User]:
    """Staff with a role at the place or above it that day, by name."""
    places = [place.pk, *ancestor_ids(place.pk, on)]
    holders = Assignment.objects.filter(live(on), place__in=places).values("user")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("name", "pk")


def tasks_at(actor: Actor, unit: Unit, on: date, *, is_mine: bool = False) -> QuerySet[CampaignTask]:
    """The tasks of the unit and what lies in it, the soonest due first; `is_mine`: given to the actor or to a role they hold there."""
    found: QuerySet[CampaignTask] = CampaignTask.objects.for_user(actor)
    found = found.filter(place__in=covered_ids([unit.pk], on))
    if is_mine:
        found = found.filter(_mine(actor, on))
    return found.select_related("place", "assigned_to").order_by("state", "due_on", "pk")


def _mine(actor: Actor, on: date) -> Q:
    if not isinstance(actor, StaffActor):
        return Q(pk=None)
    mine = Q(assigned_to=actor.user)
    for role, place in actor.held:
        mine |= Q(role=role, place__in=covered_ids([place], on))
    return mine


def open_tasks(actor: Actor, unit: Unit, on: date) -> int:
    """How many tasks wait for this person here."""
    return tasks_at(actor, unit, on, is_mine=True).filter(state=TaskState.OPEN).count()


def lines(tasks: Iterable[CampaignTask], on: date) -> list[TaskLine]:
    counted: dict[tuple[str, int], int] = {}
    rows = []
    for task in tasks:
        key = (task.service, task.place_id)
        if task.service and key not in counted:
            counted[key] = count_having(task.service, task.place, on)
        has = counted.get(key) if task.service else None
        rows.append(TaskLine(task, has, standing(task.state, task.due_on, on, has, task.wanted)))
    return rows
