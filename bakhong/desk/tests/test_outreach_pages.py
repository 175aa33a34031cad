"""The campaign's pages, as an officer walks through them: team, campaign, plan, sheet, visit, absent, obstacles, claim."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document

from bakhong.core.actor import Actor
from bakhong.outreach.models import Campaign, Claim, Notice, Sheet, SweepPlan, Team, TeamMember, Visit
from bakhong.people import scope
from bakhong.people.actions import add_person, make_household
from bakhong.people.models import Household, Look, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[[str, Unit], Client]


@pytest.fixture
def everybody(db: None) -> Iterator[None]:
    scope.open_to(None)
    yield
    scope.close()


@pytest.fixture
def village(thuong_xuan: Unit, everybody: None, actor: Actor, at: datetime) -> Unit:
    return create_villages(
        commune=thuong_xuan, villages=[("thon", "Xuân Thành")], valid_from=date(2025, 7, 1), by=actor, at=at
    )[0]


@pytest.fixture
def person(village: Unit, actor: Actor, at: datetime) -> Person:
    return add_person(
        village=village,
        values={"name": "Lê Văn An", "birth": "1970", "device": "smartphone"},
        source="list",
        by=actor,
        at=at,
    )


@pytest.fixture
def household(village: Unit, person: Person, actor: Actor, at: datetime) -> Household:
    child = add_person(
        village=village,
        values={
            "name": "Lê Thị Mận",
            "birth": "1995",
            "presence": "away",
            "whereabouts": "Bình Dương",
            "phone": "0912345678",
        },
        source="list",
        by=actor,
        at=at,
    )
    return make_household(village=village, members={person: "head", child: "child"}, by=actor, at=at)


@pytest.fixture
def planner(enter: Enter, thuong_xuan: Unit) -> Client:
    return enter("dx_secretary", thuong_xuan)


@pytest.fixture
def at_commune(thuong_xuan: Unit) -> Callable[[str], str]:
    return lambda rest: f"/desk/u/{thuong_xuan.uuid}/outreach/{rest}"


def seen() -> None:
    """The middleware closed the connection behind the last page."""
    scope.open_to(None)


def test_from_a_team_to_a_visit(
    planner: Client, at_commune: Callable[[str], str], village: Unit, household: Household, person: Person
) -> None:
    assert "Mở đợt ra quân" in planner.get(at_commune("")).content.decode()
    planner.post(
        at_commune("teams/new/"),
        {"name": "Tổ Xuân Thành", "valid_from": "01/11/2026", "villages": [str(village.uuid)]},
    )
    team = Team.objects.get()
    planner.post(
        at_commune(f"teams/{team.uuid}/"),
        {"name": "Hà Thị Cúc", "role": "leader", "valid_from": "01/11/2026"},
    )
    member = TeamMember.objects.get()
    planner.post(
        at_commune("campaigns/new/"),
        {
            "name": "30 ngày đêm",
            "services": ["eid_level2", "digital_signature"],
            "villages": [str(village.uuid)],
            "starts_on": "01/11/2026",
            "ends_on": "30/11/2026",
        },
    )
    campaign = Campaign.objects.get()
    weights = {
        f"weight_{code}": "10"
        for code in ("missing", "absent", "no_smartphone", "elderly", "signal", "distance")
    }
    planner.post(at_commune("plans/"), {"campaign": str(campaign.uuid), **weights})
    plan = SweepPlan.objects.get()
    page = planner.get(at_commune(f"plans/{plan.uuid}/")).content.decode()
    assert "1. Thôn Xuân Thành" in page
    page = planner.get(at_commune(f"plans/{plan.uuid}/villages/{village.uuid}/")).content.decode()
    assert "1. Lê Văn An" in page
    assert page.count("Xa trung tâm xã") == 1, "what is the same for the whole village is said once"
    seen()
    card = planner.get(at_commune(f"households/{household.uuid}/"))
    assert "Lê Văn An" in card.content.decode()
    key = card.context["form"].key
    answer = planner.post(
        at_commune(f"households/{household.uuid}/"),
        {
            "key": str(key),
            "visited_on": "22/11/2026",
            "part_of_day": "noon",
            "outcome": "met_partly",
            "campaign": str(campaign.uuid),
            "member": [str(member.uuid)],
            f"met-{person.uuid}": "1",
            f"r-{person.uuid}-eid_level2": "done",
            f"r-{person.uuid}-digital_signature": "tried",
            f"why-{person.uuid}-digital_signature": "too_many_fields",
            "note": "Hẹn tối mai",
        },
    )
    assert answer.status_code == 302, answer.context and answer.context["problem"]
    seen()
    visit = Visit.objects.get()
    assert (visit.campaign, visit.team, visit.outcome) == (campaign, team, "met_partly")
    assert visit.helps.count() == 2
    assert Look.objects.filter(reason="help").count() == 2
    page = planner.get(at_commune("")).content.decode()
    assert "30 ngày đêm" in page
    assert "1/1" in page  # households visited
    page = planner.get(at_commune(f"visits/{visit.uuid}/")).content.decode()
    assert "Phải nhập quá nhiều ô" in page
    planner.post(at_commune(f"visits/{visit.uuid}/"), {"reason": "Ghi nhầm"})
    seen()
    visit.refresh_from_db()
    assert visit.retracted_at


def test_what_was_typed_is_kept(
    planner: Client, at_commune: Callable[[str], str], household: Household, person: Person
) -> None:
    answer = planner.post(
        at_commune(f"households/{household.uuid}/"),
        {
            "visited_on": "22/11/2026",
            "part_of_day": "noon",
            "outcome": "met_done",
            "note": "mã OTP 482913",
            f"r-{person.uuid}-eid_level2": "tried",
            f"why-{person.uuid}-eid_level2": "card_expired",
        },
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "OTP" in page
    assert 'value="noon" selected' in page
    # The reasons stand under their headings, and the chosen one stays chosen.
    assert page.count(" selected>Thẻ căn cước hết hạn") == 1
    assert re.search(
        r'<optgroup label="Giấy tờ">(<option[^>]*>[^<]*</option>)*<option value="card_expired" sel', page
    )
    seen()
    assert not Visit.objects.exists()


@pytest.fixture
def sheet(
    planner: Client, at_commune: Callable[[str], str], village: Unit, household: Household, everybody: None
) -> Sheet:
    weights = {
        f"weight_{code}": "10"
        for code in ("missing", "absent", "no_smartphone", "elderly", "signal", "distance")
    }
    planner.post(at_commune("plans/"), {"campaign": "", **weights})
    plan = SweepPlan.objects.get()
    planner.post(at_commune(f"plans/{plan.uuid}/villages/{village.uuid}/"), {"most": "30", "team": ""})
    seen()
    return Sheet.objects.get()


def test_a_sheet_is_printed_and_typed_back_once(
    planner: Client, at_commune: Callable[[str], str], sheet: Sheet, person: Person
) -> None:
    printed = planner.get(at_commune(f"sheets/{sheet.code}/")).content.decode()
    assert sheet.code in printed
    assert "<svg" in printed
    assert "0912345678" not in printed
    found = planner.post(at_commune("sheets/"), {"code": sheet.code.lower()})
    assert found.url.endswith(f"sheets/{sheet.code}/type/")
    typed = {
        "visited_on": "21/11/2026",
        "part_of_day": "evening",
        f"d-1-{person.uuid}-eid_level2": "1",
        "reason-1": "weak_signal",
    }
    for _ in range(2):
        assert planner.post(at_commune(f"sheets/{sheet.code}/type/"), typed).status_code in (302, 422)
        seen()
    visit = Visit.objects.get()
    assert (visit.outcome, visit.visited_on, visit.sheet) == ("met_partly", date(2026, 11, 21), sheet)
    assert visit.helps.get(service="eid_level2").result == "done"
    assert visit.helps.filter(result="tried", reason="weak_signal").exists()
    assert "đã ghi" in planner.get(at_commune(f"sheets/{sheet.code}/type/")).content.decode()


def test_a_wrong_row_says_why_and_keeps_what_was_typed(
    planner: Client, at_commune: Callable[[str], str], sheet: Sheet, person: Person
) -> None:
    typed = {
        "visited_on": "21/11/2026",
        "part_of_day": "evening",
        "outcome-1": "nobody_home",
        f"d-1-{person.uuid}-eid_level2": "1",
        "note-1": "cổng khoá",
        "reason-1": "weak_signal",
    }
    answer = planner.post(at_commune(f"sheets/{sheet.code}/type/"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dòng 1" in page
    assert "cổng khoá" in page
    assert re.search(r'<optgroup label="Mạng, đường xa"><option value="weak_signal" selected>', page)
    assert f'id="d-1-{person.uuid}-eid_level2" name="d-1-{person.uuid}-eid_level2" value="1" checked' in page
    seen()
    assert not Visit.objects.exists()
    assert (
        planner.post(
            at_commune(f"sheets/{sheet.code}/type/"), {"visited_on": "", "part_of_day": ""}
        ).status_code
        == 422
    )


def test_a_row_whose_visit_was_taken_back_may_be_typed_anew(
    planner: Client, at_commune: Callable[[str], str], sheet: Sheet
) -> None:
    typed = {"visited_on": "21/11/2026", "part_of_day": "evening", "outcome-1": "nobody_home"}
    planner.post(at_commune(f"sheets/{sheet.code}/type/"), typed)
    seen()
    first = Visit.objects.get()
    planner.post(at_commune(f"visits/{first.uuid}/"), {"reason": "Nhầm dòng"})
    planner.post(at_commune(f"sheets/{sheet.code}/type/"), typed | {"outcome-1": "refused"})
    seen()
    assert Visit.objects.filter(retracted_at=None).get().outcome == "refused"


def test_who_is_away(planner: Client, at_commune: Callable[[str], str], household: Household) -> None:
    page = planner.get(at_commune("absent/")).content.decode()
    assert "Lê Thị Mận" in page
    assert "Bình Dương" in page
    assert "•••••••678" in page
    assert "0912345678" not in page
    assert "Lê Thị Mận" not in planner.get(at_commune("absent/?where=abroad")).content.decode()


def test_obstacles_and_a_letter_without_names(
    planner: Client, at_commune: Callable[[str], str], sheet: Sheet, person: Person
) -> None:
    typed = {
        "visited_on": "21/11/2026",
        "part_of_day": "evening",
        "outcome-1": "cannot",
        "reason-1": "too_many_fields",
    }
    planner.post(at_commune(f"sheets/{sheet.code}/type/"), typed)
    page = planner.get(at_commune("obstacles/")).content.decode()
    assert "Phải nhập quá nhiều ô" in page
    assert "100" in page
    behind = planner.get(at_commune("obstacles/too_many_fields/")).content.decode()
    assert "Lê Văn An" in behind
    letter = planner.post(at_commune("letters/provider/"))
    text = "\n".join(
        [paragraph.text for paragraph in Document(BytesIO(b"".join(letter.streaming_content))).paragraphs]
    )
    assert "1 người" in text
    assert "Lê" not in text
    assert planner.post(at_commune("letters/police/")).status_code == 404
    assert planner.get(at_commune("letters/provider/")).status_code == 404


def test_a_claim_is_drafted_by_one_and_approved_by_another(
    planner: Client,
    enter: Enter,
    thuong_xuan: Unit,
    at_commune: Callable[[str], str],
    village: Unit,
    household: Household,
    person: Person,
) -> None:
    planner.post(
        at_commune("teams/new/"),
        {"name": "Tổ Xuân Thành", "valid_from": "01/11/2026", "villages": [str(village.uuid)]},
    )
    team = Team.objects.get()
    planner.post(
        at_commune(f"teams/{team.uuid}/"),
        {"name": "Hà Thị Cúc", "role": "leader", "valid_from": "01/11/2026"},
    )
    member = TeamMember.objects.get()
    planner.post(
        at_commune(f"households/{household.uuid}/"),
        {
            "visited_on": "20/11/2026",
            "part_of_day": "noon",
            "outcome": "nobody_home",
            "member": [str(member.uuid)],
        },
    )
    asked: dict[str, Any] = {
        "team": str(team.uuid),
        "month": "11/2026",
        "team_amount": "300.000",
        "day_amount": "50.000",
        "basis": "Nghị quyết 26",
    }
    assert planner.post(at_commune("claims/"), asked).status_code == 302
    claim = Claim.objects.get()
    page = planner.get(at_commune(f"claims/{claim.uuid}/")).content.decode()
    assert "350.000" in page
    assert planner.post(at_commune(f"claims/{claim.uuid}/"), {"deed": "approve"}).status_code == 422
    payer = enter("accountant", thuong_xuan)
    assert "350.000" in payer.get(at_commune("claims/")).content.decode()
    assert payer.post(at_commune(f"claims/{claim.uuid}/"), {"deed": "approve"}).status_code == 302
    assert planner.post(at_commune("claims/"), asked).status_code == 422
    book = payer.post(at_commune(f"claims/{claim.uuid}/sheet.xlsx"))
    assert b"".join(book.streaming_content)[:2] == b"PK"


def test_a_notice_names_the_team_and_is_confirmed_by_its_code(
    planner: Client, at_commune: Callable[[str], str], village: Unit, household: Household
) -> None:
    planner.post(
        at_commune("teams/new/"),
        {"name": "Tổ Xuân Thành", "valid_from": "01/11/2026", "villages": [str(village.uuid)]},
    )
    team = Team.objects.get()
    planner.post(
        at_commune(f"teams/{team.uuid}/"),
        {"name": "Hà Thị Cúc", "role": "leader", "valid_from": "01/11/2026"},
    )
    planner.post(
        at_commune(f"households/{household.uuid}/notice/"),
        {"team": str(team.uuid), "planned_on": "25/11/2026", "part_of_day": "evening"},
    )
    seen()
    notice = Notice.objects.get()
    page = planner.get(at_commune(f"notices/{notice.uuid}/")).content.decode()
    assert "Hà Thị Cúc" in page
    assert notice.code in page
    assert "http" not in page.split("<main")[1].replace("http://www.w3.org", "")
    asked = planner.post(at_commune("notices/"), {"code": notice.code.lower()}).content.decode()
    assert "Mã đúng" in asked
    assert "Không có giấy nào" in planner.post(at_commune("notices/"), {"code": "AAAAAA"}).content.decode()


def test_empty_pages_say_the_first_step(
    planner: Client, at_commune: Callable[[str], str], village: Unit
) -> None:
    for page in (
        "",
        "teams/",
        "plans/",
        "visits/",
        "absent/",
        "promises/",
        "obstacles/",
        "claims/",
        "conditions/",
    ):
        answer = planner.get(at_commune(page))
        assert answer.status_code == 200, page


def test_conditions_are_kept_by_day(planner: Client, at_commune: Callable[[str], str], village: Unit) -> None:
    said = {"village": str(village.uuid), "on": "20/11/2026", "signal": "1", "distance_km": "12,5"}
    assert planner.post(at_commune("conditions/"), said).status_code == 302
    assert "12.5" in planner.get(at_commune("conditions/")).content.decode().replace("12,5", "12.5")
    assert (
        planner.post(
            at_commune("conditions/"), {"village": str(village.uuid), "on": "23/11/2026"}
        ).status_code
        == 422
    )


def test_the_same_form_sent_twice_is_one_visit(
    planner: Client, at_commune: Callable[[str], str], household: Household, person: Person
) -> None:
    """Behind the first, the service is no longer missing: the second still says what was typed."""
    page = planner.get(at_commune(f"households/{household.uuid}/"))
    typed = {
        "key": str(page.context["form"].key),
        "visited_on": "22/11/2026",
        "part_of_day": "noon",
        "outcome": "met_partly",
        f"met-{person.uuid}": "1",
        f"r-{person.uuid}-eid_level2": "done",
    }
    answers = [planner.post(at_commune(f"households/{household.uuid}/"), typed) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    seen()
    assert Visit.objects.count() == 1
