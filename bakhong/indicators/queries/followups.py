"""Reads about follow-ups: mine, a unit's, and whom a task may be given to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import live
from bakhong.indicators.models import FollowUp, FollowUpState
from bakhong.places.models import Unit
from bakhong.places.queries import ancestor_ids

UNDONE = (FollowUpState.OPEN, FollowUpState.STARTED)


@dataclass(frozen=True)
class Tally:
    """How many tasks of a list are in each state; overdue ones are among the undone."""

    overdue: int
    undone: int
    done: int
    cancelled: int


def assignable(unit: Unit, on: date) -> QuerySet[User]:
    """Staff with a role at the unit or above it that day, by name."""
    places = [unit.pk, *ancestor_ids(unit.pk, on)]
    holders = Assignment.objects.filter(live(on), place__in=places).values("user")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("name", "pk")


def roles_at(unit: Unit, users: Collection[User], on: date) -> dict[int, list[Assignment]]:
    """Which roles these people hold at the unit or above it: {user id: assignments}."""
    places = [unit.pk, *ancestor_ids(unit.pk, on)]
    held: dict[int, list[Assignment]] = {}
    for each in Assignment.objects.filter(live(on), place__in=places, user__in=users).select_related("place"):
        held.setdefault(each.user_id, []).append(each)
    return held


def open_count(user_id: int | None) -> int:
    """How many tasks wait for this person."""
    return FollowUp.objects.filter(assigned_to=user_id, state__in=UNDONE).count() if user_id else 0


def worst_first(followups: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """What is not done by its day, the oldest first; then what is done, the newest first."""
    rank = Case(When(state__in=UNDONE, then=Value(0)), default=Value(1), output_field=IntegerField())
    return followups.select_related("unit", "assigned_to").order_by(rank, "due_on", "-pk")


def followups_at(
    unit_ids: Collection[int], *, mine: int | None = None, status: str = "", on: date | None = None
) -> QuerySet[FollowUp]:
    """Tasks about these units; `mine`: given to that user; `status`: undone, overdue (as of `on`), done, cancelled, or all."""
    found = FollowUp.objects.filter(unit__in=unit_ids)
    if mine is not None:
        found = found.filter(assigned_to=mine)
    return worst_first(found.filter(_of(status, on)))


def _of(status: str, on: date | None) -> Q:
    if status == "undone":
        return Q(state__in=UNDONE)
    if status == "overdue":
        return Q(state__in=UNDONE, due_on__lt=on)
    if status in (FollowUpState.DONE, FollowUpState.CANCELLED):
        return Q(state=status)
    return Q()


def tally(unit_ids: Collection[int], on: date, *, mine: int | None = None) -> Tally:
    found = FollowUp.objects.filter(unit__in=unit_ids)
    if mine is not None:
        found = found.filter(assigned_to=mine)
    states = list(found.values_list("state", "due_on"))
    return Tally(
        overdue=sum(state in UNDONE and due < on for state, due in states),
        undone=sum(state in UNDONE for state, due in states),
        done=sum(state == FollowUpState.DONE for state, due in states),
        cancelled=sum(state == FollowUpState.CANCELLED for state, due in states),
    )
