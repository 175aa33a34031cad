"""The campaign of the demo, a twentieth of its size, through the actions; and the messy lists, which say the truth about themselves."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bakhong.accounts.models import Assignment, User
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.accounts import BY_PHONE, COLLECTORS, make_people, new_card, read_or_make, sign_ins
from bakhong.demo.load import STAGES, load_commune, make_places, progress
from bakhong.demo.neighbours import (
    NEIGHBOURS,
    TAKEN_IN,
    Neighbour,
    make_villages,
    messy_list,
    write_files,
)
from bakhong.demo.roll import import_roll
from bakhong.demo.rules.commune import REF, VILLAGES, Commune, Margins
from bakhong.demo.rules.making import make_commune
from bakhong.desk import frame
from bakhong.indicators.models import DailyReport, Target
from bakhong.indicators.queries.counted import counted, measure_of
from bakhong.outreach.models import (
    Beneficiary,
    Campaign,
    CampaignTask,
    Condition,
    MobileSession,
    SampledPerson,
    SweepPlan,
    Team,
    TeamMember,
    TeamVillage,
    Training,
    Visit,
)
from bakhong.people import scope
from bakhong.people.actions.importing import import_list
from bakhong.people.models import Adoption, Import, Person
from bakhong.people.reading import read_list
from bakhong.places.queries import unit_on

pytestmark = pytest.mark.django_db
MARGINS = Margins().scaled(20)
STORED = (
    Visit,
    Team,
    TeamMember,
    Campaign,
    SweepPlan,
    Training,
    MobileSession,
    CampaignTask,
    Beneficiary,
    SampledPerson,
    Target,
    DailyReport,
    Adoption,
    Person,
    User,
)


@pytest.fixture(scope="module")
def commune() -> Commune:
    return make_commune(MARGINS)


@pytest.fixture
def roll(reference_units: None, commune: Commune, actor: Actor, at: datetime) -> Iterator[None]:
    scope.open_to(None)
    make_places(by=actor, at=at)
    make_villages(by=actor, at=at)
    import_roll(commune, by=actor, at=at)
    yield
    scope.close()


def test_the_campaign_is_there_and_loading_again_adds_nothing(
    roll: None, commune: Commune, actor: Actor, at: datetime
) -> None:
    make_people(by=actor, at=at)
    load_commune(commune, by=actor, at=at)
    the_campaign_is_there(day_of(at))
    the_published_day_is_left_alone()
    two_lists_name_one_person()
    members_sign_in_by_a_card(actor, at)
    before = [model._default_manager.count() for model in STORED]
    assert all(before), dict(zip(STORED, before, strict=True))
    load_commune(commune, by=actor, at=at + timedelta(minutes=5))
    assert [model._default_manager.count() for model in STORED] == before


def the_campaign_is_there(today: date) -> None:
    assert Team.objects.count() == len(VILLAGES)
    own = Condition.objects.filter(unit__in=TeamVillage.objects.values("village"))
    assert sum(own.values_list("base_stations", flat=True)) == 8
    assert Visit.objects.count() > 20
    assert max(Visit.objects.values_list("visited_on", flat=True)) < today
    assert min(Visit.objects.values_list("visited_on", flat=True)) >= Campaign.objects.get().starts_on
    report = DailyReport.objects.get()
    assert report.day == today - timedelta(days=1)
    assert report.made_by_label == "Thư ký chuyển đổi số (mẫu)"
    whole = Target.objects.get(parent=None, unit__code="15646")
    assert sum(part.value or 0 for part in whole.parts.all()) == whole.value


def the_published_day_is_left_alone() -> None:
    former = unit_on("15655", REF)
    key = measure_of("eid_accounts", "activated", "adults")
    assert former is not None
    assert key is not None
    count = counted([former.pk], REF, boundaries=REF, wanted=[key])[former.pk, key]
    assert (count.numerator, count.denominator) == (MARGINS.eid, MARGINS.adults)


def two_lists_name_one_person() -> None:
    taken = Import.objects.get(file_name=TAKEN_IN.file)
    assert taken.counts["updated"] == TAKEN_IN.moved
    assert taken.counts["rejected"] == 0
    moved = Person.objects.filter(
        village__name="Mẫu 8", facts__batch__file_name__startswith="ngoc-phung"
    ).distinct()
    assert moved.count() == TAKEN_IN.moved


def members_sign_in_by_a_card(actor: Actor, at: datetime) -> None:
    for role, _name, phone in BY_PHONE:
        user = User.objects.get(phone=phone)
        assert Assignment.objects.get(user=user).role == role
        assert TeamMember.objects.filter(user=user).exists()
        link = new_card(phone, by=actor, at=at)
        assert link is not None
        assert "/to/vao/" in link
    assert new_card("0912345678", by=actor, at=at) is None
    assert len(sign_ins()) == len(read_or_make()) + len(BY_PHONE) + len(COLLECTORS)


@pytest.mark.parametrize("neighbour", NEIGHBOURS, ids=[each.file for each in NEIGHBOURS])
def test_a_messy_list_is_as_bad_as_it_says(
    neighbour: Neighbour, roll: None, commune: Commune, actor: Actor, at: datetime
) -> None:
    made = messy_list(neighbour, commune)
    unit = unit_on("15646", day_of(at))
    assert unit is not None
    found = read_list(made.data, filename=neighbour.file, today=date(2026, 11, 22), meanings={"Đã KH": True})
    assert found.as_of == neighbour.as_of
    seen = {(problem.sheet, problem.cell, problem.code) for problem in found.all_problems}
    assert {(sheet, cell, code) for sheet, cell, code, _rejects in made.bad} <= seen
    outcome = import_list(
        commune=unit, residents=found, file_name="lai.xlsx", content=made.data, by=actor, at=at
    )
    rejected = sum(rejects for *_where, rejects in made.bad)
    assert (outcome.rows, outcome.rejected) == (made.people, rejected)
    assert outcome.updated == neighbour.moved
    assert outcome.created == made.people - rejected - neighbour.moved
    again = import_list(
        commune=unit, residents=found, file_name="lai.xlsx", content=made.data, by=actor, at=at
    )
    assert (again.created, again.updated, again.unchanged) == (0, 0, made.people - rejected)


def test_pages_say_while_it_is_loading(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.DEMO = True
    with progress() as tell:
        tell("một")
        tell("hai")
        assert frame._loading() == {"done": 1, "total": STAGES}
        settings.DEMO = False
        assert frame._loading() is None  # a real site never says so
        settings.DEMO = True
    assert frame._loading() is None


def test_the_files_are_written_with_their_truth(commune: Commune, tmp_path: Path) -> None:
    written = write_files(tmp_path, commune)
    truth = json.loads((tmp_path / "su-that.json").read_text(encoding="utf-8"))
    assert {path.name for path in written} == set(truth)
    assert sum(len(each["bad_cells"]) for each in truth.values()) == 20
