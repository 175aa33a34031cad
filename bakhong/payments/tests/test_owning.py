"""Waiting money always has an owner who can act, who is told of it; what waits long is late."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from bakhong.accounts.models import Assignment
from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.messaging.models import Message
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.actions.owning import reassign_lost, tell_owners
from bakhong.payments.actions.suspense import assign
from bakhong.payments.models import BankAccount, Biller, SuspenseItem
from bakhong.payments.queries.suspense import open_since
from bakhong.payments.tasks import tell_of_a_given_item
from bakhong.payments.tests.feed_world import told
from bakhong.payments.tests.ledger_world import (
    accountant,
    bank,
    biller,
    everybody,
    staff,
    village,
    villages,
)
from bakhong.places.models import Unit

__all__ = ["accountant", "bank", "biller", "everybody", "staff", "village", "villages"]

pytestmark = pytest.mark.django_db
Staff = Callable[[str, Unit], StaffActor]


def wait(bank: BankAccount, by: StaffActor, at: datetime, count: int = 1) -> list[SuspenseItem]:
    lines = [told(7000, "tien nuoc") for _ in range(count)]
    match_lines(take_lines(account=bank, told=lines, source="sepay", at=at).new, by=by, at=at)
    return list(SuspenseItem.objects.order_by("pk"))


def leaves(who: StaffActor, on: date) -> None:
    Assignment.objects.filter(user=who.user).update(valid_to=on)


def test_who_left_passes_it_on(
    bank: BankAccount, accountant: StaffActor, thuong_xuan: Unit, staff: Staff, at: datetime
) -> None:
    wait(bank, accountant, at, 2)
    assert set(SuspenseItem.objects.values_list("owner", flat=True)) == {accountant.id}
    assert reassign_lost(at=at) == 0
    leaves(accountant, date(2026, 11, 22))
    assert reassign_lost(at=at) == 2  # nobody is there: the operator's, until somebody comes
    assert set(SuspenseItem.objects.values_list("owner", flat=True)) == {"operator"}
    Assignment.objects.filter(user=accountant.user).update(valid_to=None)
    assert reassign_lost(at=at) == 2
    assert set(SuspenseItem.objects.values_list("owner", flat=True)) == {accountant.id}
    assert Event.objects.filter(deed="payments.reassign_suspense").count() == 2


def test_what_is_closed_stays_whose_it_was(bank: BankAccount, accountant: StaffActor, at: datetime) -> None:
    (item,) = wait(bank, accountant, at)
    SuspenseItem.objects.filter(pk=item.pk).update(amount=0, outcome="explained", closed_at=at)
    leaves(accountant, date(2026, 11, 22))
    assert reassign_lost(at=at) == 0


def test_owners_are_told_once_a_day_of_what_is_new(
    bank: BankAccount, accountant: StaffActor, at: datetime
) -> None:
    wait(bank, accountant, at, 3)
    later = at + timedelta(hours=20)
    assert [tell_owners(at=later), tell_owners(at=later)] == [1, 1]
    message = Message.objects.get(template="suspense_given")
    assert (message.staff, message.subject) == (accountant.id, "3 dòng tiền chờ bạn xử lý")
    assert tell_owners(at=at + timedelta(hours=44)) == 0  # nothing new


def test_whoever_is_given_one_is_told(
    bank: BankAccount, biller: Biller, accountant: StaffActor, actor: StaffActor, at: datetime
) -> None:
    (item,) = wait(bank, accountant, at)
    assign(item=item, owner=accountant.user, by=accountant, at=at)
    assert asked() == 0  # one's own
    assign(item=item, owner=accountant.user, by=actor, at=at)
    assert asked() == 1
    tell_of_a_given_item.func(str(item.uuid))
    assert Message.objects.get().staff == accountant.id


def asked() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'payments.tell_given'")
        return int((cursor.fetchone() or [0])[0])


def test_what_waits_longer_than_seven_working_days_is_counted_for_the_chair(
    bank: BankAccount, biller: Biller, accountant: StaffActor, at: datetime
) -> None:
    wait(bank, accountant, at)
    assert open_since(biller, date(2026, 11, 21)) == 0
    assert open_since(biller, date(2026, 11, 22)) == 1
