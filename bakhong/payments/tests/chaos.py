"""A commune's charges, paid well and badly through a bank with a bad network: what comes of it must be the bank's books to the đồng."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from bakhong.core.actor import OPERATOR
from bakhong.core.bulk import insert_many
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.deliveries import take_deliveries
from bakhong.payments.actions.taking import take_statement
from bakhong.payments.adapters.simulator import OUT, Bank, Movement, Network, Sent, mangled
from bakhong.payments.models import BankAccount, BankLine, Biller, Charge, LineState, Settlement, SuspenseItem
from bakhong.payments.queries.reconciling import check
from bakhong.payments.rules.references import new_reference
from bakhong.payments.sealed import seal
from bakhong.payments.tests.accounts import DECIDED
from bakhong.payments.tests.feed_world import in_the_bank
from bakhong.people import scope
from bakhong.places.models import Unit

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = datetime(2026, 11, 15, 1, tzinfo=UTC)
KEY = "simulated-key"


@dataclass
class World:
    """`paid`: the references of charges that are to be paid in the end; every other charge is not. `withdrawn`: keys, before money came.

    `pace`: at most so many seconds between two movements, so that however many there are, none is of the future.
    """

    biller: Biller
    account: BankAccount
    bank: Bank
    random: Random
    paid: set[str] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)
    last: datetime = START
    pace: int = 120


Post = Callable[[World, Sent], int]


def world(unit: Unit, count: int, seed: int) -> World:
    """`count` charges, each paid in one of the ways people pay."""
    biller = Biller.objects.create(
        unit=unit, kind="other", name=f"Tổ thu {seed}", services=["water"], valid_from=START.date(), made_at=START, made_by="test"
    )  # fmt: skip
    account = BankAccount.objects.create(
        biller=biller, bank_bin="970405", number=f"3500{seed:09d}", holder="UBND XA", feed="sepay", opened_on=START.date(),
        made_at=START, made_by="test", decided_at=START, **DECIDED,
    )  # fmt: skip
    account.feed_secret = seal(KEY, f"payments_bankaccount.feed:{account.uuid}")
    account.save()
    bank = Bank(account.number, KEY, opening=5_000_000)
    made = World(biller, account, bank, Random(seed), pace=max(2, min(120, 600_000 // max(count, 1))))
    charges = [_charge(made, unit, turn) for turn in range(count)]
    insert_many(charges)
    for turn, charge in enumerate(charges):
        made.random.choices(_WAYS, _WEIGHTS)[0](made, charge, charges[turn - 1])
    Charge.objects.filter(pk__in=made.withdrawn).update(state="withdrawn", withdrawn_at=START)
    return made


def _charge(world: World, unit: Unit, turn: int) -> Charge:
    reference = new_reference()
    return Charge(
        biller=world.biller, village=unit, account=world.account, service="water", payer_name=f"Người {turn}", title="Tiền nước",
        amount=world.random.randrange(1, 400) * 1000, reference=reference, purpose=reference, client_key=new_uuid(), digest=b"x",
        made_at=START, made_by="test",
    )  # fmt: skip


def _pay(world: World, amount: int, note: str, direction: str = "in") -> Movement:
    world.last += timedelta(seconds=world.random.randrange(1, world.pace))
    return world.bank.move(amount, note, world.last, direction)


def _note(world: World, charge: Charge) -> str:
    return mangled(charge.reference, world.random)


def _exactly(world: World, charge: Charge, other: Charge) -> None:
    _pay(world, charge.amount, _note(world, charge))
    world.paid.add(charge.reference)


def _a_thousandth(world: World, charge: Charge, other: Charge) -> None:
    _pay(world, charge.amount // 1000, _note(world, charge))


def _too_much(world: World, charge: Charge, other: Charge) -> None:
    _pay(world, charge.amount + 1, _note(world, charge))


def _twice(world: World, charge: Charge, other: Charge) -> None:
    note = _note(world, charge)
    _pay(world, charge.amount, note)
    _pay(world, charge.amount, note)
    world.paid.add(charge.reference)


def _in_parts(world: World, charge: Charge, other: Charge) -> None:
    _pay(world, charge.amount - 400, _note(world, charge))
    _pay(world, 400, _note(world, charge))


def _without_reference(world: World, charge: Charge, other: Charge) -> None:
    _pay(
        world,
        charge.amount,
        world.random.choice(["tien nuoc thang 11", "", "CHUYEN TIEN", charge.reference[:9]]),
    )


def _of_nobody(world: World, charge: Charge, other: Charge) -> None:
    _pay(world, charge.amount, new_reference())


def _two_in_one(world: World, charge: Charge, other: Charge) -> None:
    _pay(world, charge.amount + other.amount, f"{charge.reference} {other.reference}")


def _back_out(world: World, charge: Charge, other: Charge) -> None:
    _pay(world, charge.amount, charge.reference, OUT)


def _withdrawn(world: World, charge: Charge, other: Charge) -> None:
    world.withdrawn.add(charge.pk)
    _pay(world, charge.amount, _note(world, charge))


def _never(world: World, charge: Charge, other: Charge) -> None:
    return


_WAYS: Sequence[Callable[[World, Charge, Charge], None]] = (
    _exactly, _a_thousandth, _too_much, _twice, _in_parts, _without_reference, _of_nobody, _two_in_one, _back_out, _withdrawn, _never,
)  # fmt: skip
_WEIGHTS = (66, 4, 3, 4, 3, 5, 3, 2, 2, 3, 5)


def run(world: World, *, hands: int = 6, many: int = 3, post: Post | None = None) -> Counter[int]:
    """Notifications by many hands with workers beside them, two statements that overlap, then what was late. The answers' codes.

    `post`: how one request is sent, by Django's test client where none is given.
    """
    post = post or _post
    network = Network(world.random)
    soon, late = network.split(world.bank.book)
    answers = _deliver(world, network.sent(world.bank, soon, timezone.now()), hands, many, post)
    book = world.bank.book
    half, third = len(book) // 2, len(book) // 3
    for movements, has_reference in ((book[: half + third], True), (book[third:], False)):
        take_statement(
            account=world.account, content=world.bank.statement(movements, has_reference=has_reference), name="saoke.csv",
            by=OPERATOR, at=AT,
        )  # fmt: skip
    answers += _deliver(world, network.sent(world.bank, late, timezone.now()), hands, 0, post)
    while take_deliveries(at=AT):
        pass
    return answers


def _deliver(world: World, sent: Sequence[Sent], hands: int, many: int, post: Post) -> Counter[int]:
    true = [each for each in sent if each.is_true]
    bursts = [each for each in true[:many] for _ in range(50)]
    left: SimpleQueue[Sent] = SimpleQueue()
    for each in [*sent, *bursts]:
        left.put(each)
    with ThreadPoolExecutor(hands + 2) as pool:
        workers = [pool.submit(_work, len(sent)) for _ in range(2)]
        posting = [pool.submit(_hand, world, post, left) for _ in range(hands)]
        answers = sum((each.result() for each in posting), Counter[int]())
        for worker in workers:
            worker.result()
    while take_deliveries(at=AT):
        pass
    return answers


def _hand(world: World, post: Post, left: "SimpleQueue[Sent]") -> Counter[int]:
    """One hand sends until nothing is left, and lets go of its connection: a pool of them is small."""
    answers: Counter[int] = Counter()
    try:
        while True:
            answers[post(world, left.get_nowait())] += 1
    except Empty:
        return answers
    finally:
        connection.close()


def _post(world: World, sent: Sent) -> int:
    answer = Client().post(
        f"/payments/webhook/sepay/{world.account.uuid}/", sent.body, content_type="application/json", headers=sent.headers
    )  # fmt: skip
    assert (answer.status_code == 200) == sent.is_true, (sent.body, answer.status_code)
    return int(answer.status_code)


def _work(turns: int) -> None:
    """A worker beside the notifications."""
    try:
        with scope.seeing(OPERATOR):
            for _ in range(turns // 100):
                take_deliveries(at=AT, limit=200)
    finally:
        connection.close()


def faults(world: World) -> Iterator[str]:
    """Everything in which we differ from the bank, or from what was promised; nothing where all is well."""
    book, lines = world.bank.book, BankLine.objects.filter(account=world.account)
    if lines.count() != len(book):
        yield f"{lines.count()} lines of {len(book)} movements"
    if in_the_bank(world.account) != world.bank.balance - world.bank.opening:
        yield f"the ledger holds {in_the_bank(world.account)}, the bank {world.bank.balance - world.bank.opening}"
    told = Counter(lines.values_list("direction", "amount", "on"))
    if told != Counter((each.direction, each.amount, each.moment.date()) for each in book):
        yield "other amounts or days than the bank's"
    paid = set(Charge.objects.filter(biller=world.biller, state="paid").values_list("reference", flat=True))
    if paid != world.paid:
        yield f"{len(paid - world.paid)} charges paid that are not, {len(world.paid - paid)} not paid that are"
    twice = (
        Settlement.objects.filter(charge__biller=world.biller).values("charge").annotate(sum=Sum("amount"))
    )
    owed = dict(Charge.objects.filter(biller=world.biller).values_list("pk", "amount"))
    if any(owed[each["charge"]] != each["sum"] for each in twice):
        yield "a charge was credited twice"
    waiting = lines.filter(state=LineState.SUSPENSE).count()
    owned = (
        SuspenseItem.objects.filter(line__in=lines, closed_at=None)
        .exclude(owner="")
        .exclude(next_step="")
        .count()
    )
    if lines.filter(state=LineState.NEW).exists() or waiting != owned:
        yield f"{waiting} lines wait, {owned} have an owner"
    found: Any = check([world.biller])
    if not found.ok:
        yield f"the ledger's own check: {[each.words for each in found.problems][:5]}"
