"""The inbox of the staff: read by whoever it is for, whatever their role; seen is what they say they saw."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import connection

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.messaging.actions import Recipient, note_seen
from bakhong.messaging.models import Delivery, Message
from bakhong.messaging.own import own_inbox
from bakhong.messaging.queries import staff_inbox, unseen
from bakhong.messaging.tests.conftest import Send
from bakhong.people import scope
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]


def titles(actor: StaffActor) -> list[UUID]:
    with own_inbox(actor):
        return [each.message.uuid for each in staff_inbox(actor.id)]


def test_who_sees_no_resident_still_reads_what_they_were_told(
    tell: Send, thuong_xuan: Unit, staff: Staff
) -> None:
    reader, other = staff("biller_accountant", thuong_xuan), staff("accountant", thuong_xuan)
    told = tell("due_soon", to=Recipient(actor_id=reader.id))
    tell("result_ready")
    scope.open_to(scope.villages_of(reader))
    assert not Message.objects.exists()
    assert titles(reader) == [told.uuid]
    assert titles(other) == []
    with own_inbox(reader):
        assert Message.objects.count() == Delivery.objects.count() == 1
    assert not Message.objects.exists()
    with connection.cursor() as cursor:  # negative control
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("messaging_message", "messaging_delivery"):
            cursor.execute(f"DROP POLICY reader ON {table}")
    assert titles(reader) == []


def test_somebody_without_an_account_has_no_inbox(tell: Send) -> None:
    tell("result_ready")
    with own_inbox(OPERATOR):
        assert not Message.objects.exists()
    assert not staff_inbox("").exists()


def test_it_counts_as_seen_by_who_it_is_for(
    tell: Send, thuong_xuan: Unit, staff: Staff, at: datetime
) -> None:
    reader, other = staff("accountant", thuong_xuan), staff("chair", thuong_xuan)
    first = tell("due_soon", to=Recipient(actor_id=reader.id))
    second = tell("overdue", to=Recipient(actor_id=reader.id))
    assert note_seen(messages=[first.uuid], by=other, at=at) == 0
    assert note_seen(messages=[first.uuid], by=reader, at=at) == 1
    assert note_seen(messages=[first.uuid], by=reader, at=at) == 0
    with own_inbox(reader):
        assert [each.message.uuid for each in unseen(reader.id)] == [second.uuid]
    assert Event.objects.filter(deed="messaging.note_seen", object_id=str(first.uuid)).count() == 1
