"""Mobile sessions of an area, whom to invite, what clashes, and what came of them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM, day_of
from bakhong.outreach.models import Invitee, MobileSession, Training
from bakhong.outreach.queries.counts import gained
from bakhong.outreach.queries.same import once_each
from bakhong.outreach.queries.trainings import places_about
from bakhong.outreach.rules.sessions import Booking, Lacking, clashes, invitation_order
from bakhong.outreach.rules.trainings import EFFECT_DAYS
from bakhong.people.models import Person
from bakhong.people.queries.adoption import missing_services
from bakhong.people.queries.doubles import who_they_are
from bakhong.people.queries.roll import residents
from bakhong.people.rules.eligibility import AWAY, GONE
from bakhong.people.rules.services import services
from bakhong.places.models import Unit

_STANDS = Q(invitees__taken_off_at=None)


def sessions_at(actor: Actor, unit: Unit, on: date) -> QuerySet[MobileSession]:
    """The sessions that concern the unit, the latest first, each with `people`, how many are invited."""
    found: QuerySet[MobileSession] = MobileSession.objects.for_user(actor)
    found = found.filter(place__in=places_about(unit, on)).annotate(
        people=Count(
            Coalesce("invitees__person__merged_into", "invitees__person"), distinct=True, filter=_STANDS
        )
    )
    return found.select_related("place").order_by("-starts_at", "-pk")


def public_schedule(unit: Unit, now: datetime) -> list[MobileSession]:
    """What is to come in a unit, cancelled ones too, the soonest first. Nothing personal is in it."""
    found = MobileSession.objects.filter(place__in=covered_ids([unit.pk], day_of(now)), ends_at__gt=now)
    return list(found.select_related("place").order_by("starts_at", "place__sort_key", "pk")[:200])


def clashes_of(wanted: MobileSession) -> list[tuple[str, Booking]]:
    """("place" | "provider", what else happens then) among the commune's sessions and trainings that are not cancelled."""
    day = datetime.combine(day_of(wanted.starts_at), datetime.min.time(), VIET_NAM)
    that_day = {
        "unit": wanted.unit,
        "cancelled_at": None,
        "starts_at__gte": day,
        "starts_at__lt": day + timedelta(1),
    }
    others = [
        *(_booking(each) for each in MobileSession.objects.filter(**that_day)),
        *(
            Booking(f"training:{each.pk}", each.title, each.place_id, "", each.starts_at, each.ends_at)
            for each in Training.objects.filter(**that_day)
        ),
    ]
    return clashes(_booking(wanted), others)


def _booking(session: MobileSession) -> Booking:
    return Booking(
        f"session:{session.pk}",
        session.provider,
        session.place_id,
        session.provider,
        session.starts_at,
        session.ends_at,
    )


def to_invite(actor: Actor, session: MobileSession, on: date) -> list[tuple[Person, list[str]]]:
    """Who lives there, is not away, lacks something the session offers, is of age for it on its day and not yet invited; in the order to
    ask them, with what they lack."""
    people = {
        each.pk: each
        for each in residents(actor, session.place, on)
        .exclude(presence__in=GONE | AWAY)
        .exclude(pk__in=who_they_are(list(session.invitees.values_list("person", flat=True))).values())
    }
    offered = set(session.services)
    missing = missing_services(list(people.values()), day_of(session.starts_at))
    lacking = {
        pk: codes
        for pk, each in missing.items()
        if (codes := [service.code for service in each if service.code in offered])
    }
    order = invitation_order(
        Lacking(pk, people[pk].household_id, people[pk].birth_year, len(codes))
        for pk, codes in lacking.items()
    )
    return [(people[pk], lacking[pk]) for pk in order]


def invitees_of(actor: Actor, session: MobileSession, *, taken_off: bool = False) -> list[Invitee]:
    """Who is invited (or was taken off), as far as the actor may see them, in the order of the list; who is in the roll twice once."""
    found: QuerySet[Invitee] = Invitee.objects.for_user(actor).filter(session=session)
    found = found.filter(taken_off_at__isnull=not taken_off)
    return once_each(found.select_related("person__household", "village").order_by("rank"))


@dataclass(frozen=True)
class Outcome:
    """Of `lacking` who were invited for a service they did not have, `gained` had it within EFFECT_DAYS days."""

    service: str
    gained: int
    lacking: int


def outcomes_of(actor: Actor, session: MobileSession) -> list[Outcome]:
    """What came of a session, from the facts recorded since; for each service somebody was invited for."""
    by_service: dict[str, list[int]] = defaultdict(list)
    for each in invitees_of(actor, session):
        for code in each.services:
            by_service[code].append(each.person_id)
    day = day_of(session.starts_at)
    return [
        Outcome(code, *gained(code, by_service[code], day, EFFECT_DAYS))
        for code in services()
        if code in by_service
    ]


def lacking_counts(actor: Actor, session: MobileSession, on: date) -> dict[str, int]:
    """service → how many could still be invited for it."""
    counts = Counter(code for _person, codes in to_invite(actor, session, on) for code in codes)
    return {code: counts[code] for code in services() if counts[code]}
