"""What reconciling finds wrong, each with its amount in đồng and a sentence."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Problem:
    """`code` names the kind; `object` what it is about ("line:<uuid>", "account:<uuid>", "charge:<uuid>", "statement:<uuid>",
    "biller:<uuid>").

    `amount` is what nobody can explain because of it, never negative; `on` the day it shows, None for no day in particular.
    """

    code: str
    amount: int
    words: str
    object: str
    biller: str
    on: date | None = None


def unexplained(problems: list[Problem]) -> int:
    return sum(each.amount for each in problems)
