"""Households, household businesses, enterprises and phone subscriptions of an area, with the services they have."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.text import name_key, nfc
from bakhong.people.models import Holding, Household, Organisation, Person, PhoneSubscription
from bakhong.people.queries.adoption import on_day
from bakhong.people.rules.services import covering, services, states_reaching
from bakhong.places.models import Unit

Row = TypeVar("Row", Household, Organisation, PhoneSubscription)


@dataclass(frozen=True)
class Sought:
    """What a register is filtered by; empty: not at all. `village` is a unit's uuid, `missing` a service they are to lack."""

    text: str = ""
    village: str = ""
    kind: str = ""
    missing: str = ""


def organisations(actor: Actor, unit: Unit, on: date, sought: Sought) -> QuerySet[Organisation]:
    """Those that work in the unit on the day, by name."""
    found: QuerySet[Organisation] = Organisation.objects.for_user(actor).filter(
        on_day(on), village__in=covered_ids([unit.pk], on)
    )
    for word in name_key(nfc(sought.text)).split()[:8]:
        found = found.filter(Q(name_key__startswith=word) | Q(name_key__contains=f" {word}"))
    if sought.kind:
        found = found.filter(kind=sought.kind)
    found = _of_village(found, sought).select_related("village", "owner").order_by("name_key", "pk")
    return _lacking(found, "organisation", sought.missing, on)


def subscriptions(actor: Actor, unit: Unit, on: date, sought: Sought) -> QuerySet[PhoneSubscription]:
    """Those in use in the unit on the day; of people first, by name."""
    found: QuerySet[PhoneSubscription] = PhoneSubscription.objects.for_user(actor).filter(
        on_day(on), village__in=covered_ids([unit.pk], on)
    )
    for word in name_key(nfc(sought.text)).split()[:8]:
        found = found.filter(Q(person__name_key__startswith=word) | Q(person__name_key__contains=f" {word}"))
    found = _of_village(found, sought).select_related("village", "person", "organisation")
    return _lacking(found.order_by("person__sort_key", "pk"), "subscription", sought.missing, on)


def lived_in(actor: Actor) -> QuerySet[Household]:
    """The households somebody belongs to."""
    found: QuerySet[Household] = Household.objects.for_user(actor)
    return found.filter(Exists(_members()))


def households(actor: Actor, unit: Unit, on: date, sought: Sought) -> QuerySet[Household]:
    """Those somebody belongs to, by the name of `head`: the head of the household, else its eldest member. `text`: of any member."""
    first = _members().order_by(
        Case(When(relation="head", then=0), default=1), F("birth_year").asc(nulls_last=True), "pk"
    )
    found = lived_in(actor).filter(village__in=covered_ids([unit.pk], on))
    for word in name_key(nfc(sought.text)).split()[:8]:
        named = Q(name_key__startswith=word) | Q(name_key__contains=f" {word}")
        found = found.filter(Exists(_members().filter(named)))
    found = _of_village(found, sought).select_related("village")
    found = found.annotate(
        head=Subquery(first.values("name")[:1]), head_key=Subquery(first.values("sort_key")[:1])
    )
    return _lacking(found.order_by("head_key", "pk"), "household", sought.missing, on)


def _members() -> QuerySet[Person]:
    found: QuerySet[Person] = Person.objects.filter(household=OuterRef("pk"), is_known=True, merged_into=None)
    return found


def states_of(kind: str, ids: Collection[int], on: date) -> dict[int, dict[str, str]]:
    """id → service → the state that stands on the day, of organisations, subscriptions or households."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Holding.objects.filter(on_day(on), **{f"{kind}__in": list(ids)})
    for pk, service, state in rows.values_list(f"{kind}_id", "service", "state"):
        found[pk][service] = state
    return found


def _of_village(found: QuerySet[Row], sought: Sought) -> QuerySet[Row]:
    return found.filter(village__uuid=sought.village) if sought.village else found


def _lacking(found: QuerySet[Row], kind: str, code: str, on: date) -> QuerySet[Row]:
    """Only those that have not reached the service; every one of them where no service is asked for."""
    service = services().get(code)
    if service is None:
        return found
    reached = Holding.objects.filter(
        on_day(on),
        service__in=covering(code),
        state__in=states_reaching(service.counts_from),
        **{f"{kind}__isnull": False},
    )
    return found.exclude(pk__in=reached.values(f"{kind}_id"))
