"""The order of a sweep: computed for a day, or as a plan froze it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.outreach.models import MET, Campaign, Sheet, SheetRow, SweepItem, SweepPlan, Visit
from bakhong.outreach.queries.needs import Need, conditions_of, needs, village_map, villages_in_force
from bakhong.outreach.queries.teams import around, conditions_on, villages_of_campaign
from bakhong.outreach.rules.sweep import Part, parts_of, score_of, usual_weights
from bakhong.outreach.rules.times import Attempt, BestTime, best_time
from bakhong.people.models import Household, Person
from bakhong.places.models import Unit

Key = tuple[int, int | None]  # (village in force, household or None for the village itself)


@dataclass(frozen=True)
class Stop:
    """A village (`household_id` None) or a household, with its place in the order and why."""

    village_id: int
    household_id: int | None
    rank: int
    score: Decimal
    parts: tuple[Part, ...]
    missing: int
    people: int
    best: BestTime | None


@dataclass(frozen=True)
class Order:
    """`stops`: villages with their rank among villages, each followed by its households with their rank in the village.

    `homeless`: village → people who still lack something and are in no household: a sheet cannot list them yet.
    """

    villages: tuple[Unit, ...]
    stops: tuple[Stop, ...]
    homeless: Mapping[int, int]
    weights: Mapping[str, int]


def sweep_order(
    actor: Actor,
    unit: Unit,
    on: date,
    codes: Sequence[str],
    *,
    campaign: Campaign | None = None,
    weights: Mapping[str, int] | None = None,
) -> Order:
    """Hardest first: villages of the campaign (or of the unit), and in each the households that still lack something.

    A village has its own conditions; a household bears those of its village. Equal scores stand in dictionary order, so that the same
    facts always give the same order.
    """
    weighed = dict(weights or usual_weights())
    villages = villages_of_campaign(campaign) if campaign else villages_in_force(unit, on)
    belongs = village_map(villages, on)
    seen = conditions_on([village.pk for village in villages], on)
    residents: dict[int, list[Need]] = defaultdict(list)
    for each in needs(actor, list(belongs), on, codes):
        residents[belongs[each.village_id]].append(each)
    tried = attempts_at({each.household_id for some in residents.values() for each in some}, on)
    names = _household_order(residents)

    scored = []
    for place, village in enumerate(villages):
        condition = seen.get(village.pk)
        known: dict[str, Any] = {
            "signal": condition.signal if condition else None,
            "distance_km": condition.distance_km if condition else None,
        }
        parts = parts_of(conditions_of(residents[village.pk], **known), weighed)
        scored.append((-score_of(parts), place, village, parts, known))
    stops: list[Stop] = []
    homeless = {}
    for rank, (negative, _place, village, parts, known) in enumerate(
        sorted(scored, key=lambda row: row[:2]), 1
    ):
        here = residents[village.pk]
        missing = sum(len(each.missing) for each in here)
        stops.append(Stop(village.pk, None, rank, -negative, parts, missing, len(here), None))
        stops += _households(village, here, known, weighed, tried, names)
        homeless[village.pk] = sum(each.household_id is None and bool(each.missing) for each in here)
    return Order(tuple(villages), tuple(stops), homeless, weighed)


def _households(
    village: Unit,
    here: Sequence[Need],
    known: Mapping[str, Any],
    weights: Mapping[str, int],
    tried: Mapping[int, list[Attempt]],
    names: Mapping[int, str],
) -> list[Stop]:
    by_household: dict[int, list[Need]] = defaultdict(list)
    for each in here:
        if each.household_id is not None:
            by_household[each.household_id].append(each)
    rows = []
    for household_id, members in by_household.items():
        missing = sum(len(each.missing) for each in members)
        if missing:
            parts = parts_of(conditions_of(members, **known), weights)
            rows.append((-score_of(parts), names[household_id], household_id, parts, missing, members))
    rows.sort(key=lambda row: row[:3])
    return [
        Stop(
            village.pk,
            household_id,
            rank,
            -negative,
            parts,
            missing,
            len(members),
            best_time(tried.get(household_id, ()), [each.age for each in members if not each.is_away]),
        )
        for rank, (negative, _name, household_id, parts, missing, members) in enumerate(rows, 1)
    ]


def _household_order(residents: Mapping[int, list[Need]]) -> dict[int, str]:
    ids = {each.household_id for some in residents.values() for each in some if each.household_id}
    rows = Household.objects.filter(pk__in=ids).values_list("pk", "address", "code")
    return {pk: f"{address}/{code.rjust(12)}" for pk, address, code in rows}


def attempts_at(household_ids: Collection[int | None], on: date) -> dict[int, list[Attempt]]:
    """household → every visit so far: at which part of the day, and whether somebody was met."""
    found: dict[int, list[Attempt]] = defaultdict(list)
    rows = Visit.objects.filter(
        household__in=[pk for pk in household_ids if pk], retracted_at=None, visited_on__lte=on
    )
    for household_id, part, outcome in rows.values_list("household_id", "part_of_day", "outcome"):
        found[household_id].append(Attempt(part, outcome in MET))
    return found


# --- plans and sheets ----------------------------------------------------------------------------------------------------


def plans_of(actor: Actor, unit: Unit, on: date) -> QuerySet[SweepPlan]:
    """The latest first."""
    found: QuerySet[SweepPlan] = SweepPlan.objects.for_user(actor).filter(unit__in=around(unit, on))
    return found.select_related("campaign", "unit").order_by("-made_at", "-pk")


def plan_at(actor: Actor, unit: Unit, on: date, uuid: UUID) -> SweepPlan:
    """Raises: NotFound."""
    found = plans_of(actor, unit, on).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("")
    return found


def village_items(actor: Actor, plan: SweepPlan) -> list[SweepItem]:
    """The villages of a plan that the actor may see, in order."""
    found = SweepItem.objects.for_user(actor).filter(plan=plan, household=None)
    return list(found.select_related("village").order_by("rank"))


def household_items(actor: Actor, plan: SweepPlan, village: Unit) -> list[SweepItem]:
    """The households of a village in the order of the plan."""
    found = SweepItem.objects.for_user(actor).filter(plan=plan, village=village).exclude(household=None)
    return list(found.select_related("household").order_by("rank"))


def heads_of(household_ids: Collection[int | None]) -> dict[int, str]:
    """household → the name it is known by: its head's, else that of the eldest member."""
    rows = Person.objects.filter(
        household_id__in=[pk for pk in household_ids if pk], is_known=True, merged_into=None
    ).values_list("household_id", "relation", "birth_year", "pk", "name")
    first: dict[int, tuple[Any, ...]] = {}
    for household_id, relation, year, pk, name in rows:
        key = (relation != "head", year or 9999, pk, name)
        if household_id not in first or key < first[household_id]:
            first[household_id] = key
    return {pk: key[3] for pk, key in first.items()}


@dataclass(frozen=True)
class Change:
    """A village or household in two plans: rank, score and missing before and now; None where it was not in one of them."""

    item: SweepItem
    before: SweepItem | None


def compared(actor: Actor, plan: SweepPlan, earlier: SweepPlan) -> list[Change]:
    """The villages of a plan beside an earlier one."""
    before = {each.village_id: each for each in village_items(actor, earlier)}
    return [Change(each, before.get(each.village_id)) for each in village_items(actor, plan)]


def sheet_by_code(actor: Actor, code: str) -> Sheet:
    """Raises: NotFound."""
    found = (
        Sheet.objects.for_user(actor).filter(code=code).select_related("village", "campaign", "team").first()
    )
    if found is None:
        raise NotFound("")
    sheet: Sheet = found
    return sheet


def rows_of(sheet: Sheet) -> list[SheetRow]:
    return list(sheet.rows.select_related("household").order_by("number"))
