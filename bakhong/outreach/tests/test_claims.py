"""A claim comes from the visit log, pays nobody twice for a day, and stands still once approved."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import Error, IntegrityError, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.outreach.actions.claims import approve_claim, draft_claim, withdraw_claim
from bakhong.outreach.actions.teams import add_member, make_team
from bakhong.outreach.actions.visits import retract_visit
from bakhong.outreach.models import Claim, ClaimLine, Team, TeamMember
from bakhong.outreach.queries.claims import claim_sheet
from bakhong.outreach.tests.conftest import MakeVisit
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]
MONTH = date(2026, 11, 1)
PAYER = Operator(id="payer", label="Kế toán")


@pytest.fixture
def draft(team: Team, actor: Actor, at: datetime) -> Callable[..., Claim]:
    def make(**said: object) -> Claim:
        usual = {
            "team": team,
            "month": MONTH,
            "team_amount": 300_000,
            "day_amount": 50_000,
            "basis": "Nghị quyết",
            "by": actor,
            "at": at,
        }
        return draft_claim(**(usual | said))  # type: ignore[arg-type]

    return make


@pytest.fixture
def went(visit: MakeVisit, team: Team, member: TeamMember) -> Callable[..., object]:
    """`went(20)`: the member went on a visit on the 20th."""
    return lambda day, **said: visit(
        visited_on=date(2026, 11, day),
        **({"team": team, "members": [member], "outcome": "nobody_home"} | said),
    )


def test_days_and_visits_of_the_month(draft: Callable[..., Claim], went: Callable[..., object]) -> None:
    for day in (19, 20, 20):
        went(day)
    sheet = claim_sheet(draft())
    assert (sheet.days, sheet.visits, sheet.total) == (2, 3, 400_000)
    assert [day.day for day in sheet.lines[0].days] == [19, 20]


def test_a_visit_taken_back_is_not_paid(
    draft: Callable[..., Claim], went: Callable[..., object], actor: Actor, at: datetime
) -> None:
    went(19)
    wrong = went(20)
    retract_visit(visit=wrong, reason="Nhầm", by=actor, at=at)  # type: ignore[arg-type]
    assert claim_sheet(draft()).days == 1


def test_a_draft_is_made_anew(draft: Callable[..., Claim], went: Callable[..., object]) -> None:
    went(19)
    draft()
    went(20)
    assert claim_sheet(draft(day_amount=60_000)).total == 420_000
    assert Claim.objects.count() == 1


def test_nothing_to_claim(draft: Callable[..., Claim]) -> None:
    for wrong in ({}, {"month": date(2026, 12, 1)}, {"team_amount": -1}, {"basis": " "}):
        with pytest.raises(Refusal):
            draft(**wrong)
    assert not Claim.objects.exists()


def test_one_person_in_two_teams_is_paid_once(
    draft: Callable[..., Claim],
    went: Callable[..., object],
    thuong_xuan: Unit,
    member: TeamMember,
    actor: Actor,
    at: datetime,
) -> None:
    second = make_team(unit=thuong_xuan, name="Tổ hai", valid_from=date(2026, 1, 1), by=actor, at=at)
    same = add_member(
        team=second, name=member.name, phone="0912 345 678", valid_from=date(2026, 1, 1), by=actor, at=at
    )
    went(20)
    went(20, team=second, members=[same])
    went(21, team=second, members=[same])
    draft()
    assert [line.day.day for line in draft(team=second).lines.all()] == [21]
    # Negative control: the database refuses it as well.
    line = ClaimLine.objects.get(claim__team=second)
    with pytest.raises(IntegrityError, match="claim_day_once"), transaction.atomic():
        ClaimLine.objects.create(
            claim=line.claim, member=same, person_key=line.person_key, day=line.day, visits=1
        )


def test_an_approved_claim_stands_still(
    draft: Callable[..., Claim], went: Callable[..., object], actor: Actor, at: datetime
) -> None:
    went(20)
    claim = draft()
    with pytest.raises(Refusal, match="tự duyệt"):
        approve_claim(claim=claim, by=actor, at=at)
    for _ in range(2):
        approve_claim(claim=claim, by=PAYER, at=at)
    went(21)
    for deed in (draft, lambda: withdraw_claim(claim=claim, by=actor, at=at)):
        with pytest.raises(Conflict):
            deed()
    for change in (
        lambda: Claim.objects.update(day_amount=1),
        lambda: ClaimLine.objects.update(visits=9),
        lambda: ClaimLine.objects.all().delete(),
        lambda: ClaimLine.objects.create(
            claim=claim, member=claim.lines.get().member, person_key="x", day=date(2026, 11, 2), visits=1
        ),
    ):
        with pytest.raises(Error, match="approved claim"), transaction.atomic():
            change()
    assert claim_sheet(Claim.objects.get()).total == 350_000


def test_without_the_guard_it_would_change(
    draft: Callable[..., Claim], went: Callable[..., object], at: datetime
) -> None:
    """Negative control."""
    went(20)
    approve_claim(claim=draft(), by=PAYER, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE outreach_claim DISABLE TRIGGER outreach_approved")
    assert Claim.objects.update(day_amount=1) == 1


def test_a_draft_is_withdrawn(
    draft: Callable[..., Claim], went: Callable[..., object], actor: Actor, at: datetime
) -> None:
    went(20)
    withdraw_claim(claim=draft(), by=actor, at=at)
    assert not Claim.objects.exists()
    assert draft()


def test_who_may(
    draft: Callable[..., Claim],
    went: Callable[..., object],
    staff: Staff,
    thuong_xuan: Unit,
    village: Unit,
    at: datetime,
) -> None:
    went(20)
    with pytest.raises(NotAllowed):
        draft(by=staff("accountant", thuong_xuan))
    claim = draft()
    with pytest.raises(NotAllowed):
        approve_claim(claim=claim, by=staff("village_head", village), at=at)
