"""What is odd about a feed reaches somebody who can read it, and do something."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor
from bakhong.messaging.models import Channel, Message
from bakhong.payments.actions.alarms import raise_alarm, tell_alarms
from bakhong.payments.models import AlarmKind, BankAccount, Biller, BillerMember
from bakhong.payments.queries.owners import NOBODY, owner_of, told_of
from bakhong.payments.tests.ledger_world import (
    account_of,
    bank,
    biller,
    biller_of,
    everybody,
    staff,
    village,
    villages,
)
from bakhong.places.models import Unit

__all__ = ["bank", "biller", "everybody", "staff", "village", "villages"]

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
Staff = Callable[[str, Unit], StaffActor]


@pytest.fixture
def market(thuong_xuan: Unit, at: datetime, everybody: None) -> Biller:
    return biller_of(thuong_xuan, at, kind="market", name="Chợ Cửa Đạt", services=["market"])


def member(biller: Biller, who: StaffActor) -> BillerMember:
    return BillerMember.objects.create(
        biller=biller, staff=who.id, label=who.label, duty="accountant", valid_from=date(2026, 1, 1)
    )


def ways(kind: AlarmKind, account: BankAccount, at: datetime) -> list[tuple[str, str]]:
    """(whom, by which way) of what is told about one alarm."""
    raise_alarm(account=account, kind=kind, at=at)
    tell_alarms(at=at)
    rows = Message.objects.filter(about=account.uuid).order_by("pk")
    return [(each.staff, way.channel) for each in rows for way in each.deliveries.order_by("pk")]


def test_grave_ones_come_by_mail_too(
    bank: BankAccount, staff: Staff, thuong_xuan: Unit, at: datetime
) -> None:
    who = staff("accountant", thuong_xuan)
    User.objects.filter(pk=who.user.pk).update(email="ketoan@example.vn")
    assert ways(AlarmKind.FORGED, bank, at) == [(who.id, Channel.INBOX), (who.id, Channel.MAIL)]


def test_others_stand_on_the_page_alone(
    bank: BankAccount, staff: Staff, thuong_xuan: Unit, at: datetime
) -> None:
    who = staff("accountant", thuong_xuan)
    assert ways(AlarmKind.SILENT, bank, at) == [(who.id, Channel.INBOX)]


def test_of_a_biller_nobody_keeps_whoever_manages_billers_is_told(
    market: Biller, staff: Staff, thuong_xuan: Unit, at: datetime
) -> None:
    chair = staff("chair", thuong_xuan)
    assert owner_of(market, DAY) == NOBODY
    assert [each.id for each in told_of(market, DAY)] == [chair.id]
    accountant = staff("accountant", thuong_xuan)
    assert ways(AlarmKind.SILENT, account_of(market, at), at) == [(accountant.id, Channel.INBOX)]


def test_whoever_cannot_do_it_any_more_is_passed_over(
    market: Biller, staff: Staff, thuong_xuan: Unit
) -> None:
    first, second = (staff(role, thuong_xuan) for role in ("biller_accountant", "accountant"))
    for each in (first, second):
        member(market, each)
    assert owner_of(market, DAY).id == first.id
    # The role ended, the membership did not.
    Assignment.objects.filter(user=first.user).update(valid_to=date(2026, 11, 1))
    assert owner_of(market, DAY).id == second.id
    User.objects.filter(pk=second.user.pk).update(is_active=False)
    assert owner_of(market, DAY) == NOBODY
