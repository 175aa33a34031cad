"""An account of a biller stands on no code before a second person has confirmed it: the deed, the trail, the message, the guards."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import Error, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.messaging.models import Message
from bakhong.payments.actions.bank_accounts import (
    approve_account,
    close_account,
    open_account,
    refuse_account,
)
from bakhong.payments.actions.billers import commune_biller, open_biller
from bakhong.payments.actions.charging import Owed, raise_charge
from bakhong.payments.actions.depositing import deposit
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.models import BankAccount, Biller, BillerKind, Charge, SuspenseItem
from bakhong.payments.queries.billers import account_for, waiting_accounts
from bakhong.payments.tests.accounts import SECOND, opened_account
from bakhong.payments.tests.feed_world import told
from bakhong.people.tests.conftest import everybody, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "staff", "village", "villages"]
Staff = Callable[[str, Unit], StaffActor]
NOTE = "Gọi kho bạc, quét thử đúng tên"
TOLD: dict[str, Any] = {"bank_bin": "970405", "number": "1500201012345", "holder": "UBND XA"}


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime, everybody: None) -> Biller:
    return commune_biller(thuong_xuan, at=at)


def owed(biller: Biller, **more: Any) -> Owed:
    return Owed(
        biller=biller, service="water", title="Tiền nước", amount=86_000, payer_name="An", village=biller.unit, **more
    )  # fmt: skip


def test_one_writes_it_down_and_another_confirms(
    biller: Biller, staff: Staff, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    accountant, chair = staff("accountant", thuong_xuan), staff("chair", thuong_xuan)
    old = opened_account(biller=biller, by=actor, at=at, **TOLD | {"number": "99887766"})
    asked = open_account(biller=biller, services=["water"], by=accountant, at=at, **TOLD)
    assert account_for(biller, "water") == old  # the new one takes nothing over yet
    assert [each.staff for each in Message.objects.filter(about=asked.uuid)] == [
        chair.id
    ]  # not who wrote it down
    assert waiting_accounts(chair, thuong_xuan) == [asked]
    assert waiting_accounts(accountant, thuong_xuan) == []
    with pytest.raises(NotAllowed):
        approve_account(account=asked, note=NOTE, by=accountant, at=at)
    with pytest.raises(NotAllowed):
        approve_account(account=asked, note=NOTE, by=staff("collector", thuong_xuan), at=at)
    with pytest.raises(Refusal):
        approve_account(account=asked, note=" ", by=chair, at=at)
    approve_account(account=asked, note=NOTE, by=chair, at=at)
    assert account_for(biller, "water") == asked
    event = Event.objects.get(deed="payments.approve_account", object_id=str(asked.uuid))
    assert (event.actor_id, event.place_id) == (chair.id, thuong_xuan.pk)
    assert Message.objects.filter(about=asked.uuid, staff=accountant.id).exists()
    with pytest.raises(Conflict):
        refuse_account(account=asked, note=NOTE, by=SECOND, at=at)


def test_what_is_refused_may_be_written_down_again(biller: Biller, actor: Actor, at: datetime) -> None:
    asked = open_account(biller=biller, by=actor, at=at, **TOLD)
    refused = refuse_account(account=asked, note="Không phải của xã", by=SECOND, at=at)
    assert refused.closed_on is not None
    assert account_for(biller, "water") is None
    again = opened_account(biller=biller, by=actor, at=at, **TOLD)
    close_account(account=again, by=actor, at=at)
    with pytest.raises(Conflict):
        approve_account(account=again, note=NOTE, by=SECOND, at=at)


def test_who_works_for_another_biller_confirms_nothing(
    biller: Biller, staff: Staff, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    board = open_biller(unit=thuong_xuan, kind=BillerKind.MARKET, name="Chợ", services=[], by=actor, at=at)
    theirs = staff("biller_accountant", thuong_xuan)
    asked = open_account(biller=board, by=actor, at=at, **TOLD)
    with pytest.raises(NotAllowed):
        approve_account(account=asked, note=NOTE, by=theirs, at=at)
    board.members.create(staff=theirs.id, label="A", duty="accountant", valid_from=at.date())
    assert approve_account(account=asked, note=NOTE, by=theirs, at=at).is_in_use


def test_what_comes_into_it_pays_nothing_and_no_cash_goes_there(
    biller: Biller, actor: Actor, at: datetime
) -> None:
    asked = open_account(biller=biller, by=actor, at=at, **TOLD)
    charge = raise_charge(owed=owed(biller), key=new_uuid(), by=actor, at=at)
    assert charge.account is None
    new = take_lines(account=asked, told=[told(charge.amount, charge.reference)], source="sepay", at=at).new
    match_lines(new, by=actor, at=at)
    assert SuspenseItem.objects.get().reason == "wrong_account"
    with pytest.raises(Refusal):
        deposit(biller=biller, account=asked, amount=1_000, key=new_uuid(), by=actor, at=at)
    with pytest.raises(Refusal):
        raise_charge(owed=owed(biller, account=asked), key=new_uuid(), by=actor, at=at)


def test_the_database_refuses_it_too(biller: Biller, actor: Actor, at: datetime) -> None:
    asked = open_account(biller=biller, by=actor, at=at, **TOLD)
    charge = raise_charge(owed=owed(biller), key=new_uuid(), by=actor, at=at)

    def past_us(**values: Any) -> None:
        with transaction.atomic():
            BankAccount.objects.filter(pk=asked.pk).update(**values)

    def charged() -> None:
        with transaction.atomic():
            made = Charge.objects.get(pk=charge.pk)
            made.pk, made.uuid, made.client_key, made.reference = None, new_uuid(), new_uuid(), "BKTEST1"
            made.account = asked
            made.save(force_insert=True)

    for wrong in (
        {"state": "open"},
        {"state": "open", "decided_at": at, "decided_by": asked.made_by},
        {"number": "12345678"},
        {"holder": "KE GIAN"},
        {"state": "refused", "decided_at": at, "decided_by": SECOND.id},
    ):
        with pytest.raises(Error):
            past_us(**wrong)
    with pytest.raises(Error, match="nobody confirmed"):
        charged()
    approve_account(account=asked, note=NOTE, by=SECOND, at=at)
    for wrong in ({"decided_by": "staff:other"}, {"state": "asked", "decided_at": None, "decided_by": ""}):
        with pytest.raises(Error):
            past_us(**wrong)
    charged()  # negative control: into the confirmed one it goes
    past_us(closed_on=at.date())


def test_the_operator_alone_is_one_person(biller: Biller, at: datetime) -> None:
    asked = open_account(biller=biller, by=OPERATOR, at=at, **TOLD)
    with pytest.raises(NotAllowed):
        approve_account(account=asked, note=NOTE, by=OPERATOR, at=at)
