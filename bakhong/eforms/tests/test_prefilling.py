"""What is filled in, for whom, and what nobody can forge."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import Claims, HolderActor, ResidentActor
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed
from bakhong.eforms.actions import (
    SourceChanged,
    Started,
    correct_answer,
    link_person,
    offer_anew,
    save_page,
    submit_draft,
)
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.queries import answers_of, provenance
from bakhong.people import scope
from bakhong.people.actions import record_fact
from bakhong.people.models import CorrectionRequest, Look, Person
from bakhong.people.rules.idcard import parse
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

Start = Callable[..., Started]
NUMBER = "038190000123"
CARD = parse(f"{NUMBER}||Lê Thị Hoá|01021990|Nữ|Thôn Xuân Thành|01052021")


@pytest.fixture
def hoa(person: MakePerson) -> Person:
    return person("Lê Thị Hoá", sex="female", birth="1990-02-01", national_id=NUMBER, phone="0912345678")


@pytest.fixture
def officer(staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit) -> StaffActor:
    return staff("one_stop_officer", thuong_xuan)


def resident(person: Person | None) -> ResidentActor:
    return ResidentActor(uuid4(), person.uuid if person else None, 2, "Lê Thị Hoá")


def send(started: Started, page: str, by: Actor, at: datetime, **posted: str) -> Any:
    lists = {name: [text] for name, text in posted.items()}
    return save_page(draft=started.draft, page=page, posted=lists, by=by, at=at)


def test_an_officer_with_the_applicant_present_has_all_filled_in(
    start: Start, hoa: Person, officer: StaffActor
) -> None:
    started = start(by=officer, person=hoa, known_by="officer", operated_by="officer")
    assert answers_of(started.draft) == {
        "name": "Lê Thị Hoá",
        "birth": "1990-02-01",
        "sex": "female",
        "number": NUMBER,
    }  # not the phone: its question says it is not filled in
    told = provenance(started.draft)["birth"]
    assert (told.origin, told.ref.split(":")[0], told.offered) == ("roll", "fact", "1990-02-01")
    assert "Ngày sinh" not in told.label
    assert Look.objects.filter(person=hoa, about_kind="draft", about=started.draft.uuid).exists()


def test_who_signed_in_has_their_own_filled_in(start: Start, hoa: Person, at: datetime) -> None:
    by = resident(hoa)
    started = start(by=by, person=hoa, known_by="e_identity", claims=Claims(NUMBER, "Lê Thị Hoá"))
    assert answers_of(started.draft)["birth"] == "1990-02-01"
    assert provenance(started.draft)["name"].origin == "e_identity"


def test_nobody_else_has_anything_filled_in(
    start: Start,
    hoa: Person,
    person: MakePerson,
    staff: Callable[[str, Unit], StaffActor],
    villages: list[Unit],
) -> None:
    other = person("Trần Văn Bé", birth="1980-01-01")
    with pytest.raises(NotAllowed):
        start(person=hoa, known_by="officer")  # whoever holds a code
    with pytest.raises(NotAllowed):
        start(person=hoa, known_by="e_identity")
    with pytest.raises(NotAllowed):
        start(by=resident(other), person=hoa, known_by="e_identity", claims=Claims("1", "B"))
    with pytest.raises(NotAllowed):
        start(by=resident(hoa), person=hoa, known_by="officer")
    with pytest.raises(NotAllowed):
        start(by=staff("accountant", villages[0]), person=hoa, known_by="officer")
    assert not Draft.objects.exists()
    assert answers_of(start(person=hoa).draft) == {}
    assert answers_of(start(by=resident(None), known_by="e_identity").draft) == {}


def test_a_card_fills_only_what_it_says(start: Start, hoa: Person) -> None:
    started = start(person=hoa, known_by="card", card=CARD)
    assert {path: each.origin for path, each in provenance(started.draft).items()} == {
        "name": "card",
        "birth": "card",
        "sex": "card",
        "number": "card",
    }
    started = start(person=hoa, known_by="card", card=parse(f"{NUMBER}||Lê Thị Hoá|01021990"))
    assert set(answers_of(started.draft)) == {
        "name",
        "birth",
        "number",
    }  # the roll knows the sex, the card does not


def test_provenance_cannot_be_forged_through_the_form(
    start: Start, hoa: Person, officer: StaffActor, at: datetime
) -> None:
    started = start(by=officer, person=hoa, known_by="officer")
    sent = {"name": "Kẻ Gian", "name.origin": "register", "origin": "register", "birth_offered": "1900",
            "number": NUMBER, "ref": "fact:1", "is_corrected": "", "phone": "0987654321", "phone.ref": "fact:1"}  # fmt: skip
    send(started, "nguoi-khai", officer, at, **sent)
    told = provenance(started.draft)
    assert (answers_of(started.draft)["name"], told["name"].origin) == ("Lê Thị Hoá", "roll")  # locked
    assert told["phone"].origin == "typed"
    assert set(Answer.objects.values_list("path", flat=True)) == {"name", "birth", "sex", "number", "phone"}
    # The same value sent back as it was shown stays what it was; another is typed and marked.
    send(started, "nguoi-khai", officer, at, birth="01/02/1990")
    assert provenance(started.draft)["birth"].origin == "roll"
    send(started, "nguoi-khai", officer, at, birth="02/02/1990")
    told = provenance(started.draft)
    assert (told["birth"].origin, told["birth"].is_corrected, told["birth"].offered) == (
        "typed",
        True,
        "1990-02-01",
    )
    send(started, "nguoi-khai", officer, at, birth="1/2/1990")
    assert (provenance(started.draft)["birth"].origin, provenance(started.draft)["birth"].is_corrected) == (
        "roll",
        False,
    )


def test_a_source_that_changed_is_told_of_and_offered_anew(
    start: Start, hoa: Person, officer: StaffActor, actor: Actor, at: datetime
) -> None:
    started = start(by=officer, person=hoa, known_by="officer")
    send(started, "noi-dung", officer, at, married="no")
    later = at + timedelta(days=1)
    record_fact(
        person=hoa,
        values={"birth": "1990-03-04"},
        source="list",
        by=actor,
        at=later,
        true_from=date(2026, 11, 1),
    )
    with pytest.raises(SourceChanged) as told:
        submit_draft(draft=started.draft, by=officer, at=later)
    assert list(told.value.errors) == ["birth"]
    assert "04/03/1990" in told.value.errors["birth"]
    assert started.draft.state == "open"
    assert answers_of(started.draft)["birth"] == "1990-03-04"
    submit_draft(draft=started.draft, by=officer, at=later)  # looked at, and sent again
    assert started.draft.state == "submitted"
    assert Answer.objects.get(path="birth").verified_at == later


def test_a_tampered_value_does_not_pass(start: Start, hoa: Person, officer: StaffActor, at: datetime) -> None:
    started = start(by=officer, person=hoa, known_by="officer")
    send(started, "noi-dung", officer, at, married="no")
    Answer.objects.filter(path="birth").update(value="1950-01-01", offered="1950-01-01")
    with pytest.raises(SourceChanged):
        submit_draft(draft=started.draft, by=officer, at=at)
    assert answers_of(started.draft)["birth"] == "1990-02-01"


def test_without_reading_again_it_would_pass(
    start: Start, hoa: Person, officer: StaffActor, at: datetime, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    """Negative control: it is the second reading that stops it."""
    started = start(by=officer, person=hoa, known_by="officer")
    send(started, "noi-dung", officer, at, married="no")
    Answer.objects.filter(path="birth").update(value="1950-01-01", offered="1950-01-01")
    monkeypatch.setattr("bakhong.eforms.actions.submitting._changed", lambda *_args: [])
    submit_draft(draft=started.draft, by=officer, at=at)
    assert answers_of(started.draft)["birth"] == "1950-01-01"


def test_the_holder_of_a_code_is_not_shown_what_the_source_says_now(
    start: Start, hoa: Person, officer: StaffActor, actor: Actor, at: datetime, app_role: str
) -> None:
    started = start(by=officer, person=hoa, known_by="officer")
    send(started, "noi-dung", officer, at, married="no")
    record_fact(
        person=hoa,
        values={"birth": "1990-03-04"},
        source="list",
        by=actor,
        at=at,
        true_from=date(2026, 11, 1),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    by = HolderActor("draft", started.draft.uuid)
    with scope.holding(keys=[started.draft.uuid]):
        draft = Draft.objects.get(uuid=started.draft.uuid)
        with pytest.raises(SourceChanged) as told:
            offer_anew(draft=draft, by=by, at=at)
        assert "1990" not in told.value.errors["birth"]
        assert "birth" not in answers_of(draft)
        assert Person.objects.count() == 0  # the wall stands again


def test_what_was_typed_over_is_asked_for_at_its_source(
    start: Start, hoa: Person, officer: StaffActor, at: datetime
) -> None:
    started = start(by=officer, person=hoa, known_by="officer")
    send(started, "nguoi-khai", officer, at, birth="02/02/1990")
    send(started, "noi-dung", officer, at, married="no")
    assert not CorrectionRequest.objects.exists()
    submit_draft(draft=started.draft, by=officer, at=at)
    asked = CorrectionRequest.objects.get()
    assert (asked.person, asked.key, asked.about) == (hoa, "person.birth", started.draft.uuid)
    hoa.refresh_from_db()
    assert hoa.birth_day == 1  # never written over


def test_a_locked_value_is_corrected_at_its_source_only(
    start: Start, hoa: Person, officer: StaffActor, at: datetime
) -> None:
    started = start(by=officer, person=hoa, known_by="officer")
    for _again in range(2):
        correct_answer(
            draft=started.draft, path="name", wanted=["Lê Thị Hoa"], reason="Sai dấu", by=officer, at=at
        )
    assert CorrectionRequest.objects.count() == 1
    assert answers_of(started.draft)["name"] == "Lê Thị Hoá"
    assert provenance(started.draft)["name"].is_corrected


def test_linking_fills_in_only_what_was_not_typed(
    start: Start, hoa: Person, officer: StaffActor, at: datetime
) -> None:
    started = start()
    send(started, "nguoi-khai", HolderActor("draft", started.draft.uuid), at, name="Hoá", birth="1991")
    link_person(draft=started.draft, person=hoa, known_by="officer", by=officer, at=at)
    found = answers_of(started.draft)
    assert (found["name"], found["birth"], found["sex"]) == ("Hoá", "1991", "female")


def test_started_twice_it_is_one_draft_with_one_code(start: Start, hoa: Person, officer: StaffActor) -> None:
    key = uuid4()
    first = start(by=officer, key=key, person=hoa, known_by="officer")
    second = start(by=officer, key=key, person=hoa, known_by="officer")
    assert (first.draft.pk, first.code) == (second.draft.pk, second.code)
    assert Answer.objects.filter(draft=first.draft).count() == 4
