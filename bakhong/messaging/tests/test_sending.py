"""Sending: written once, kept, put on the recipient's page, and handed to the ways that lead to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import Error, IntegrityError, connection, transaction

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.messaging.actions import Recipient, drop_waiting
from bakhong.messaging.models import Delivery, Message
from bakhong.messaging.queries import inbox, messages_about
from bakhong.messaging.tests.conftest import DOSSIER, Send
from bakhong.messaging.texts import whole_text
from bakhong.people import scope
from bakhong.people.actions import erase_person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.actions import set_contact
from bakhong.places.models import Unit


def ways(message: Message) -> dict[str, str]:
    return {each.channel: each.state for each in message.deliveries.all()}


def test_it_is_written_with_the_commune_s_own_number(
    tell: Send, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    set_contact(unit=thuong_xuan, phone="0237 000 000", by=actor, at=at)
    made = tell()
    assert made.subject == "Hồ sơ H56.01-261122-0001 cần bổ sung"
    assert made.text == (
        "Kính gửi ông/bà Lê Thị Hoá. Hồ sơ H56.01-261122-0001 cần bổ sung giấy tờ trước ngày 25/11/2026. "
        "Danh sách đầy đủ có ở trang hồ sơ và trên phiếu yêu cầu. Cần hỏi, xin gọi 0237 000 000."
    )
    assert ways(made) == {"inbox": "sent", "mail": "waiting"}
    event = Event.objects.get(deed="messaging.send")
    assert "Hoá" not in str(event.details)


def test_in_english_for_who_reads_it(tell: Send) -> None:
    made = tell(to=Recipient(holder_uuid=DOSSIER, name="Ann", lang="en"))
    assert made.text.startswith("Dear Ann. Dossier H56")
    assert tell(to=Recipient(holder_uuid=DOSSIER, name="Ann", lang="xx")).lang == "vi"


def test_who_has_no_mail_is_called_where_the_template_says_so(tell: Send) -> None:
    bare = Recipient(holder_uuid=DOSSIER, phone="0912345678")
    assert ways(tell(to=bare)) == {"inbox": "sent", "call": "waiting"}
    assert ways(tell("dossier_received", to=bare)) == {"inbox": "sent"}
    assert ways(tell(to=Recipient(holder_uuid=DOSSIER))) == {"inbox": "sent"}
    assert ways(tell(to=Recipient(holder_uuid=DOSSIER, email="no address", phone="1"))) == {
        "inbox": "sent",
        "call": "waiting",
    }
    assert ways(tell(to=bare, channels=("inbox",))) == {"inbox": "sent"}


def test_the_same_key_again_sends_nothing(tell: Send, at: datetime) -> None:
    key = UUID(int=5)
    first = tell(key=key)
    again = tell(key=key, template="apology", at=at.replace(hour=9))
    assert (again.pk, again.template) == (first.pk, "supplement_asked")
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 2)
    assert Event.objects.filter(deed="messaging.send").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():  # the table itself refuses
        Message.objects.create(
            uuid=key,
            village_id=first.village_id,
            template="x",
            holder=DOSSIER,
            subject="x",
            about_kind="dossier",
            about=DOSSIER,
            made_at=at,
            made_by="x",
        )


def test_without_the_constraint_it_would_be_sent_twice(tell: Send) -> None:
    """Negative control: it is the UNIQUE key that keeps the promise."""
    tell(key=UUID(int=5))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'messaging_message'::regclass AND contype = 'u'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE messaging_message DROP CONSTRAINT "{name}"')
    tell(key=UUID(int=5))
    assert Message.objects.count() == 2


def test_a_value_that_is_missing_is_a_mistake_of_ours(tell: Send) -> None:
    with pytest.raises(KeyError):
        tell(values={})
    with pytest.raises(KeyError):
        tell("no_such_template")
    assert not Message.objects.exists()


def test_a_code_is_mailed_and_shown_nowhere(tell: Send) -> None:
    made = tell("draft_code", values={"code": "7K3M-9QFW-2XHT", "day": "25/12/2026"})
    made.refresh_from_db()
    assert ways(made) == {"mail": "waiting"}
    assert made.text == ""
    assert "7K3M-9QFW-2XHT" not in made.subject
    assert b"7K3M" not in bytes(made.sealed)
    assert "7K3M-9QFW-2XHT" in whole_text(made)
    assert not inbox(holders=[DOSSIER]).exists()


def test_a_page_shows_what_is_theirs_and_nothing_else(tell: Send, person: MakePerson) -> None:
    hoa, an = person("Lê Thị Hoá"), person("Lê Văn An")
    one = tell(to=Recipient(person_uuid=hoa.uuid))
    tell(to=Recipient(person_uuid=an.uuid))
    other = tell(to=Recipient(holder_uuid=UUID(int=8)))
    tell("due_soon", to=Recipient(actor_id="staff:1"))
    assert list(inbox(person=hoa.uuid)) == [one]
    assert list(inbox(holders=[UUID(int=8)])) == [other]


def test_the_wall(tell: Send, person: MakePerson, thuong_xuan: Unit) -> None:
    hoa = person("Lê Thị Hoá")
    one, other = tell(), tell(to=Recipient(person_uuid=hoa.uuid))
    tell(to=Recipient(holder_uuid=UUID(int=8)))
    for villages, keys, seen in (
        ((), (), set()),
        ((thuong_xuan.pk + 1,), (), set()),
        ((), (DOSSIER,), {one.pk}),
        ((), (hoa.uuid,), {other.pk}),
    ):
        scope.open_to(villages, keys=keys)
        assert set(Message.objects.values_list("pk", flat=True)) == seen
        assert set(Delivery.objects.values_list("message", flat=True)) == seen
    scope.open_to([thuong_xuan.pk])
    assert Message.objects.count() == 3
    scope.close()
    with connection.cursor() as cursor:  # negative control
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE messaging_message DISABLE ROW LEVEL SECURITY")
    assert Message.objects.count() == 3


def test_the_holder_of_a_code_is_told_on_their_own_connection(tell: Send) -> None:
    """Filing happens while the connection shows the draft only."""
    scope.open_to((), keys=[DOSSIER])
    assert ways(tell("dossier_received")) == {"inbox": "sent", "mail": "waiting"}
    with pytest.raises(Error, match="row-level security"), transaction.atomic():
        tell("dossier_received", to=Recipient(holder_uuid=UUID(int=8)))


def test_a_text_is_written_once(tell: Send) -> None:
    made = tell()
    Delivery.objects.all().delete()
    for change in (lambda: Message.objects.update(text="x"), made.delete):
        with pytest.raises(Error, match="written once"), transaction.atomic():
            change()
    with connection.cursor() as cursor:  # negative control
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE messaging_message DISABLE TRIGGER messaging_written_once")
    assert Message.objects.update(text="x") == 1


def test_who_is_erased_is_forgotten(tell: Send, person: MakePerson, actor: Actor, at: datetime) -> None:
    hoa = person("Lê Thị Hoá")
    gone = tell(
        to=Recipient(person_uuid=hoa.uuid, name="Lê Thị Hoá", email="hoa@example.vn", phone="0912345678")
    )
    kept = tell()
    erase_person(person=hoa, ground="request", by=actor, at=at)
    gone.refresh_from_db(), kept.refresh_from_db()
    assert (gone.name, gone.email, gone.phone, gone.subject, gone.text) == ("",) * 5
    assert ways(gone)["mail"] == "dropped"
    assert kept.name == "Lê Thị Hoá"


def test_what_was_overtaken_is_not_sent(tell: Send, actor: Actor, at: datetime) -> None:
    asked, apology = tell(), tell("apology")
    assert drop_waiting(about=("dossier", DOSSIER), templates=("supplement_asked",), by=actor, at=at) == 1
    assert ways(asked) == {"inbox": "sent", "mail": "dropped"}
    assert ways(apology)["mail"] == "waiting"
    assert Event.objects.filter(deed="messaging.drop").count() == 1
    assert drop_waiting(about=("dossier", DOSSIER), templates=("supplement_asked",), by=actor, at=at) == 0


def test_everything_told_about_a_dossier(
    tell: Send, thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime, django_assert_num_queries: Any
) -> None:
    tell(), tell("apology"), tell(about=("dossier", UUID(int=8)))
    rows = messages_about(actor, thuong_xuan, [DOSSIER], on=at.date())
    with django_assert_num_queries(2):
        found = [(each.template, len(each.deliveries.all())) for each in rows]
    assert found == [("apology", 2), ("supplement_asked", 2)]
    assert not messages_about(actor, village, [DOSSIER], on=at.date())
