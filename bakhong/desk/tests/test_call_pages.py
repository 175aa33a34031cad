"""Calling people: who, what to say, the number for a reason, and what came of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.dossiers.actions.ending import stop
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.models import Dossier, Supplement
from bakhong.messaging.actions import Recipient, send
from bakhong.messaging.models import Delivery
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Look
from bakhong.places.models import Unit

DOSSIER = UUID(int=7)
Enter = Callable[..., Client]


@pytest.fixture
def call(thuong_xuan: Unit, actor: Actor, at: datetime) -> Callable[..., Delivery]:
    count = 0

    def make(**to: Any) -> Delivery:
        nonlocal count
        count += 1
        recipient = Recipient(**{"holder_uuid": DOSSIER, "name": "Lê Thị Hoá", "phone": "0912345678", **to})
        with scope.seeing(OPERATOR):
            made = send(
                key=UUID(int=100 + count),
                template="result_ready",
                to=recipient,
                values={"code": "H56-1"},
                about=("dossier", DOSSIER),
                unit=thuong_xuan,
                by=actor,
                at=at,
            )
            found: Delivery = made.deliveries.select_related("message").get(channel="call")
            return found

    return make


def state(call: Delivery) -> Delivery:
    with scope.seeing(OPERATOR):
        found: Delivery = Delivery.objects.get(pk=call.pk)
        return found


def at_unit(name: str, unit: Unit, **more: Any) -> str:
    return reverse(f"desk:{name}", kwargs={"unit": unit.uuid, **more})


def test_the_list_says_whom_to_call_and_what_to_say(enter: Enter, thuong_xuan: Unit, call: Any) -> None:
    client = enter("one_stop_officer", thuong_xuan)
    assert "Hiện không phải gọi cho ai" in client.get(at_unit("calls", thuong_xuan)).content.decode()
    call()
    text = client.get(at_unit("calls", thuong_xuan)).content.decode()
    assert "Lê Thị Hoá" in text
    assert "Cho tôi gặp ông/bà Lê Thị Hoá. Hồ sơ H56-1 đã có kết quả" in text
    assert "Kính gửi" not in text
    assert "0912345678" not in text
    assert "•••••••678" in text
    assert "Cần gọi điện (1)" in text
    # The bar says so on every page of the group, and where one starts, whatever those pages show.
    assert "Hồ sơ (1)" in client.get(at_unit("queue", thuong_xuan)).content.decode()
    assert "Hồ sơ (1)" in client.get(at_unit("dashboard", thuong_xuan)).content.decode()


def test_another_commune_sees_nothing(enter: Enter, other_commune: Unit, call: Any) -> None:
    made = call()
    client = enter("one_stop_officer", other_commune)
    assert "Hoá" not in client.get(at_unit("calls", other_commune)).content.decode()
    assert client.post(at_unit("call_number", other_commune, call=made.uuid)).status_code == 404
    assert client.post(at_unit("call_record", other_commune, call=made.uuid)).status_code == 404
    assert client.get(at_unit("told", other_commune, about=DOSSIER)).status_code == 404


def test_the_number_is_shown_once_and_noted(enter: Enter, thuong_xuan: Unit, call: Any) -> None:
    made, client = call(), enter("one_stop_officer", thuong_xuan)
    address = at_unit("call_number", thuong_xuan, call=made.uuid)
    assert client.get(address).status_code == 302
    assert not Event.objects.filter(deed="messaging.show_number").exists()
    answer = client.post(address)
    assert 'href="tel:0912345678"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.filter(deed="messaging.show_number").count() == 1


def test_of_whom_the_roll_knows_the_person_is_told(
    enter: Enter, thuong_xuan: Unit, actor: Actor, at: datetime, call: Any
) -> None:
    with scope.seeing(OPERATOR):
        values = {"name": "Lê Thị Hoá", "phone": "0987654321"}
        person = add_person(village=thuong_xuan, values=values, source="list", by=actor, at=at)
    by_roll, by_dossier = call(person_uuid=person.uuid, phone=""), call(person_uuid=person.uuid)
    client = enter("one_stop_officer", thuong_xuan)
    assert b"0987654321" in client.post(at_unit("call_number", thuong_xuan, call=by_roll.uuid)).content
    assert b"0912345678" in client.post(at_unit("call_number", thuong_xuan, call=by_dossier.uuid)).content
    with scope.seeing(OPERATOR):
        assert [(each.what, each.reason) for each in Look.objects.filter(person=person)] == [
            ("phone", "call")
        ] * 2


def test_a_person_without_a_number_is_said_to_have_none(
    enter: Enter, thuong_xuan: Unit, actor: Actor, at: datetime, call: Any
) -> None:
    with scope.seeing(OPERATOR):
        person = add_person(village=thuong_xuan, values={"name": "An"}, source="list", by=actor, at=at)
    made = call(person_uuid=person.uuid, phone="")
    answer = enter("one_stop_officer", thuong_xuan).post(at_unit("call_number", thuong_xuan, call=made.uuid))
    assert answer.status_code == 422
    assert "chưa có số" in answer.content.decode()


def test_what_came_of_it(enter: Enter, thuong_xuan: Unit, call: Any, at: datetime) -> None:
    made, client = call(), enter("one_stop_officer", thuong_xuan)
    address = at_unit("call_record", thuong_xuan, call=made.uuid)
    assert client.post(address, {"outcome": "no_answer", "attempts": "0"}).status_code == 302
    assert (state(made).attempts, state(made).next_at) == (1, at + timedelta(hours=3))
    text = client.get(at_unit("calls", thuong_xuan)).content.decode()
    assert "Gọi lại sau" in text
    assert "Cần gọi điện (1)" not in text
    assert client.post(address, {"outcome": "told", "attempts": "1"}).status_code == 302
    assert (state(made).state, state(made).outcome, state(made).settled_at) == ("sent", "told", at)
    assert "đã nói với người cần gọi" in client.get(at_unit("calls", thuong_xuan)).content.decode()


def test_it_is_given_up_after_five_calls(enter: Enter, thuong_xuan: Unit, call: Any) -> None:
    made, client = call(), enter("one_stop_officer", thuong_xuan)
    for _each in range(5):
        assert state(made).state == "waiting"
        client.post(at_unit("call_record", thuong_xuan, call=made.uuid), {"outcome": "no_answer"})
    assert (state(made).state, state(made).outcome) == ("failed", "no_answer")


def test_two_officers_at_once(enter: Enter, thuong_xuan: Unit, call: Any) -> None:
    made = call()
    one, other = enter("one_stop_officer", thuong_xuan), enter("specialist", thuong_xuan)
    address = at_unit("call_record", thuong_xuan, call=made.uuid)
    one.post(address, {"outcome": "no_answer", "attempts": "0"})
    answer = other.post(address, {"outcome": "no_answer", "attempts": "0"})
    assert answer.status_code == 409
    assert state(made).attempts == 1
    one.post(address, {"outcome": "told", "attempts": "1"})
    answer = other.post(address, {"outcome": "told", "attempts": "1"})
    assert answer.status_code == 409
    assert "one_stop_officer" in answer.content.decode()


def test_a_mistake_is_taken_back(enter: Enter, thuong_xuan: Unit, call: Any) -> None:
    made, client = call(), enter("one_stop_officer", thuong_xuan)
    client.post(at_unit("call_record", thuong_xuan, call=made.uuid), {"outcome": "wrong_number"})
    assert state(made).state == "failed"
    client.post(at_unit("call_reopen", thuong_xuan, call=made.uuid))
    assert (state(made).state, state(made).settled_label) == ("waiting", "")


@pytest.mark.parametrize(
    "sent",
    [{}, {"outcome": "x"}, {"outcome": "told\x00"}, {"outcome": "", "attempts": "9" * 30}, {"attempts": "²"}],
)
def test_bad_input_is_answered(enter: Enter, thuong_xuan: Unit, call: Any, sent: dict[str, str]) -> None:
    made, client = call(), enter("one_stop_officer", thuong_xuan)
    answer = client.post(at_unit("call_record", thuong_xuan, call=made.uuid), sent)
    assert answer.status_code in {409, 422}
    assert "Lê Thị Hoá" in answer.content.decode()
    assert state(made).state == "waiting"


def test_everything_told_about_a_dossier(enter: Enter, thuong_xuan: Unit, call: Any) -> None:
    call()
    text = enter("chair", thuong_xuan).get(at_unit("told", thuong_xuan, about=DOSSIER)).content.decode()
    assert "cần gọi" in text
    assert "đã để ở trang hồ sơ" in text
    assert "đã đọc" not in text


def test_staff_read_what_they_were_told(
    enter: Enter, staff: Any, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    client = enter("specialist", thuong_xuan)
    user = User.objects.get(email__startswith="specialist")
    assert "chưa có lời nhắn" in client.get(at_unit("my_messages", thuong_xuan)).content.decode()
    for number, actor_id in enumerate((StaffActor(user, at.date()).id, "staff:other")):
        with scope.seeing(OPERATOR):
            send(
                key=UUID(int=300 + number),
                template="due_soon",
                to=Recipient(actor_id=actor_id),
                values={"code": f"H56-{number}", "day": "23/11/2026"},
                about=("dossier", DOSSIER),
                unit=thuong_xuan,
                by=actor,
                at=at,
            )
    text = client.get(at_unit("my_messages", thuong_xuan)).content.decode()
    assert "H56-0" in text
    assert "H56-1" not in text
    assert at_unit("dossier", thuong_xuan, dossier=DOSSIER) in text


@pytest.mark.parametrize("role", ["accountant", "biller_accountant", "collector", "specialist"])
def test_every_role_reads_its_own_messages_and_says_so(
    enter: Enter, staff: Any, thuong_xuan: Unit, actor: Actor, at: datetime, role: str
) -> None:
    client = enter(role, thuong_xuan)
    reader = StaffActor(User.objects.get(email__startswith=f"{role}."), at.date())
    with scope.seeing(OPERATOR):
        told = send(
            key=UUID(int=310),
            template="due_soon",
            to=Recipient(actor_id=reader.id),
            values={"code": "H56-7", "day": "23/11/2026"},
            about=("dossier", DOSSIER),
            unit=thuong_xuan,
            by=actor,
            at=at,
        )
    address = at_unit("my_messages", thuong_xuan)
    text = client.get(address).content.decode()
    assert "H56-7" in text
    assert "Lời nhắn (1)" in text
    leads = at_unit("dossier", thuong_xuan, dossier=DOSSIER) in text
    assert leads == reader.may("dossiers.view", thuong_xuan.pk)
    assert client.post(address, {"seen": "x"}).status_code == 302
    assert client.post(address, {"seen": str(told.uuid)}).status_code == 302
    text = client.get(address).content.decode()
    assert "H56-7" in text
    assert "Lời nhắn (1)" not in text


def test_who_was_not_reached_stays_until_called_again(
    enter: Enter, thuong_xuan: Unit, other_commune: Unit, call: Any, at: datetime
) -> None:
    made, client = call(), enter("one_stop_officer", thuong_xuan)
    address = at_unit("calls_unreached", thuong_xuan)
    assert "Hiện không có ai" in client.get(address).content.decode()  # a call that waits is none
    client.post(at_unit("call_record", thuong_xuan, call=made.uuid), {"outcome": "wrong_number"})
    with scope.seeing(OPERATOR):  # yesterday's: the list of today has forgotten it
        Delivery.objects.filter(pk=made.pk).update(settled_at=at - timedelta(days=1))
    assert "Đã ghi hôm nay" not in client.get(at_unit("calls", thuong_xuan)).content.decode()
    page = client.get(address).content.decode()
    assert "sai số" in page
    assert "Lê Thị Hoá" in page
    other = enter("one_stop_officer", other_commune)
    assert "Lê Thị Hoá" not in other.get(at_unit("calls_unreached", other_commune)).content.decode()
    client.post(at_unit("call_reopen", thuong_xuan, call=made.uuid))
    assert "Hiện không có ai" in client.get(address).content.decode()
    assert state(made).state == "waiting"


def test_a_call_says_what_is_missing_and_leads_to_the_dossier(
    officer: Client, received: Dossier, thuong_xuan: Unit, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        ask_supplement(dossier=received, items=[Wanted("paper", "divorce", "blurred")], by=OPERATOR, at=at)
        words = Supplement.objects.get().items[0]["words"]
        call = Delivery.objects.get(channel="call", message__template="supplement_asked")
    page = officer.get(at_unit("calls", thuong_xuan)).content.decode()
    assert words in page
    assert reverse("desk:dossier", args=[thuong_xuan.uuid, received.uuid]) in page
    officer.post(at_unit("call_record", thuong_xuan, call=call.uuid), {"outcome": "wrong_number"})
    page = officer.get(at_unit("calls_unreached", thuong_xuan)).content.decode()
    assert words in page
    assert reverse("desk:dossier_print", args=[thuong_xuan.uuid, received.uuid, "02"]) in page
    with scope.seeing(OPERATOR):
        stop(dossier=Dossier.objects.get(), reason="other", note="Đã báo trực tiếp.", by=OPERATOR, at=at)
    assert "Hiện không có ai" in officer.get(at_unit("calls_unreached", thuong_xuan)).content.decode()
