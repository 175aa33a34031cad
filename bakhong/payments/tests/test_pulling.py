"""A broker that is asked fills what it left out; one that is silent, and balances that do not go on, ring."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from bakhong.payments.actions.pulling import asked_accounts, pull
from bakhong.payments.adapters.port import Missed, Silent, UnreadRow
from bakhong.payments.adapters.registry import feed_of
from bakhong.payments.adapters.sepay import SepayFeed
from bakhong.payments.adapters.simulator import Bank
from bakhong.payments.models import BankAccount, BankLine, Delivery, FeedAlarm
from bakhong.payments.tests.feed_world import bank, biller, everybody, listening, told, village, villages

__all__ = ["bank", "biller", "everybody", "listening", "village", "villages"]

pytestmark = pytest.mark.django_db
Listening = Callable[[str], BankAccount]


class Asked:
    """A feed that answers what it is given."""

    def __init__(self, answer: Missed | Silent) -> None:
        self.answer = answer

    def missed(self, number: str, *, cursor: str, since: date, until: date) -> Missed:
        if isinstance(self.answer, Silent):
            raise self.answer
        return self.answer

    def check(self, number: str) -> Any:
        raise AssertionError("a pull does not ask whether it could")


def test_it_stores_what_was_missing_and_where_it_stands(listening: Listening, at: datetime) -> None:
    account = listening("sepay")
    unread = UnreadRow("8", '{"id": "8", "transaction_date": "2027-01-01 07:00:00"}', "bad_day")
    answer = Missed((told(5000, "a", external_id="7"),), "8", (unread,))
    assert pull(account=account, feed=Asked(answer), at=at) == 1
    account.refresh_from_db()
    assert (account.feed_cursor, account.pulled_at) == ("8", at)
    assert FeedAlarm.objects.get().kind == "unreadable"  # of a day to come
    kept = Delivery.objects.get()
    assert (kept.source, kept.external_id, kept.state, kept.problem) == ("pull", "8", "failed", "bad_day")
    assert pull(account=account, feed=Asked(answer), at=at) == 0
    assert Delivery.objects.count() == 1


def test_a_list_as_long_as_lists_get_rings(listening: Listening, at: datetime) -> None:
    account = listening("sepay")
    pull(account=account, feed=Asked(Missed((told(5000, "a", external_id="7"),), "7", is_full=True)), at=at)
    assert FeedAlarm.objects.get().detail == "list_full"


def test_silence_rings_after_half_an_hour(listening: Listening, at: datetime) -> None:
    account = listening("sepay")
    for minutes, rings in ((10, False), (31, True)):
        pull(account=account, feed=Asked(Silent("http_500")), at=at + timedelta(minutes=minutes))
        assert FeedAlarm.objects.filter(kind="silent", detail="http_500").exists() is rings


def test_balances_that_do_not_go_on_ring_once(listening: Listening, at: datetime) -> None:
    account = listening("sepay")
    lines = (
        told(5000, "a", external_id="1", balance_after=105_000),
        told(5000, "b", external_id="3", balance_after=117_000),
    )
    for minutes in (0, 5, 120):
        pull(account=account, feed=Asked(Missed(lines, "3")), at=at + timedelta(minutes=minutes))
    assert list(FeedAlarm.objects.values_list("kind", "count")) == [("gap", 1)]
    late = told(7000, "c", external_id="2", balance_after=112_000)
    pull(account=account, feed=Asked(Missed((late,), "3")), at=at + timedelta(minutes=125))
    assert FeedAlarm.objects.count() == 1


def test_only_who_has_a_list_is_asked(listening: Listening, bank: BankAccount) -> None:
    one, other = listening("sepay"), listening("payos")
    assert asked_accounts(date(2026, 11, 22)) == [one, other]
    BankAccount.objects.filter(pk=one.pk).update(closed_on=date(2026, 10, 24))
    assert asked_accounts(date(2026, 11, 22)) == [one, other]  # its last movements may be told late
    assert asked_accounts(date(2026, 11, 24)) == [other]
    one.refresh_from_db()
    assert isinstance(feed_of(one), SepayFeed)
    assert feed_of(other) is None
    assert feed_of(bank) is None


@pytest.fixture
def server() -> Iterator[Any]:
    """A list of movements over HTTP; `server.answer` is what it says, `server.asked` what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, self.headers["Authorization"]))  # type: ignore[attr-defined]
            status, body = server.answer  # type: ignore[attr-defined]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_sepays_list_is_read_as_its_notifications_are(
    server: Any, listening: Listening, at: datetime
) -> None:
    account = listening("sepay")
    simulated = Bank(account.number, "key")
    for turn in range(3):
        simulated.move(1000 + turn, f"lan {turn}", at + timedelta(minutes=turn), "out" if turn == 2 else "in")
    rows = [simulated.listed(each) for each in simulated.book]
    server.answer = (
        200,
        json.dumps({"status": 200, "transactions": [*reversed(rows), {"id": "9"}, 5]}).encode(),
    )
    feed = SepayFeed(f"http://127.0.0.1:{server.server_port}", "token")
    missed = feed.missed(account.number, cursor="", since=date(2026, 11, 1), until=date(2026, 11, 23))
    assert [(each.direction, each.amount, each.content) for each in missed.told] == [
        ("in", 1000, "lan 0"), ("in", 1001, "lan 1"), ("out", 1002, "lan 2"),
    ]  # fmt: skip
    assert (missed.cursor, [(each.external_id, each.problem) for each in missed.unread]) == (
        "9",
        [("9", "no_account")],
    )
    feed.missed(account.number, cursor="9", since=date(2026, 11, 1), until=date(2026, 11, 23))
    (first, token), (second, _token) = server.asked
    assert token == "Bearer token"
    assert "transaction_date_min=2026-11-01" in first
    assert "since_id=9" in second
    assert pull(account=account, feed=feed, at=at) == 3
    assert BankLine.objects.filter(account=account).count() == 3


@pytest.mark.parametrize(
    "answer", [(500, b""), (200, b"<html>"), (200, b"[]"), (200, b"[" * 99_999), (302, b"")]
)
def test_any_other_answer_is_silence(server: Any, answer: tuple[int, bytes]) -> None:
    server.answer = answer
    feed = SepayFeed(f"http://127.0.0.1:{server.server_port}", "token")
    with pytest.raises(Silent):
        feed.missed("3500", cursor="", since=date(2026, 11, 1), until=date(2026, 11, 23))
    assert not feed.check("3500").ok
    with pytest.raises(Silent):
        SepayFeed("file:///etc/passwd", "token").missed(
            "3500", cursor="", since=date(2026, 11, 1), until=date(2026, 11, 23)
        )
