"""Notifications shuffled, repeated, late, lost and forged, with statements to fill the gaps: the ledger is the bank's, to the đồng.

These tests commit. The same at a hundred thousand is in bench/payments.py.
"""

from collections.abc import Iterator

import pytest
from django.db import connection

from bakhong.payments.actions.pulling import pull
from bakhong.payments.adapters.simulator import SimulatedFeed
from bakhong.payments.models import BankLine, FeedAlarm
from bakhong.payments.tests.chaos import AT, faults, run, world
from bakhong.people import scope
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _as_the_operator(thuong_xuan: Unit) -> Iterator[None]:
    scope.open_to(None)
    yield
    scope.close()


CHARGES, SEED = 500, 5  # of both runs: with the key, and without it


def test_it_ends_with_the_banks_own_books(thuong_xuan: Unit) -> None:
    made = world(thuong_xuan, CHARGES, SEED)
    answers = run(made)
    assert answers[200] > 700
    assert answers[401] > 50
    assert set(answers) == {200, 401}
    assert list(faults(made)) == []
    assert FeedAlarm.objects.filter(kind="forged").exists()


def test_without_the_unique_key_the_same_run_fails(thuong_xuan: Unit) -> None:
    """Negative control: it is the database's key that keeps each movement once."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_bankline DROP CONSTRAINT bank_line_once")
    try:
        made = world(thuong_xuan, CHARGES, SEED)
        run(made)
        found = " / ".join(faults(made))
        assert BankLine.objects.filter(account=made.account).count() > len(made.bank.book)
        assert "the ledger holds" in found  # more than the bank has: the same money twice
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE payments_bankline CASCADE")
            cursor.execute(
                "ALTER TABLE payments_bankline ADD CONSTRAINT bank_line_once UNIQUE (account_id, identity)"
            )


def test_a_broker_that_is_asked_fills_what_it_left_out(thuong_xuan: Unit) -> None:
    made = world(thuong_xuan, 60, seed=6)
    assert pull(account=made.account, feed=SimulatedFeed(made.bank), at=AT) == len(made.bank.book)
    made.account.refresh_from_db()
    assert pull(account=made.account, feed=SimulatedFeed(made.bank), at=AT) == 0
    run(made, many=0)
    assert list(faults(made)) == []
