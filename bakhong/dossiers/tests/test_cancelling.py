"""A result that was given and is wrong: it holds no more, what it made known goes, the next one is another paper."""

import shutil
from datetime import datetime, timedelta

import pytest
from django.test import Client

from bakhong.accounts.permissions import StaffActor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.documents.actions.storing import open_file
from bakhong.documents.models import File
from bakhong.dossiers.actions.cancelling import cancel_result
from bakhong.dossiers.actions.ending import ask_withdrawal, confirm_withdrawal, keep
from bakhong.dossiers.actions.results import approve, return_result, sign
from bakhong.dossiers.actions.taking_back import take_back
from bakhong.dossiers.actions.timing import due_after
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.books import lines
from bakhong.dossiers.queries.dossiers import timeline
from bakhong.dossiers.tests.test_application import text_of
from bakhong.dossiers.tests.test_results import SAID, marriage
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.messaging.models import Delivery, Message
from bakhong.people.models import Detail, Person
from bakhong.people.queries.details import details_of
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit


@pytest.fixture
def given(thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime) -> Dossier:
    publish_shipped(at)
    made = marriage(thuong_xuan, officer, at, an).dossier
    approve(dossier=made, by=chair, at=at, answers=SAID)
    sign(dossier=made, how="pen", by=chair, at=at)
    return return_result(dossier=made, how="desk", by=officer, at=at)


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234")


def test_it_holds_no_more_and_is_worked_on_again(
    given: Dossier, chair: StaffActor, an: Person, at: datetime
) -> None:
    file, number, due = given.result_file, given.result_number, given.due_at
    assert details_of(an)
    back = cancel_result(dossier=given, reason="wrong_words", by=chair, at=at + timedelta(days=1))
    assert (back.state, back.finished_at, back.returned_at, back.result_file) == (
        "in_progress",
        None,
        None,
        None,
    )
    assert (back.due_at, due_after(back)) == (due, due)
    revoked = File.objects.get(uuid=file)
    assert revoked.revoked_at == at + timedelta(days=1)
    assert revoked.revoked_why.startswith("Kết quả ghi sai thông tin")
    assert not [each for each in details_of(an) if each.source == "result"]
    assert Detail.objects.filter(person=an, source="result").exists()  # what was known stays written
    assert timeline(given, for_resident=True)[-1].reasons[0].startswith("Kết quả ghi sai")
    assert number


def test_the_page_of_verification_says_so(
    given: Dossier, chair: StaffActor, client: Client, at: datetime
) -> None:
    code = File.objects.get(uuid=given.result_file).verify_code
    before = client.get(f"/kiem-tra/{code}/").content.decode()
    assert "thu hồi" not in before  # negative control
    cancel_result(dossier=given, reason="wrong_words", by=chair, at=at + timedelta(days=1))
    assert "thu hồi" in client.get(f"/kiem-tra/{code}/").content.decode()


def test_the_next_one_has_a_number_of_its_own_and_names_the_old(
    given: Dossier, chair: StaffActor, thuong_xuan: Unit, an: Person, at: datetime
) -> None:
    old, day = given.result_number, at + timedelta(days=1)
    cancel_result(dossier=given, reason="wrong_words", by=chair, at=day)
    again = approve(dossier=given, by=chair, at=day, answers=SAID)
    assert (old, again.result_number) == ("1/UBND-XNTTHN", "2/UBND-XNTTHN")
    if shutil.which("pdftotext"):
        made = text_of(open_file(File.objects.get(uuid=again.result_file)))
        assert f"thay văn bản số {old}, đã thu hồi ngày 23/11/2026" in " ".join(made.split())
    sign(dossier=given, how="pen", by=chair, at=day)
    assert [each for each in details_of(an) if each.source == "result"]
    rows = lines(chair, thuong_xuan, "marriage_status", at.date(), day.date())
    assert [each.line < each.first_standing for each in rows] == [True, False]


def test_the_resident_is_told_why_and_nobody_says_that_it_is_ready(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    publish_shipped(at)
    made = marriage(thuong_xuan, officer, at, an).dossier
    approve(dossier=made, by=chair, at=at, answers=SAID)
    sign(dossier=made, how="pen", by=chair, at=at)
    ready = Delivery.objects.get(message__template="result_ready", channel="call")
    assert ready.state == "waiting"  # negative control
    cancel_result(dossier=made, reason="wrong_decision", by=chair, at=at)
    ready.refresh_from_db()
    assert ready.state == "dropped"
    assert Message.objects.filter(about=made.uuid, template="result_cancelled").exists()


def test_it_takes_who_decides_and_a_reason(
    given: Dossier, officer: StaffActor, specialist: StaffActor, chair: StaffActor, at: datetime
) -> None:
    for who in (officer, specialist):
        with pytest.raises(NotAllowed):
            cancel_result(dossier=given, reason="wrong_words", by=who, at=at)
    for reason, note in (("blurred", ""), ("other", " "), ("", "x")):
        with pytest.raises(Refusal):
            cancel_result(dossier=given, reason=reason, note=note, by=chair, at=at)
    assert Dossier.objects.get(pk=given.pk).state == "returned"


def test_a_paper_nobody_signed_holds_nothing_once_the_dossier_is_given_back(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    publish_shipped(at)
    made = marriage(thuong_xuan, officer, at, an).dossier
    file = approve(dossier=made, by=chair, at=at, answers=SAID).result_file
    ask_withdrawal(dossier=made, by=officer, at=at)
    assert keep(dossier=made, by=officer, at=at).result_file == file
    ask_withdrawal(dossier=made, by=officer, at=at)
    stopped = confirm_withdrawal(dossier=made, by=officer, at=at)
    assert (stopped.state, stopped.result_file) == ("stopped", None)
    assert File.objects.get(uuid=file).revoked_at == at
    with pytest.raises(Refusal, match="không lấy lại được"):  # the paper cannot be made to hold again
        take_back(dossier=made, by=officer, at=at)
