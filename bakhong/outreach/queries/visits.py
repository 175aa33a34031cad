"""Visits of an area and of a household, what was promised, and how far a campaign has come. Visits taken back never count."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.outreach.models import FINISHED, MET, Campaign, Commitment, Visit, VisitHelp
from bakhong.outreach.queries.needs import Need, holders, needs, person_services, village_map
from bakhong.outreach.queries.same import as_they_are
from bakhong.outreach.queries.sweep import attempts_at, heads_of
from bakhong.outreach.queries.teams import villages_of_campaign
from bakhong.outreach.rules.times import BestTime, best_time
from bakhong.people.models import Household, Person, PhoneNumber
from bakhong.people.queries.identity import mask
from bakhong.people.rules.eligibility import AWAY
from bakhong.people.rules.services import services
from bakhong.places.models import Unit


def visits_of(
    actor: Actor,
    unit: Unit,
    on: date,
    *,
    since: date | None = None,
    until: date | None = None,
    campaign: Campaign | None = None,
    with_retracted: bool = False,
) -> QuerySet[Visit]:
    """Visits at the unit and what it covers on the day, the latest first; `since` and `until` are both included."""
    found: QuerySet[Visit] = Visit.objects.for_user(actor).filter(village__in=covered_ids([unit.pk], on))
    if since:
        found = found.filter(visited_on__gte=since)
    if until:
        found = found.filter(visited_on__lte=until)
    if campaign:
        found = found.filter(campaign=campaign)
    if not with_retracted:
        found = found.filter(retracted_at=None)
    return found.select_related("village", "household", "team", "campaign").order_by("-visited_on", "-pk")


def visit_at(actor: Actor, unit: Unit, on: date, uuid: UUID) -> Visit:
    """Raises: NotFound."""
    found = visits_of(actor, unit, on, with_retracted=True).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("")
    return found


def household_at(actor: Actor, unit: Unit, on: date, uuid: UUID) -> Household:
    """Raises: NotFound."""
    found = Household.objects.for_user(actor).filter(uuid=uuid).select_related("village").first()
    if found is None or found.village_id not in covered_ids([unit.pk], on):
        raise NotFound("")
    household: Household = found
    return household


@dataclass(frozen=True)
class Card:
    """What a team needs at the door: who lives there, what each still lacks, what happened before, and when to come.

    `kept`: service → of the members who promised it, whether they have it by now.
    """

    household: Household
    members: tuple[Need, ...]
    visits: tuple[Visit, ...]
    best: BestTime
    promises: tuple["Promised", ...]

    @property
    def missing(self) -> int:
        return sum(len(each.missing) for each in self.members)


def household_card(actor: Actor, household: Household, on: date, codes: Sequence[str] = ()) -> Card:
    """`codes`: the services of the campaign; all that persons are counted for where none are named."""
    members = needs(actor, (), on, person_services(codes), households=[household.pk])
    visits = (
        Visit.objects.for_user(actor)
        .filter(household=household, retracted_at=None, visited_on__lte=on)
        .select_related("team", "campaign")
        .prefetch_related("helps__person", "persons__person", "members__member")
        .order_by("-visited_on", "-pk")
    )
    tried = attempts_at([household.pk], on).get(household.pk, [])
    best = best_time(tried, [each.age for each in members if not each.is_away])
    commitments = Commitment.objects.for_user(actor).filter(
        visit__household=household, visit__retracted_at=None
    )
    return Card(household, tuple(members), tuple(visits), best, tuple(_promised(commitments, on)))


@dataclass(frozen=True)
class Promised:
    """A promise and what of it is still open on the day. `state`: "kept", "open", "broken" (the day is over)."""

    commitment: Commitment
    open_services: tuple[str, ...]
    state: str


def promises_of(actor: Actor, unit: Unit, on: date, *, state: str = "") -> list[Promised]:
    """The promises of an area, those that are broken the longest first."""
    found = Commitment.objects.for_user(actor).filter(
        village__in=covered_ids([unit.pk], on), visit__retracted_at=None, signed_on__lte=on
    )
    made = _promised(found, on)
    return [each for each in made if not state or each.state == state]


def _promised(found: QuerySet[Commitment], on: date) -> list[Promised]:
    rows = as_they_are(found.select_related("person", "visit__household", "village").order_by("due_on", "pk"))
    codes = {code for row in rows for code in row.services if code in services()}
    has = holders({row.person_id for row in rows}, on, codes)
    made = []
    for row in rows:
        left = tuple(code for code in row.services if row.person_id not in has.get(code, set()))
        made.append(Promised(row, left, "kept" if not left else "broken" if row.due_on < on else "open"))
    return made


# --- how far it has come -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """A village in a campaign. `households`: with at least one person the services are for; `visited`: called at in the campaign;
    `met`: somebody was met; `finished`: nothing left to do. `missing` of `eligible`: people × services.
    """

    village: Unit
    households: int
    visited: int
    met: int
    finished: int
    missing: int
    eligible: int
    visits: int
    last_on: date | None

    @property
    def done(self) -> int:
        return self.eligible - self.missing


def progress_of(actor: Actor, campaign: Campaign, on: date) -> list[Progress]:
    """Village by village, as the facts stand on the day."""
    villages = villages_of_campaign(campaign)
    belongs = village_map(villages, on)
    residents: dict[int, list[Need]] = defaultdict(list)
    for each in needs(actor, list(belongs), on, person_services(campaign.services)):
        residents[belongs[each.village_id]].append(each)
    calls: dict[int, list[tuple[int | None, str, date]]] = defaultdict(list)
    rows = Visit.objects.for_user(actor).filter(
        campaign=campaign, retracted_at=None, visited_on__lte=on, village__in=list(belongs)
    )
    for village_id, *call in rows.values_list("village_id", "household_id", "outcome", "visited_on"):
        calls[belongs[village_id]].append((call[0], call[1], call[2]))
    return [_progress(village, residents[village.pk], calls[village.pk]) for village in villages]


def _progress(village: Unit, here: Sequence[Need], calls: Sequence[tuple[int | None, str, date]]) -> Progress:
    concerned = {each.household_id for each in here if each.household_id and each.eligible}
    lacking = {each.household_id for each in here if each.missing}
    return Progress(
        village=village,
        households=len(concerned),
        visited=len({household for household, _, _ in calls if household in concerned}),
        met=len({household for household, outcome, _ in calls if household in concerned and outcome in MET}),
        finished=len(concerned - lacking),
        missing=sum(len(each.missing) for each in here),
        eligible=sum(len(each.eligible) for each in here),
        visits=len(calls),
        last_on=max((day for _, _, day in calls), default=None),
    )


def to_come_back(actor: Actor, unit: Unit, on: date) -> list[Visit]:
    """Households whose last visit agreed on a day that has come, the longest overdue first."""
    last: dict[int, Visit] = {}
    found = Visit.objects.for_user(actor).filter(
        village__in=covered_ids([unit.pk], on), retracted_at=None, household__isnull=False
    )
    for visit in found.select_related("household", "village", "team").order_by("visited_on", "pk"):
        last[visit.household_id or 0] = visit
    due = [
        each for each in last.values() if each.next_on and each.next_on <= on and each.outcome not in FINISHED
    ]
    return sorted(due, key=lambda each: (each.next_on or on, each.pk))


# --- who is away ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Absent:
    """Somebody away: what they would lack at home, how to reach them (numbers masked), and how often their household was called at."""

    need: Need
    village: Unit
    household: UUID | None
    head: str
    phone: str
    phone_of: str
    calls: int
    last_on: date | None


def absent_people(
    actor: Actor,
    unit: Unit,
    on: date,
    *,
    where: str = "",
    village: str = "",
    service: str = "",
    campaign: Campaign | None = None,
) -> list[Absent]:
    """Those who are away in the country or abroad. `where`: "away" or "abroad"; `village`: its uuid; `service`: who lacks it."""
    area = covered_ids([unit.pk], on)
    codes = person_services(campaign.services if campaign else ())
    away = needs(actor, area, on, codes, only_away=True)
    villages = Unit.objects.in_bulk({each.village_id for each in away})
    away = [
        each
        for each in away
        if (not where or each.presence == where)
        and (not village or str(villages[each.village_id].uuid) == village)
        and (not service or service in each.in_time)
    ]
    phones: dict[int, tuple[str, str]] = {}
    rows = PhoneNumber.objects.for_user(actor).filter(person__in=[each.pk for each in away], is_current=True)
    for row in rows:
        told = str(row.get_holder_display()) if row.holder else ""
        phones[row.person_id] = (mask(row.number), ": ".join(filter(None, [told, row.note])))
    homes = {each.household_id for each in away if each.household_id}
    heads = heads_of(homes)
    uuids = dict(Household.objects.filter(pk__in=homes).values_list("pk", "uuid"))
    calls = Visit.objects.for_user(actor).filter(household__in=homes, retracted_at=None, visited_on__lte=on)
    days: dict[int, list[date]] = defaultdict(list)
    for household_id, day in calls.values_list("household_id", "visited_on"):
        days[household_id].append(day)
    return [
        Absent(
            each,
            villages[each.village_id],
            uuids.get(each.household_id or 0),
            heads.get(each.household_id or 0, ""),
            *phones.get(each.pk, ("", "")),
            len(days[each.household_id or 0]),
            max(days[each.household_id or 0], default=None),
        )
        for each in sorted(
            away, key=lambda one: (villages[one.village_id].sort_key, one.household_id or 0, one.pk)
        )
    ]


def away_count(actor: Actor, unit: Unit, on: date) -> int:
    """How many residents are away in the country or abroad."""
    found = Person.objects.for_user(actor).filter(village__in=covered_ids([unit.pk], on))
    return found.filter(is_known=True, merged_into=None, presence__in=AWAY).count()


def outcome_counts(found: QuerySet[Visit]) -> Mapping[str, int]:
    """outcome → visits."""
    return Counter(found.order_by().values_list("outcome", flat=True))


def persons_of(visit: Visit) -> list[dict[str, Any]]:
    """The people of a visit with what was done for each, for reading."""
    helps: dict[int, list[Any]] = defaultdict(list)
    for each in visit.helps.select_related("consent").order_by("pk"):
        helps[each.person_id].append(each)
    rows = list(visit.persons.select_related("person").order_by("pk"))
    helped = [helps[row.person_id] for row in rows]
    return [
        {"person": row.person, "was_met": row.was_met, "helps": each}
        for row, each in zip(as_they_are(rows), helped, strict=True)
    ]


def borrowed_phones(actor: Actor, unit: Unit, on: date) -> Mapping[str, int]:
    """Whose telephone received the codes of what was done: one telephone of a team must not silently stand for many people."""
    found = VisitHelp.objects.for_user(actor).filter(
        Q(result="done") | Q(result="registered"),
        village__in=covered_ids([unit.pk], on),
        visit__retracted_at=None,
    )
    return Counter(found.order_by().values_list("whose_phone", flat=True))


def is_visited(household_ids: Collection[int], campaign: Campaign | None) -> dict[int, str]:
    """household → the outcome of its last visit (of the campaign, where one is given)."""
    found = Visit.objects.filter(household__in=household_ids, retracted_at=None)
    if campaign:
        found = found.filter(campaign=campaign)
    return dict(found.order_by("visited_on", "pk").values_list("household_id", "outcome"))
