"""A household changes: somebody joins, somebody leaves, another one becomes its head."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.people import scope
from bakhong.people.actions import add_person, make_household
from bakhong.people.models import Fact, Household, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]
Family = dict[str, Person]


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    named = [("thon", "Xuân Thành"), ("thon", "Xuân Lợi")]
    return create_villages(commune=thuong_xuan, villages=named, valid_from=date(2025, 7, 1), by=actor, at=at)


@pytest.fixture
def family(villages: list[Unit], actor: Actor, at: datetime) -> Family:
    """A mother who heads the household, her son in it, a daughter-in-law who is not, and a neighbour elsewhere."""
    with scope.seeing(OPERATOR):
        made = {
            name: add_person(village=where, values={"name": name}, source="list", by=actor, at=at)
            for name, where in (
                ("Lê Thị Hoá", villages[0]),
                ("Lê Văn Con", villages[0]),
                ("Vi Thị Dâu", villages[0]),
                ("Vi Thị Xa", villages[1]),
            )
        }
        make_household(
            village=villages[0],
            members={made["Lê Thị Hoá"]: "head", made["Lê Văn Con"]: "child"},
            by=actor,
            at=at,
        )
    return made


def here(unit: Unit) -> str:
    with scope.seeing(OPERATOR):
        return reverse("desk:household_members", args=[unit.uuid, Household.objects.get().uuid])


def relations() -> dict[str, str]:
    with scope.seeing(OPERATOR):
        rows = Person.objects.filter(household__isnull=False)
        return {each.name: each.relation for each in rows}


def typed(family: Family, **said: str) -> dict[str, Any]:
    """`Hoá="head"`: what is chosen for the person with that given name."""
    return {
        f"m-{each.uuid}": said[name.split()[-1]] for name, each in family.items() if name.split()[-1] in said
    }


def test_one_joins_one_leaves_and_the_head_changes(enter: Enter, thuong_xuan: Unit, family: Family) -> None:
    client = enter("dx_secretary", thuong_xuan)
    found = client.get(here(thuong_xuan), {"q": "vi thi"}).content.decode()
    assert "Vi Thị Dâu" in found
    assert "Vi Thị Xa" not in found  # of another village
    answer = client.post(
        f"{here(thuong_xuan)}?q=vi+thi",
        {**typed(family, Con="head", Dâu="spouse", Hoá=""), "true_from": "01/11/2026"},
    )
    assert answer.status_code == 302
    assert relations() == {"Lê Văn Con": "head", "Vi Thị Dâu": "spouse"}
    with scope.seeing(OPERATOR):
        said = Fact.objects.filter(person=family["Lê Thị Hoá"])
        assert [each.values.get("household", "-") == "" for each in said][-1]  # her leaving is a fact, dated
        assert said.latest("pk").true_from == date(2026, 11, 1)


def test_a_household_keeps_exactly_one_head(enter: Enter, thuong_xuan: Unit, family: Family) -> None:
    client = enter("dx_secretary", thuong_xuan)
    for said in ({"Hoá": "head", "Con": "head"}, {"Hoá": "", "Con": "child"}):
        answer = client.post(here(thuong_xuan), typed(family, **said))
        assert answer.status_code == 422
        assert "đúng một chủ hộ" in answer.content.decode()
    assert relations() == {"Lê Thị Hoá": "head", "Lê Văn Con": "child"}


def test_nothing_changed_is_nothing_said(enter: Enter, thuong_xuan: Unit, family: Family) -> None:
    with scope.seeing(OPERATOR):
        before = Fact.objects.count()
    answer = enter("dx_secretary", thuong_xuan).post(
        here(thuong_xuan), typed(family, Hoá="head", Con="child")
    )
    assert answer.status_code == 302
    with scope.seeing(OPERATOR):
        assert Fact.objects.count() == before


def test_somebody_of_another_village_is_not_taken_in(
    enter: Enter, thuong_xuan: Unit, family: Family, villages: list[Unit]
) -> None:
    """Not even by a form made by hand."""
    sent = typed(family, Hoá="head", Con="child", Xa="other")
    enter("dx_secretary", thuong_xuan).post(f"{here(thuong_xuan)}?q=vi+thi", sent)
    assert "Vi Thị Xa" not in relations()
    assert enter("village_head", villages[1]).get(here(villages[1])).status_code == 404
