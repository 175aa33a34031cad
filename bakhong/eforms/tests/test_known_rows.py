"""The household filled in: without the applicant; who was taken off the list stays off it, and nobody else goes."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.eforms.actions import SourceChanged, Started, save_page, start_draft, submit_draft
from bakhong.eforms.actions.publishing import publish
from bakhong.eforms.queries import answers_of
from bakhong.eforms.queries.answers import open_sheet
from bakhong.eforms.queries.unreported import unreported
from bakhong.people.actions import make_household, record_fact
from bakhong.people.actions.correcting import answer_correction
from bakhong.people.models import CorrectionRequest, Person
from bakhong.people.queries.residents import opened
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

FORM: dict[str, Any] = {
    "code": "ho",
    "title": "Tờ khai hộ",
    "pages": [
        {
            "code": "nguoi-khai",
            "title": "Người khai",
            "questions": [{"code": "name", "label": "Họ và tên", "type": "person_name", "known_as": "person.full_name"}],
        },
        {
            "code": "ho",
            "title": "Người trong hộ",
            "questions": [
                {
                    "code": "members",
                    "label": "Người trong hộ",
                    "max": 6,
                    "known_as": "household.members",
                    "without_self": True,
                    "questions": [
                        {"code": "who", "label": "Họ và tên", "type": "person_name", "required": True, "known_item": "full_name"},
                        {"code": "born", "label": "Năm sinh", "type": "date", "known_item": "birth"},
                        {"code": "work", "label": "Việc làm", "type": "text"},
                    ],
                }
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture
def officer(staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit) -> StaffActor:
    return staff("one_stop_officer", thuong_xuan)


@pytest.fixture
def home(person: MakePerson, village: Unit, actor: Actor, at: datetime) -> dict[str, Person]:
    """Hoá, the head; her husband Bình; their children Cúc and Dũng."""
    born = {
        "Lê Thị Hoá": "1968-03-05",
        "Vi Văn Bình": "1966",
        "Vi Thị Cúc": "1999-01-02",
        "Vi Văn Dũng": "2003",
    }
    found = {name.split()[-1]: person(name, birth=birth) for name, birth in born.items()}
    relations = dict(zip(found.values(), ("head", "spouse", "child", "child"), strict=True))
    make_household(village=village, members=relations, by=actor, at=at)
    for each in found.values():
        each.refresh_from_db()
    return found


def begun(who: Person, by: Actor, unit: Unit, at: datetime, form: dict[str, Any] = FORM) -> Started:
    publish(spec=form, by=OPERATOR, at=at, unit=None)
    return start_draft(
        key=uuid4(), form="ho", unit=unit, operated_by="officer", by=by, at=at, person=who, known_by="officer"
    )


def names(started: Started) -> list[str]:
    found = answers_of(started.draft)
    return [found.get(f"members.{row}.who", "") for row in range(found["members"])]


def press(started: Started, by: Actor, at: datetime, **posted: str) -> None:
    lists = {name.replace("__", "."): [text] for name, text in posted.items()}
    save_page(draft=started.draft, page="ho", posted=lists, by=by, at=at)


def test_the_applicant_is_left_out_of_their_own_household(
    home: dict[str, Person], officer: StaffActor, thuong_xuan: Unit, at: datetime
) -> None:
    started = begun(home["Hoá"], officer, thuong_xuan, at)
    assert names(started) == ["Vi Văn Bình", "Vi Thị Cúc", "Vi Văn Dũng"]
    submit_draft(draft=started.draft, by=officer, at=at)  # nothing changed at the source
    assert started.draft.state == "submitted"
    assert (
        not CorrectionRequest.objects.exists()
    )  # negative control of the one below: nothing changed in the form either


def test_a_form_that_wants_everybody_has_everybody(
    home: dict[str, Person], officer: StaffActor, thuong_xuan: Unit, at: datetime
) -> None:
    """Negative control of the one above: it is the form that says so."""
    group = FORM["pages"][1]["questions"][0] | {"without_self": False}
    page = FORM["pages"][1] | {"questions": [group]}
    form = FORM | {"pages": [FORM["pages"][0], page]}
    assert names(begun(home["Hoá"], officer, thuong_xuan, at, form))[0] == "Lê Thị Hoá"


@pytest.mark.parametrize("row", [0, 1, 2])
def test_who_was_taken_off_stays_off_and_nobody_else_goes(
    home: dict[str, Person], officer: StaffActor, thuong_xuan: Unit, at: datetime, row: int
) -> None:
    started = begun(home["Hoá"], officer, thuong_xuan, at)
    press(started, officer, at, members__1__work="công nhân")
    left = [name for number, name in enumerate(names(started)) if number != row]
    press(started, officer, at, _remove=f"members.{row}")
    submit_draft(draft=started.draft, by=officer, at=at)  # and no SourceChanged
    assert names(started) == left
    assert started.draft.state == "submitted"


def test_one_off_and_another_on(
    home: dict[str, Person], officer: StaffActor, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    """The count is what was offered again; the rows are not."""
    started = begun(home["Hoá"], officer, thuong_xuan, at)
    press(started, officer, at, _remove="members.0")
    press(started, officer, at, _add="members")
    press(started, officer, at, members__2__who="Vi Thị Mai", members__2__born="2020")
    submit_draft(draft=started.draft, by=officer, at=at)
    assert names(started) == ["Vi Thị Cúc", "Vi Văn Dũng", "Vi Thị Mai"]

    asked = CorrectionRequest.objects.get()  # one for the whole list
    assert (asked.key, asked.person, asked.about) == ("household.members", home["Hoá"], started.draft.uuid)
    (said,) = opened([asked])
    assert [row["full_name"] for row in said.current] == ["Vi Văn Bình", "Vi Thị Cúc", "Vi Văn Dũng"]
    assert said.wanted[2] == {
        "full_name": "Vi Thị Mai",
        "birth": "2020",
    }  # what the source cannot know is not asked of it
    assert unreported(started.draft, open_sheet(started.draft)) == set()
    # The household is set right person by person; saying that it was writes nothing more.
    answer_correction(request=asked, is_accepted=True, answer="", by=actor, at=at)
    assert Person.objects.filter(is_known=True).count() == 4


def test_what_changed_of_who_was_left_is_still_told(
    home: dict[str, Person], officer: StaffActor, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    """Negative control: rows that moved are read again, not merely believed."""
    started = begun(home["Hoá"], officer, thuong_xuan, at)
    press(started, officer, at, _remove="members.0")
    record_fact(
        person=home["Cúc"],
        values={"birth": "1998-01-02"},
        source="list",
        by=actor,
        at=at,
        true_from=date(2026, 11, 1),
    )
    with pytest.raises(SourceChanged) as told:
        submit_draft(draft=started.draft, by=officer, at=at)
    assert set(told.value.errors) == {"members.0.who", "members.0.born"}
    assert names(started) == ["Vi Thị Cúc", "Vi Văn Dũng"]
