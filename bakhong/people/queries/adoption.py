"""Who uses which service: of one person with all that was said, and of many in few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q

from bakhong.core.days import day_of
from bakhong.people.models import (
    Adoption,
    Holding,
    Household,
    Organisation,
    Person,
    PhoneSubscription,
    Residence,
)
from bakhong.people.queries.doubles import with_doubles
from bakhong.people.rules.births import Parts, age_of
from bakhong.people.rules.eligibility import why_not_eligible
from bakhong.people.rules.ladder import Told, standing_on_ladder
from bakhong.people.rules.services import NONE, Service, covering, reached, services, services_for

Stay = tuple[int, str, str, date | None, date | None]
Held = tuple[str, str, date | None, date | None]
_CHUNK = 5000


@dataclass(frozen=True)
class Life:
    """What denominators and numerators of any day follow from. `kind`: see `rules.services.COUNTED`.

    `stays`: (place, presence, device, valid from, valid to); `holdings`: (service, state, valid from, valid to), without "none".
    Of whom nothing is known any more, or who is a double: not `is_known`, and nothing else.
    """

    kind: str
    id: int
    village_id: int
    birth: Parts
    stays: tuple[Stay, ...]
    holdings: tuple[Held, ...]
    is_known: bool


@dataclass(frozen=True)
class ServiceLine:
    """One service of one person on a day. `why_not_eligible`: a code of `rules.eligibility`, "" when it is for them.

    `since`: the first day of the state. `facts`: what was said, the latest first, without what was taken back. `doubts`: those of them
    that do not fit what stands. `covered_by`: another service they have that implies this one. `reason`: why not, as said last.
    """

    service: Service
    is_eligible: bool
    why_not_eligible: str
    state: str
    since: date | None
    provider: str
    facts: tuple[Adoption, ...]
    doubts: tuple[Adoption, ...] = ()
    covered_by: str = ""
    reason: str = ""

    @property
    def is_reached(self) -> bool:
        return bool(self.covered_by) or reached(self.state, self.service.counts_from)

    @property
    def is_missing(self) -> bool:
        return self.is_eligible and not self.is_reached


def lives_of(person_ids: Collection[int]) -> Iterator[Life]:
    """Each person in three queries for 5,000."""
    for ids in _chunks(person_ids):
        persons = Person.objects.filter(pk__in=ids).order_by("pk")
        columns = ("pk", "village_id", "birth_year", "birth_month", "birth_day", "is_known", "merged_into")
        rows = list(persons.values_list(*columns))
        known = [row[0] for row in rows if row[5] and row[6] is None]
        stays = _stays(known)
        held = _holdings("person", known)
        for pk, village, year, month, day, is_known, merged in rows:
            if is_known and merged is None:
                yield Life("person", pk, village, (year, month, day), tuple(stays[pk]), tuple(held[pk]), True)
            else:
                yield _nobody("person", pk, village)


def lives_of_subjects(kind: str, ids: Collection[int]) -> Iterator[Life]:
    """The same for households, subscriptions and organisations. A household is known while somebody known belongs to it."""
    for chunk in _chunks(ids):
        held = _holdings(kind, chunk)
        for pk, village, stay, is_known in _SUBJECTS[kind](chunk):
            if is_known:
                yield Life(kind, pk, village, (None, None, None), (stay,), tuple(held[pk]), True)
            else:
                yield _nobody(kind, pk, village)


def missing_services(persons: Person | Collection[Person], on: date) -> dict[int, tuple[Service, ...]]:
    """person id → the services that are for them on the day and that they have not reached, in the order of display.

    One person, or the members of a household.
    """
    people = [persons] if isinstance(persons, Person) else list(persons)
    ids = [each.pk for each in people]
    states = states_on(ids, on)
    return {
        pk: tuple(
            service
            for service in services_for("person")
            if not why_not_eligible(service.eligible, **situation)
            and not has_reached(service, states.get(pk, {}))
        )
        for pk, situation in situations_on(people, on).items()
    }


def standing_of(person: Person, on: date) -> tuple[ServiceLine, ...]:
    """Every service counted for persons, with what stands on the day and all that was said."""
    facts = facts_of("person", with_doubles([person.pk]))
    situation = situations_on([person], on)[person.pk]
    rows = _held_on(Holding.objects.filter(person=person), on)
    held = {row.service: row for row in rows}
    states = {code: row.state for code, row in held.items()}
    return tuple(
        _line(service, situation, held.get(service.code), states, facts.get(service.code, ()))
        for service in services_for("person")
    )


def standing_of_subject(kind: str, pk: int, on: date, *, device: str = "") -> tuple[ServiceLine, ...]:
    """The same of a household, a subscription (`device`: what it is used with) or an organisation."""
    facts = facts_of(kind, [pk])
    held = {row.service: row for row in _held_on(Holding.objects.filter(**{kind: pk}), on)}
    states = {code: row.state for code, row in held.items()}
    situation = {"age": None, "presence": "", "device": device}
    return tuple(
        _line(service, situation, held.get(service.code), states, facts.get(service.code, ()))
        for service in services().values()
        if service.counted == kind
    )


def states_on(person_ids: Collection[int], on: date) -> dict[int, dict[str, str]]:
    """person id → service → the state that stands on the day."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = _held_on(Holding.objects.filter(person__in=list(person_ids)), on)
    for pk, service, state in rows.values_list("person", "service", "state"):
        found[pk][service] = state
    return found


def has_reached(service: Service, states: Mapping[str, str]) -> bool:
    """Whether they have the service, or another that implies it."""
    return any(reached(states.get(code, ""), service.counts_from) for code in covering(service.code))


def situations_on(persons: Collection[Person], on: date) -> dict[int, dict[str, Any]]:
    """person id → {"age", "presence", "device"} on the day, as `why_not_eligible` asks for them."""
    stays = _held_on(Residence.objects.filter(person__in=[each.pk for each in persons]), on)
    there = {
        pk: (presence, device) for pk, presence, device in stays.values_list("person", "presence", "device")
    }
    return {
        each.pk: {
            "age": age_of((each.birth_year, each.birth_month, each.birth_day), on),
            "presence": there.get(each.pk, ("", ""))[0],
            "device": there.get(each.pk, ("", ""))[1],
        }
        for each in persons
    }


def facts_of(kind: str, ids: Collection[int]) -> dict[str, tuple[Adoption, ...]]:
    """service → what was said of these subjects, the latest first, retractions and what they took back left out."""
    rows = list(Adoption.objects.filter(**{f"{kind}__in": list(ids)}).select_related("batch").order_by("-pk"))
    gone: set[int] = set()
    found: dict[str, list[Adoption]] = defaultdict(list)
    for row in rows:
        if row.pk in gone:
            continue
        if row.retracts_id is not None:
            gone.add(row.retracts_id)
        else:
            found[row.service].append(row)
    return {service: tuple(facts) for service, facts in found.items()}


def told_of(fact: Adoption) -> Told:
    """A stored fact for the rules. Of an unknown day it holds from the day it was learned."""
    return Told(
        number=fact.pk,
        state=fact.state,
        day=fact.happened_on or day_of(fact.learned_at),
        learned_at=fact.learned_at,
        is_verified=fact.is_verified,
        retracts=fact.retracts_id,
        expires_on=fact.expires_on,
    )


def said_of_services(person_ids: Collection[int]) -> dict[int, set[tuple[str, str, date]]]:
    """person id → (service, state, day) of all that was said of them and their doubles and not taken back."""
    owner = with_doubles(person_ids)
    rows = Adoption.objects.filter(person__in=list(owner)).order_by("-pk")
    gone: set[int] = set()
    found: dict[int, set[tuple[str, str, date]]] = defaultdict(set)
    columns = ("pk", "person", "service", "state", "happened_on", "learned_at", "retracts")
    for pk, person, service, state, day, learned_at, retracts in rows.values_list(*columns):
        if pk in gone:
            continue
        if retracts is not None:
            gone.add(retracts)
        else:
            found[owner[person]].add((service, state, day or day_of(learned_at)))
    return found


def on_day(on: date, prefix: str = "") -> Q:
    """The condition that a row's period holds on a day."""
    start, end = f"{prefix}valid_from", f"{prefix}valid_to"
    return (Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": on})) & (
        Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on})
    )


# --- one line --------------------------------------------------------------------------------------------------------


def _line(
    service: Service,
    situation: Mapping[str, Any],
    held: Holding | None,
    states: Mapping[str, str],
    facts: tuple[Adoption, ...],
) -> ServiceLine:
    why = why_not_eligible(service.eligible, **situation)
    doubts = standing_on_ladder(map(told_of, facts)).doubts
    return ServiceLine(
        service=service,
        is_eligible=not why,
        why_not_eligible=why,
        state=held.state if held else "",
        since=held.valid_from if held else None,
        provider=next((each.provider for each in facts if each.provider), ""),
        facts=facts,
        doubts=tuple(each for each in facts if each.pk in doubts),
        covered_by=_covered_by(service, states),
        reason=next((each.reason for each in facts if each.reason), ""),
    )


def _covered_by(service: Service, states: Mapping[str, str]) -> str:
    others = covering(service.code)[1:]
    return next((code for code in others if reached(states.get(code, ""), service.counts_from)), "")


# --- many ------------------------------------------------------------------------------------------------------------


def _held_on(rows: Any, on: date) -> Any:
    return rows.filter(on_day(on))


def _stays(ids: Collection[int]) -> Mapping[int, list[Stay]]:
    found: dict[int, list[Stay]] = defaultdict(list)
    rows = Residence.objects.filter(person__in=ids).order_by("pk")
    for pk, *stay in rows.values_list("person", "place", "presence", "device", "valid_from", "valid_to"):
        found[pk].append(tuple(stay))
    return found


def _holdings(kind: str, ids: Collection[int]) -> Mapping[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    rows = Holding.objects.filter(**{f"{kind}__in": ids}).exclude(state=NONE).order_by("pk")
    for pk, *held in rows.values_list(kind, "service", "state", "valid_from", "valid_to"):
        found[pk].append(tuple(held))
    return found


_Subjects = Iterator[tuple[int, int, Stay, bool]]


def _households(ids: Collection[int]) -> _Subjects:
    members = Person.objects.filter(household=OuterRef("pk"), is_known=True, merged_into=None)
    rows = Household.objects.filter(pk__in=ids).annotate(is_lived_in=Exists(members)).order_by("pk")
    for pk, village, is_lived_in in rows.values_list("pk", "village_id", "is_lived_in"):
        yield pk, village, (village, "", "", None, None), is_lived_in


def _subscriptions(ids: Collection[int]) -> _Subjects:
    rows = PhoneSubscription.objects.filter(pk__in=ids).order_by("pk")
    for pk, village, smart, start, end in rows.values_list(
        "pk", "village_id", "is_smartphone", "valid_from", "valid_to"
    ):
        device = "" if smart is None else "smartphone" if smart else "basic"
        yield pk, village, (village, "", device, start, end), True


def _organisations(ids: Collection[int]) -> _Subjects:
    rows = Organisation.objects.filter(pk__in=ids).order_by("pk")
    for pk, village, start, end in rows.values_list("pk", "village_id", "valid_from", "valid_to"):
        yield pk, village, (village, "", "", start, end), True


_SUBJECTS = {"household": _households, "subscription": _subscriptions, "organisation": _organisations}


def _nobody(kind: str, pk: int, village: int) -> Life:
    return Life(kind, pk, village, (None, None, None), (), (), False)


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    rest = iter(sorted(ids))
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
