"""What is answered when something is asked again is what the dossier says from then on."""

import shutil
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.ids import new_uuid
from bakhong.documents.actions.storing import open_file
from bakhong.documents.models import File
from bakhong.dossiers.actions.refusals import PapersMissing
from bakhong.dossiers.actions.results import approve, sign
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.applicants import phone_of
from bakhong.dossiers.models import Dossier, Event, Supplement
from bakhong.dossiers.queries.answers import standing_review, standing_sheet
from bakhong.dossiers.queries.exchange_copy import copy_lines
from bakhong.dossiers.queries.fees import charges_of
from bakhong.dossiers.rules.targets import targets
from bakhong.dossiers.supplement_answers import answers_of
from bakhong.dossiers.tests.filing import MARRIAGE, filled, walk_in
from bakhong.dossiers.tests.test_application import text_of
from bakhong.dossiers.tests.test_results import SAID, marriage
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.queries.answers import answers_of as filed_answers
from bakhong.people import scope
from bakhong.people.models import Detail, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit


@pytest.fixture(autouse=True)
def _forms(everybody: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234")


@pytest.fixture
def received(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> Dossier:
    return walk_in(thuong_xuan, officer, at).dossier


def asked_about(dossier: Dossier, by: StaffActor, at: datetime, *paths: str) -> Dossier:
    items = [Wanted("question", path, "not_clear") for path in paths]
    return ask_supplement(dossier=dossier, items=items, by=by, at=at)


def again(dossier: Dossier, by: Any, at: datetime, **answers: str | list[str]) -> Dossier:
    given = {path: [told] if isinstance(told, str) else told for path, told in answers.items()}
    return answer_supplement(dossier=dossier, answers=given, by=by, at=at)


def test_the_paper_and_the_roll_say_what_was_answered_last(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    """A choice and a telephone number are corrected: the result is made of the new answers, and what it states is known."""
    dossier = marriage(thuong_xuan, officer, at, an).dossier
    asked_about(dossier, officer, at, "marital_status", "phone", "ethnicity")
    given = {
        "marital_status": "married",
        "spouse_name": "Lê Thị Bé",
        "phone": "0987 654 321",
        "ethnicity": "Thái",
    }
    answered = again(dossier, officer, at, **given)
    assert phone_of(answered.applicant_phone, answered.uuid) == "0987654321"
    assert answered.applicant_phone_tail == "4321"
    file = File.objects.get(
        uuid=approve(dossier=dossier, by=chair, at=at, answers=SAID).result_file,
    )
    if shutil.which("pdftotext"):
        made = text_of(open_file(file))
        assert "Thái" in made
        assert "Kinh" not in made
    sign(dossier=dossier, how="pen", by=chair, at=at)
    known = {each.key: each.value for each in Detail.objects.filter(person=an, source="result")}
    assert known["marriage.status"] == "married"
    copied = {line.code: line.value for line in copy_lines(answered, targets()["provincial"])}
    assert "0987654321" in copied.values()


def test_without_the_overlay_the_old_answer_would_stand(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    """Negative control: the draft itself is as it was filed."""
    asked_about(received, officer, at, "people")
    again(received, officer, at, people="over_100")
    received.refresh_from_db()
    assert received.draft is not None
    assert filed_answers(received.draft)["people"] == "under_100"
    assert standing_sheet(received).values["people"] == "over_100"


def test_whoever_reads_sees_what_stands_and_what_stood(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    asked_about(received, officer, at, "people")
    again(received, officer, at + timedelta(days=1), people="over_100")
    lines = [line for section in standing_review(received) for line in section.lines]
    changed = next(line for line in lines if line.path == "people")
    assert (changed.value, changed.before, changed.source) == (
        "Trên 100",
        "50 đến 100",
        "Bổ sung ngày 23/11/2026",
    )
    assert [line.path for line in lines if line.before] == ["people"]


def test_a_choice_is_answered_by_its_options(received: Dossier, officer: StaffActor, at: datetime) -> None:
    asked_about(received, officer, at, "people", "equipment")
    with pytest.raises(PapersMissing) as told:
        again(received, officer, at, people="rất đông", equipment=["tables", "beds"])
    assert set(told.value.problems) == {"people", "equipment"}
    again(received, officer, at, people="under_50", equipment=["tables"])
    assert answers_of(Supplement.objects.get(dossier=received)) == {
        "people": "under_50",
        "equipment": ["tables"],
    }


def test_what_an_answer_brings_to_light_is_asked_too(
    thuong_xuan: Unit, officer: StaffActor, at: datetime
) -> None:
    dossier = walk_in(thuong_xuan, officer, at).dossier
    asked_about(dossier, officer, at, "kind")
    with pytest.raises(PapersMissing) as told:
        again(dossier, officer, at, kind="other")
    assert set(told.value.problems) == {"kind_other"}
    again(dossier, officer, at, kind="other", kind_other="Liên hoan văn nghệ", people="over_100")
    assert standing_sheet(dossier).values["kind_other"] == "Liên hoan văn nghệ"
    assert standing_sheet(dossier).values["people"] == "under_100"  # nobody asked


def test_what_another_answer_hides_need_not_be_answered(
    thuong_xuan: Unit, officer: StaffActor, an: Person, at: datetime
) -> None:
    told = {**MARRIAGE, "marital_status": "divorced", "spouse_name": "Lê Thị Bé", "court_decision": "12/2019"}
    dossier = receive_at_desk(
        draft=filled("marriage_status", told, thuong_xuan, officer, at, person=an),
        procedure="1.004873",
        papers=[PaperGiven("divorce", None, "original_seen")],
        result_mode="desk",
        by=officer,
        at=at,
    ).dossier
    asked_about(dossier, officer, at, "marital_status", "court_decision")
    again(dossier, officer, at, marital_status="unmarried")
    assert "court_decision" not in standing_sheet(dossier).asked.by_path


def test_other_pages_cost_another_fee(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> None:
    told = {
        "documents.0.document_name": "Bằng tốt nghiệp",
        "documents.0.document_pages": "3",
        "documents.0.document_copies": "2",
        "purpose": "study",
        "full_name": "Lê Văn An",
    }
    dossier = receive_at_desk(
        draft=filled("certified_copies", told, thuong_xuan, officer, at),
        procedure="2.000815",
        papers=[PaperGiven("original", None, "original_seen")],
        result_mode="desk",
        by=officer,
        at=at,
    ).dossier
    assert dossier.fee_amount == 10_000
    asked_about(dossier, officer, at, "documents.0.document_pages")
    assert Supplement.objects.get(dossier=dossier).items[0]["name"].startswith("Giấy tờ")
    answered = again(dossier, officer, at, **{"documents.0.document_pages": "5"})
    assert answered.fee_amount == 14_000
    assert list(charges_of(dossier).order_by("id").values_list("amount", "state")) == [
        (10_000, "withdrawn"),
        (14_000, "open"),
    ]


def test_nobody_asks_what_the_form_does_not(received: Dossier, officer: StaffActor, at: datetime) -> None:
    for path in ("kind_other", "no_such", "members.0.member_name"):
        with pytest.raises(Refusal, match="không có câu hỏi này"):
            asked_about(received, officer, at, path)


def test_a_number_is_an_answer_and_lies_sealed(received: Dossier, officer: StaffActor, at: datetime) -> None:
    asked_about(received, officer, at, "phone", "address")
    given = {"phone": "+84 912 345 679", "address": "Gọi 0987654321", "organisation": "không ai hỏi"}
    assert again(received, officer, at, **given).state == "received"
    stored = Supplement.objects.get(dossier=received)
    assert answers_of(stored) == {"phone": "0912345679", "address": "Gọi 0987654321"}
    event = Event.objects.get(dossier=received, kind="answer_supplement")
    assert event.data["answered"] == ["address", "phone"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(s)::text || to_jsonb(e)::text FROM dossiers_supplement s, dossiers_event e"
        )
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert "912345679" not in rows
    assert "987654321" not in rows


def test_what_cannot_be_read_is_asked_again(received: Dossier, officer: StaffActor, at: datetime) -> None:
    asked_about(received, officer, at, "phone", "address")
    with pytest.raises(PapersMissing) as told:
        again(received, officer, at, phone="12", address=" ")
    assert set(told.value.problems) == {"phone", "address"}
    assert Supplement.objects.get(dossier=received).answered_at is None


def test_a_one_time_code_is_nobodys_answer(received: Dossier, officer: StaffActor, at: datetime) -> None:
    asked_about(received, officer, at, "address")
    with pytest.raises(Refusal, match="OTP"):
        again(received, officer, at, address="Mã OTP là 482913")


def test_the_same_answer_again_is_one_and_another_under_its_key_is_refused(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    dossier, key = asked_about(received, officer, at, "phone"), new_uuid()
    for _time in range(2):
        answer_supplement(dossier=dossier, answers={"phone": ["0912345678"]}, by=officer, at=at, key=key)
    with pytest.raises(Conflict):
        answer_supplement(dossier=dossier, answers={"phone": ["0912345679"]}, by=officer, at=at, key=key)


def test_a_holder_of_the_code_answers_behind_the_wall(
    thuong_xuan: Unit, officer: StaffActor, an: Person, at: datetime, app_role: str
) -> None:
    """As the role the site runs as: whoever has the code sees the answers and not the person."""
    with scope.seeing(officer):
        dossier = marriage(thuong_xuan, officer, at, an).dossier
        asked_about(dossier, officer, at, "phone")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with scope.holding(keys=[dossier.uuid]):
        answered = again(dossier, HolderActor("dossier", dossier.uuid), at, phone="0987654321")
        assert answered.applicant_phone_tail == "4321"
        assert answered.applicant_id_tail == "1234"


def test_an_answer_is_written_once(received: Dossier, officer: StaffActor, at: datetime) -> None:
    again(asked_about(received, officer, at, "phone"), officer, at, phone="0912345678")
    rows = Supplement.objects.filter(dossier=received)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        rows.update(answers=b"x")
    with connection.cursor() as cursor:  # negative control
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_supplement DISABLE TRIGGER dossiers_keep")
    assert rows.update(answers=b"x") == 1
