"""What is mine: the teams I am in, the villages I go to, and the doors I may knock at. Everything else does not exist here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.core.errors import NotFound
from bakhong.core.text import name_key
from bakhong.outreach.models import Campaign, Team, TeamMember, Visit
from bakhong.outreach.queries.needs import Need, needs, person_services, villages_in_force
from bakhong.outreach.queries.sweep import heads_of
from bakhong.outreach.queries.teams import campaigns_of, members_of, my_memberships
from bakhong.people.models import Consent, Household, Person, Purpose
from bakhong.places.models import Unit
from bakhong.places.queries.units import valid_on

PERMISSION = "outreach.visit"


@dataclass(frozen=True)
class Door:
    """Where somebody knocks: a household, or one person who is in none. `members` as `needs` gives them, those away last."""

    village: Unit
    household: Household | None
    person: Person | None
    members: tuple[Need, ...]
    campaign: Campaign | None
    name: str

    @property
    def kind(self) -> str:
        return "ho" if self.household else "nguoi"

    @property
    def uuid(self) -> UUID:
        target = self.household or self.person
        assert target is not None
        found: UUID = target.uuid
        return found

    @property
    def missing(self) -> int:
        return sum(len(each.missing) for each in self.members)


class Mine:
    """Of one member on one day."""

    def __init__(self, actor: StaffActor, on: date) -> None:
        self.actor, self.on = actor, on

    @cached_property
    def memberships(self) -> list[TeamMember]:
        return list(my_memberships(self.actor.user.pk, self.on))

    @cached_property
    def places(self) -> list[Unit]:
        """Where my roles are held: communes and villages."""
        return list(Unit.objects.filter(pk__in=self.actor.places_where(PERMISSION)))

    @cached_property
    def villages(self) -> list[Unit]:
        """Those my teams go to; all that my role covers where no team of mine names any. By name."""
        covered = {each.pk: each for place in self.places for each in villages_in_force(place, self.on)}
        teams = [each.team_id for each in self.memberships]
        named = set(
            Team.objects.filter(pk__in=teams)
            .filter(valid_on(self.on, "villages__"))
            .values_list("villages__village", flat=True)
        )
        mine = [each for pk, each in covered.items() if pk in named] or list(covered.values())
        return sorted(mine, key=lambda each: (each.sort_key, each.pk))

    @property
    def first(self) -> Unit | None:
        """The village whose telephone number stands at the foot of pages about all of mine."""
        return next(iter(self.villages), None)

    @cached_property
    def belongs(self) -> dict[int, Unit]:
        """unit people may hang on → the village of mine it belongs to."""
        return {below: each for each in self.villages for below in covered_ids([each.pk], self.on)}

    def village(self, uuid: UUID) -> Unit:
        """Raises: NotFound."""
        found = next((each for each in self.villages if each.uuid == uuid), None)
        if found is None:
            raise NotFound("")
        return found

    def campaign(self, village: Unit) -> Campaign | None:
        """The campaign that runs there, the latest where there are several."""
        running = campaigns_of(self.actor, village, self.on, only_open=True).filter(ends_on__gte=self.on)
        found: Campaign | None = running.first()
        return found

    def codes(self, campaign: Campaign | None) -> list[str]:
        return person_services(campaign.services if campaign else ())

    def household_door(self, uuid: UUID) -> Door:
        """Raises: NotFound."""
        found = Household.objects.for_user(self.actor).filter(uuid=uuid, village__in=self.belongs).first()
        if found is None:
            raise NotFound("")
        village = self.belongs[found.village_id]
        campaign = self.campaign(village)
        members = needs(self.actor, (), self.on, self.codes(campaign), households=[found.pk])
        name = heads_of([found.pk]).get(found.pk, "")
        return Door(village, found, None, _away_last(members), campaign, name)

    def person_door(self, uuid: UUID) -> Door:
        """A person without a household. Raises: NotFound."""
        found = (
            Person.objects.for_user(self.actor)
            .filter(uuid=uuid, village__in=self.belongs, household=None, is_known=True, merged_into=None)
            .first()
        )
        if found is None:
            raise NotFound("")
        village = self.belongs[found.village_id]
        campaign = self.campaign(village)
        members = needs(self.actor, (), self.on, self.codes(campaign), persons=[found.pk])
        return Door(village, None, found, tuple(members), campaign, found.name)

    def found(self, text: str) -> QuerySet[Person]:
        """The residents of my villages with this name, accents or not, by given name."""
        found: QuerySet[Person] = Person.objects.for_user(self.actor).filter(
            village__in=self.belongs, is_known=True, merged_into=None
        )
        for word in name_key(text).split()[:8]:
            found = found.filter(Q(name_key__startswith=word) | Q(name_key__contains=f" {word}"))
        return found.select_related("village", "household").order_by("sort_key", "birth_year", "pk")

    def team_at(self, village: Unit) -> TeamMember | None:
        """My membership of the team that goes to the village, else of any team of mine."""
        going = [
            each
            for each in self.memberships
            if each.team.villages.filter(valid_on(self.on), village=village).exists()
        ]
        return next(iter([*going, *self.memberships]), None)

    def companions(self, me: TeamMember | None) -> list[TeamMember]:
        """The others of that team today."""
        return [each for each in members_of(me.team, self.on) if each.pk != me.pk] if me else []

    def visits(self) -> QuerySet[Visit]:
        """Visits I recorded or went on, in my villages, the latest first."""
        found = Visit.objects.for_user(self.actor).filter(village__in=self.belongs)
        mine = Q(recorded_by=self.actor.id) | Q(members__member__in=self.memberships)
        made: QuerySet[Visit] = (
            found.filter(mine)
            .distinct()
            .select_related("village", "household")
            .order_by("-visited_on", "-pk")
        )
        return made

    def visit(self, uuid: UUID) -> Visit:
        """Raises: NotFound."""
        found = self.visits().filter(uuid=uuid).first()
        if found is None:
            raise NotFound("")
        return found


def agreed_already(person_ids: Sequence[int], on: date) -> set[int]:
    """Who has agreed before to being helped on somebody else's telephone."""
    return set(
        Consent.objects.filter(
            person__in=person_ids, purpose=Purpose.ON_BEHALF, withdrawn_on=None, given_on__lte=on
        ).values_list("person_id", flat=True)
    )


def _away_last(members: Sequence[Need]) -> tuple[Need, ...]:
    return tuple(sorted(members, key=lambda each: each.is_away))
