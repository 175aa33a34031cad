"""The register of markets and stalls, and the account that takes two people to change."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.messaging.models import Channel, Delivery, Message
from bakhong.payments.actions.stall_accounts import (
    approve_account_change,
    ask_account_change,
    refuse_account_change,
    set_first_account,
)
from bakhong.payments.actions.stalls import (
    Facts,
    change_stall,
    close_market,
    close_stall,
    open_market,
    open_stall,
)
from bakhong.payments.actions.stickers import issue_sticker
from bakhong.payments.models import AccountChange, Stall
from bakhong.payments.permissions import CHECK_STALLS
from bakhong.payments.queries.stalls import Sought, narrowed, stalls_at, stalls_for
from bakhong.payments.tests.stalls import ACCOUNT, BIN, HOLDER, OTHER, a_market, a_stall
from bakhong.people import scope
from bakhong.people.actions import add_organisation
from bakhong.people.models import Organisation
from bakhong.people.tests.conftest import everybody, staff, village, villages  # noqa: F401
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]


@pytest.fixture
def stall(village: Unit, thuong_xuan: Unit, at: datetime) -> Stall:  # noqa: F811
    return a_stall(village, at, market=a_market(thuong_xuan, at))


@pytest.fixture
def clerk(staff: Staff, thuong_xuan: Unit) -> StaffActor:  # noqa: F811
    return staff("dx_secretary", thuong_xuan)


@pytest.fixture
def second(staff: Staff, thuong_xuan: Unit) -> StaffActor:  # noqa: F811
    return staff("specialist", thuong_xuan)


def wish(stall: Stall, by: StaffActor, at: datetime) -> AccountChange:
    return ask_account_change(
        stall=stall, bank_bin=BIN, account=OTHER, holder=HOLDER, why="chủ hàng đến nhờ", by=by, at=at
    )


def test_it_opens_a_stall_with_its_organisation_and_leaves_a_trace(stall: Stall) -> None:
    assert stall.organisation.name == "Tạp hoá Hoá"
    assert Event.objects.filter(deed="payments.open_stall", object_id=str(stall.uuid)).exists()
    assert ACCOUNT not in str(list(Event.objects.values_list("details", flat=True)))


def test_it_takes_the_organisation_of_that_name_instead_of_a_second_one(
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    known = add_organisation(
        village=village, kind="household_business", name="Tạp  hoá Hoá", by=OPERATOR, at=at
    )
    assert a_stall(village, at).organisation == known
    assert a_stall(village, at, code="B1").organisation == known
    assert Organisation.objects.count() == 1


def test_it_opens_one_stall_of_one_form(village: Unit, at: datetime) -> None:  # noqa: F811
    key, facts = new_uuid(), Facts(code="A1", owner_name="Lê Thị Hoá")
    made = [open_stall(village=village, facts=facts, key=key, by=OPERATOR, at=at) for _ in range(2)]
    assert made[0] == made[1]
    with pytest.raises(Conflict):
        open_stall(village=village, facts=Facts(code="A2", owner_name="Ba"), key=key, by=OPERATOR, at=at)


def test_it_refuses_two_stalls_of_one_number_and_two_markets_of_one_name(stall: Stall, at: datetime) -> None:
    assert stall.market is not None
    with pytest.raises(Conflict):
        a_stall(stall.village, at, market=stall.market)
    with pytest.raises(Conflict):
        open_market(unit=stall.market.unit, name=stall.market.name, by=OPERATOR, at=at)


@pytest.mark.parametrize(
    "facts",
    [
        Facts(code="", owner_name="An"),
        Facts(code="A1", owner_name=" "),
        Facts(code="A1", owner_name="x" * 200),
        Facts(code="A1", owner_name="An\x00"),
        Facts(code="A1", owner_name="An", monthly_fee=0),
        Facts(code="A1", owner_name="An", monthly_fee=-5),
        Facts(code="A1", owner_name="An", monthly_fee=10**14),
    ],
)
def test_it_refuses_what_is_no_stall(facts: Facts, village: Unit, at: datetime) -> None:  # noqa: F811
    with pytest.raises(Refusal):
        open_stall(village=village, facts=facts, by=OPERATOR, at=at)
    assert not Stall.objects.exists()


def test_it_refuses_who_may_only_look(stall: Stall, staff: Staff, thuong_xuan: Unit, at: datetime) -> None:  # noqa: F811
    for role in ("accountant", "collector", "chair"):
        with pytest.raises(NotAllowed):
            change_stall(
                stall=stall,
                facts=Facts(code="A1", owner_name="An"),
                market=None,
                by=staff(role, thuong_xuan),
                at=at,
            )


def test_it_shows_stalls_to_whom_they_concern(
    stall: Stall,
    staff: Staff,  # noqa: F811
    thuong_xuan: Unit,
    villages: list[Unit],  # noqa: F811
) -> None:
    assert list(stalls_for(staff("accountant", thuong_xuan))) == [stall]
    assert not stalls_for(staff("commune_police", thuong_xuan)).exists()
    assert list(stalls_for(staff("collector", villages[0]), CHECK_STALLS)) == [stall]
    assert not stalls_for(staff("collector", villages[1]), CHECK_STALLS).exists()


def test_the_database_shows_no_stall_of_another_village(stall: Stall) -> None:
    scope.open_to([stall.village_id])
    assert Stall.objects.count() == 1
    scope.open_to([stall.village_id + 1])
    assert Stall.objects.count() == 0


def test_it_closes_a_stall_and_its_card_and_then_its_market(stall: Stall, at: datetime) -> None:
    assert stall.market is not None
    with pytest.raises(Refusal, match="còn điểm bán"):
        close_market(market=stall.market, by=OPERATOR, at=at)
    sticker = issue_sticker(stall=stall, by=OPERATOR, at=at)
    later = at + timedelta(days=3)
    closed = close_stall(stall=stall, ended_on=later.date(), by=OPERATOR, at=later)
    sticker.refresh_from_db()
    assert closed.valid_to == later.date()
    assert sticker.ended_at == later
    assert close_market(market=stall.market, by=OPERATOR, at=later).valid_to is not None
    with pytest.raises(Refusal, match="đã nghỉ"):
        issue_sticker(stall=stall, by=OPERATOR, at=later)


def test_it_finds_stalls_by_word_and_by_what_they_lack(
    stall: Stall,
    village: Unit,  # noqa: F811
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    bare = a_stall(village, at, code="B2", account="", owner="Trần Văn Bé")
    rows = stalls_at(OPERATOR, thuong_xuan, date(2026, 11, 22))
    assert list(narrowed(rows, Sought(text="hoa"))) == [stall, bare]  # both are called "Tạp hoá Hoá"
    assert list(narrowed(rows, Sought(text="tran van be"))) == [bare]
    assert list(narrowed(rows, Sought(lacks="account"))) == [bare]
    assert list(narrowed(rows, Sought(lacks="card"))) == [stall, bare]
    issue_sticker(stall=stall, by=OPERATOR, at=at)
    assert list(narrowed(rows, Sought(lacks="card"))) == [bare]


# --- the account -----------------------------------------------------------------------------------------------------


def test_the_first_account_is_written_down_once(stall: Stall, at: datetime) -> None:
    same = set_first_account(
        stall=stall, bank_bin=BIN, account="1500 2010 12345", holder=HOLDER, by=OPERATOR, at=at
    )
    assert same.account == ACCOUNT
    with pytest.raises(Conflict):
        set_first_account(stall=stall, bank_bin=BIN, account=OTHER, holder=HOLDER, by=OPERATOR, at=at)


@pytest.mark.parametrize(
    ("bank_bin", "account", "holder"),
    [("000000", ACCOUNT, HOLDER), (BIN, "12-34", HOLDER), (BIN, "1" * 20, HOLDER), (BIN, ACCOUNT, "")],
)
def test_it_refuses_what_is_no_account(
    bank_bin: str,
    account: str,
    holder: str,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    bare = a_stall(village, at, account="")
    with pytest.raises(Refusal):
        set_first_account(stall=bare, bank_bin=bank_bin, account=account, holder=holder, by=OPERATOR, at=at)


def test_another_account_waits_for_a_second_person_and_everybody_hears_of_it(
    stall: Stall,
    clerk: StaffActor,
    second: StaffActor,
    staff: Staff,  # noqa: F811
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    chair = staff("chair", thuong_xuan)
    card = issue_sticker(stall=stall, by=clerk, at=at)
    change = wish(stall, clerk, at)
    stall.refresh_from_db()
    assert stall.account == ACCOUNT
    assert Message.objects.filter(template="stall_account_asked", holder=stall.uuid).count() == 1
    assert Delivery.objects.filter(channel=Channel.CALL, message__template="stall_account_asked").count() == 1
    told = set(Message.objects.filter(template="stall_account_staff").values_list("staff", flat=True))
    assert told == {clerk.id, second.id, chair.id}

    approve_account_change(change=change, note="đã gọi chủ hàng", by=second, at=at)
    stall.refresh_from_db()
    card.refresh_from_db()
    assert stall.account == OTHER
    assert card.ended_at is not None
    assert Message.objects.filter(template="stall_account_changed").count() == 1
    assert not any(
        OTHER in each or ACCOUNT in each for each in Message.objects.values_list("text", flat=True)
    )


def test_whoever_asked_does_not_decide(stall: Stall, clerk: StaffActor, at: datetime) -> None:
    change = wish(stall, clerk, at)
    for deed in (approve_account_change, refuse_account_change):
        with pytest.raises(NotAllowed):
            deed(change=change, note="tự xác nhận", by=clerk, at=at)
    stall.refresh_from_db()
    assert stall.account == ACCOUNT


def test_the_database_too_wants_two_people(stall: Stall, clerk: StaffActor, at: datetime) -> None:
    """Negative control: without the action in between."""
    change = wish(stall, clerk, at)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountChange.objects.filter(pk=change.pk).update(
            state="approved", decided_at=at, decided_by=clerk.id
        )
    for told in ({"account": OTHER}, {"account": ""}, {"bank_bin": "970422"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Stall.objects.filter(pk=stall.pk).update(**told)


def test_a_wish_is_decided_once(stall: Stall, clerk: StaffActor, second: StaffActor, at: datetime) -> None:
    change = wish(stall, clerk, at)
    with pytest.raises(Conflict):
        wish(stall, second, at)
    with pytest.raises(Refusal):
        refuse_account_change(change=change, note=" ", by=second, at=at)
    refuse_account_change(change=change, note="chủ hàng không nhờ", by=second, at=at)
    with pytest.raises(Conflict):
        approve_account_change(change=change, note="đã hỏi", by=second, at=at)
    stall.refresh_from_db()
    assert stall.account == ACCOUNT


def test_a_wish_has_a_reason(stall: Stall, clerk: StaffActor, at: datetime) -> None:
    with pytest.raises(Refusal):
        ask_account_change(stall=stall, bank_bin=BIN, account=OTHER, holder=HOLDER, why="", by=clerk, at=at)
    with pytest.raises(Refusal):
        ask_account_change(
            stall=stall, bank_bin=BIN, account=ACCOUNT, holder=HOLDER, why="x", by=clerk, at=at
        )


def _reopened(stall: Stall, clerk: StaffActor, at: datetime, **more: str) -> Stall:
    close_stall(stall=stall, ended_on=(at + timedelta(days=1)).date(), by=clerk, at=at)
    facts = Facts(**({"code": stall.code, "owner_name": stall.owner_name, "name": stall.name} | more))
    return open_stall(village=stall.village, facts=facts, market=stall.market, by=clerk, at=at)


@pytest.mark.parametrize(
    "more",
    [{}, {"code": "a12", "owner_name": "Người Khác", "name": "Quán khác"}, {"code": "B7"}],
    ids=["same", "number", "seller"],
)
def test_closing_and_opening_again_is_no_way_round_the_second_person(
    stall: Stall, clerk: StaffActor, second: StaffActor, at: datetime, more: dict[str, str]
) -> None:
    again = _reopened(stall, clerk, at, **more)
    for _time in range(2):
        again = set_first_account(stall=again, bank_bin=BIN, account=OTHER, holder=HOLDER, by=clerk, at=at)
        assert again.account == ""
    change = again.account_changes.get(state="asked")
    with pytest.raises(NotAllowed):
        approve_account_change(change=change, note="đã hỏi", by=clerk, at=at)
    assert Message.objects.filter(template="stall_account_asked").exists()
    approve_account_change(change=change, note="đã hỏi chủ hàng", by=second, at=at)
    again.refresh_from_db()
    assert again.account == OTHER


def test_the_same_account_or_one_of_long_ago_takes_one_person(
    stall: Stall, clerk: StaffActor, at: datetime
) -> None:
    again = _reopened(stall, clerk, at)
    assert set_first_account(
        stall=again, bank_bin=BIN, account=ACCOUNT, holder=HOLDER, by=clerk, at=at
    ).account
    later = at + timedelta(days=400)
    new = _reopened(again, clerk, at + timedelta(days=2))
    assert set_first_account(
        stall=new, bank_bin=BIN, account=OTHER, holder=HOLDER, by=clerk, at=later
    ).account
