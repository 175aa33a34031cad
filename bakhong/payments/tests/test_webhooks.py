"""A broker's notification: proved, kept, answered, worked on later; everybody else learns nothing and is told of."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR, Actor
from bakhong.messaging.models import Message
from bakhong.payments.actions.alarms import see_alarm, tell_alarms
from bakhong.payments.actions.deliveries import take_deliveries
from bakhong.payments.models import BankAccount, BankLine, Biller, Charge, Delivery, FeedAlarm
from bakhong.payments.queries.feeds import open_alarms
from bakhong.payments.rules.webhooks import BadDelivery, payos, sepay
from bakhong.payments.tests.feed_world import (
    KEY,
    MakeFee,
    bank,
    biller,
    dumped,
    everybody,
    fee,
    in_the_bank,
    listening,
    payos_body,
    sepay_body,
    signed,
    village,
    villages,
    waiting,
)
from bakhong.people import scope as people

__all__ = ["bank", "biller", "everybody", "fee", "listening", "village", "villages"]

pytestmark = pytest.mark.django_db
Listening = Callable[[str], BankAccount]
APIKEY = {"Authorization": f"Apikey {KEY}"}


def send(account: BankAccount, body: object, *, source: str = "", **headers: str) -> Any:
    content = body if isinstance(body, bytes) else dumped(body)
    path = f"/payments/webhook/{source or account.feed}/{account.uuid}/"
    return Client().post(path, content, content_type="application/json", headers=headers)


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'payments.take_deliveries'")
        return int((cursor.fetchone() or [0])[0])


def test_it_keeps_a_notification_and_pays_the_charge_later(
    listening: Listening, fee: MakeFee, at: datetime
) -> None:
    account = listening("sepay")
    charge = fee(200_000, account=account)
    answer = send(account, sepay_body(account, 200_000, charge.reference), **APIKEY)
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert BankLine.objects.count() == 0  # nothing is done before it is answered
    assert take_deliveries(at=at) == 1
    charge.refresh_from_db()
    assert charge.state == "paid"


def test_payos_and_sepays_signature_prove_the_sender(
    listening: Listening, fee: MakeFee, at: datetime
) -> None:
    account, other = listening("payos"), listening("sepay")
    assert send(account, payos_body(account, 5000, fee(5000, account=account).reference)).status_code == 200
    body = dumped(sepay_body(other, 7000, fee(7000, account=other).reference))
    assert send(other, body, **signed(body, int(time.time()))).status_code == 200
    take_deliveries(at=at)
    assert set(Charge.objects.values_list("state", flat=True)) == {"paid"}


@pytest.mark.parametrize(
    "forge",
    [
        lambda body: (body, {}),
        lambda body: (body, {"Authorization": f"Apikey {KEY}x"}),
        lambda body: (body, {"Authorization": "Apikey "}),
        lambda body: (body, {"Authorization": KEY}),
        lambda body: (body, {"Authorization": "Apikey khoá"}),
        lambda body: (body + b" ", signed(body, int(time.time()))),
        lambda body: (body, signed(body, int(time.time()) - 301)),
        lambda body: (body, signed(body, int(time.time())) | {"X-SePay-Timestamp": "9" * 30}),
        lambda body: (body, {"X-SePay-Signature": "sha256="}),
    ],
)
def test_who_cannot_prove_it_is_refused_counted_and_told_of(
    listening: Listening, biller: Biller, forge: Any, actor: Actor, at: datetime
) -> None:
    account = listening("sepay")
    body, headers = forge(dumped(sepay_body(account, 200_000)))
    for _ in range(3):
        answer = send(account, body, **headers)
        assert (answer.status_code, answer.json()) == (401, {"success": False})
    assert Delivery.objects.count() == 0
    alarm = FeedAlarm.objects.get()
    assert (alarm.kind, alarm.count) == ("forged", 3)
    assert [tell_alarms(at=at), tell_alarms(at=at)] == [1, 0]
    assert Message.objects.get().template == "feed_alarm"
    see_alarm(alarm=alarm, by=actor, at=at)
    assert not FeedAlarm.objects.filter(seen_at=None).exists()


def test_a_changed_byte_of_payos_is_forged(listening: Listening) -> None:
    account = listening("payos")
    body = payos_body(account, 200)
    body["data"]["amount"] = 200_000
    assert send(account, body).status_code == 401
    del body["signature"]
    assert send(account, body).status_code == 401


def test_an_account_without_a_key_trusts_nobody(listening: Listening) -> None:
    account = listening("sepay")
    account.feed_secret = None
    account.save()
    assert send(account, sepay_body(account), Authorization="Apikey ").status_code == 401


def test_another_account_or_broker_is_nowhere(listening: Listening, bank: BankAccount) -> None:
    account = listening("sepay")
    assert send(account, sepay_body(account), source="payos", **APIKEY).status_code == 404
    assert send(bank, sepay_body(bank), source="sepay", **APIKEY).status_code == 404
    assert send(bank, sepay_body(bank), source="statement", **APIKEY).status_code == 404
    assert Client().get(f"/payments/webhook/sepay/{account.uuid}/").status_code == 405


HOSTILE = [
    b"", b"\x00", b"\xff\xfe", b"[]", b"1", b'"a"', b"{", b"{}", b"null", b"[" * 50_000, b'{"a":' * 10_000, b'{"id": NaN}',
    b'{"id": 1e999}', b'{"id": ' + b"9" * 5000 + b"}", b'{"id": "\\ud800"}', b'{"id": "\\u0000"}', b'{"id": "a\\u0000"}',
    b'{"id": 1, "accountNumber": "%s", "transferType": "in"}', b"\xef\xbb\xbf{}", b'{"data": 1}', b'{"data": {"a": [1, {"b": 2}]}}',
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE)
@pytest.mark.parametrize("source", ["sepay", "payos"])
def test_hostile_bodies_never_break_it(listening: Listening, body: bytes, source: str, at: datetime) -> None:
    account = listening(source)
    answer = send(account, body.replace(b"%s", account.number.encode()), **APIKEY)
    assert answer.status_code in (200, 400, 401)
    take_deliveries(at=at)
    assert BankLine.objects.count() == 0
    assert not Delivery.objects.filter(state="new").exists()
    assert FeedAlarm.objects.exists()


FIELDS: list[dict[str, Any]] = [
    {"transferAmount": -200_000}, {"transferAmount": 0}, {"transferAmount": "200.5"}, {"transferAmount": True},
    {"transferAmount": [200_000]}, {"transferAmount": 10**13}, {"transferAmount": 10**400}, {"transferAmount": "２００"},
    {"transferAmount": None}, {"transferType": "IN"}, {"transferType": None}, {"transactionDate": "2026-13-22 09:00:00"},
    {"transactionDate": "2026-11-24 09:00:00"}, {"transactionDate": "22/11/2026"}, {"transactionDate": 0}, {"id": {}}, {"id": ""},
]  # fmt: skip


@pytest.mark.parametrize("changed", FIELDS)
def test_impossible_values_are_set_aside(listening: Listening, changed: dict[str, Any], at: datetime) -> None:
    account = listening("sepay")
    assert send(account, sepay_body(account, **changed), **APIKEY).status_code == 200
    take_deliveries(at=at)
    assert BankLine.objects.count() == 0
    assert Delivery.objects.get().state == "failed"
    assert FeedAlarm.objects.get().kind == "unreadable"


def test_a_large_body_is_refused(listening: Listening) -> None:
    account = listening("sepay")
    assert send(account, b" " * (64 * 1024 + 1), **APIKEY).status_code == 413


def test_strange_letters_in_a_note_are_kept_as_what_can_be_kept(
    listening: Listening, biller: Biller, at: datetime
) -> None:
    account = listening("sepay")
    body = json.dumps(sepay_body(account, 5000, "a\u0000b\ud800c" + "x" * 3000)).encode()
    assert send(account, body, **APIKEY).status_code == 200
    take_deliveries(at=at)
    line = BankLine.objects.get()
    assert (line.content[:5], len(line.content)) == ("a b c", 500)
    assert waiting(biller) == [("no_reference", 5000)]


def test_repeats_are_one_and_a_burst_asks_once(listening: Listening, fee: MakeFee, at: datetime) -> None:
    account = listening("sepay")
    body = sepay_body(account, 200_000, fee(200_000, account=account).reference)
    for _ in range(50):
        assert send(account, body, **APIKEY).status_code == 200
    assert (Delivery.objects.count(), jobs()) == (1, 1)
    take_deliveries(at=at)
    assert in_the_bank(account) == 200_000


def test_the_same_id_with_another_body_is_told_of_and_pays_nothing(
    listening: Listening, fee: MakeFee, at: datetime
) -> None:
    account = listening("sepay")
    charge = fee(200_000, account=account)
    body = sepay_body(account, 200, charge.reference)
    send(account, body, **APIKEY)
    send(account, body | {"transferAmount": 200_000}, **APIKEY)
    send(
        account, body | {"gateway": "another word"}, **APIKEY
    )  # tells the same movement: no reason to worry anybody
    take_deliveries(at=at)
    assert list(Delivery.objects.order_by("pk").values_list("state", "problem")) == [
        ("done", ""), ("failed", "other_body"), ("done", ""),
    ]  # fmt: skip
    assert FeedAlarm.objects.get().kind == "other_body"
    assert in_the_bank(account) == 200
    charge.refresh_from_db()
    assert charge.state == "open"


def test_of_another_account_or_unpaid_is_nobodys_business(listening: Listening, at: datetime) -> None:
    account, other = listening("sepay"), listening("payos")
    send(account, sepay_body(account, accountNumber="999999999"), **APIKEY)
    send(other, payos_body(other, accountNumber="12345678"))  # how payOS tries an address
    take_deliveries(at=at)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"ignored"}
    assert not FeedAlarm.objects.exists()


def test_what_cannot_be_stored_holds_up_nobody(
    listening: Listening, fee: MakeFee, at: datetime, monkeypatch: Any
) -> None:
    from bakhong.payments.actions import deliveries

    account = listening("sepay")
    charge = fee(200_000, account=account)
    send(account, sepay_body(account, 1), **APIKEY)
    send(account, sepay_body(account, 200_000, charge.reference), **APIKEY)
    take_lines = deliveries.take_lines

    def broken(**asked: Any) -> Any:
        if any(each.amount == 1 for each in asked["told"]):
            raise ValueError
        return take_lines(**asked)

    monkeypatch.setattr(deliveries, "take_lines", broken)
    take_deliveries(at=at)
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["done", "failed"]
    assert FeedAlarm.objects.get().detail == "error"


def test_the_accountant_sees_alarms_of_their_biller_only(
    listening: Listening, biller: Biller, staff_of: Any
) -> None:
    account = listening("sepay")
    send(account, sepay_body(account))
    accountant, stranger = staff_of
    assert open_alarms(accountant, biller).count() == 1
    assert open_alarms(stranger, biller).count() == 0


@pytest.fixture
def staff_of(thuong_xuan: Any, at: datetime) -> Any:
    """The accountants of two communes."""
    from bakhong.accounts.models import Assignment, User
    from bakhong.accounts.permissions import StaffActor
    from bakhong.core.days import day_of
    from bakhong.places.models import Unit

    ngoc_phung = Unit.objects.filter(level="commune").exclude(pk=thuong_xuan.pk).earliest("pk")
    found = []
    for turn, unit in enumerate((thuong_xuan, ngoc_phung)):
        user = User.objects.create(email=f"accountant{turn}@example.vn", name="Kế toán")
        Assignment.objects.create(user=user, role="accountant", place=unit, valid_from=day_of(at))
        found.append(StaffActor(user, day_of(at)))
    return found


def test_readers_say_what_a_body_tells() -> None:
    from types import SimpleNamespace

    account: Any = SimpleNamespace(number="35001")
    one = sepay(json.dumps(sepay_body(account, "200000.00", "tien nuoc", accumulated=905_000)), "35001")
    assert (one.amount, one.balance_after, one.booked_at and one.booked_at.isoformat()) == (
        200_000, 905_000, "2026-11-22T09:00:00+07:00",
    )  # fmt: skip
    assert payos(json.dumps(payos_body(account, 5000, "a")), "35001").payer_name == "LE VAN AN"
    with pytest.raises(BadDelivery):
        payos("{}", "35001")


def test_the_task_takes_all_that_waits(listening: Listening, fee: MakeFee) -> None:
    account = listening("sepay")
    for _ in range(3):
        send(account, sepay_body(account, 5000, fee(5000, account=account).reference), **APIKEY)
    app.tasks["payments.take_deliveries"]()
    assert in_the_bank(account) == 15_000


def test_the_webhooks_own_connection_sees_one_billers_money_and_nobody(
    listening: Listening, app_role: str, at: datetime
) -> None:
    """As the restricted role, without the worker's sight of everybody."""
    account = listening("sepay")
    people.close()
    assert send(account, sepay_body(account), **APIKEY).status_code == 200
    assert send(account, sepay_body(account)).status_code == 401
    assert Delivery.objects.count() == 0  # not after it has answered
    with people.seeing(OPERATOR):
        assert (Delivery.objects.count(), FeedAlarm.objects.count()) == (1, 1)
        take_deliveries(at=at)
        assert BankLine.objects.count() == 1
