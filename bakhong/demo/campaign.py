"""The campaign of the synthetic commune: teams of elderly members, the villages as they are, and twenty evenings of visits.

Everything hangs on the day of loading: the campaign began nineteen days before and goes on, so that there is always something to do.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.demo.accounts import make_members
from bakhong.demo.rules.adopting import PROVIDERS
from bakhong.demo.rules.choosing import draw
from bakhong.demo.rules.commune import VILLAGES
from bakhong.demo.rules.names import full_name, surname
from bakhong.demo.rules.peopling import NO_OPERATOR
from bakhong.outreach.actions.campaigns import open_campaign, record_condition
from bakhong.outreach.actions.said import Helped, Met, Promise
from bakhong.outreach.actions.sweeping import plan_sweep
from bakhong.outreach.actions.teams import add_member, make_team
from bakhong.outreach.actions.visits import record_visit
from bakhong.outreach.models import (
    Campaign,
    Condition,
    MemberRole,
    Outcome,
    PartOfDay,
    Result,
    Road,
    SweepPlan,
    Team,
    TeamMember,
    Visit,
    WhosePhone,
)
from bakhong.outreach.queries.needs import Need, needs, village_map
from bakhong.people.models import Household, Person
from bakhong.places.models import Unit

SERVICES = ("eid_level2", "payment_account", "digital_signature")
SINCE = date(2025, 7, 15)  # the teams were set up anew after the merger
DAYS_BEFORE, DAYS_TO_COME = 19, 11
VISITS_A_VILLAGE = {6: 34, 5: 28, 4: 20, 3: 12, 2: 8, 1: 6, 0: 6}  # the hardest first
_ROADS = {6: Road.FOOT, 5: Road.MOTORBIKE}
_KEYS = uuid5(NAMESPACE_URL, "https://ba-khong.invalid/demo/campaign")
_HOURS = {PartOfDay.MORNING: 9, PartOfDay.NOON: 12, PartOfDay.AFTERNOON: 16, PartOfDay.EVENING: 20}
_AT_HOME = {PartOfDay.MORNING: 0.35, PartOfDay.NOON: 0.75, PartOfDay.AFTERNOON: 0.45, PartOfDay.EVENING: 0.85}
_REASONS = (
    ("no_smartphone", 20),
    ("old_phone", 16),
    ("otp_missing", 12),
    ("weak_signal", 10),
    ("elderly", 9),
    ("afraid_of_fraud", 8),
    ("nfc_fails", 7),
    ("no_need", 6),
    ("face_fails", 5),
    ("icloud_password", 4),
    ("account_exists", 4),
    ("phone_wrong", 3),
    ("no_card", 2),
)
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def key(name: str) -> UUID:
    return uuid5(_KEYS, name)


def moment(day: date, hour: int) -> datetime:
    """That hour of the clock in Viet Nam."""
    return datetime.combine(day, time(hour), _ZONE)


@dataclass(frozen=True)
class Ground:
    """The commune of today with the seven villages, in the order of `VILLAGES`."""

    commune: Unit
    villages: Sequence[Unit]


def load_campaign(ground: Ground, *, by: Actor, at: datetime) -> None:
    """Teams, conditions, campaign, visits and a plan; what is there already is left alone."""
    rng = random.Random(11)  # noqa: S311 - the same visits every time is the point
    teams = make_teams(rng, ground, by=by, at=at)
    see_conditions(ground, by=by, at=at)
    campaign = Campaign.objects.filter(unit=ground.commune).first()
    if campaign is None:
        campaign = open_campaign(
            unit=ground.commune,
            name="Ra quân 30 ngày: VNeID, tài khoản thanh toán, chữ ký số",
            services=SERVICES,
            villages=ground.villages,
            starts_on=day_of(at) - timedelta(days=DAYS_BEFORE),
            ends_on=day_of(at) + timedelta(days=DAYS_TO_COME),
            decision="Kế hoạch mẫu số 12/KH-UBND",
            by=by,
            at=at,
        )
    if not Visit.objects.filter(campaign=campaign).exists():
        with transaction.atomic():
            for index in VISITS_A_VILLAGE:
                _visit_village(rng, index, ground, teams[index], campaign, by)
    if not SweepPlan.objects.filter(campaign=campaign).exists():
        plan_sweep(unit=ground.commune, campaign=campaign, by=by, at=at)


# --- teams and villages ----------------------------------------------------------------------------------------------


def make_teams(rng: random.Random, ground: Ground, *, by: Actor, at: datetime) -> list[Team]:
    """A team a village: its head leads it, and the others are pensioners, the women's union, the youth union."""
    known = {team.name: team for team in Team.objects.filter(unit=ground.commune)}
    teams = []
    for index, village in enumerate(ground.villages):
        name = f"Tổ công nghệ số cộng đồng {village.full_name[0].lower()}{village.full_name[1:]}"
        people = [_member(rng, index, place) for place in range(len(_POSITIONS))]
        users = make_members(village=village, by=OPERATOR, at=at) if index == len(VILLAGES) - 1 else []
        if name not in known:
            with transaction.atomic():
                known[name] = make_team(
                    unit=ground.commune,
                    name=name,
                    villages=[village],
                    valid_from=SINCE,
                    decision="Quyết định mẫu số 45/QĐ-UBND",
                    by=by,
                    at=at,
                )
                for place, (position, role) in enumerate(_POSITIONS):
                    user = users[place] if place < len(users) else None
                    add_member(
                        team=known[name],
                        user=user,
                        name=user.name if user else people[place][0],
                        phone=people[place][1],
                        role=role,
                        position=position,
                        valid_from=SINCE,
                        by=by,
                        at=at,
                    )
        teams.append(known[name])
    return teams


_POSITIONS = (
    ("Trưởng thôn", MemberRole.LEADER),
    ("Cán bộ hưu trí, 68 tuổi", MemberRole.DEPUTY),
    ("Chi hội Phụ nữ", MemberRole.MEMBER),
    ("Chi hội Người cao tuổi, 71 tuổi", MemberRole.MEMBER),
    ("Đoàn Thanh niên", MemberRole.MEMBER),
)


def _member(rng: random.Random, village: int, place: int) -> tuple[str, str]:
    """(name, phone) of somebody invented."""
    sex = "female" if place in (2, 3) else "male"
    year = (1968, 1957, 1975, 1954, 1998)[place]
    return full_name(rng, surname(rng), sex, year), member_phone(village, place)


def member_phone(village: int, place: int) -> str:
    """
    >>> member_phone(6, 0)
    '0518000060'
    """
    return f"{NO_OPERATOR}80000{village}{place}"


def see_conditions(ground: Ground, *, by: Actor, at: datetime) -> None:
    seen = set(Condition.objects.filter(unit__in=list(ground.villages)).values_list("unit_id", flat=True))
    for index, (village, profile) in enumerate(zip(ground.villages, VILLAGES, strict=True)):
        if village.pk not in seen:
            record_condition(
                village=village,
                on=SINCE,
                signal=profile.signal,
                distance_km=Decimal(str(profile.distance)),
                base_stations=profile.stations,
                road=_ROADS.get(index, Road.CAR),
                note=profile.road,
                source="Số liệu mẫu; cả xã cũ có 8 trạm phát sóng như báo đăng năm 2024",
                by=by,
                at=at,
            )


# --- visits ----------------------------------------------------------------------------------------------------------


def _visit_village(
    rng: random.Random, index: int, ground: Ground, team: Team, campaign: Campaign, by: Actor
) -> None:
    """Households that still lack something, in the evenings before the day of loading, the hardest village first."""
    village, last = ground.villages[index], campaign.starts_on + timedelta(days=DAYS_BEFORE - 1)
    lacking = _lacking(by, village, campaign.starts_on)  # who may have it then may have it on every later day
    chosen = list(lacking)[: min(VISITS_A_VILLAGE[index], max(2, len(lacking) // 3))]
    houses = Household.objects.in_bulk(chosen)
    persons = Person.objects.in_bulk([need.pk for each in chosen for need in lacking[each]])
    members = list(TeamMember.objects.filter(team=team, valid_to=None).order_by("pk"))
    for number, household in enumerate(chosen):
        day = campaign.starts_on + timedelta(
            days=(number * (DAYS_BEFORE - 1) // len(chosen) + 6 - index) % DAYS_BEFORE
        )
        call = _Call(rng, village, campaign, team, rng.sample(members, 2), by)
        call.make(
            houses[household], [(need, persons[need.pk]) for need in lacking[household]], min(day, last)
        )


def _lacking(by: Actor, village: Unit, on: date) -> dict[int, list[Need]]:
    """household → those of it who lack a service of the campaign, the households with most to do first."""
    found: dict[int, list[Need]] = {}
    for need in needs(by, list(village_map([village], on)), on, SERVICES):
        if need.household_id is not None and need.missing and not need.is_away:
            found.setdefault(need.household_id, []).append(need)
    return dict(
        sorted(found.items(), key=lambda each: (-sum(len(need.missing) for need in each[1]), each[0]))
    )


@dataclass(frozen=True)
class _Call:
    """Going to one house until somebody is met, or three times in vain."""

    rng: random.Random
    village: Unit
    campaign: Campaign
    team: Team
    members: Sequence[TeamMember]
    by: Actor

    def make(self, household: Household, lacking: Sequence[tuple[Need, Person]], day: date) -> None:
        last = self.campaign.starts_on + timedelta(days=DAYS_BEFORE - 1)
        for attempt, part in enumerate(self._parts()):
            on = min(day + timedelta(days=attempt * 2), last)
            is_met = self.rng.random() < _AT_HOME[part]
            if not is_met:
                again = on + timedelta(days=2) if self.rng.random() < 0.4 else None
                self._record(household, on, part, attempt, Outcome.NOBODY_HOME, [], next_on=again)
                continue
            self._meet(household, lacking, on, part, attempt)
            return

    def _parts(self) -> list[PartOfDay]:
        first = draw(
            self.rng, [(PartOfDay.MORNING, 4.0), (PartOfDay.AFTERNOON, 3.0), (PartOfDay.EVENING, 5.0)]
        )
        return [first, PartOfDay.NOON, PartOfDay.EVENING][: self.rng.randint(1, 3)]

    def _meet(
        self,
        household: Household,
        lacking: Sequence[tuple[Need, Person]],
        on: date,
        part: PartOfDay,
        attempt: int,
    ) -> None:
        if self.rng.random() < 0.06:
            refused = [
                Met(person, helped=(Helped(need.missing[0], Result.REFUSED, "refuses"),))
                for need, person in lacking[:1]
            ]
            self._record(household, on, part, attempt, Outcome.REFUSED, refused)
            return
        met = [Met(person, helped=self._helped(need)) for need, person in lacking]
        is_all_done = all(each.result == Result.DONE for one in met for each in one.helped)
        promises = [
            Promise(
                one.person,
                tuple(each.service for each in one.helped if each.result == Result.TRIED),
                on + timedelta(days=7),
            )
            for one in met[:1]
            if self.rng.random() < 0.4 and any(each.result == Result.TRIED for each in one.helped)
        ]
        outcome = Outcome.MET_DONE if is_all_done else Outcome.MET_PARTLY
        will_return = not is_all_done and self.rng.random() < 0.35
        comes_again = on + timedelta(days=self.rng.choice((7, 14, 21))) if will_return else None
        self._record(household, on, part, attempt, outcome, met, next_on=comes_again, promises=promises)

    def _helped(self, need: Need) -> tuple[Helped, ...]:
        found = []
        for service in need.missing:
            if self.rng.random() < 0.58:
                found.append(self._done(need, service))
            else:
                reasons = [
                    (code, float(weight))
                    for code, weight in _REASONS
                    if code != "no_smartphone" or need.device != "smartphone"
                ]
                found.append(Helped(service, Result.TRIED, draw(self.rng, reasons)))
        return tuple(found)

    def _done(self, need: Need, service: str) -> Helped:
        provider = {"digital_signature": draw(self.rng, PROVIDERS), "payment_account": "Agribank"}.get(
            service, ""
        )
        if need.device == "smartphone":
            return Helped(service, provider=provider, whose_phone=WhosePhone.OWN)
        return Helped(
            service,
            provider=provider,
            whose_phone=WhosePhone.RELATIVE,
            consent="Đồng ý trước mặt người nhà và tổ công nghệ số",
        )

    def _record(
        self,
        household: Household,
        on: date,
        part: PartOfDay,
        attempt: int,
        outcome: Outcome,
        persons: Sequence[Met],
        *,
        next_on: date | None = None,
        promises: Sequence[Promise] = (),
    ) -> None:
        record_visit(
            key=key(f"visit/{household.uuid}/{attempt}"),
            village=self.village,
            household=household,
            campaign=self.campaign,
            team=self.team,
            members=self.members,
            visited_on=on,
            part_of_day=part,
            outcome=outcome,
            persons=persons,
            next_on=next_on,
            next_part=PartOfDay.EVENING if next_on else "",
            promises=promises,
            by=self.by,
            at=moment(on, _HOURS[part]),
        )
