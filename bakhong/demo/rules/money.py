"""The plan of the demo's money: a market of sixty stalls over a month, and what households pay a cooperative for their rubbish.

Pure, and the same every time. Days are counted from the first of a month. Nobody here is real, and no account is one that a bank has:
their numbers begin with letters that say so.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from bakhong.demo.rules.names import full_name, surname

SEED = 20251001
STALLS = 60
FEES = (60_000, 60_000, 60_000, 80_000, 120_000)
RUBBISH = 25_000  # đồng a household and month
TRADES = (
    "Rau củ",
    "Thịt",
    "Cá",
    "Hàng khô",
    "Quần áo",
    "Giày dép",
    "Hàng ăn",
    "Đồ nhựa",
    "Tạp hoá",
    "Trái cây",
    "Gia vị",
    "Vàng mã",
)
ROUNDS = (7, 14, 22)  # days on which the market's collector brings what was taken

_ODD = {
    3: "mangled", 8: "repeated", 12: "mangled", 17: "repeated", 20: "untold", 25: "short", 30: "twice", 33: "nameless",
    36: "repeated", 41: "neighbour", 55: "owes", 57: "owes", 59: "owes",
}  # fmt: skip


@dataclass(frozen=True)
class Seller:
    """A stall. `account` is empty for those who have no bank account."""

    number: int
    code: str
    owner: str
    trade: str
    fee: int
    account: str


@dataclass(frozen=True)
class Paying:
    """What the seller of a stall does about the month's fee.

    `how`: "transfer"; "mangled" (the note in small letters and pieces); "repeated" (the bank tells three times); "untold" (the bank tells
    nobody: only the statement has it); "short" (the rest comes two days later); "twice"; "nameless" (no code in the note); "cash";
    "neighbour" (cash brought by somebody else); "owes".
    """

    number: int
    how: str
    day: int


def sellers() -> list[Seller]:
    """
    >>> [each.code for each in sellers()][:2], len(sellers())
    (['A01', 'A02'], 60)
    """
    rng = random.Random(SEED)  # noqa: S311 - the same market every time is the point
    made = []
    for number in range(STALLS):
        owner = full_name(
            rng, surname(rng), "female" if rng.random() < 0.8 else "male", rng.randint(1960, 1999)
        )
        code = f"{'ABC'[number // 20]}{number % 20 + 1:02d}"
        account = "" if number % 12 == 11 else f"MAUQUAY{number + 1:04d}"
        made.append(Seller(number, code, owner, TRADES[number % len(TRADES)], rng.choice(FEES), account))
    return made


def payings() -> list[Paying]:
    """How the month went; every kind of trouble is there.

    >>> [each.how for each in payings()].count("cash"), [each.how for each in payings()].count("transfer")
    (10, 37)
    >>> sorted({each.how for each in payings()} - {"cash", "transfer", "owes"})
    ['mangled', 'nameless', 'neighbour', 'repeated', 'short', 'twice', 'untold']
    """
    return [
        Paying(
            number,
            _ODD.get(number, "cash" if (number % 4 == 1 and number > 4) or number == 58 else "transfer"),
            2 + number * 7 % 20,
        )
        for number in range(STALLS)
    ]


def households(month: int, count: int) -> Iterator[tuple[int, str]]:
    """(household, how) of one month's rubbish fee: more pay by transfer every month, a few not at all.

    >>> [sum(how == "transfer" for _n, how in households(month, 40)) for month in range(3)]
    [12, 18, 24]
    """
    for number in range(count):
        place = number * 7 % count
        if place >= count * (37 + month) // 40:
            yield number, "owes"
        else:
            yield number, "transfer" if place < count * (12 + 6 * month) // 40 else "cash"


def notes_for(amount: int) -> dict[int, int]:
    """Notes of the State Bank that make up the amount, the largest first; what is below 1.000 đ is left out.

    >>> notes_for(185_000)
    {100000: 1, 50000: 1, 20000: 1, 10000: 1, 5000: 1}
    """
    counted = {}
    for note in (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000):
        if amount >= note:
            counted[note], amount = divmod(amount, note)
    return counted
