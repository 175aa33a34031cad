"""Numbers of papers entered at one moment by several hands. These tests commit."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.db.models import Max

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.actions.numbering import Entry, enter
from bakhong.dossiers.models import BookNumber, BookYear, Dossier
from bakhong.dossiers.tests.conftest import bare, event_of
from bakhong.people import scope
from bakhong.places.models import Unit

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def eight(thuong_xuan: Unit) -> Iterator[list[Dossier]]:
    scope.open_to(None)
    made = [bare(thuong_xuan, AT) for _ in range(8)]
    for each in made:
        with transaction.atomic():
            each.save(force_insert=True)
            event_of(each, "file", "submitted", AT).save(force_insert=True)
    yield made
    scope.close()


def at_once(found: list[Dossier], take: Callable[[Dossier, int], int]) -> list[int]:
    """Each dossier in a thread of its own, six papers each; every third fails after it took its number."""
    taken: list[int] = []
    barrier = Barrier(len(found))

    def work(who: int, dossier: Dossier) -> None:
        scope.open_to(None)
        barrier.wait()
        for turn in range(6):
            try:
                with transaction.atomic():
                    number = take(dossier, turn)
                    if (who + turn) % 3 == 0:
                        raise ZeroDivisionError
                taken.append(number)
            except ZeroDivisionError:
                continue
        connection.close()

    threads = [Thread(target=work, args=pair) for pair in enumerate(found)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(taken)


def test_many_at_once_leave_no_gap_and_no_double(eight: list[Dossier]) -> None:
    def take(dossier: Dossier, turn: int) -> int:
        entry = Entry("giấy", line=turn)
        return int(enter(dossier=dossier, book="copies", entries=[entry], by=OPERATOR, at=AT)[0].number)

    assert at_once(eight, take) == list(range(1, 33))
    assert numbers_of_all() == list(range(1, 33))
    assert BookYear.objects.get(book="copies").last == 32


def test_looking_first_would_give_some_twice(eight: list[Dossier]) -> None:
    """The negative control: the last number plus one, as offices' programs do it."""
    barrier = Barrier(len(eight))

    def take(dossier: Dossier, turn: int) -> int:
        last = BookNumber.objects.filter(book="copies").aggregate(last=Max("number"))["last"] or 0
        if turn == 0:
            barrier.wait()
        enter(dossier=dossier, book="copies", entries=[Entry("giấy", line=turn)], by=OPERATOR, at=AT)
        return int(last) + 1

    taken = at_once(eight, take)
    assert len(set(taken)) < len(taken)


def numbers_of_all() -> list[int]:
    return sorted(BookNumber.objects.filter(book="copies").values_list("number", flat=True))
