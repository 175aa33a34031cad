"""One line that waits is attributed, explained and asked back at the very same moment: one deed is done, nobody breaks. These commit."""

from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError

from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Conflict
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.refunding import ask_refund
from bakhong.payments.actions.settling import told_when_overtaken
from bakhong.payments.actions.suspense import attribute, explain, suspend
from bakhong.payments.models import BankAccount, SuspenseItem
from bakhong.payments.tests.ledger_world import account_of, biller_of
from bakhong.payments.tests.test_settling_at_once import AT, at_once, charge, line
from bakhong.people import scope
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bank(thuong_xuan: Unit) -> Iterator[BankAccount]:
    scope.open_to(None)
    yield account_of(biller_of(thuong_xuan, AT), AT)
    scope.close()


def _deeds(bank: BankAccount, item: SuspenseItem) -> list[Callable[[], object]]:
    owed = charge(bank)
    return [
        lambda: attribute(items=[item], charge=owed, by=OPERATOR, at=AT),
        lambda: explain(item=item, why="lãi tiền gửi", by=OPERATOR, at=AT),
        lambda: ask_refund(
            item=item, amount=item.line.amount, to_name="A", why="nhầm", key=new_uuid(), by=OPERATOR, at=AT
        ),
    ]


def test_deeds_on_one_line_never_break_each_other(bank: BankAccount) -> None:
    for _round in range(4):
        item = suspend([(line(bank), "double", None)], by=OPERATOR, at=AT)[0]
        told = at_once(_deeds(bank, item) * 2)
        assert set(told) <= {"done", "Conflict"}, told
        assert "done" in told


def test_whoever_the_database_ends_is_told_to_press_again() -> None:
    ended = OperationalError("deadlock detected")
    ended.__cause__ = type("Ended", (Exception,), {"sqlstate": "40P01"})()
    with pytest.raises(Conflict), told_when_overtaken():
        raise ended
