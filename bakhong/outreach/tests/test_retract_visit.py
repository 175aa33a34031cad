"""A visit is taken back by who recorded it or by who plans there, and a claim that counted it is told."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import NotAllowed
from bakhong.outreach.actions.claims import approve_claim, draft_claim
from bakhong.outreach.actions.visits import may_retract, retract_visit
from bakhong.outreach.models import Claim, TeamMember
from bakhong.outreach.queries.claims import claims_with, taken_out_of
from bakhong.outreach.tests.conftest import MakeVisit
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]
PAYER = Operator(id="payer", label="Kế toán")


def test_a_colleagues_visit_stays(visit: MakeVisit, staff: Staff, village: Unit, at: datetime) -> None:
    theirs = visit(by=staff("digital_team_member", village))
    head = staff("village_head", village)
    with pytest.raises(NotAllowed, match="người khác ghi"):
        retract_visit(visit=theirs, reason="Ghi nhầm", by=head, at=at)
    theirs.refresh_from_db()
    assert theirs.retracted_at is None
    assert not may_retract(theirs, by=head)


def test_ones_own_visit_and_any_for_who_plans(
    visit: MakeVisit, staff: Staff, village: Unit, thuong_xuan: Unit, at: datetime
) -> None:
    """Negative control: it is not refused to everybody."""
    head = staff("village_head", village)
    for by in (head, staff("dx_secretary", thuong_xuan)):
        own = visit(by=head)
        assert may_retract(own, by=by)
        assert retract_visit(visit=own, reason="Ghi nhầm", by=by, at=at).retracted_at == at


@pytest.fixture
def claimed(
    visit: MakeVisit, member: TeamMember, actor: Actor, at: datetime
) -> tuple[Callable[..., object], Claim]:
    def went(**said: object) -> object:
        return visit(
            **{
                "team": member.team,
                "members": [member],
                "outcome": "nobody_home",
                "visited_on": date(2026, 11, 20),
            }
            | said
        )

    counted = went()
    claim = draft_claim(
        team=member.team,
        month=date(2026, 11, 1),
        team_amount=0,
        day_amount=50_000,
        basis="Nghị quyết",
        by=actor,
        at=at,
    )
    approve_claim(claim=claim, by=PAYER, at=at)
    claim.refresh_from_db()
    return lambda **said: went(**said) if said else counted, claim


def test_the_claim_tells_of_a_visit_taken_out(
    claimed: tuple[Callable[..., object], Claim], actor: Actor, at: datetime
) -> None:
    went, claim = claimed
    counted = went()
    assert claims_with(counted) == [claim]  # type: ignore[arg-type]
    later = at + timedelta(hours=1)
    for _time in range(2):
        retract_visit(visit=counted, reason="Ghi nhầm", by=actor, at=later)  # type: ignore[arg-type]
    assert [(each.at, each.day) for each in taken_out_of(claim)] == [(later, date(2026, 11, 20))]
    assert Event.objects.get(deed="outreach.take_out_of_claim").place_id == claim.unit_id


def test_a_visit_the_claim_does_not_count_says_nothing(
    claimed: tuple[Callable[..., object], Claim], actor: Actor, at: datetime
) -> None:
    """Negative control: recorded after the sheet was made, on another day, or by nobody of the team."""
    went, claim = claimed
    later = at + timedelta(hours=1)
    for said in ({"at": later}, {"visited_on": date(2026, 11, 21)}, {"members": [], "note": "x"}):
        other = went(**said)
        assert claims_with(other) == []  # type: ignore[arg-type]
        retract_visit(visit=other, reason="Ghi nhầm", by=actor, at=later)  # type: ignore[arg-type]
    assert taken_out_of(claim) == []
