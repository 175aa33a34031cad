"""The State's registers are asked once for a dossier, before any transaction opens, and the person reads of every question."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection

from bakhong.accounts.permissions import StaffActor
from bakhong.dossiers.actions.filing import file_dossier
from bakhong.dossiers.tests.filing import MARRIAGE, filled
from bakhong.eforms.actions import start_draft
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.once_only import once_only_of
from bakhong.people import registers as ports
from bakhong.people.models import Look, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit


class Population:
    """A register of the test, which notes how deep in transactions it was asked."""

    code = "population"
    name = "Dân cư"
    keys = frozenset({"person.national_id", "person.ethnicity", "person.full_name"})
    is_local = True
    said: Any = ports.NOT_FOUND
    depths: list[int] = []

    def lookup(self, national_id: str, keys: Collection[str]) -> Any:
        Population.depths.append(len(connection.savepoint_ids))
        return Population.said

    def check(self) -> ports.Check:
        return ports.Check(True, "")


@pytest.fixture(autouse=True)
def _forms(everybody: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def register(settings: LazySettings) -> Iterator[type[Population]]:
    settings.REGISTERS = {"population": f"{__name__}.Population"}
    ports._made.cache_clear()
    Population.said, Population.depths = ports.NOT_FOUND, []
    yield Population
    ports._made.cache_clear()


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234")


def handed_in(draft: Draft, by: StaffActor, at: datetime) -> None:
    file_dossier(
        draft=draft, procedure="1.004873", channel="direct", papers=[], result_mode="desk", by=by, at=at
    )


def asked_about(person: Person) -> int:
    return Look.objects.filter(person=person, what="register", note="Dân cư").count()


def test_who_had_nothing_to_say_was_asked_all_the_same(
    thuong_xuan: Unit, officer: StaffActor, an: Person, register: type[Population], at: datetime
) -> None:
    start_draft(
        key=uuid4(),
        form="marriage_status",
        unit=thuong_xuan,
        operated_by="officer",
        by=officer,
        at=at,
        person=an,
        known_by="officer",
    )
    assert len(register.depths) == asked_about(an) == 1


def test_it_is_asked_once_to_open_and_once_to_hand_in_outside_of_transactions(
    thuong_xuan: Unit, officer: StaffActor, an: Person, register: type[Population], at: datetime
) -> None:
    outside = len(connection.savepoint_ids)
    draft = filled("marriage_status", MARRIAGE, thuong_xuan, officer, at, person=an)
    register.said = {
        "person.ethnicity": "Kinh"
    }  # silent before: typed by then, and known to whoever judges it
    handed_in(draft, officer, at)
    assert register.depths == [outside, outside]
    assert asked_about(an) == 2
    assert "ethnicity" in once_only_of(draft).offending
    told = Look.objects.filter(person=an, what="known", about=draft.uuid).values_list("note", flat=True)
    assert any("Dân tộc" in note for note in told)  # what it was judged by is told too
    handed_in(draft, officer, at)  # the form sent twice
    assert len(register.depths) == 2


def test_of_whom_nobody_recognised_no_register_is_asked(
    thuong_xuan: Unit, officer: StaffActor, an: Person, register: type[Population], at: datetime
) -> None:
    """Negative control: the same answers typed without anybody being recognised; the roll alone tells what was known."""
    draft = filled("marriage_status", MARRIAGE, thuong_xuan, officer, at)
    handed_in(draft, officer, at)
    assert register.depths == []
    assert asked_about(an) == 0
    count = once_only_of(draft)
    assert count.known >= 4
    assert count.re_asked == count.known
    assert "ethnicity" not in count.offending
