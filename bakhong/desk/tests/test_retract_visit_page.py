"""Who may take a visit back sees how; an approved claim tells whoever pays of it, who sees no visit."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.test import Client

from bakhong.core.actor import Actor, Operator
from bakhong.desk.tests.test_outreach_pages import everybody, household, person, seen, village
from bakhong.outreach.actions.claims import approve_claim, draft_claim
from bakhong.outreach.actions.teams import add_member, make_team
from bakhong.outreach.actions.visits import record_visit
from bakhong.outreach.models import Claim, Visit
from bakhong.people.models import Household
from bakhong.places.models import Unit

__all__ = ["everybody", "household", "person", "village"]
Enter = Callable[[str, Unit], Client]


@pytest.fixture
def paid(thuong_xuan: Unit, village: Unit, household: Household, actor: Actor, at: datetime) -> Claim:
    first = date(2025, 7, 1)
    team = make_team(unit=thuong_xuan, name="Tổ một", villages=[village], valid_from=first, by=actor, at=at)
    member = add_member(team=team, name="Hà Thị Cúc", valid_from=first, by=actor, at=at)
    record_visit(
        key=uuid4(),
        village=village,
        household=household,
        outcome="nobody_home",
        part_of_day="noon",
        visited_on=date(2026, 11, 20),
        team=team,
        members=[member],
        by=actor,
        at=at,
    )
    claim = draft_claim(
        team=team,
        month=date(2026, 11, 1),
        team_amount=0,
        day_amount=50_000,
        basis="Nghị quyết",
        by=actor,
        at=at,
    )
    return approve_claim(claim=claim, by=Operator(id="payer", label="Kế toán"), at=at)


def test_a_visit_of_an_approved_claim(enter: Enter, thuong_xuan: Unit, village: Unit, paid: Claim) -> None:
    visit = Visit.objects.get()
    head = enter("village_head", village)
    here = f"/desk/u/{village.uuid}/outreach/visits/{visit.uuid}/"
    page = head.get(here).content.decode()
    assert "Lượt này do người khác ghi" in page
    assert 'name="reason"' not in page
    assert head.post(here, {"reason": "Ghi nhầm"}).status_code == 422
    seen()
    assert Visit.objects.get().retracted_at is None

    claim = f"/desk/u/{thuong_xuan.uuid}/outreach/claims/{paid.uuid}/"
    payer = enter("accountant", thuong_xuan)
    assert "bị xoá sau khi lập bảng kê" not in payer.get(claim).content.decode()
    planner = enter("dx_secretary", thuong_xuan)
    here = f"/desk/u/{thuong_xuan.uuid}/outreach/visits/{visit.uuid}/"
    page = planner.get(here).content.decode()
    assert "Lượt này đã tính trong bảng kê tháng 11/2026 của Tổ một (đã duyệt)" in page
    assert claim in page
    assert planner.post(here, {"reason": "Ghi nhầm"}).status_code == 302
    assert "Một lượt ngày 20/11/2026, xoá lúc" in payer.get(claim).content.decode()
