"""What the roll counts, beside what was published; each number opens its people for those who may see them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.indicators.actions import FigureEntry, add_report, confirm_figures
from bakhong.indicators.rules.measures import MeasureKey
from bakhong.people import scope
from bakhong.people.actions import Adopted, add_person, make_household, record_adoptions
from bakhong.people.models import Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]
EID = MeasureKey("eid_accounts", "activated", "adults")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def address(unit: Unit, key: MeasureKey = EID) -> str:
    return reverse("desk:counted", args=[unit.uuid, key.slug])


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    named = [("thon", "Xuân Thành"), ("thon", "Xuân Lợi")]
    return create_villages(commune=thuong_xuan, villages=named, valid_from=date(2025, 7, 1), by=actor, at=at)


@pytest.fixture
def people(villages: list[Unit], actor: Actor, at: datetime) -> dict[str, Person]:
    """Hoá has an account, Bé lacks one and has no telephone, Tư lacks one and is away in the other village; An is a child."""
    told: list[tuple[str, int, dict[str, str]]] = [
        ("Lê Thị Hoá", 0, {"birth": "1980"}),
        ("Trần Văn Bé", 0, {"birth": "1941", "device": "none"}),
        ("Lò Văn Tư", 1, {"birth": "1990", "presence": "away"}),
        ("Lê Văn An", 0, {"birth": "2020"}),
    ]
    with scope.seeing(OPERATOR):
        made = {
            name: add_person(
                village=villages[where], values={"name": name, **values}, source="list", by=actor, at=at
            )
            for name, where, values in told
        }
        entries = [
            Adopted(
                service="eid_level2",
                state="activated",
                person=made["Lê Thị Hoá"],
                happened_on=date(2026, 3, 1),
            ),
            Adopted(service="eid_level1", state="none", person=made["Trần Văn Bé"], reason="no_smartphone"),
        ]
        record_adoptions(entries=entries, source="visit", by=actor, at=at)
    return made


def publish(unit: Unit, numerator: int, denominator: int, actor: Actor, at: datetime) -> None:
    report = add_report(unit=unit, title="Báo cáo", medium="dataset", client_key=uuid4(), by=actor, at=at)
    entry = FigureEntry(
        "eid_accounts",
        numerator,
        denominator,
        stage="activated",
        population="adults",
        counted_to=date(2026, 4, 1),
    )
    confirm_figures(report=report, entries=[entry], by=actor, at=at, check=False)


def test_a_percentage_opens_who_lacks_it_and_why(
    enter: Enter, thuong_xuan: Unit, people: dict[str, Person]
) -> None:
    page = text(enter("dx_secretary", thuong_xuan).get(address(thuong_xuan)))
    assert "33,3%" in page
    assert "1/3" in page
    assert "Trần Văn Bé" in page
    assert "Lò Văn Tư" in page
    assert "Lê Thị Hoá" not in page
    assert "Lê Văn An" not in page
    assert "Không dùng điện thoại" in page
    assert "người đang đi vắng" in page
    assert page.index("Thôn Xuân Lợi") < page.index("Thôn Xuân Thành")  # the worst first, among places


def test_the_numerator_and_everybody(enter: Enter, thuong_xuan: Unit, people: dict[str, Person]) -> None:
    client = enter("dx_secretary", thuong_xuan)
    having = text(client.get(address(thuong_xuan), {"side": "having"}))
    assert "Lê Thị Hoá" in having
    assert "01/03/2026" in having
    assert "Trần Văn Bé" not in having
    everybody = text(client.get(address(thuong_xuan), {"side": "all"}))
    assert all(name in everybody for name in ("Lê Thị Hoá", "Trần Văn Bé", "Lò Văn Tư"))


def test_on_an_earlier_day(enter: Enter, thuong_xuan: Unit, people: dict[str, Person]) -> None:
    page = text(enter("dx_secretary", thuong_xuan).get(address(thuong_xuan), {"on": "28/02/2026"}))
    assert "0/3" in page
    assert "Lê Thị Hoá" in page


def test_a_village_head_sees_their_village(
    enter: Enter, villages: list[Unit], thuong_xuan: Unit, people: dict[str, Person]
) -> None:
    head = enter("village_head", villages[1])
    page = text(head.get(address(villages[1])))
    assert "Lò Văn Tư" in page
    assert "Trần Văn Bé" not in page
    assert head.get(address(thuong_xuan)).status_code == 404


def test_the_sheet_for_paper(enter: Enter, thuong_xuan: Unit, people: dict[str, Person]) -> None:
    page = text(enter("dx_secretary", thuong_xuan).get(address(thuong_xuan), {"print": "1"}))
    assert "Trần Văn Bé" in page
    assert "<nav" not in page


def test_an_address_that_names_no_measure(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    wrong = reverse("desk:counted", args=[thuong_xuan.uuid, "a--b--c"])
    assert client.get(wrong).status_code == 404
    assert client.get(address(thuong_xuan), {"on": "31/02/2026"}).status_code == 400
    empty = client.get(address(thuong_xuan), {"side": "x", "page": "99"})
    assert empty.status_code == 200
    assert "Bước đầu" in text(empty)


def test_households_businesses_and_subscriptions_have_lists_too(
    enter: Enter,
    thuong_xuan: Unit,
    villages: list[Unit],
    people: dict[str, Person],
    actor: Actor,
    at: datetime,
) -> None:
    with scope.seeing(OPERATOR):
        make_household(village=villages[0], members={people["Trần Văn Bé"]: "head"}, by=actor, at=at)
    key = MeasureKey("cashless_households", "", "households")
    page = text(enter("dx_secretary", thuong_xuan).get(address(thuong_xuan, key)))
    assert "0/1" in page
    assert "Trần Văn Bé" in page


def test_the_dashboard_sets_it_beside_what_was_published(
    enter: Enter, thuong_xuan: Unit, people: dict[str, Person], actor: Actor, at: datetime
) -> None:
    publish(thuong_xuan, 1, 2, actor, at)
    page = text(enter("dx_secretary", thuong_xuan).get(reverse("desk:dashboard", args=[thuong_xuan.uuid])))
    roll = page[page.index('id="roll"') :]
    assert "33,3%" in roll
    assert "50%" in roll or "50,0%" in roll
    assert "thấp hơn 16,7 điểm %" in roll
    assert "nguồn không tính 1 người đi vắng" in roll
    assert address(thuong_xuan) in roll


def test_the_sheet_of_the_dashboard_has_it_too(
    enter: Enter, thuong_xuan: Unit, people: dict[str, Person]
) -> None:
    page = text(enter("chair", thuong_xuan).get(reverse("desk:dashboard_sheet", args=[thuong_xuan.uuid])))
    assert "1/3" in page
    assert "/counted/" not in page


def test_who_may_not_see_people_sees_numbers_without_links(
    enter: Enter, thuong_xuan: Unit, people: dict[str, Person]
) -> None:
    client = enter("accountant", thuong_xuan)
    page = text(client.get(reverse("desk:dashboard", args=[thuong_xuan.uuid])))
    assert "1/3" in page
    assert "/counted/" not in page
    assert client.get(address(thuong_xuan)).status_code == 403


def test_a_new_fact_is_on_the_next_page(
    enter: Enter, thuong_xuan: Unit, people: dict[str, Person], actor: Actor, at: datetime
) -> None:
    client, here = enter("dx_secretary", thuong_xuan), reverse("desk:dashboard", args=[thuong_xuan.uuid])
    before = text(client.get(here))
    with scope.seeing(OPERATOR):
        entry = Adopted(service="eid_level1", state="activated", person=people["Lò Văn Tư"])
        record_adoptions(entries=[entry], source="visit", by=actor, at=at)
    after = text(client.get(here))
    whole = re.compile(r"(\d)/3 người đủ tuổi")
    assert [whole.findall(page)[0] for page in (before, after)] == ["1", "2"]


def test_the_page_of_an_indicator_shows_months_and_villages(
    enter: Enter, thuong_xuan: Unit, people: dict[str, Person]
) -> None:
    where = reverse("desk:indicator", args=[thuong_xuan.uuid, "eid_accounts"])
    page = text(enter("dx_secretary", thuong_xuan).get(where, {"stage": "activated", "population": "adults"}))
    assert "từng tháng" in page
    assert page.index("Thôn Xuân Lợi") < page.index("Thôn Xuân Thành")
    assert address(thuong_xuan) in page
