"""Dossiers near what they are watched for, and past it: taking in, the result, the resident's answer; and steps that take too long."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from bakhong.dossiers.models import Dossier, Event, Kind, State
from bakhong.dossiers.queries.catalogue import procedure_of

RUNNING = (State.RECEIVED, State.IN_PROGRESS, State.APPROVED)
OURS = (State.SUBMITTED, *RUNNING)  # late is who has to do something and does not; the resident is not
WATCHED = (*OURS, State.SUPPLEMENT)

# What is waited for in a state, as the event of a warning says it.
WHAT = {State.SUBMITTED: "receive", State.SUPPLEMENT: "answer"}


def watched_for(state: str) -> str:
    return WHAT.get(State(state), "result")


def is_late(at: datetime) -> Q:
    """Rows on which somebody of ours is past their time."""
    return Q(state__in=OURS, act_by__lt=at)


def is_unanswered(at: datetime) -> Q:
    """Rows whose applicant was asked for more, and the day to answer has passed."""
    return Q(state=State.SUPPLEMENT, act_by__lt=at)


def soon_due(at: datetime) -> QuerySet[Dossier]:
    """Not late yet, and from when on somebody is warned has come."""
    return _in_order(Dossier.objects.filter(state__in=WATCHED, warn_at__lte=at, act_by__gt=at))


def overdue(at: datetime) -> QuerySet[Dossier]:
    return _in_order(Dossier.objects.filter(state__in=WATCHED, act_by__lte=at))


def slow_steps(at: datetime) -> QuerySet[Dossier]:
    """At a step that should be done by now, while nobody is warned of the whole yet."""
    return _in_order(Dossier.objects.filter(state__in=RUNNING, warn_at__gt=at, step_due_at__lte=at))


def can_extend(dossier: Dossier) -> bool:
    """Whether its procedure gives a longer limit that was not taken yet."""
    procedure = procedure_of(dossier)
    return procedure is not None and procedure.longer is not None and extension_of(dossier) is None


def extension_of(dossier: Dossier) -> Event | None:
    """The event that took the longer limit of its procedure; None where it was not taken."""
    return Event.objects.filter(dossier=dossier, kind=Kind.EXTEND).first()


def told_before(rows: Iterable[Dossier]) -> set[tuple[int, str, str]]:
    """(dossier, kind, moment) of every warning and escalation of these dossiers."""
    events = Event.objects.filter(dossier__in=[each.pk for each in rows], kind__in=(Kind.WARN, Kind.ESCALATE))
    return set(events.values_list("dossier_id", "kind", "data__due_at"))


def _in_order(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    return rows.select_related("village").order_by("act_by", "id")
