"""Claim sheets of teams."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from bakhong.audit.queries import events_of
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.outreach.models import Claim, TeamMember, Visit
from bakhong.outreach.queries.teams import around
from bakhong.outreach.rules.allowances import total
from bakhong.places.models import Unit

TAKEN_OUT = "outreach.take_out_of_claim"  # as `actions.visits` notes it


@dataclass(frozen=True)
class MemberDays:
    """`amount` in đồng: for this member's days."""

    member: TeamMember
    days: tuple[date, ...]
    visits: int
    amount: int


@dataclass(frozen=True)
class ClaimSheet:
    """A claim as it is printed. Amounts in đồng; `days` are member-days."""

    claim: Claim
    lines: tuple[MemberDays, ...]
    days: int
    visits: int
    for_team: int
    for_days: int

    @property
    def total(self) -> int:
        return total(self.claim.team_amount, self.claim.day_amount, self.days)


def claims_of(actor: Actor, unit: Unit, on: date) -> QuerySet[Claim]:
    """The latest month first."""
    found: QuerySet[Claim] = Claim.objects.for_user(actor).filter(unit__in=around(unit, on))
    return found.select_related("team", "unit").order_by("-month", "team__name", "pk")


def claim_at(actor: Actor, unit: Unit, on: date, uuid: UUID) -> Claim:
    """Raises: NotFound."""
    found = claims_of(actor, unit, on).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("")
    return found


@dataclass(frozen=True)
class TakenOut:
    """A visit that the claim counts was taken back after the claim was made: when, and the day of the visit."""

    at: datetime
    day: date


def claims_with(visit: Visit) -> list[Claim]:
    """The claims that count this visit, approved or not: made after it was recorded, with a line for one who went."""
    return list(
        Claim.objects.filter(
            lines__day=visit.visited_on,
            lines__member__in=visit.members.values("member"),
            made_at__gte=visit.recorded_at,
        )
        .select_related("team")
        .distinct()
        .order_by("pk")
    )


def taken_out_of(claim: Claim) -> list[TakenOut]:
    """In order. From the trail, for whoever pays sees no visit; a draft made anew counts them no more."""
    found = events_of("claim", claim.uuid, TAKEN_OUT, since=claim.made_at)
    return [TakenOut(each.at, date.fromisoformat(each.details["day"])) for each in found]


def claim_sheet(claim: Claim) -> ClaimSheet:
    """Member by member, with their days."""
    days: dict[int, list[date]] = defaultdict(list)
    visits: dict[int, int] = defaultdict(int)
    members: dict[int, TeamMember] = {}
    for line in claim.lines.select_related("member").order_by("day", "pk"):
        days[line.member_id].append(line.day)
        visits[line.member_id] += line.visits
        members[line.member_id] = line.member
    lines = tuple(
        MemberDays(members[pk], tuple(days[pk]), visits[pk], claim.day_amount * len(days[pk]))
        for pk in sorted(members, key=lambda pk: (members[pk].role != "leader", members[pk].name, pk))
    )
    count = sum(len(line.days) for line in lines)
    return ClaimSheet(
        claim,
        lines,
        count,
        sum(visits.values()),
        claim.team_amount if count else 0,
        claim.day_amount * count,
    )
