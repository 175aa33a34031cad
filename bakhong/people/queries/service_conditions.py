"""Whom a service is for, and who has it, as conditions on queries: the same rules as `rules.eligibility` and `rules.services`."""

from calendar import monthrange
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from bakhong.people.models import Holding, Person
from bakhong.people.queries.adoption import on_day
from bakhong.people.rules.eligibility import AWAY, GONE
from bakhong.people.rules.services import Eligibility, Service, covering, states_reaching


def with_service(found: QuerySet[Person], service: Service, on: date, *, has: bool) -> QuerySet[Person]:
    """Those a service is for who have it, or who miss it: the people behind the numbers of `service_counts`."""
    has_it = has_service(service, on)
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


def reaching(service: Service) -> Q:
    """Holdings by which somebody has the service, or one that implies it."""
    return Q(service__in=covering(service.code), state__in=states_reaching(service.counts_from))


def has_service(service: Service, on: date) -> Exists:
    """Of a row of what the service is counted for."""
    held = Holding.objects.filter(reaching(service), on_day(on), **{service.counted: OuterRef("pk")})
    return Exists(held)
