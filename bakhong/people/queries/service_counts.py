"""How many of an area a service is for and how many have it, asked of the roll itself; the people behind each number."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.people.models import Holding, Household, Organisation, Person, PhoneSubscription
from bakhong.people.queries.adoption import on_day
from bakhong.people.queries.roll import residents
from bakhong.people.rules.eligibility import AWAY, GONE
from bakhong.people.rules.services import (
    Eligibility,
    Service,
    covering,
    services,
    services_for,
    states_reaching,
)
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
        having[code] = subjects.filter(_has(services()[code], on)).count()
    return [ServiceCount(each, eligible[each.code], having[each.code]) for each in services().values()]


def with_service(found: QuerySet[Person], service: Service, on: date, *, has: bool) -> QuerySet[Person]:
    """Those a service is for who have it, or who miss it: the people behind the numbers of `service_counts`."""
    has_it = _has(service, on)
    return found.filter(eligible_condition(service.eligible, on)).filter(has_it if has else ~has_it)


def eligible_condition(rule: Eligibility, on: date) -> Q:
    """`rules.eligibility` as a condition on the columns of a person."""
    found = ~Q(presence__in=GONE)
    if rule.age_min is not None:
        found &= aged(rule.age_min, on)
    if rule.age_max is not None:
        found &= Q(birth_year__isnull=False) & ~aged(rule.age_max + 1, on)
    if rule.presence == "present":
        found &= ~Q(presence__in=AWAY)
    if rule.has_smartphone is not None:
        found &= Q(device="smartphone") if rule.has_smartphone else ~Q(device__in=("", "smartphone"))
    return found


def aged(age: int, on: date) -> Q:
    """`births.age_of` ≥ age, as a condition: whoever was surely born by the same day so many years before."""
    year, month, day = on.year - age, on.month, on.day
    last = monthrange(year, month)[1]
    found = Q(birth_year__lt=year) | Q(birth_year=year, birth_month__lt=month)
    found |= Q(birth_year=year, birth_month=month, birth_day__lte=day)
    if day >= last:
        found |= Q(birth_year=year, birth_month=month, birth_day=None)
        if month == 12:
            found |= Q(birth_year=year, birth_month=None)
    return found


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
            **{each.code: Count("person", distinct=True, filter=_reaching(each)) for each in asked}
        )
    return eligible, having


def _reaching(service: Service) -> Q:
    return Q(service__in=covering(service.code), state__in=states_reaching(service.counts_from))


def _has(service: Service, on: date) -> Exists:
    held = Holding.objects.filter(_reaching(service), on_day(on), **{service.counted: OuterRef("pk")})
    return Exists(held)


def _others(actor: Actor, unit: Unit, on: date) -> Mapping[str, QuerySet[Any]]:
    """service → what it is counted for, where that is no person."""
    area = covered_ids([unit.pk], on)
    lived_in = Person.objects.filter(household=OuterRef("pk"), is_known=True, merged_into=None)
    subjects = {
        "household": Household.objects.for_user(actor).filter(Exists(lived_in)),
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
