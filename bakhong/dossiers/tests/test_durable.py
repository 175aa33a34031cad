"""A receipt is a promise: nothing may take it back. These tests commit."""

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.receiving import next_code
from bakhong.dossiers.actions.said import Receipt
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.models import DayNumber, Dossier, Event
from bakhong.dossiers.tests.filing import CULTURE_HOUSE, filled, walk_in
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.people import scope
from bakhong.places.models import Unit

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_to_all(transactional_db: None) -> Iterator[None]:
    scope.open_to(None)
    publish_shipped(AT)
    yield
    scope.close()


def test_a_receipt_is_never_given_inside_a_transaction(thuong_xuan: Unit, open_to_all: None) -> None:
    """Somebody's later error would take back what the receipt promised."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        walk_in(thuong_xuan, OPERATOR, AT)
    assert not Dossier.objects.exists()


def test_one_form_sent_eight_times_at_once_is_one_dossier(thuong_xuan: Unit, open_to_all: None) -> None:
    draft = filled("culture_house", CULTURE_HOUSE, thuong_xuan, OPERATOR, AT)
    receipts: list[Receipt] = []
    barrier = Barrier(8)

    def send() -> None:
        scope.open_to(None)
        barrier.wait()
        receipts.append(
            receive_at_desk(
                draft=draft, procedure="local.nha-van-hoa", papers=[], result_mode="desk", by=OPERATOR, at=AT
            )
        )
        connection.close()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(each.dossier.code, each.tracking_code) for each in receipts} == {
        (receipts[0].dossier.code, receipts[0].tracking_code)
    }
    assert len(receipts) == 8
    assert sorted(Event.objects.values_list("kind", flat=True)) == ["file", "receive"]


def test_two_officers_at_once_and_one_does_it(thuong_xuan: Unit, open_to_all: None) -> None:
    made = walk_in(thuong_xuan, OPERATOR, AT).dossier
    told: list[str] = []
    barrier = Barrier(4)

    def decide() -> None:
        scope.open_to(None)
        barrier.wait()
        try:
            forward(dossier=made, by=OPERATOR, at=AT, version=made.version)
            told.append("done")
        except Conflict as refusal:
            told.append(str(refusal))
        connection.close()

    threads = [Thread(target=decide) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("done") == 1
    assert sum("đã chuyển bước giải quyết lúc" in each for each in told) == 3


def test_numbers_of_a_day_have_no_gap_and_no_double(thuong_xuan: Unit, open_to_all: None) -> None:
    """Eight at once; every third one fails after it took its number."""
    taken: list[str] = []
    barrier = Barrier(8)

    def work(who: int) -> None:
        barrier.wait()
        for turn in range(6):
            try:
                with transaction.atomic():
                    code = next_code(thuong_xuan, day_of(AT))
                    if (who + turn) % 3 == 0:
                        raise ZeroDivisionError
                taken.append(code)
            except ZeroDivisionError:
                continue
        connection.close()

    threads = [Thread(target=work, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(int(code[-4:]) for code in taken)
    assert numbers == list(range(1, 33))
    assert DayNumber.objects.get().last == 32
