"""Notifications come by the hundred a second: two statements each, and what a process remembers of an account never outlives a change."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from bakhong.payments import scope
from bakhong.payments.actions import deliveries
from bakhong.payments.actions.deliveries import AccountChanged, accept_delivery
from bakhong.payments.models import BankAccount, Delivery, FeedAlarm
from bakhong.payments.sealed import seal
from bakhong.payments.tests.feed_world import (
    KEY,
    bank,
    biller,
    everybody,
    listening,
    sepay_body,
    village,
    villages,
)
from bakhong.payments.tests.test_webhooks import APIKEY, Listening, jobs, send
from bakhong.payments.views import webhooks

__all__ = ["bank", "biller", "everybody", "listening", "village", "villages"]

pytestmark = pytest.mark.django_db
Counting = Callable[[int], Any]
NEW = {"Authorization": "Apikey another-key"}


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    webhooks._KNOWN.clear()
    yield
    webhooks._KNOWN.clear()


@pytest.fixture
def heard(listening: Listening) -> BankAccount:
    """An account whose broker was believed before, and whose worker was asked."""
    account = listening("sepay")
    assert send(account, sepay_body(account), **APIKEY).status_code == 200
    return account


def _get_another_key(account: BankAccount) -> None:
    sealed = seal("another-key", f"payments_bankaccount.feed:{account.uuid}")
    BankAccount.objects.filter(pk=account.pk).update(feed_secret=sealed)


def _setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.billers', true)")
        return str((cursor.fetchone() or [""])[0])


def test_it_takes_two_statements(heard: BankAccount, django_assert_num_queries: Counting) -> None:
    body = sepay_body(heard)
    for _again in range(2):
        with django_assert_num_queries(2):
            assert send(heard, body, **APIKEY).status_code == 200
    assert (Delivery.objects.count(), jobs()) == (2, 1)


def test_without_what_is_known_it_takes_more(heard: BankAccount, django_assert_num_queries: Counting) -> None:
    """Negative control."""
    webhooks._KNOWN.clear()
    with django_assert_num_queries(3):
        assert send(heard, sepay_body(heard), **APIKEY).status_code == 200


def test_a_changed_key_holds_at_once(heard: BankAccount) -> None:
    _get_another_key(heard)
    assert send(heard, sepay_body(heard), **APIKEY).status_code == 401
    assert (Delivery.objects.count(), FeedAlarm.objects.get().kind) == (1, "forged")
    assert send(heard, sepay_body(heard), **NEW).status_code == 200
    assert send(heard, sepay_body(heard), **APIKEY).status_code == 401
    assert Delivery.objects.count() == 2


def test_without_the_look_at_the_key_the_old_one_would_be_believed(
    heard: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: it is the statement that stores which knows that the key was changed."""
    look = "feed_secret IS NOT DISTINCT FROM %(secret)s"
    assert look in deliveries._KEEP
    monkeypatch.setattr(deliveries, "_KEEP", deliveries._KEEP.replace(look, "true"))
    _get_another_key(heard)
    assert send(heard, sepay_body(heard), **APIKEY).status_code == 200
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("change", [{"closed_on": "2026-01-01"}, {"feed": "payos"}, {"feed": "statement"}])
def test_an_account_that_listens_no_more_is_nowhere_at_once(
    heard: BankAccount, change: dict[str, str]
) -> None:
    BankAccount.objects.filter(pk=heard.pk).update(**change)
    assert send(heard, sepay_body(heard), source="sepay", **APIKEY).status_code == 404
    assert Delivery.objects.count() == 1


def test_what_is_forged_is_never_known(listening: Listening) -> None:
    account = listening("sepay")
    assert send(account, sepay_body(account), Authorization=f"Apikey {KEY}x").status_code == 401
    assert webhooks._KNOWN == {}


def test_what_is_known_does_not_grow_without_end(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = listening("sepay")
    monkeypatch.setattr(webhooks, "_MOST_KNOWN", 2)
    for turn in range(5):
        webhooks._remember(BankAccount(uuid=f"{turn}"), "")
    assert send(account, sepay_body(account), **APIKEY).status_code == 200
    assert account.uuid in webhooks._KNOWN
    assert len(webhooks._KNOWN) <= 2


def test_a_stale_account_keeps_nothing(heard: BankAccount, at: datetime) -> None:
    heard.refresh_from_db()
    _get_another_key(heard)
    with pytest.raises(AccountChanged):
        accept_delivery(account=heard, source="sepay", external_id="x", body="{}", at=at)
    assert Delivery.objects.count() == 1


def test_the_wall_is_as_it_was_when_it_is_kept(listening: Listening, at: datetime) -> None:
    account = listening("sepay")
    account.refresh_from_db()
    for before in ([], [9_999_998, 9_999_999]):
        scope.open_to(before)
        told, stood = f"id-{len(before)}", _setting()
        assert accept_delivery(account=account, source="sepay", external_id=told, body="{}", at=at)
        assert not accept_delivery(account=account, source="sepay", external_id=told, body="{}", at=at)
        assert _setting() == stood
    scope.close()
