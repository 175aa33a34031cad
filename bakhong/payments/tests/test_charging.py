"""A charge is raised once for a key, says who owes what, and is withdrawn while nobody has paid it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.billers import commune_biller, open_biller
from bakhong.payments.actions.charging import (
    Owed,
    name_helper,
    raise_charge,
    raise_charges,
    withdraw_charge,
)
from bakhong.payments.models import BankAccount, Biller, BillerKind, Charge, ChargeState, Method
from bakhong.payments.queries.charges import charge_by_reference, helper_of, payload_of, qr_svg
from bakhong.payments.rules.references import is_reference
from bakhong.payments.rules.vietqr import decode
from bakhong.payments.signals import charge_reopened
from bakhong.payments.tests.accounts import opened_account
from bakhong.people.tests.conftest import MakePerson, everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "staff", "village", "villages"]
KEY = UUID(int=7)


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime, everybody: None) -> Biller:
    return commune_biller(thuong_xuan, at=at)


@pytest.fixture
def account(biller: Biller, actor: Actor, at: datetime) -> BankAccount:
    return opened_account(
        biller=biller,
        bank_bin="970405",
        number="1500 2010 12345",
        holder="UBND xã Thường Xuân",
        by=actor,
        at=at,
    )


@pytest.fixture
def owed(biller: Biller, village: Unit) -> Owed:
    return Owed(
        biller=biller,
        service="water",
        title="Tiền nước tháng 11/2026",
        amount=86_000,
        payer_name="Lê Thị Hoá",
        village=village,
        period=date(2026, 11, 15),
        due_on=date(2026, 12, 10),
    )


def test_it_raises_a_charge(owed: Owed, account: BankAccount, actor: Actor, at: datetime) -> None:
    charge = raise_charge(owed=owed, key=KEY, by=actor, at=at)
    charge.refresh_from_db()
    assert is_reference(charge.reference)
    assert charge.purpose == f"{charge.reference} Tien nuoc"
    assert (charge.account, charge.state, charge.period) == (account, ChargeState.OPEN, date(2026, 11, 1))
    code = decode(payload_of(charge))
    assert (code.bank_bin, code.account, code.amount) == ("970405", "1500201012345", 86_000)
    assert code.dynamic
    assert code.purpose == charge.purpose
    assert qr_svg(payload_of(charge)).startswith("<svg")


def test_it_leaves_a_trace_without_a_word_about_the_person(owed: Owed, actor: Actor, at: datetime) -> None:
    charge = raise_charge(owed=owed, key=KEY, by=actor, at=at)
    event = Event.objects.get(deed="payments.raise_charge")
    assert (event.object_id, event.place_id) == (str(charge.uuid), owed.village.pk)
    assert "Hoá" not in str(event.details)


def test_the_same_key_and_words_give_the_first(owed: Owed, actor: Actor, at: datetime) -> None:
    first = raise_charge(owed=owed, key=KEY, by=actor, at=at)
    again = raise_charge(owed=owed, key=KEY, by=actor, at=at + timedelta(days=30))
    assert again == first
    assert Charge.objects.count() == 1
    assert Event.objects.filter(deed="payments.raise_charge").count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 86_001},
        {"service": "environment"},
        {"title": "Tiền nước tháng 12/2026"},
        {"payer_name": "Lê Thị Hoà"},
        {"payer_phone": "0912345678"},
        {"customer_code": "KH2"},
        {"period": date(2026, 12, 1)},
        {"due_on": None},
        {"about": ("stall", UUID(int=1))},
        {"words": "nuoc"},
    ],
)
def test_the_same_key_with_other_words_is_a_conflict(
    owed: Owed, other: dict[str, Any], actor: Actor, at: datetime
) -> None:
    raise_charge(owed=owed, key=KEY, by=actor, at=at)
    with pytest.raises(Conflict):
        raise_charge(owed=replace(owed, **other), key=KEY, by=actor, at=at)
    assert Charge.objects.count() == 1


def test_another_person_is_another_body(owed: Owed, person: MakePerson, actor: Actor, at: datetime) -> None:
    raise_charge(owed=replace(owed, person=person("Lê Thị Hoá")), key=KEY, by=actor, at=at)
    with pytest.raises(Conflict):
        raise_charge(owed=replace(owed, person=person("Lê Thị Hoá")), key=KEY, by=actor, at=at)


def test_many_at_once_are_all_or_none(owed: Owed, actor: Actor, at: datetime) -> None:
    keys = [new_uuid() for _ in range(3)]
    made = raise_charges(owed=[(key, owed) for key in keys], by=actor, at=at)
    assert [each.client_key for each in made] == keys
    assert len({each.reference for each in made}) == 3
    with pytest.raises(Refusal):
        raise_charges(owed=[(new_uuid(), owed), (new_uuid(), replace(owed, amount=0))], by=actor, at=at)
    assert Charge.objects.count() == 3
    more = raise_charges(owed=[(keys[1], owed), (new_uuid(), owed)], by=actor, at=at)
    assert more[0].pk == made[1].pk
    assert Charge.objects.count() == 4


def test_one_key_twice_in_a_list_is_one_charge_or_a_conflict(owed: Owed, actor: Actor, at: datetime) -> None:
    first, second = raise_charges(owed=[(KEY, owed), (KEY, owed)], by=actor, at=at)
    assert first == second
    other = new_uuid()
    with pytest.raises(Conflict):
        raise_charges(owed=[(other, owed), (other, replace(owed, amount=1))], by=actor, at=at)
    assert Charge.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -5},
        {"amount": 10**13},
        {"service": "bribes"},
        {"title": " "},
        {"payer_name": ""},
        {"payer_name": "a" * 121},
        {"title": "a\x00b"},
        {"customer_code": "9" * 31},
    ],
)
def test_it_refuses_what_cannot_be_owed(
    owed: Owed, wrong: dict[str, Any], actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal):
        raise_charge(owed=replace(owed, **wrong), key=KEY, by=actor, at=at)


def test_it_refuses_a_payer_of_another_commune(
    owed: Owed, thanh_hoa: Unit, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal):
        raise_charge(owed=replace(owed, village=thanh_hoa), key=KEY, by=actor, at=at)


def test_it_refuses_who_may_not_charge(
    owed: Owed, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        raise_charge(owed=owed, key=KEY, by=staff("chair", thuong_xuan), at=at)
    assert raise_charge(owed=owed, key=KEY, by=staff("accountant", thuong_xuan), at=at)


def test_a_biller_of_its_own_is_for_its_members(
    owed: Owed, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    board = open_biller(
        unit=thuong_xuan, kind=BillerKind.MARKET, name="Chợ Mẫu", services=["market"], by=actor, at=at
    )
    with pytest.raises(NotAllowed):
        raise_charge(
            owed=replace(owed, biller=board, service="market"),
            key=KEY,
            by=staff("accountant", thuong_xuan),
            at=at,
        )


def test_it_is_paid_into_the_account_of_its_service(
    owed: Owed, account: BankAccount, biller: Biller, actor: Actor, at: datetime
) -> None:
    water = opened_account(
        biller=biller, bank_bin="970436", number="0011001", holder="UBND", services=["water"], by=actor, at=at
    )
    assert raise_charge(owed=owed, key=new_uuid(), by=actor, at=at).account == water
    other = raise_charge(owed=replace(owed, service="other"), key=new_uuid(), by=actor, at=at)
    assert other.account == account


def test_without_an_account_there_is_no_code(owed: Owed, actor: Actor, at: datetime) -> None:
    charge = raise_charge(owed=owed, key=KEY, by=actor, at=at)
    assert charge.account is None
    assert payload_of(charge) == ""


def test_it_is_found_by_its_reference_however_that_is_typed(owed: Owed, actor: Actor, at: datetime) -> None:
    charge = raise_charge(owed=owed, key=KEY, by=actor, at=at)
    mangled = f"{charge.reference[:5].lower()} {charge.reference[5:]}"
    assert charge_by_reference(mangled) == charge
    assert charge_by_reference("BK0000000000000") is None
    assert charge_by_reference("") is None


def test_it_is_withdrawn_with_a_reason(owed: Owed, actor: Actor, at: datetime) -> None:
    heard = []

    def hear(charge: Charge, **_: object) -> None:
        heard.append(charge.state)

    charge_reopened.connect(hear)
    charge = raise_charge(owed=owed, key=KEY, by=actor, at=at)
    with pytest.raises(Refusal):
        withdraw_charge(charge=charge, why="  ", by=actor, at=at)
    withdraw_charge(charge=charge, why="Lập nhầm hộ", by=actor, at=at)
    again = withdraw_charge(charge=charge, why="Lập nhầm hộ", by=actor, at=at)
    assert (again.state, again.withdrawn_why) == (ChargeState.WITHDRAWN, "Lập nhầm hộ")
    assert heard == [ChargeState.WITHDRAWN]
    assert payload_of(again) == ""


def test_the_last_helper_named_counts(owed: Owed, actor: Actor, at: datetime) -> None:
    charge = raise_charge(owed=owed, key=KEY, by=actor, at=at)
    assert helper_of(charge) is None
    name_helper(charge=charge, name="Trần Văn Bốn", relation="hàng xóm", is_staff=False, by=actor, at=at)
    name_helper(charge=charge, name="Trần Thị Năm", relation="con gái", is_staff=False, by=actor, at=at)
    helper = helper_of(charge)
    assert helper is not None
    assert helper.name == "Trần Thị Năm"
    withdraw_charge(charge=charge, why="nhầm", by=actor, at=at)
    with pytest.raises(Conflict):
        name_helper(charge=charge, name="Ai Đó", relation="", is_staff=False, by=actor, at=at)


def test_helpers_are_not_written_without_end(owed: Owed, actor: Actor, at: datetime) -> None:
    """Whoever holds the code may name somebody, signed in or not."""
    charge = raise_charge(owed=owed, key=KEY, by=actor, at=at)

    def name(text: str) -> None:
        name_helper(charge=charge, name=text, relation="", is_staff=False, by=actor, at=at)

    for _time in range(3):
        name("Trần Văn Bốn")
    assert charge.helpers.count() == 1
    for number in range(9):
        name(f"Người {number}")
    name("Người 8")  # the one that counts already
    with pytest.raises(Refusal, match="nhiều lần"):
        name("Người 9")
    assert charge.helpers.count() == 10


def test_nothing_here_makes_it_paid(owed: Owed, actor: Actor, at: datetime) -> None:
    """Not even an UPDATE in the database: only settlements of its whole amount do."""
    charge = raise_charge(owed=owed, key=KEY, by=actor, at=at)
    with pytest.raises(IntegrityError):
        _pay_by_hand(charge, at)


def _pay_by_hand(charge: Charge, at: datetime) -> None:
    with transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(state=ChargeState.PAID, method=Method.TRANSFER, paid_at=at)
        connection.check_constraints()
