"""The demo's money: a market's month and three of rubbish are collected, and every đồng of them is explained."""

from datetime import datetime, timedelta

import pytest

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.market import LOOKED_AT, REPRINTED, SWAPPED, load_market
from bakhong.demo.money import COOPERATIVE, MARKET, book_of, month_before, open_billers
from bakhong.demo.rubbish import HOUSEHOLDS, MONTHS, VILLAGES, load_rubbish
from bakhong.demo.rules.money import STALLS, payings, sellers
from bakhong.payments.models import (
    BankLine,
    Charge,
    Delivery,
    Entry,
    Receipt,
    Stall,
    StickerCheck,
    SuspenseItem,
)
from bakhong.payments.queries.reconciling import check, reconcile, standing
from bakhong.payments.rules.vietqr import BadCode, decode
from bakhong.places.models import Unit
from bakhong.places.queries import children

pytestmark = pytest.mark.django_db


def test_a_month_of_a_market_and_three_of_rubbish(site: Unit, actor: Actor, at: datetime) -> None:
    open_billers(site, by=actor, at=at)
    villages = children(site, day_of(at))
    assert load_market(site, villages, by=actor, at=at) == 2 * STALLS
    it_is_collected_to_the_dong(site, at)
    every_trouble_is_there()
    made = load_rubbish(site, villages, at=at)
    households_pay_for_their_rubbish(site, at, made)
    no_account_is_one_that_a_bank_has()
    before = Entry.objects.count(), Charge.objects.count()
    open_billers(site, by=actor, at=at)
    assert load_market(site, villages, by=actor, at=at) == 0
    assert load_rubbish(site, villages, at=at) == 0
    assert (Entry.objects.count(), Charge.objects.count()) == before


def it_is_collected_to_the_dong(ground: Unit, at: datetime) -> None:
    book = book_of(ground, MARKET, at)
    assert book is not None
    owes = sum(each.how == "owes" for each in payings())
    cash = sum(each.how in ("cash", "neighbour") for each in payings())
    first = month_before(day_of(at), 1)
    month = Charge.objects.filter(biller=book.biller, period=first)
    assert month.filter(state="open").count() == owes
    assert month.filter(method="cash").count() == cash
    assert month.filter(method="transfer").count() == STALLS - owes - cash
    last = month_before(day_of(at)) - timedelta(days=1)
    told = reconcile(book.biller, last, first=first)
    assert (told.problems, told.feed_in - told.ledger_in, told.feed_out - told.ledger_out) == ([], 0, 0)
    now = standing(book.biller, at=at)
    assert now.unexplained == 0
    assert now.closed_on is not None
    assert now.closed_on >= last
    checked = check([book.biller])
    assert (checked.ok, checked.problems) == (True, [])
    paid = Charge.objects.filter(biller=book.biller, state="paid")
    assert Receipt.objects.filter(charge__in=paid).count() == paid.count()


def every_trouble_is_there() -> None:
    assert set(SuspenseItem.objects.values_list("reason", flat=True)) >= {
        "underpaid", "double", "no_reference", "out",
    }  # fmt: skip
    assert set(SuspenseItem.objects.exclude(outcome="").values_list("outcome", flat=True)) >= {
        "attributed", "refunded", "explained",
    }  # fmt: skip
    assert SuspenseItem.objects.filter(closed_at=None).exclude(owner="").count() == 2  # of this month
    told = Delivery.objects.values_list("external_id", flat=True)
    assert BankLine.objects.count() == told.distinct().count() + 1  # one is in the statement alone
    alarms = StickerCheck.objects.filter(alarmed_at__isnull=False, settled_at=None)
    assert [each.stall.code for each in alarms if each.stall] == [sellers()[SWAPPED].code]
    assert StickerCheck.objects.count() == sum(bool(sellers()[number].account) for number in LOOKED_AT)
    assert StickerCheck.objects.get(stall__code=sellers()[REPRINTED].code).alarmed_at is None


def households_pay_for_their_rubbish(ground: Unit, at: datetime, made: int) -> None:
    assert made == Charge.objects.filter(service="environment").count() > 0
    assert made <= VILLAGES * HOUSEHOLDS * MONTHS
    book = book_of(ground, COOPERATIVE, at)
    assert book is not None
    assert standing(book.biller, at=at).unexplained == 0
    assert check([book.biller]).ok
    by_month = [
        Charge.objects.filter(period=month_before(day_of(at), MONTHS - number), method="transfer").count()
        for number in range(MONTHS)
    ]
    assert by_month == sorted(by_month)
    assert by_month[0] < by_month[-1]


def no_account_is_one_that_a_bank_has() -> None:
    numbers = {*Stall.objects.exclude(account="").values_list("account", flat=True)}
    numbers |= {each.account.number for each in Charge.objects.select_related("account") if each.account}
    for text in StickerCheck.objects.values_list("scanned", flat=True):
        try:
            numbers.add(decode(text).account)
        except BadCode:
            continue
    assert numbers
    assert all(each.startswith("MAU") for each in numbers)
