"""Who lives where and what they still lack: what plans, sheets, cards and lists of the absent are made of. Three queries an area."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.outreach.rules.sweep import Conditions
from bakhong.people.models import Holding, Person
from bakhong.people.rules.births import age_of
from bakhong.people.rules.eligibility import AWAY, GONE, why_not_eligible
from bakhong.people.rules.services import covering, services, states_reaching
from bakhong.places.models import Level, Unit
from bakhong.places.queries import children
from bakhong.places.queries.units import valid_on

OLD = 60  # years; Law on the Elderly 39/2009/QH12, article 2


@dataclass(frozen=True)
class Need:
    """One resident. `eligible` and `missing`: codes of services counted by persons; `missing` are eligible ones not reached.

    `in_time`: what they would lack if they were there (for those who are away).
    """

    pk: int
    uuid: UUID
    name: str
    household_id: int | None
    village_id: int
    relation: str
    birth_year: int | None
    age: int | None
    presence: str
    whereabouts: str
    device: str
    eligible: tuple[str, ...]
    missing: tuple[str, ...]
    in_time: tuple[str, ...]

    @property
    def is_away(self) -> bool:
        return self.presence in AWAY


def person_services(codes: Collection[str] = ()) -> list[str]:
    """Those of the services (all where none are named) that are counted by persons, in the order of display."""
    return [
        code for code, each in services().items() if each.counted == "person" and (not codes or code in codes)
    ]


def needs(
    actor: Actor,
    villages: Collection[int],
    on: date,
    codes: Sequence[str],
    *,
    households: Collection[int] | None = None,
    persons: Collection[int] | None = None,
    only_away: bool = False,
) -> list[Need]:
    """The residents of these units (former ones are the caller's to add) who are neither gone nor doubles, heads of households first."""
    found = Person.objects.for_user(actor).filter(is_known=True, merged_into=None).exclude(presence__in=GONE)
    if only_away:
        found = found.filter(presence__in=AWAY)
    if villages or (households is None and persons is None):
        found = found.filter(village_id__in=villages)
    if households is not None:
        found = found.filter(household_id__in=households)
    if persons is not None:
        found = found.filter(pk__in=persons)
    rows = list(
        found.values_list(
            "pk",
            "uuid",
            "name",
            "household_id",
            "village_id",
            "relation",
            "birth_year",
            "birth_month",
            "birth_day",
            "presence",
            "whereabouts",
            "device",
        )
    )
    wanted = person_services(codes)
    is_whole_area = households is None and persons is None
    has = holders(None if is_whole_area else [row[0] for row in rows], on, wanted, villages=villages)
    alike: dict[tuple[int | None, str, str], tuple[str, ...]] = {}

    def eligible_for(age: int | None, presence: str, device: str) -> tuple[str, ...]:
        """People who are alike are asked about once."""
        key = (age, presence, device)
        if key not in alike:
            alike[key] = tuple(code for code in wanted if _is_for(code, age, presence, device))
        return alike[key]

    made = []
    for pk, uuid, name, household, village, relation, year, month, day, presence, where, device in rows:
        age = age_of((year, month, day), on)
        eligible = eligible_for(age, presence, device)
        could = eligible_for(age, "", device)
        made.append(
            Need(
                pk=pk,
                uuid=uuid,
                name=name,
                household_id=household,
                village_id=village,
                relation=relation,
                birth_year=year,
                age=age,
                presence=presence,
                whereabouts=where,
                device=device,
                eligible=eligible,
                missing=tuple(code for code in eligible if pk not in has[code]),
                in_time=tuple(code for code in could if pk not in has[code]),
            )
        )
    first = {"head": 0, "spouse": 1}
    return sorted(made, key=lambda each: (first.get(each.relation, 2), each.birth_year or 9999, each.pk))


def holders(
    person_ids: Collection[int] | None, on: date, codes: Iterable[str], *, villages: Collection[int] = ()
) -> dict[str, set[int]]:
    """service → those who have it on the day as far as it counts, or one that implies it: of these persons, or (None) of all who
    hang on these units."""
    counted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code in codes:
        for other in covering(code):
            for state in states_reaching(services()[other].counts_from):
                counted[other, state].append(code)
    found: dict[str, set[int]] = defaultdict(set)
    whose = {"village_id__in": villages} if person_ids is None else {"person_id__in": person_ids}
    rows = Holding.objects.filter(
        valid_on(on), service__in={service for service, _ in counted}, person__isnull=False, **whose
    )
    for person_id, service, state in rows.values_list("person_id", "service", "state"):
        for code in counted.get((service, state), ()):
            found[code].add(person_id)
    return found


def villages_in_force(unit: Unit, on: date) -> list[Unit]:
    """The villages of a commune that day, or the village itself; in dictionary order."""
    if unit.level == Level.VILLAGE:
        return [unit]
    return [each for each in children(unit, on) if each.level == Level.VILLAGE]


def village_map(villages: Sequence[Unit], on: date) -> dict[int, int]:
    """unit people may hang on → the village in force it belongs to: a village merged away counts for what it became."""
    return {below: village.pk for village in villages for below in covered_ids([village.pk], on)}


def conditions_of(
    residents: Sequence[Need], *, signal: int | None = None, distance_km: Decimal | None = None
) -> Conditions:
    """What the score is made of, counted over these residents."""
    known = [each for each in residents if each.device]
    return Conditions(
        people=len(residents),
        absent=sum(each.is_away for each in residents),
        known_phones=len(known),
        weak_phones=sum(each.device != "smartphone" for each in known),
        elderly=sum(each.age is not None and each.age >= OLD for each in residents),
        missing_pairs=sum(len(each.missing) for each in residents),
        all_pairs=sum(len(each.eligible) for each in residents),
        signal=signal,
        distance_km=distance_km,
    )


def _is_for(code: str, age: int | None, presence: str, device: str) -> bool:
    return not why_not_eligible(services()[code].eligible, age=age, presence=presence, device=device)
