"""Trainings of an area, who was there, whom entries may mean, and what came of it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from bakhong.accounts.permissions import covered_ids, covering_ids
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.text import name_key
from bakhong.outreach.models import Attendance, CheckIn, Training
from bakhong.outreach.queries.counts import gained
from bakhong.outreach.queries.same import once_each
from bakhong.outreach.rules.trainings import EFFECT_DAYS, Candidate, Guess, guess
from bakhong.people.models import Person, PhoneNumber
from bakhong.people.queries.roll import residents
from bakhong.places.models import Unit

SKILLS = "digital_skills"


def places_about(unit: Unit, on: date) -> frozenset[int]:
    """What concerns a unit takes place in it, in what lies in it, or in the commune it belongs to."""
    return covered_ids([unit.pk], on) | covering_ids(unit.pk, on)


def trainings_at(actor: Actor, unit: Unit, on: date) -> QuerySet[Training]:
    """The trainings that concern the unit, the latest first, each with `people`, how many were there, and `waiting` entries."""
    found: QuerySet[Training] = Training.objects.for_user(actor).filter(place__in=places_about(unit, on))
    return (
        found.annotate(
            people=Count(
                Coalesce("attendances__person__merged_into", "attendances__person"),
                filter=Q(attendances__withdrawn_at=None),
                distinct=True,
            ),
            waiting=Count(
                "checkins", filter=Q(checkins__attendance=None, checkins__is_dismissed=False), distinct=True
            ),
        )
        .select_related("place")
        .order_by("-starts_at", "-pk")
    )


def attendances_of(actor: Actor, training: Training) -> list[Attendance]:
    """Who was there, as far as the actor may see them, by name; somebody who is in the roll twice once."""
    found: QuerySet[Attendance] = Attendance.objects.for_user(actor).filter(
        training=training, withdrawn_at=None
    )
    return once_each(found.select_related("person", "village").order_by("person__sort_key", "pk"))


@dataclass(frozen=True)
class Entry:
    """A waiting entry and whom it may mean, the likeliest first."""

    checkin: CheckIn
    guess: Guess
    people: tuple[Person, ...]


def waiting_entries(actor: Actor, training: Training, on: date) -> list[Entry]:
    """The entries nobody has dealt with, the earliest first. People are looked for in the training's whole commune."""
    entries = list(
        CheckIn.objects.for_user(actor)
        .filter(training=training, attendance=None, is_dismissed=False)
        .order_by("at", "pk")
    )
    people = _of_these_names(actor, training.unit, on, {name_key(each.name) for each in entries})
    tails = _tails(people)
    candidates = [Candidate(each.pk, each.name, each.birth_year, tails[each.pk]) for each in people.values()]
    found = [(each, guess(each.name, each.birth_year, each.phone_tail, candidates)) for each in entries]
    return [Entry(each, found, tuple(people[key] for key in found.keys)) for each, found in found]


def sure_guesses(actor: Actor, training: Training, on: date) -> list[tuple[CheckIn, Person]]:
    """The entries that agree with exactly one resident."""
    return [
        (each.checkin, each.people[0]) for each in waiting_entries(actor, training, on) if each.guess.is_sure
    ]


def _of_these_names(actor: Actor, unit: Unit, on: date, keys: Collection[str]) -> dict[int, Person]:
    found = residents(actor, unit, on).filter(name_key__in=keys).select_related("village")
    return {each.pk: each for each in found}


def _tails(people: Collection[int]) -> dict[int, frozenset[str]]:
    tails: dict[int, set[str]] = defaultdict(set)
    for person, number in PhoneNumber.objects.filter(person__in=people, is_current=True).values_list(
        "person_id", "number"
    ):
        tails[person].add(number[-4:])
    return defaultdict(frozenset, {person: frozenset(found) for person, found in tails.items()})


@dataclass(frozen=True)
class Effect:
    """Of `lacking` who were there and lacked the service before, `gained` had it within EFFECT_DAYS days."""

    service: str
    gained: int
    lacking: int


def effects_of(actor: Actor, training: Training) -> list[Effect]:
    """What came of a training, for each service taught but basic skills (which attending itself gives)."""
    persons = [each.person_id for each in attendances_of(actor, training)]
    day = day_of(training.starts_at)
    taught = [code for code in training.services if code != SKILLS]
    return [Effect(code, *gained(code, persons, day, EFFECT_DAYS)) for code in taught]
