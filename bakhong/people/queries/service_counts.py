"""How many of an area a service is for and how many have it, asked of the roll itself."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.people.models import Holding, Organisation, PhoneSubscription
from bakhong.people.queries.adoption import on_day
from bakhong.people.queries.registers import lived_in
from bakhong.people.queries.roll import residents
from bakhong.people.queries.service_conditions import eligible_condition, has_service, reaching
from bakhong.people.rules.services import Eligibility, Service, services, services_for
from bakhong.places.models import Unit


@dataclass(frozen=True)
class ServiceCount:
    """Of `eligible` the service is for on the day, `having` have it."""

    service: Service
    eligible: int
    having: int

    @property
    def missing(self) -> int:
        return self.eligible - self.having


def service_counts(actor: Actor, unit: Unit, on: date) -> list[ServiceCount]:
    """Every service of the registry among what the actor may see of a unit, in the order of display.

    Presence and phone are those that stand, not those of an earlier day.
    """
    eligible, having = _of_persons(actor, unit, on)
    for code, subjects in _others(actor, unit, on).items():
        eligible[code] = subjects.count()
        having[code] = subjects.filter(has_service(services()[code], on)).count()
    return [ServiceCount(each, eligible[each.code], having[each.code]) for each in services().values()]


def _of_persons(actor: Actor, unit: Unit, on: date) -> tuple[dict[str, int], dict[str, int]]:
    """One query for all denominators, one for the numerators of each rule of eligibility."""
    found = residents(actor, unit, on).order_by()
    rules: dict[Eligibility, list[Service]] = defaultdict(list)
    for each in services_for("person"):
        rules[each.eligible].append(each)
    named = {f"rule{number}": rule for number, rule in enumerate(rules)}
    totals = found.aggregate(
        **{name: Count("pk", filter=eligible_condition(rule, on)) for name, rule in named.items()}
    )
    eligible = {each.code: totals[name] for name, rule in named.items() for each in rules[rule]}
    having: dict[str, int] = {}
    for rule, asked in rules.items():
        people = found.filter(eligible_condition(rule, on)).values("pk")
        held = Holding.objects.for_user(actor).filter(on_day(on), person__in=people)
        having |= held.aggregate(
            **{each.code: Count("person", distinct=True, filter=reaching(each)) for each in asked}
        )
    return eligible, having


def _others(actor: Actor, unit: Unit, on: date) -> Mapping[str, QuerySet[Any]]:
    """service → what it is counted for, where that is no person."""
    area = covered_ids([unit.pk], on)
    subjects = {
        "household": lived_in(actor),
        "subscription": PhoneSubscription.objects.for_user(actor).filter(on_day(on)),
        "organisation": Organisation.objects.for_user(actor).filter(on_day(on)),
    }
    found = {}
    for each in services().values():
        if each.counted != "person":
            wanted = subjects[each.counted].filter(village_id__in=area)
            is_smart = each.counted == "subscription" and each.eligible.has_smartphone
            found[each.code] = wanted.filter(is_smartphone=True) if is_smart else wanted
    return found
