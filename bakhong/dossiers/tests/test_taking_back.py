"""A wrong press is taken back: the same day, by whoever pressed or who may decide, and everything stands as before."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.dossiers.actions.charging import ask_for_fee
from bakhong.dossiers.actions.duties import set_duty
from bakhong.dossiers.actions.ending import ask_withdrawal, confirm_withdrawal, refuse, stop
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.results import approve, return_result, sign
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.actions.taking_back import take_back
from bakhong.dossiers.actions.timing import due_after
from bakhong.dossiers.models import Dossier, Event, PaperCheck, Supplement
from bakhong.dossiers.queries.counts import asked_twice, in_person
from bakhong.dossiers.queries.dossiers import supplement_waited_for, timeline
from bakhong.dossiers.queries.fees import charges_of
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.dossiers.tests.filing import walk_in
from bakhong.dossiers.writing.slips import refusal_pdf, supplement_pdf
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.messaging.actions import record_call
from bakhong.messaging.models import Delivery, Message
from bakhong.messaging.queries import inbox
from bakhong.people.models import Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

ASK = [Wanted("paper", "divorce", "blurred")]
SEEN = [PaperGiven("divorce", None, "original_seen")]
YEAR = (datetime(2026, 1, 1).date(), datetime(2026, 12, 31).date())  # noqa: DTZ001


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05")


@pytest.fixture
def received(handmade: MakeDossier, officer: StaffActor, an: Person, at: datetime) -> Dossier:
    return receive(dossier=handmade(person=an, fee_amount=20_000), by=officer, at=at)


def later(at: datetime, minutes: int = 30) -> datetime:
    return at + timedelta(minutes=minutes)


def test_a_supplement_asked_by_mistake_was_not_asked(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    before = received.due_at
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at))
    back = take_back(dossier=received, by=officer, at=later(at, 90))
    assert (back.state, back.supplement_count, back.waiting_since, back.due_at) == (
        "received",
        0,
        None,
        before,
    )
    assert due_after(back) == before
    assert supplement_waited_for(back) is None
    assert PaperCheck.objects.get(dossier=received, paper="divorce").state == "not_needed"
    assert asked_twice([received.village_id], YEAR).denominator == 0
    # The real one is the first: no reason about "again", nothing late.
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at, 120))
    again = answer_supplement(dossier=received, papers=SEEN, by=officer, at=at + timedelta(days=2))
    assert again.supplement_count == 1
    assert not Supplement.objects.get(dossier=received, number=2).is_repeat
    assert supplement_pdf(again, at=at).startswith(b"%PDF")


def test_only_the_real_wait_is_left_out_of_the_time(
    handmade: MakeDossier, officer: StaffActor, at: datetime
) -> None:
    """Two dossiers, one of which was asked by mistake for two hours of Monday: both are due at the same moment."""
    monday = at + timedelta(days=1)
    made = [receive(dossier=handmade(), by=officer, at=at) for _number in range(2)]
    ask_supplement(dossier=made[0], items=ASK, by=officer, at=monday)
    take_back(dossier=made[0], by=officer, at=monday + timedelta(hours=2))
    for each in made:
        ask_supplement(dossier=each, items=ASK, by=officer, at=monday + timedelta(hours=3))
        answer_supplement(dossier=each, papers=SEEN, by=officer, at=monday + timedelta(days=2))
    first, second = (Dossier.objects.get(pk=each.pk).due_at for each in made)
    assert first == second


def test_what_ended_goes_on_where_it_was(
    received: Dossier, handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    ask_for_fee(dossier=received, by=officer, at=at)
    refused = refuse(dossier=received, reason="not_entitled", note="Chưa đủ tuổi", by=officer, at=later(at))
    assert [each.state for each in charges_of(refused)] == ["withdrawn"]
    back = take_back(dossier=received, by=officer, at=later(at, 60))
    assert (back.state, back.finished_at) == ("received", None)
    assert [each.state for each in charges_of(back).order_by("id")] == ["withdrawn", "open"]
    stop(dossier=received, reason="already_settled", by=specialist, at=later(at, 70))
    assert refusal_pdf(received, at=at).startswith(b"%PDF")  # of the stop, not of the refusal
    assert take_back(dossier=received, by=specialist, at=later(at, 80)).state == "received"
    asked = ask_withdrawal(dossier=received, by=officer, at=later(at, 90))
    confirm_withdrawal(dossier=asked, by=officer, at=later(at, 95))
    assert take_back(dossier=received, by=officer, at=later(at, 99)).state == "withdrawing"


def test_who_waited_for_the_resident_waited_all_the_while(
    received: Dossier, specialist: StaffActor, officer: StaffActor, at: datetime
) -> None:
    since = later(at)
    ask_supplement(dossier=received, items=ASK, by=officer, at=since)
    stopped = stop(dossier=received, reason="already_settled", by=specialist, at=later(at, 60))
    assert supplement_waited_for(stopped) is None
    back = take_back(dossier=received, by=specialist, at=later(at, 90))
    assert (back.state, back.waiting_since) == ("supplement", since)
    assert supplement_waited_for(back) is not None
    answered = answer_supplement(dossier=received, papers=SEEN, by=officer, at=at + timedelta(days=2))
    assert answered.state == "received"
    assert answered.due_at == due_after(answered)


def test_a_result_given_to_the_wrong_person_is_here_again(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, everybody: None, at: datetime
) -> None:
    publish_shipped(at)
    made = walk_in(thuong_xuan, officer, at, came_in_person=False).dossier
    approve(dossier=made, by=chair, at=at, answers={"note": "Giữ vệ sinh"})
    sign(dossier=made, how="pen", by=chair, at=at)
    return_result(dossier=made, how="desk", by=officer, at=later(at))
    assert in_person([thuong_xuan.pk], YEAR).numerator == 0
    back = take_back(dossier=made, by=officer, at=later(at, 60))
    assert (back.state, back.returned_at) == ("done", None)
    assert in_person([thuong_xuan.pk], YEAR).numerator == 1  # nobody came


def test_what_was_told_of_it_is_told_no_more(
    received: Dossier, officer: StaffActor, an: Person, at: datetime
) -> None:
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at))
    assert "supplement_asked" in [each.template for each in inbox(person=an.uuid)]
    take_back(dossier=received, by=officer, at=later(at, 60))
    assert [each.template for each in inbox(person=an.uuid)] == ["dossier_received"]
    call = Delivery.objects.get(message__template="supplement_asked", channel="call")
    assert call.state == "dropped"


def test_who_was_called_already_is_told_that_it_was_a_mistake(
    received: Dossier, officer: StaffActor, an: Person, at: datetime
) -> None:
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at))
    call = Delivery.objects.get(message__template="supplement_asked", channel="call")
    record_call(call=call, outcome="told", by=officer, at=later(at, 40))
    take_back(dossier=received, by=officer, at=later(at, 60))
    told = Message.objects.get(template="taken_back")
    assert {each.channel for each in told.deliveries.all()} == {"inbox", "call"}


def test_what_the_mistake_overtook_waits_again(
    received: Dossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    set_duty(dossier=received, by=officer, at=later(at))
    stop(dossier=received, reason="already_settled", by=specialist, at=later(at, 40))
    call = Delivery.objects.get(message__template="duty_set", channel="call")
    assert call.state == "dropped"
    take_back(dossier=received, by=specialist, at=later(at, 50))
    call.refresh_from_db()
    assert call.state == "waiting"


def test_only_on_the_same_day_and_only_theirs(
    received: Dossier, officer: StaffActor, specialist: StaffActor, chair: StaffActor, at: datetime
) -> None:
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at))
    with pytest.raises(NotAllowed, match="Người đã ghi"):
        take_back(dossier=received, by=specialist, at=later(at, 40))
    with pytest.raises(Refusal, match="trong ngày đã ghi"):
        take_back(dossier=received, by=officer, at=at + timedelta(days=1))
    assert take_back(dossier=received, by=chair, at=later(at, 50)).state == "received"


def test_not_after_a_later_deed(received: Dossier, officer: StaffActor, at: datetime) -> None:
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at))
    answer_supplement(dossier=received, papers=SEEN, by=officer, at=later(at, 40))
    with pytest.raises(Refusal):
        take_back(dossier=received, by=officer, at=later(at, 50))
    assert received.due_at is not None
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at, 60), why_again="other")
    take_back(dossier=received, by=officer, at=later(at, 70))
    with pytest.raises(Refusal):
        take_back(dossier=received, by=officer, at=later(at, 80))


def test_the_same_key_is_one(received: Dossier, officer: StaffActor, at: datetime) -> None:
    key = new_uuid()
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at))
    for _time in range(2):
        take_back(dossier=received, by=officer, at=later(at, 40), key=key)
    assert Event.objects.filter(dossier=received, kind="take_back").count() == 1


def test_residents_do_not_read_of_it_and_the_office_does(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at))
    take_back(dossier=received, by=officer, at=later(at, 40), note="Nhầm hồ sơ")
    kinds = [each.event.kind for each in timeline(received, for_resident=True)]
    assert kinds == ["file", "receive"]
    last = timeline(received)[-1]
    assert (last.event.kind, last.reasons) == ("take_back", ("Yêu cầu bổ sung giấy tờ",))


def test_a_supplement_is_called_a_mistake_once(received: Dossier, officer: StaffActor, at: datetime) -> None:
    ask_supplement(dossier=received, items=ASK, by=officer, at=later(at))
    answer_supplement(dossier=received, papers=SEEN, by=officer, at=later(at, 40))
    rows = Supplement.objects.filter(dossier=received)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        rows.update(is_taken_back=True)
    with connection.cursor() as cursor:  # negative control
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_supplement DISABLE TRIGGER dossiers_keep")
    assert rows.update(is_taken_back=True) == 1
