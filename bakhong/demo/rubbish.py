"""What households of three villages pay a cooperative for taking their rubbish, over three months: less in cash every month."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import uuid5

from django.db import transaction

from bakhong.core.days import day_of
from bakhong.demo.bank import Bank
from bakhong.demo.money import (
    COOPERATIVE,
    Book,
    book_of,
    bring_cash,
    moment,
    month_before,
    note_of,
    to_the_bank,
)
from bakhong.demo.rules.money import RUBBISH, households
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.charging import Owed, raise_charges
from bakhong.payments.actions.closing import close_days
from bakhong.payments.actions.taking import take_statement
from bakhong.payments.models import Charge
from bakhong.people.models import Person
from bakhong.places.models import Unit

VILLAGES, HOUSEHOLDS, MONTHS = 3, 40, 3


def load_rubbish(commune: Unit, villages: list[Unit], *, at: datetime) -> int:
    """Returns how many charges were made; 0 where they are there, or nobody keeps the cooperative's books."""
    book = book_of(commune, COOPERATIVE, at)
    if book is None or Charge.objects.filter(biller=book.biller).exists():
        return 0
    heads = payers(villages)
    bank = Bank(book.account, 800_000)
    with transaction.atomic():
        for month in range(MONTHS):
            first = month_before(day_of(at), MONTHS - month)
            _month(book, bank, heads, month, first)
    close_days(billers=[book.biller], at=at)
    return Charge.objects.filter(biller=book.biller).count()


def payers(villages: list[Unit]) -> list[Person]:
    """One grown-up of each household, of the first villages that have as many."""
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    rows = Person.objects.filter(
        village__in=villages, household__isnull=False, is_known=True, merged_into=None, presence="present"
    )
    for person in rows.select_related("village", "household").order_by("birth_year", "pk"):
        found[person.village_id].setdefault(person.household_id or 0, person)
    enough = [list(each.values())[:HOUSEHOLDS] for each in found.values()][:VILLAGES]
    return [person for each in enough for person in each]


def _month(book: Book, bank: Bank, heads: list[Person], month: int, first: date) -> None:
    charges = _raise(book, heads, first)
    how = dict(households(month, len(charges)))
    for number, charge in enumerate(charges):
        at = moment(first + timedelta(days=3 + number % 18), 8 + number % 100 / 12)
        if how[number] == "cash":
            take_cash(
                charge=charge, key=book.key("cash", charge.uuid), by=book.collector, at=at, collector=True
            )
    evening = moment(first + timedelta(days=22), 17)
    brought = bring_cash(book, evening)
    moves = [
        (moment(first + timedelta(days=2 + number % 20), 9 + number % 100 / 12), RUBBISH, note_of(charge))
        for number, charge in enumerate(charges)
        if how[number] == "transfer"
    ]
    if brought:
        note = f"NOP TIEN MAT {to_the_bank(book, brought, evening + timedelta(hours=15))}"
        moves.append((evening + timedelta(hours=16), brought, note))
    for at, amount, note in sorted(moves):
        bank.move(amount, note, at)
    last = month_before(first, -1) - timedelta(days=1)
    content, name = bank.statement(first, last)
    take_statement(account=book.account, content=content, name=name, by=book.accountant, at=moment(last, 31))


def _raise(book: Book, heads: list[Person], first: date) -> list[Charge]:
    owed = [
        (
            uuid5(head.uuid, f"rubbish:{first:%Y-%m}"),
            Owed(
                biller=book.biller, service="environment", title=f"Phí vệ sinh môi trường tháng {first:%m/%Y}", amount=RUBBISH,
                payer_name=head.name, village=head.village, person=head, household=head.household, period=first,
                due_on=first + timedelta(days=24), words=f"VS {first:%m}",
            ),
        )
        for head in heads
    ]  # fmt: skip
    return raise_charges(owed=owed, by=book.accountant, at=moment(first, 8))
