"""What every office promises, whatever the procedure: `data/office.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bakhong.procedures.rules.limits import Limit

_DATA = Path(__file__).resolve().parent.parent / "data" / "office.toml"


@dataclass(frozen=True)
class Office:
    """`receive`: by when something handed in from afar is taken in. `answer_days`, `remind_days`: calendar days a resident has to answer
    a request for more, and how many before its end they are reminded. `is_receive_verified`: whether its text in force was seen."""

    receive: Limit
    answer_days: int
    remind_days: int
    is_receive_verified: bool


@cache
def office() -> Office:
    """
    >>> office().receive.in_words(), office().answer_days, office().remind_days
    ('8 giờ làm việc', 30, 3)
    """
    found = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    receive, supplement = found["receive"], found["supplement"]
    return Office(
        Limit(receive["amount"], receive["unit"]),
        supplement["answer_days"],
        supplement["remind_days"],
        receive["is_verified"],
    )
