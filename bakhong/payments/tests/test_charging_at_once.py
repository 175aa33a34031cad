"""One key from many hands at the very same moment is one charge. These tests commit."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection

from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Conflict
from bakhong.payments.actions.billers import commune_biller
from bakhong.payments.actions.charging import Owed, raise_charge
from bakhong.payments.models import Charge
from bakhong.people import scope
from bakhong.places.models import Unit

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
HANDS = 8
KEY_INDEX = "payments_charge_client_key_key"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owed(thuong_xuan: Unit) -> Iterator[Owed]:
    scope.open_to(None)
    biller = commune_biller(thuong_xuan, at=AT)
    yield Owed(
        biller=biller,
        service="water",
        title="Tiền nước",
        amount=50_000,
        payer_name="Lê Văn An",
        village=thuong_xuan,
    )
    scope.close()


def at_once(bodies: list[Owed], key: int = 1) -> list[str]:
    """Each body in a thread of its own, all with one key: what each was told."""
    told: list[str] = []
    barrier = Barrier(len(bodies))

    def work(body: Owed) -> None:
        scope.open_to(None)
        barrier.wait()
        try:
            told.append(raise_charge(owed=body, key=UUID(int=key), by=OPERATOR, at=AT).reference)
        except Conflict:
            told.append("conflict")
        finally:
            connection.close()

    threads = [Thread(target=work, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_one_key_at_once_is_one_charge(owed: Owed) -> None:
    told = at_once([owed] * HANDS)
    assert len(told) == HANDS
    assert set(told) == {Charge.objects.get().reference}


def test_one_key_with_other_words_at_once_is_a_conflict_for_the_slower(owed: Owed) -> None:
    told = at_once([owed, *[replace(owed, amount=60_000)] * (HANDS - 1)])
    first = Charge.objects.get()
    assert told.count("conflict") == (HANDS - 1 if first.amount == 50_000 else 1)
    assert len(told) == HANDS


def test_without_the_unique_key_there_are_doubles(owed: Owed) -> None:
    """Negative control: looking first is no promise, the database's key is."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE payments_charge DROP CONSTRAINT {KEY_INDEX}")
    try:
        assert any(_doubles(owed, turn) for turn in range(1, 21))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE payments_charge CASCADE")
            cursor.execute(f"ALTER TABLE payments_charge ADD CONSTRAINT {KEY_INDEX} UNIQUE (client_key)")


def _doubles(owed: Owed, turn: int) -> bool:
    at_once(
        [owed] * HANDS, key=turn
    )  # a key of its own: with the one before, everybody would find what that made
    return Charge.objects.count() > turn
