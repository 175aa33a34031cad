"""The roll leaves the house only with a reason, masked unless every person is told."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.people.actions.listing import list_residents
from bakhong.people.models import Look
from bakhong.people.queries.roll import Wanted
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

ID, PHONE = "038190001234", "0912345678"


def _rows(unit: Unit, by: Actor, at: datetime, **given: Any) -> list[list[Any]]:
    given = {"reason": "duty", "note": "", "has_numbers": False, **given}
    with list_residents(unit=unit, wanted=Wanted(), by=by, at=at, on=day_of(at), **given) as book:
        page = openpyxl.load_workbook(io.BytesIO(book.read())).active
    assert page is not None
    return [list(row) for row in page.iter_rows(min_row=5, values_only=True)]


def test_numbers_are_masked_and_the_deed_is_written_down(
    village: Unit, person: MakePerson, actor: Actor, at: datetime
) -> None:
    person("=CMD()", national_id=ID, phone=PHONE, birth="1990-03-05", sex="female")
    (row,) = _rows(village, actor, at)
    assert row[1:6] == ["=CMD()", "05/03/1990", "Nữ", "•••••••••234", village.full_name]
    assert row[9] == "•••••••678"
    event = Event.objects.get(deed="people.list_residents")
    assert event.details == {"reason": "duty", "people": 1, "numbers": "masked"}
    assert not Look.objects.exists()


def test_whole_numbers_need_a_reason_and_tell_everybody(
    village: Unit, person: MakePerson, actor: Actor, at: datetime
) -> None:
    resident = person("Lê Thị Hoá", national_id=ID, phone=PHONE)
    with pytest.raises(Refusal):
        _rows(village, actor, at, has_numbers=True)
    (row,) = _rows(village, actor, at, has_numbers=True, reason="call")
    assert (row[4], row[9]) == (ID, PHONE)
    assert Look.objects.get().person_id == resident.pk


def test_it_refuses_who_may_not(
    village: Unit,
    villages: list[Unit],
    person: MakePerson,
    at: datetime,
    staff: Callable[[str, Unit], StaffActor],
) -> None:
    person("Lê Thị Hoá", national_id=ID)
    stranger = staff("village_head", villages[1])
    with pytest.raises(NotAllowed):
        _rows(village, stranger, at)
    with pytest.raises(Refusal):
        _rows(village, staff("village_head", village), at, reason="")
    assert not Event.objects.filter(deed="people.list_residents").exists()
