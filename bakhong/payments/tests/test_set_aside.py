"""What a source told and nobody could read waits with a reason until it is read, or somebody says why it is left aside."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.payments.actions import deliveries
from bakhong.payments.actions.deliveries import Unread, accept_delivery, keep_unread, take_deliveries
from bakhong.payments.actions.set_aside import drop, read_again
from bakhong.payments.actions.taking import take_statement
from bakhong.payments.models import BankAccount, BankLine, Biller, Delivery, FeedAlarm
from bakhong.payments.queries.feeds import set_aside, strangers
from bakhong.payments.tests.feed_world import dumped, listening, sepay_body
from bakhong.payments.tests.ledger_world import (
    accountant,
    bank,
    biller,
    everybody,
    staff,
    village,
    villages,
)
from bakhong.payments.tests.statements import comma
from bakhong.places.models import Unit

__all__ = ["accountant", "bank", "biller", "everybody", "listening", "staff", "village", "villages"]

pytestmark = pytest.mark.django_db
Listening = Callable[[str], BankAccount]
HEAD = ["Ngày giao dịch", "Ghi có", "Nội dung"]


def give(account: BankAccount, at: datetime, **changed: Any) -> Delivery:
    body = sepay_body(account, 5000, "a", **changed)
    accept_delivery(
        account=account, source="sepay", external_id=str(body["id"]), body=dumped(body).decode(), at=at
    )
    take_deliveries(at=at)
    return Delivery.objects.get(external_id=str(body["id"]))


def test_it_is_read_again_once_the_reader_understands_it(
    listening: Listening, accountant: StaffActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = deliveries.READERS["sepay"]

    def broken(text: str, number: str) -> Any:
        raise deliveries.BadDelivery("bad_amount")

    monkeypatch.setitem(deliveries.READERS, "sepay", broken)
    kept = give(listening("sepay"), at)
    assert (kept.state, kept.problem) == ("failed", "bad_amount")
    monkeypatch.setitem(deliveries.READERS, "sepay", true)
    assert read_again(delivery=kept, by=accountant, at=at).state == "new"
    take_deliveries(at=at)
    assert BankLine.objects.get().amount == 5000
    with pytest.raises(Conflict):
        read_again(delivery=kept, by=accountant, at=at)


def test_a_row_of_a_brokers_list_is_read_like_one(
    listening: Listening, accountant: StaffActor, at: datetime
) -> None:
    account = listening("sepay")
    row = (
        f'{{"id": "8", "account_number": "{account.number}", "transaction_date": "2026-11-22 07:00:00", '
        '"amount_in": "7000.00", "amount_out": "0.00", "transaction_content": "x"}'
    )
    assert keep_unread(account=account, source="pull", unread=[Unread("8", row, "error")], at=at) == 1
    assert keep_unread(account=account, source="pull", unread=[Unread("8", row, "error")], at=at) == 0
    read_again(delivery=Delivery.objects.get(), by=accountant, at=at)
    take_deliveries(at=at)
    assert BankLine.objects.get().amount == 7000


def test_it_is_left_aside_with_a_reason_alone(
    listening: Listening, accountant: StaffActor, staff: Any, thuong_xuan: Unit, at: datetime
) -> None:
    kept = give(listening("sepay"), at, transferAmount="x")
    with pytest.raises(Refusal, match="lý do"):
        drop(delivery=kept, why=" ", by=accountant, at=at)
    with pytest.raises(NotAllowed):
        drop(delivery=kept, why="thử nghiệm của SePay", by=staff("chair", thuong_xuan), at=at)
    done = drop(delivery=kept, why="thử nghiệm của SePay", by=accountant, at=at)
    assert (done.state, done.note, done.dropped_by) == ("dropped", "thử nghiệm của SePay", accountant.id)
    assert drop(delivery=kept, why="lý do khác", by=accountant, at=at).note == "thử nghiệm của SePay"
    assert not set_aside(OPERATOR, kept.biller).exists()
    read_again(delivery=kept, by=accountant, at=at)  # the undo
    take_deliveries(at=at)
    assert set_aside(OPERATOR, kept.biller).count() == 1


def test_rows_of_a_statement_wait_until_they_are_taken(
    bank: BankAccount, biller: Biller, accountant: StaffActor, at: datetime
) -> None:
    def take(*rows: list[Any], **more: Any) -> None:
        take_statement(account=bank, content=comma([HEAD, *rows]), name="a.csv", by=accountant, at=at, **more)

    bad = ["21/11/2026", "5.000,50", "tien nuoc"]
    take(bad, ["21/11/2026", "1.000", "b"])
    take(["20/11/2026", "2.000", "c"], bad)  # it comes again with the next file
    (kept,) = set_aside(OPERATOR, biller)
    assert (kept.source, kept.problem, kept.body) == (
        "statement",
        "amount_unclear",
        "21/11/2026 | 5.000,50 | tien nuoc",
    )
    assert [(each.kind, each.count) for each in FeedAlarm.objects.all()] == [("rows", 1)]
    drop(delivery=kept, why="ngân hàng in sai", by=accountant, at=at)
    take(bad)
    assert not set_aside(OPERATOR, biller).exists()  # answered for once
    assert read_again(delivery=kept, by=accountant, at=at).state == "failed"


def test_a_row_that_is_taken_in_another_way_waits_no_longer(
    bank: BankAccount, biller: Biller, accountant: StaffActor, at: datetime
) -> None:
    head = ["Ngày giao dịch", "Ghi có", "Nội dung", "Ngày"]
    content = comma([head, ["31/02/2026", "5.000", "a", "21/11/2026"]])
    take_statement(account=bank, content=content, name="a.csv", by=accountant, at=at)
    assert set_aside(OPERATOR, biller).get().problem == "day_unclear"
    columns = {"day": 3, "credit": 1, "content": 2}
    take_statement(account=bank, content=content, name="a.csv", columns=columns, by=accountant, at=at)
    assert BankLine.objects.get().amount == 5000
    assert not set_aside(OPERATOR, biller).exists()


def test_what_comes_to_a_wrong_address_is_counted(listening: Listening, biller: Biller, at: datetime) -> None:
    account = listening("sepay")
    assert give(account, at, accountNumber="99999999").state == "ignored"
    assert strangers(OPERATOR, biller, at) == {account: 1}
