"""Who hears of what; and what is forgotten with a person."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.dossiers.actions.deadlines import warn_and_escalate
from bakhong.dossiers.actions.duties import set_duty
from bakhong.dossiers.actions.ending import ask_withdrawal, confirm_withdrawal, refuse, stop
from bakhong.dossiers.actions.processing import assign
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.applicants import contact_columns
from bakhong.dossiers.models import Dossier, Event, Supplement
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.messaging.models import Delivery, Message
from bakhong.people.actions.erasing import erase_person
from bakhong.people.models import Person
from bakhong.people.tests.conftest import MakePerson


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05")


def test_the_resident_is_told(handmade: MakeDossier, officer: StaffActor, an: Person, at: datetime) -> None:
    made = receive(dossier=handmade(person=an), by=officer, at=at)
    ask_supplement(dossier=made, items=[Wanted("paper", "divorce", "blurred")], by=officer, at=at)
    told = Message.objects.filter(about=made.uuid).order_by("id")
    assert [message.template for message in told] == ["dossier_received", "supplement_asked"]
    assert made.code
    assert all(made.code in message.text for message in told)
    assert "22/12/2026" in told[1].text  # thirty days


def test_who_gave_an_address_is_written_to(
    handmade: MakeDossier, officer: StaffActor, an: Person, at: datetime
) -> None:
    made = receive(dossier=handmade(person=an), by=officer, at=at)
    Dossier.objects.filter(pk=made.pk).update(**contact_columns(made.uuid, email="an@example.vn"))
    made.refresh_from_db()
    ask_supplement(dossier=made, items=[Wanted("paper", "divorce", "blurred")], by=officer, at=at)
    ways = Delivery.objects.filter(message__about=made.uuid).values_list("message__template", "channel")
    assert ("supplement_asked", "mail") in ways
    assert ("supplement_asked", "call") not in ways
    assert ("dossier_received", "mail") not in ways  # negative control: told before there was an address


def test_nobody_calls_about_what_was_overtaken(
    handmade: MakeDossier, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    made = receive(dossier=handmade(person=an), by=officer, at=at)
    ask_supplement(dossier=made, items=[Wanted("paper", "divorce", "blurred")], by=officer, at=at)
    call = Delivery.objects.get(message__about=made.uuid, channel="call")
    assert call.state == "waiting"  # negative control
    made.refresh_from_db()
    stop(dossier=made, reason="other", note="Ông An thôi làm.", by=chair, at=at)
    call.refresh_from_db()
    assert (call.state, call.settled_label) == ("dropped", chair.label)


@pytest.mark.parametrize(
    ("end", "template"), [("refuse", "not_settled"), ("stop", "stopped"), ("withdraw", "withdrawn")]
)
def test_the_resident_is_told_how_it_ended_and_nothing_else_waits(
    handmade: MakeDossier,
    officer: StaffActor,
    chair: StaffActor,
    an: Person,
    at: datetime,
    end: str,
    template: str,
) -> None:
    made = receive(dossier=handmade(person=an, fee_amount=20_000), by=officer, at=at)
    set_duty(dossier=made, by=officer, at=at)
    waiting = Delivery.objects.filter(message__about=made.uuid, channel="call", state="waiting")
    assert [each.message.template for each in waiting] == ["duty_set"]  # negative control
    if end == "stop":
        stop(dossier=made, reason="other", note="Ông An thôi làm.", by=chair, at=at)
    elif end == "withdraw":
        ask_withdrawal(dossier=made, by=officer, at=at)
        confirm_withdrawal(dossier=made, by=officer, at=at)
    else:
        pass_duty_by_hand(made, officer, at)
        refuse(dossier=made, reason="not_entitled", note="Chưa đủ tuổi.", by=officer, at=at)
    assert Message.objects.filter(about=made.uuid).order_by("-id")[0].template == template
    assert {each.message.template for each in waiting.all()} <= {template}


def test_what_is_refused_at_once_was_not_taken_in(
    handmade: MakeDossier, officer: StaffActor, an: Person, at: datetime
) -> None:
    made = handmade(person=an)
    refuse(dossier=made, reason="not_this_office", note="Nộp ở tỉnh", by=officer, at=at)
    assert [each.template for each in Message.objects.filter(about=made.uuid)] == ["refused"]


def pass_duty_by_hand(made: Dossier, officer: StaffActor, at: datetime) -> None:
    """Out of the state that waits for money, with its call still waiting."""
    from bakhong.dossiers.tests.conftest import event_of

    made.refresh_from_db()
    event_of(made, "pass_duty", "received", at).save(force_insert=True)


def test_a_deed_undone_tells_nobody(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made = handmade()
    point = transaction.savepoint()
    receive(dossier=made, by=officer, at=at)
    assert Message.objects.exists()
    transaction.savepoint_rollback(point)
    assert not Message.objects.exists()


def test_whoever_works_on_it_and_who_decides_hear_once_that_it_is_late(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, chair: StaffActor, at: datetime
) -> None:
    made = receive(dossier=handmade(), by=officer, at=at)
    assign(dossier=made, to=specialist, by=officer, at=at)
    assert made.due_at is not None
    warn_and_escalate(at=made.due_at - timedelta(hours=1))
    soon = Message.objects.filter(about=made.uuid, template="due_soon")
    assert list(soon.values_list("staff", flat=True)) == [specialist.id]
    for hours in (1, 2):
        warn_and_escalate(at=made.due_at + timedelta(hours=hours))
    late = Message.objects.filter(about=made.uuid, template="overdue")
    assert set(late.values_list("staff", flat=True)) == {specialist.id, chair.id}
    assert late.count() == 2


def test_whose_it_was_is_forgotten_with_them(
    handmade: MakeDossier, officer: StaffActor, an: Person, actor: Actor, at: datetime
) -> None:
    made = receive(dossier=handmade(person=an, result_address="Thôn Xuân Thành"), by=officer, at=at)
    items = [Wanted("paper", "divorce", "other", "Giấy của bà Bé, sai tên.")]
    ask_supplement(dossier=made, items=items, by=officer, at=at, note="Bà Bé gọi điện")
    erase_person(person=an, ground="request", by=actor, at=at)
    stored = Dossier.objects.get(pk=made.pk)
    assert (stored.applicant_name, stored.result_address, stored.applicant_phone) == ("", "", None)
    assert (stored.code, stored.state) == (made.code, "supplement")
    assert Supplement.objects.get(dossier=made).items == []
    assert not [event for event in Event.objects.filter(dossier=made) if "Bé" in f"{event.note}{event.data}"]
