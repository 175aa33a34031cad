"""Codes of stalls: given out, sealed, looked at; who hears of a wrong one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.messaging.models import Channel, Delivery, Message
from bakhong.payments.actions.stall_accounts import approve_account_change, ask_account_change
from bakhong.payments.actions.stalls import close_stall
from bakhong.payments.actions.stickers import (
    check_in_public,
    check_sticker,
    is_sealed,
    issue_sticker,
    issue_stickers,
    settle_alarm,
)
from bakhong.payments.models import Stall, Sticker, StickerCheck, Verdict
from bakhong.payments.queries.stickers import checks_at, open_alarms
from bakhong.payments.rules.vietqr import encode
from bakhong.payments.tests.stalls import ACCOUNT, BIN, HOLDER, OTHER, a_market, a_stall
from bakhong.people import scope
from bakhong.people.tests.conftest import everybody, staff, village, villages  # noqa: F401
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]
FORGED = encode(bank_bin=BIN, account=OTHER)


@pytest.fixture
def stall(village: Unit, thuong_xuan: Unit, at: datetime) -> Stall:  # noqa: F811
    return a_stall(village, at, market=a_market(thuong_xuan, at))


@pytest.fixture
def card(stall: Stall, at: datetime) -> Sticker:
    return issue_sticker(stall=stall, by=OPERATOR, at=at)


@pytest.fixture
def volunteer(staff: Staff, village: Unit) -> StaffActor:  # noqa: F811
    return staff("digital_team_member", village)


@pytest.fixture
def secretary(staff: Staff, thuong_xuan: Unit) -> StaffActor:  # noqa: F811
    return staff("dx_secretary", thuong_xuan)


def look(
    scanned: str, stall: Stall | None, by: StaffActor, unit: Unit, at: datetime, **more: object
) -> StickerCheck:
    key = more.get("key", new_uuid())
    return check_sticker(
        stall=stall,
        unit=unit,
        scanned=scanned,
        among=Stall.objects.all(),
        key=key,
        by=by,
        at=at,  # type: ignore[arg-type]
    )


def test_it_gives_out_a_sealed_code_once(stall: Stall, card: Sticker, at: datetime) -> None:
    assert card.payload == encode(bank_bin=BIN, account=ACCOUNT)
    assert is_sealed(card)
    assert issue_sticker(stall=stall, by=OPERATOR, at=at) == card
    assert issue_stickers(stalls=[stall], by=OPERATOR, at=at) == [card]


def test_a_new_one_ends_the_one_before(stall: Stall, card: Sticker, at: datetime) -> None:
    fresh = issue_sticker(stall=stall, why="thẻ ướt", by=OPERATOR, at=at)
    card.refresh_from_db()
    assert (card.ended_at, card.ended_why) == (at, "thẻ ướt")
    assert fresh.seal_code != card.seal_code
    assert stall.stickers.filter(ended_at=None).count() == 1


def test_it_gives_none_to_a_stall_without_account_nor_by_who_may_only_check(
    village: Unit,  # noqa: F811
    stall: Stall,
    volunteer: StaffActor,
    at: datetime,
) -> None:
    with pytest.raises(Refusal):
        issue_sticker(stall=a_stall(village, at, code="B1", account=""), by=OPERATOR, at=at)
    with pytest.raises(NotAllowed):
        issue_sticker(stall=stall, by=volunteer, at=at)


def test_a_row_that_was_written_past_us_is_not_sealed(card: Sticker) -> None:
    card.payload = FORGED
    assert not is_sealed(card)


def test_what_was_printed_stays_in_the_database(card: Sticker) -> None:
    for told in ({"payload": FORGED}, {"seal_code": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Sticker.objects.filter(pk=card.pk).update(**told)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE payments_sticker DISABLE TRIGGER payments_keep"
        )
    assert Sticker.objects.filter(pk=card.pk).update(payload=FORGED) == 1  # negative control


def test_the_right_code_alarms_nobody(
    stall: Stall,
    card: Sticker,
    volunteer: StaffActor,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    reprint = encode(bank_bin=BIN, account=ACCOUNT, name="LE THI HOA")
    found = [look(each, stall, volunteer, village, at).verdict for each in (card.payload, reprint)]
    assert found == [Verdict.GENUINE, Verdict.EQUIVALENT]
    assert look(card.payload, None, volunteer, village, at).stall == stall
    assert not Message.objects.exists()


def test_a_wrong_code_alarms_the_seller_and_the_commune_at_once(
    stall: Stall,
    card: Sticker,
    volunteer: StaffActor,
    secretary: StaffActor,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    scope.open_to([village.pk])  # all that a member of a village's team sees
    found = look(FORGED, stall, volunteer, village, at)
    scope.open_to(None)
    assert (found.verdict, found.differences, found.alarmed_at) == (Verdict.CHANGED, ["account"], at)
    assert (found.by, found.sticker) == (volunteer.id, card)
    seller = Message.objects.get(template="sticker_alarm")
    assert (seller.holder, seller.phone, seller.made_at) == (stall.uuid, "0912345678", at)
    assert Delivery.objects.filter(message=seller, channel=Channel.CALL, next_at=at).exists()
    assert Message.objects.get(template="sticker_alarm_staff").staff == secretary.id
    assert not any(
        OTHER in each or ACCOUNT in each for each in Message.objects.values_list("text", flat=True)
    )


@pytest.mark.parametrize(
    ("scanned", "verdict"),
    [
        (encode(bank_bin="970422", account=ACCOUNT), Verdict.CHANGED),
        (encode(bank_bin=BIN, account=ACCOUNT, amount=200_000), Verdict.CHANGED),
        (FORGED[:-1] + "0", Verdict.CHANGED),
        ("https://nhan-tien.example", Verdict.UNREADABLE),
        ("0" * 900, Verdict.UNREADABLE),
    ],
)
def test_all_that_is_not_the_stall_s_alarms(
    scanned: str,
    verdict: str,
    stall: Stall,
    card: Sticker,
    volunteer: StaffActor,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    found = look(scanned, stall, volunteer, village, at)
    assert found.verdict == verdict
    assert found.alarmed_at == at


def test_a_code_nobody_registered_is_unknown_and_no_alarm(
    stall: Stall,
    volunteer: StaffActor,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    found = look(FORGED, None, volunteer, village, at)
    assert (found.verdict, found.stall, found.alarmed_at) == (Verdict.UNKNOWN, None, None)
    bare = a_stall(village, at, code="B1", account="")
    assert look(FORGED, bare, volunteer, village, at).verdict == Verdict.UNKNOWN


def test_the_old_account_s_card_is_told_from_a_forged_one(
    stall: Stall,
    card: Sticker,
    secretary: StaffActor,
    staff: Staff,  # noqa: F811
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    change = ask_account_change(
        stall=stall, bank_bin=BIN, account=OTHER, holder=HOLDER, why="nhờ", by=secretary, at=at
    )
    approve_account_change(change=change, note="đã gọi", by=staff("specialist", thuong_xuan), at=at)
    stall.refresh_from_db()
    for where in (stall, None):
        found = look(card.payload, where, secretary, thuong_xuan, at)
        assert (found.verdict, found.alarmed_at) == (Verdict.ENDED, at)


def test_a_look_sent_twice_is_one(
    stall: Stall,
    card: Sticker,
    volunteer: StaffActor,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    key = new_uuid()
    made = [look(FORGED, stall, volunteer, village, at, key=key) for _ in range(2)]
    assert made[0] == made[1]
    assert Message.objects.filter(template="sticker_alarm").count() == 1
    with pytest.raises(Conflict):
        look(card.payload, stall, volunteer, village, at, key=key)


def test_an_alarm_waits_until_somebody_settles_it_with_a_note(
    stall: Stall,
    card: Sticker,
    volunteer: StaffActor,
    secretary: StaffActor,
    village: Unit,  # noqa: F811
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    found = look(FORGED, stall, volunteer, village, at)
    alarms = open_alarms(checks_at(secretary, thuong_xuan, secretary.on))
    assert list(alarms) == [found]
    with pytest.raises(NotAllowed):
        settle_alarm(check=found, note="xong", by=volunteer, at=at)
    with pytest.raises(Refusal):
        settle_alarm(check=found, note=" ", by=secretary, at=at)
    settle_alarm(check=found, note="đã gỡ mã lạ", by=secretary, at=at)
    assert not alarms.all().exists()
    with pytest.raises(Conflict):
        settle_alarm(check=found, note="lần nữa", by=secretary, at=at)


# --- anybody ---------------------------------------------------------------------------------------------------------


def test_anybody_is_told_whether_a_code_is_right_and_nothing_is_kept(
    stall: Stall, card: Sticker, at: datetime
) -> None:
    scope.close()  # a public page sees nobody
    right = check_in_public(scanned=card.payload, at=at)
    sealed = check_in_public(scanned=card.payload, seal=card.seal_code.lower(), at=at)
    strange = check_in_public(scanned=FORGED, at=at)
    assert not Stall.objects.exists()  # and still does not
    scope.open_to(None)
    assert (right.verdict, sealed.verdict) == (Verdict.GENUINE, Verdict.GENUINE)
    assert right.stall == stall
    assert (strange.verdict, strange.stall) == (Verdict.UNKNOWN, None)
    assert not StickerCheck.objects.exists()


def test_a_card_with_another_code_pasted_over_alarms_once_a_day_and_names_nobody(
    stall: Stall, card: Sticker, at: datetime
) -> None:
    for _ in range(3):
        assert check_in_public(scanned=FORGED, seal=card.seal_code, at=at).verdict == Verdict.CHANGED
    assert Message.objects.filter(template="sticker_alarm").count() == 1
    (kept,) = StickerCheck.objects.all()
    assert (kept.by, kept.by_label) == ("public", "Người dân")
    check_in_public(scanned=FORGED, seal=card.seal_code, at=at + timedelta(days=2))
    assert Message.objects.filter(template="sticker_alarm").count() == 2


def test_an_ended_or_made_up_seal_is_told(stall: Stall, card: Sticker, at: datetime) -> None:
    fresh = issue_sticker(stall=stall, why="mất", by=OPERATOR, at=at)
    assert check_in_public(scanned=fresh.payload, seal=card.seal_code, at=at).verdict == Verdict.ENDED
    assert check_in_public(scanned=fresh.payload, seal="QBF56-WQNT4", at=at).verdict == Verdict.UNKNOWN
    with pytest.raises(Refusal):
        check_in_public(scanned=fresh.payload, seal="QBF56-WQNT5", at=at)
    with pytest.raises(Refusal):
        check_in_public(scanned=" ", at=at)
    assert not StickerCheck.objects.exists()


def test_a_link_pasted_over_a_card_alarms_and_a_gone_stall_s_card_does_not(
    stall: Stall, card: Sticker, at: datetime
) -> None:
    check_in_public(scanned="https://nhan-tien.example", seal=card.seal_code, at=at)
    assert Message.objects.filter(template="sticker_alarm").count() == 1
    later = at + timedelta(days=5)
    close_stall(stall=stall, ended_on=later.date(), by=OPERATOR, at=later)
    assert check_in_public(scanned=card.payload, at=later).verdict == Verdict.ENDED
    assert Message.objects.filter(template="sticker_alarm").count() == 1
