"""Deciding, signing, handing over; what the result says is known from then on."""

from datetime import datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.documents.actions.storing import open_file
from bakhong.documents.models import File
from bakhong.dossiers.actions.duties import pass_duty, set_duty
from bakhong.dossiers.actions.processing import forward, send_back
from bakhong.dossiers.actions.results import approve, reopen, return_result, sign
from bakhong.dossiers.actions.said import Receipt
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.queries.counts import by_operator, in_person, on_time, once_only
from bakhong.dossiers.tests.filing import MARRIAGE, filled, walk_in
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.queries.once_only import once_only_of
from bakhong.people.models import Detail, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

YEAR = (datetime(2026, 1, 1).date(), datetime(2026, 12, 31).date())  # noqa: DTZ001
SAID = {"on": "2026-11-23"}


@pytest.fixture(autouse=True)
def _forms(everybody: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234")


def marriage(unit: Unit, by: Actor, at: datetime, person: Person, **more: str) -> Receipt:
    draft = filled("marriage_status", MARRIAGE, unit, by, at, person=person)
    told = {"procedure": "1.004873", "result_mode": "desk"} | more
    return receive_at_desk(draft=draft, papers=[], by=by, at=at, **told)  # type: ignore[arg-type]


@pytest.fixture
def received(thuong_xuan: Unit, officer: StaffActor, an: Person, at: datetime) -> Dossier:
    return marriage(thuong_xuan, officer, at, an).dossier


def test_a_result_is_made_signed_and_handed_over(
    received: Dossier,
    chair: StaffActor,
    officer: StaffActor,
    specialist: StaffActor,
    an: Person,
    at: datetime,
) -> None:
    forward(dossier=received, by=officer, at=at)
    forward(dossier=received, by=specialist, at=at, proposal=SAID)
    approved = approve(dossier=received, by=chair, at=at)
    assert (approved.state, approved.result_number) == ("approved", "1/UBND-XNTTHN")
    file = File.objects.get(uuid=approved.result_file)
    assert open_file(file).startswith(b"%PDF-")
    assert file.verify_code
    assert file.person_uuid == an.uuid
    done = sign(dossier=received, how="pen", by=chair, at=at + timedelta(hours=1))
    assert (done.state, done.finished_at) == ("done", at + timedelta(hours=1))
    returned = return_result(dossier=received, how="desk", by=officer, at=at + timedelta(hours=2))
    assert returned.state == "returned"
    assert Event.objects.get(dossier=received, kind="return_result").came_in_person


def test_results_become_facts(
    received: Dossier, thuong_xuan: Unit, chair: StaffActor, officer: StaffActor, an: Person, at: datetime
) -> None:
    approve(dossier=received, by=chair, at=at, answers=SAID)
    assert not Detail.objects.filter(person=an, source="result").exists()
    sign(dossier=received, how="pen", by=chair, at=at + timedelta(days=1))
    known = dict(Detail.objects.filter(person=an, source="result").values_list("key", "origin"))
    assert set(known) >= {"marriage.status", "marriage.confirmation_no", "marriage.confirmed_on"}
    assert set(known.values()) == {received.uuid}
    # The next dossier of the same resident asks less.
    later = at + timedelta(days=2)
    second = marriage(thuong_xuan, officer, later, an)
    assert second.dossier.draft is not None
    counted = once_only_of(second.dossier.draft)
    assert "marital_status" not in counted.offending
    (row,) = once_only([thuong_xuan.pk], YEAR)
    assert (row.procedure, row.dossiers) == ("1.004873", 2)


def test_what_the_result_needs_is_named_at_once(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, at: datetime
) -> None:
    made = walk_in(thuong_xuan, officer, at).dossier
    with pytest.raises(Refusal, match="Chưa ghi: Điều cần nhớ khi sử dụng"):
        approve(dossier=made, by=chair, at=at)
    assert Dossier.objects.get(pk=made.pk).state == "received"
    assert not File.objects.exists()


def test_who_may_not_decide_does_not(
    received: Dossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    for who in (officer, specialist):
        with pytest.raises(NotAllowed):
            approve(dossier=received, by=who, at=at, answers=SAID)


def test_it_goes_back_with_a_word_why(
    received: Dossier, officer: StaffActor, chair: StaffActor, at: datetime
) -> None:
    forward(dossier=received, by=officer, at=at, step="approve")
    with pytest.raises(Refusal):
        send_back(dossier=received, note=" ", by=chair, at=at)
    back = send_back(dossier=received, note="Ghi rõ nơi cư trú trước đây", by=chair, at=at)
    assert (back.state, back.step) == ("in_progress", "process")


def test_a_decision_not_signed_is_undone(received: Dossier, chair: StaffActor, at: datetime) -> None:
    approved = approve(dossier=received, by=chair, at=at, answers=SAID)
    made = approved.result_file
    undone = reopen(dossier=received, note="Sai số", by=chair, at=at)
    assert (undone.state, undone.result_file) == ("in_progress", None)
    assert File.objects.get(uuid=made).revoked_at == at
    assert approve(dossier=received, by=chair, at=at, answers=SAID).result_file not in (None, made)


def test_an_electronic_result_is_not_signed_by_pen(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    made = marriage(thuong_xuan, officer, at, an, result_mode="electronic").dossier
    approve(dossier=made, by=chair, at=at, answers=SAID)
    with pytest.raises(Refusal, match="phải ký số"):
        sign(dossier=made, how="pen", by=chair, at=at)
    with pytest.raises(Refusal, match="chưa có chữ ký số"):
        sign(dossier=made, how="digital", by=chair, at=at)


def test_what_costs_waits_for_its_duty(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, at: datetime
) -> None:
    draft = filled(
        "certified_copies",
        {
            "documents.0.document_name": "Bằng tốt nghiệp",
            "documents.0.document_pages": "3",
            "documents.0.document_copies": "2",
            "purpose": "study",
            "full_name": "Lê Văn An",
        },
        thuong_xuan,
        officer,
        at,
    )
    from bakhong.dossiers.actions.said import PaperGiven

    papers = [PaperGiven("original", None, "original_seen")]
    made = receive_at_desk(
        draft=draft, procedure="2.000815", papers=papers, result_mode="desk", by=officer, at=at
    ).dossier
    assert made.fee_amount == 2 * 5000
    with pytest.raises(Refusal, match=r"còn phải nộp 10\.000"):
        approve(dossier=made, by=chair, at=at, answers={"number": "1"})
    waiting = set_duty(dossier=made, by=officer, at=at)
    assert (waiting.state, waiting.waiting_since) == ("duty", at)
    with pytest.raises(Refusal, match="còn phải nộp"):
        pass_duty(dossier=made, by=officer, at=at)
    passed = pass_duty(dossier=made, by=officer, at=at, exemptions=["rural_loan"])
    assert (passed.state, passed.fee_amount, passed.waiting_since) == ("received", 0, None)
    assert approve(dossier=made, by=chair, at=at, answers={"number": "1"}).state == "approved"


def test_nobody_had_to_come_is_counted_by_what_happened(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    """Filed by an officer at somebody's home, and brought home: nobody came. Filed at the desk: somebody did."""
    home = marriage(thuong_xuan, officer, at, an, result_mode="home", came_in_person=False)  # type: ignore[arg-type]
    desk = walk_in(thuong_xuan, officer, at)
    for made, said in ((home.dossier, SAID), (desk.dossier, {"note": "Giữ vệ sinh"})):
        approve(dossier=made, by=chair, at=at, answers=said)
        sign(dossier=made, how="pen", by=chair, at=at)
    return_result(dossier=home.dossier, how="home", by=officer, at=at)
    share = in_person([thuong_xuan.pk], YEAR)
    assert (share.numerator, share.denominator) == (1, 2)
    assert list(share.against) == [desk.dossier]
    assert by_operator([thuong_xuan.pk], YEAR) == {"officer": 2}
    timely = on_time([thuong_xuan.pk], YEAR)
    assert (timely.numerator, timely.denominator) == (2, 2)
