"""Teams and campaigns as they stand on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from bakhong.accounts.permissions import covered_ids, covering_ids
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.outreach.models import Campaign, Condition, Team, TeamMember, TeamVillage
from bakhong.places.models import Unit
from bakhong.places.queries.units import valid_on


@dataclass(frozen=True)
class TeamLine:
    team: Team
    members: list[TeamMember]
    villages: list[Unit]
    former: Unit | None  # the former commune whose team it continues


def around(unit: Unit, on: date) -> frozenset[int]:
    """The unit, what it covers and what covers it: where its teams and campaigns may hang."""
    return covered_ids([unit.pk], on) | covering_ids(unit.pk, on)


def teams_of(actor: Actor, unit: Unit, on: date) -> list[TeamLine]:
    """The teams that work at the unit that day; at a village, those that go there."""
    found: QuerySet[Team] = Team.objects.for_user(actor).filter(valid_on(on), unit__in=around(unit, on))
    if unit.level == "village":
        below = covered_ids([unit.pk], on)
        going = TeamVillage.objects.filter(valid_on(on), village__in=below).values("team")
        found = found.filter(Q(pk__in=going) | Q(unit__in=below))
    return [
        team_line(team, on) for team in found.select_related("unit", "continues__unit").order_by("name", "pk")
    ]


def team_line(team: Team, on: date) -> TeamLine:
    rows = team.villages.filter(valid_on(on)).select_related("village").order_by("village__sort_key", "pk")
    return TeamLine(
        team,
        members_of(team, on),
        [row.village for row in rows],
        team.continues.unit if team.continues and team.continues.unit_id != team.unit_id else None,
    )


def members_of(team: Team, on: date) -> list[TeamMember]:
    """Who is in the team that day, leaders first."""
    order = {"leader": 0, "deputy": 1}
    found = team.members.filter(valid_on(on)).select_related("substitutes", "user")
    return sorted(found, key=lambda each: (order.get(each.role, 2), each.pk))


def team_at(actor: Actor, unit: Unit, on: date, uuid: UUID) -> Team:
    """Raises: NotFound."""
    found = (
        Team.objects.for_user(actor)
        .filter(uuid=uuid, unit__in=around(unit, on))
        .select_related("unit", "continues__unit")
        .first()
    )
    if found is None:
        raise NotFound("")
    team: Team = found
    return team


def teams_for(actor: Actor, village: Unit, on: date) -> list[Team]:
    """The teams that go to a village that day; those of the whole commune where none is named for it."""
    named = [line.team for line in teams_of(actor, village, on) if village.level == "village"]
    return named or [line.team for line in teams_of(actor, village, on)]


def teams_going_to(actor: Actor, village_ids: Collection[int], on: date) -> dict[int, list[Team]]:
    """village → the teams named for it that day, by name. One query whatever the number of villages."""
    rows = (
        TeamVillage.objects.filter(
            valid_on(on), village__in=village_ids, team__in=Team.objects.for_user(actor).filter(valid_on(on))
        )
        .select_related("team")
        .order_by("team__name", "team_id")
    )
    found: dict[int, list[Team]] = {}
    for row in rows:
        found.setdefault(row.village_id, []).append(row.team)
    return found


def my_memberships(user_id: int, on: date) -> QuerySet[TeamMember]:
    """The teams a user is in that day."""
    return TeamMember.objects.filter(valid_on(on), user_id=user_id, team__valid_to=None).select_related(
        "team"
    )


def campaigns_of(actor: Actor, unit: Unit, on: date, *, only_open: bool = False) -> QuerySet[Campaign]:
    """Campaigns at the unit, the latest first; at a village, those that come there."""
    found: QuerySet[Campaign] = Campaign.objects.for_user(actor).filter(unit__in=around(unit, on))
    if unit.level == "village":
        found = found.filter(villages__village__in=covered_ids([unit.pk], on)).distinct()
    if only_open:
        found = found.filter(closed_at=None, starts_on__lte=on)
    return found.select_related("unit").order_by("-starts_on", "-pk")


def campaign_at(actor: Actor, unit: Unit, on: date, uuid: UUID) -> Campaign:
    """Raises: NotFound."""
    found = campaigns_of(actor, unit, on).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("")
    return found


def villages_of_campaign(campaign: Campaign) -> list[Unit]:
    rows = campaign.villages.select_related("village").order_by("village__sort_key", "pk")
    return [row.village for row in rows]


def conditions_on(village_ids: Collection[int], on: date) -> dict[int, Condition]:
    """village → the latest sight of each thing until that day, put together in one row that is not stored."""
    found: dict[int, Condition] = {}
    rows = Condition.objects.filter(unit__in=village_ids, on__lte=on).order_by("on", "pk")
    for row in rows:
        seen = found.setdefault(row.unit_id, row)
        for name in ("signal", "distance_km", "base_stations", "road", "note", "source"):
            value = getattr(row, name)
            if value not in (None, ""):
                setattr(seen, name, value)
        seen.on = row.on
    return found
