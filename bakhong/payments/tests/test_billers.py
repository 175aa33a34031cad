"""Who collects, into which account, and who works for them: set up by the commune's accountant, one of each, with a trace."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.bank_accounts import close_account, set_feed
from bakhong.payments.actions.billers import (
    add_member,
    close_biller,
    commune_biller,
    end_member,
    open_biller,
)
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.charging import Owed, raise_charge, withdraw_charge
from bakhong.payments.actions.suspense import explain, suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import Biller, BillerKind, Charge
from bakhong.payments.permissions import COLLECT, VIEW, billers_for
from bakhong.payments.queries.billers import account_for, managed_by, members_of
from bakhong.payments.queries.charges import charge_by_reference, payload_of
from bakhong.payments.sealed import CannotOpen, unseal
from bakhong.payments.tests.accounts import opened_account
from bakhong.payments.tests.ledger_world import line_of
from bakhong.people import scope
from bakhong.people.tests.conftest import everybody, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "staff", "village", "villages"]
Staff = Callable[[str, Unit], StaffActor]


def board_of(unit: Unit, by: Actor, at: datetime, **more: Any) -> Biller:
    told = {"kind": BillerKind.MARKET, "name": "Ban quản lý chợ Mẫu", "services": ["market"]}
    return open_biller(unit=unit, by=by, at=at, **(told | more))


def test_it_opens_a_biller(staff: Staff, thuong_xuan: Unit, at: datetime) -> None:
    made = board_of(thuong_xuan, staff("accountant", thuong_xuan), at)
    assert (made.kind, made.services, made.valid_to) == ("market", ["market"], None)
    event = Event.objects.get(deed="payments.open_biller")
    assert (event.object_id, event.place_id) == (str(made.uuid), thuong_xuan.pk)


def test_one_name_once(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    made = board_of(thuong_xuan, actor, at)
    with pytest.raises(Conflict):
        board_of(thuong_xuan, actor, at)
    close_biller(biller=made, by=actor, at=at)
    assert board_of(thuong_xuan, actor, at)


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 201}, {"services": ["bribes"]}])
def test_it_refuses_what_makes_no_sense(
    thuong_xuan: Unit, wrong: dict[str, Any], actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal):
        board_of(thuong_xuan, actor, at, **wrong)


@pytest.mark.parametrize("role", ["one_stop_officer", "biller_accountant", "collector", "chair"])
def test_only_the_commune_s_accountant_sets_up(
    staff: Staff, thuong_xuan: Unit, role: str, actor: Actor, at: datetime
) -> None:
    by = staff(role, thuong_xuan)
    with pytest.raises(NotAllowed):
        board_of(thuong_xuan, by, at)
    board = board_of(thuong_xuan, actor, at)
    with pytest.raises(NotAllowed):
        opened_account(biller=board, bank_bin="970405", number="12345678", holder="A", by=by, at=at)
    assert not managed_by(by, thuong_xuan, at.date()).exists()


def test_setting_up_shows_no_money(staff: Staff, thuong_xuan: Unit, at: datetime) -> None:
    by = staff("accountant", thuong_xuan)
    board = board_of(thuong_xuan, by, at)
    assert board in managed_by(by, thuong_xuan, at.date())
    assert board not in billers_for(by, VIEW)


def test_the_commune_is_made_once(thuong_xuan: Unit, at: datetime) -> None:
    one, other = commune_biller(thuong_xuan, at=at), commune_biller(thuong_xuan, at=at)
    assert one == other
    assert one.name == "Uỷ ban nhân dân xã Thường Xuân"
    assert "dossier_fee" in one.services


@pytest.mark.django_db(transaction=True)
def test_the_commune_is_made_once_by_many_at_once(thuong_xuan: Unit, at: datetime) -> None:
    barrier = Barrier(6)
    made: list[int] = []

    def work() -> None:
        barrier.wait()
        made.append(commune_biller(thuong_xuan, at=at).pk)
        connection.close()

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert set(made) == {Biller.objects.get().pk}


def test_an_account_is_one_biller_s(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    one = commune_biller(thuong_xuan, at=at)
    other = board_of(thuong_xuan, actor, at)
    told = {"bank_bin": "970405", "number": "1500 2010 12345", "holder": "UBND", "by": actor, "at": at}
    made = opened_account(biller=one, **told)
    assert made.number == "1500201012345"
    with pytest.raises(Conflict):
        opened_account(biller=other, **told)
    close_account(account=made, by=actor, at=at)
    assert opened_account(biller=other, **told)
    assert account_for(one, "water") is None
    with pytest.raises(Refusal):
        opened_account(biller=one, **{**told, "number": "12"})


def test_a_key_is_sealed_for_its_account(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    biller = commune_biller(thuong_xuan, at=at)
    told = {"bank_bin": "970405", "holder": "UBND", "by": actor, "at": at}
    one = opened_account(
        biller=biller, number="11111111", feed="sepay", feed_secret="rat-kin-0123456789", **told
    )
    other = opened_account(biller=biller, number="22222222", **told)
    assert one.feed_secret is not None
    assert b"rat-kin-0123456789" not in bytes(one.feed_secret)
    assert unseal(one.feed_secret, f"payments_bankaccount.feed:{one.uuid}") == "rat-kin-0123456789"
    with pytest.raises(CannotOpen):
        unseal(one.feed_secret, f"payments_bankaccount.feed:{other.uuid}")
    set_feed(account=one, feed="sepay", url="https://example.vn", by=actor, at=at)
    one.refresh_from_db()
    assert one.feed_secret is not None
    set_feed(account=one, feed="statement", secret="", by=actor, at=at)
    assert one.feed_secret is None
    assert not [each for each in Event.objects.all() if "rat-kin-0123456789" in str(each.details)]


def test_somebody_works_for_a_biller_from_today(
    staff: Staff, thuong_xuan: Unit, village: Unit, thanh_hoa: Unit, actor: Actor, at: datetime
) -> None:
    board = board_of(thuong_xuan, actor, at)
    theirs = staff("biller_accountant", thuong_xuan)
    told = {"biller": board, "staff": theirs.user, "by": actor, "at": at}
    assert board not in billers_for(theirs, VIEW)
    member = add_member(duty="accountant", villages=[village.pk], **told)
    assert board in billers_for(theirs, VIEW)
    assert list(members_of(board, at.date())) == [member]
    with pytest.raises(Conflict):
        add_member(duty="accountant", villages=[], **told)
    with pytest.raises(Refusal):
        add_member(duty="collector", villages=[thanh_hoa.pk], **told)
    end_member(member=member, by=actor, at=at)
    assert board not in billers_for(theirs, VIEW)


def test_who_keeps_the_books_of_another_sees_nothing_of_the_commune_s(
    staff: Staff, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    own, board = commune_biller(thuong_xuan, at=at), board_of(thuong_xuan, actor, at)
    for role, duty in (("biller_accountant", "accountant"), ("collector", "collector")):
        theirs = staff(role, thuong_xuan)
        add_member(biller=board, staff=theirs.user, duty=duty, villages=[], by=actor, at=at)
        assert list(billers_for(theirs, COLLECT)) == [board]
    assert own in billers_for(
        staff("accountant", thuong_xuan), COLLECT
    )  # negative control: the commune's own does


def test_who_has_no_such_role_cannot_work_for_it(
    staff: Staff, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    board = board_of(thuong_xuan, actor, at)
    with pytest.raises(Refusal):
        add_member(
            biller=board,
            staff=staff("chair", thuong_xuan).user,
            duty="accountant",
            villages=[],
            by=actor,
            at=at,
        )


def owed_to(biller: Biller, unit: Unit) -> Owed:
    return Owed(biller=biller, service="other", title="Quỹ", amount=5, payer_name="An", village=unit)


def test_it_is_not_closed_while_somebody_owes_it(
    thuong_xuan: Unit, everybody: None, actor: Actor, at: datetime
) -> None:
    biller = commune_biller(thuong_xuan, at=at)
    charge = raise_charge(owed=owed_to(biller, thuong_xuan), key=new_uuid(), by=actor, at=at)
    with pytest.raises(Conflict):
        close_biller(biller=biller, by=actor, at=at)
    withdraw_charge(charge=charge, why="nhầm", by=actor, at=at)
    closed = close_biller(biller=biller, by=actor, at=at)
    with pytest.raises(Refusal):
        raise_charge(owed=owed_to(closed, thuong_xuan), key=new_uuid(), by=actor, at=at)


def test_it_is_not_closed_with_money_in_it_and_its_accounts_close_with_it(
    thuong_xuan: Unit, everybody: None, actor: Actor, at: datetime
) -> None:
    biller = commune_biller(thuong_xuan, at=at)
    told = {"bank_bin": "970405", "number": "12345678", "holder": "A", "by": actor, "at": at}
    bank = opened_account(biller=biller, **told)
    line = line_of(bank, at)
    line.save(force_insert=True)
    item = suspend([(line, "unknown", None)], by=actor, at=at)[0]
    with pytest.raises(Conflict, match="tiền chờ xử lý"):
        close_biller(biller=biller, by=actor, at=at)
    explain(item=item, why="Lãi tiền gửi", by=actor, at=at)
    cash = raise_charge(owed=owed_to(biller, thuong_xuan), key=new_uuid(), by=actor, at=at)
    take_cash(charge=cash, key=new_uuid(), by=actor, at=at)
    with pytest.raises(Conflict, match="tiền mặt tại quầy"):
        close_biller(biller=biller, by=actor, at=at)
    undo = cash.settlements.get()
    take_back(settlement=undo, why="Nhầm", by=actor, at=at)
    withdraw_charge(charge=cash, why="Nhầm", by=actor, at=at)
    close_biller(biller=biller, by=actor, at=at)
    bank.refresh_from_db()
    assert bank.closed_on is not None
    assert opened_account(biller=board_of(thuong_xuan, actor, at), **told)  # who comes after may use it


def test_a_closed_account_stands_on_no_code(
    thuong_xuan: Unit, everybody: None, actor: Actor, at: datetime
) -> None:
    biller = commune_biller(thuong_xuan, at=at)
    account = opened_account(biller=biller, bank_bin="970405", number="12345678", holder="A", by=actor, at=at)
    charge = raise_charge(owed=owed_to(biller, thuong_xuan), key=new_uuid(), by=actor, at=at)
    assert payload_of(charge)
    close_account(account=account, by=actor, at=at)
    found = charge_by_reference(charge.reference)
    assert found is not None
    assert payload_of(found) == ""


def test_a_deed_of_another_room_raises_one_where_nobody_is_seen(thuong_xuan: Unit, at: datetime) -> None:
    """A resident's page sees no biller; the deed that asked for its own permission does it all the same, and shows nothing after."""
    scope.close()
    biller = commune_biller(thuong_xuan, at=at)
    made = raise_charge(
        owed=owed_to(biller, thuong_xuan), key=new_uuid(), by=OPERATOR, at=at, permission=None
    )
    assert not Charge.objects.exists()
    assert charge_by_reference(made.reference) == made
    assert not Charge.objects.exists()


@pytest.mark.parametrize("key", ["khoá có dấu nhưng đủ dài", "x", "ngan", "0123456789abcdef x", "  "])
def test_a_key_that_no_request_can_carry_or_anybody_guesses_is_refused(
    thuong_xuan: Unit, actor: Actor, at: datetime, key: str
) -> None:
    with pytest.raises(Refusal):
        opened_account(
            biller=board_of(thuong_xuan, actor, at), bank_bin="970405", number="12345678", holder="A",
            feed="sepay", feed_secret=key, by=actor, at=at,
        )  # fmt: skip
