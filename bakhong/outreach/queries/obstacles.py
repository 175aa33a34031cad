"""What stood in the way, from visits and from what lists and officers noted: counted by people, not by how often it was said."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.outreach.models import Campaign, VisitHelp
from bakhong.outreach.rules.obstacles import Obstacle, pareto
from bakhong.people.models import Adoption, Person, Source
from bakhong.people.queries.doubles import who_they_are
from bakhong.people.rules.reasons import reasons
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Wanted:
    """What is asked: days both included, None: any; `service`, `provider` and `fixer` empty: all.

    `heard`: only what was heard from people (at a visit, by an officer, from the resident), not what lists and registers say: the day
    of these is when it was so, or was listed, not one on which anybody was asked.
    """

    since: date | None = None
    until: date | None = None
    campaign: Campaign | None = None
    service: str = ""
    provider: str = ""
    fixer: str = ""
    heard: bool = False


@dataclass(frozen=True)
class Said:
    """One person for one service and reason, as said last. `visit_id` None: noted elsewhere."""

    person_id: int
    service: str
    reason: str
    provider: str
    on: date
    village_id: int
    visit_id: int | None


def said_reasons(actor: Actor, unit: Unit, on: date, wanted: Wanted) -> list[Said]:
    """The last word for each person, service and reason. A visit's word is also a fact of adoption, and counts once."""
    return said_in(actor, covered_ids([unit.pk], on), wanted)


def said_in(actor: Actor, area: Collection[int], wanted: Wanted) -> list[Said]:
    """The same of some villages, in three queries. What was said of a double is said of who they are."""
    found: dict[tuple[int, str, str], Said] = {}
    said = [*_of_visits(actor, area, wanted), *_of_facts(actor, area, wanted)]
    owner = who_they_are({each.person_id for each in said})
    for each in sorted((replace(each, person_id=owner[each.person_id]) for each in said), key=_order):
        key = (each.person_id, each.service, each.reason)
        before = found.get(key)
        if before is not None and before.visit_id and not each.visit_id:
            continue
        found[key] = each
    return [
        each for each in found.values() if not wanted.fixer or reasons()[each.reason].fixer == wanted.fixer
    ]


def obstacle_counts(actor: Actor, unit: Unit, on: date, wanted: Wanted) -> tuple[Obstacle, ...]:
    """Reasons by how many people they stopped, for however many services, the most frequent first."""
    stopped = {(each.reason, each.person_id) for each in said_reasons(actor, unit, on, wanted)}
    return pareto(Counter(reason for reason, _person in stopped))


def people_stopped(
    actor: Actor, unit: Unit, on: date, wanted: Wanted, reason: str
) -> list[tuple[Person, Said]]:
    """Who said this reason, by name."""
    said = [each for each in said_reasons(actor, unit, on, wanted) if each.reason == reason]
    persons = (
        Person.objects.for_user(actor).select_related("village").in_bulk({each.person_id for each in said})
    )
    rows = [(persons[each.person_id], each) for each in said if each.person_id in persons]
    return sorted(rows, key=lambda row: (row[0].village.sort_key, row[0].sort_key, row[0].pk))


def _of_visits(actor: Actor, area: Collection[int], wanted: Wanted) -> list[Said]:
    found = VisitHelp.objects.for_user(actor).filter(
        Q(result="tried") | Q(result="refused"), village__in=area, visit__retracted_at=None
    )
    if wanted.since:
        found = found.filter(visit__visited_on__gte=wanted.since)
    if wanted.until:
        found = found.filter(visit__visited_on__lte=wanted.until)
    if wanted.campaign:
        found = found.filter(visit__campaign=wanted.campaign)
    rows = _asked(found, wanted).values_list(
        "person_id", "service", "reason", "provider", "visit__visited_on", "village_id", "visit_id", "result"
    )
    return [
        Said(row[0], row[1], row[2] or "refuses", row[3], row[4], row[5], row[6])
        for row in rows
        if (row[2] or row[7] == "refused") and (row[2] or "refuses") in reasons()
    ]


def _of_facts(actor: Actor, area: Collection[int], wanted: Wanted) -> list[Said]:
    """Reasons of lists and officers; a campaign has none of these."""
    if wanted.campaign:
        return []
    found = (
        Adoption.objects.for_user(actor)
        .filter(village__in=area, retracts=None, retractions=None, person__isnull=False)
        .exclude(reason="")
        .exclude(source=Source.VISIT)
    )
    if wanted.heard:
        found = found.exclude(source__in=(Source.LIST, Source.REGISTER)).filter(batch=None)
    rows = _asked(found, wanted).values_list(
        "person_id", "service", "reason", "provider", "happened_on", "learned_at", "village_id"
    )
    made = [
        Said(row[0], row[1], row[2], row[3], row[4] or day_of(row[5]), row[6], None)
        for row in rows
        if row[2] in reasons()
    ]
    return [
        each
        for each in made
        if (not wanted.since or each.on >= wanted.since) and (not wanted.until or each.on <= wanted.until)
    ]


def _asked(found: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    filters = {name: value for name in ("service", "provider") if (value := getattr(wanted, name))}
    return found.filter(**filters)


def _order(said: Said) -> tuple[date, int]:
    return said.on, said.visit_id or 0
