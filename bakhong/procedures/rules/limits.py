"""How long something may take."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

Measure = Literal["working_days", "hours", "days", "months", "same_day"]

MEASURES: tuple[Measure, ...] = ("working_days", "hours", "days", "months", "same_day")
AFTERNOON = time(15, 0)
MOST = {"working_days": 3660, "hours": 29280, "days": 3660, "months": 120, "same_day": 0}

_VI = {
    "working_days": "{} ngày làm việc",
    "hours": "{} giờ làm việc",
    "days": "{} ngày",
    "months": "{} tháng",
}
_EN = {
    "working_days": "{} working days",
    "hours": "{} office hours",
    "days": "{} days",
    "months": "{} months",
}


@dataclass(frozen=True)
class Limit:
    """`amount` of `unit`; "same_day" has amount 0: done the same working day when received before `cutoff`, else the next.

    Raises: ValueError for an amount that is no limit.

    >>> Limit(3).in_words(), Limit(0, "same_day").in_words()
    ('3 ngày làm việc', 'trong ngày (nhận sau 15:00: ngày làm việc tiếp theo)')
    """

    amount: int
    unit: Measure = "working_days"
    cutoff: time = AFTERNOON

    def __post_init__(self) -> None:
        if self.unit not in MEASURES:
            raise ValueError(f"unknown unit of a time limit: {self.unit}")
        least = 0 if self.unit == "same_day" else 1
        if not least <= self.amount <= MOST[self.unit]:
            raise ValueError(f"{self.amount} {self.unit} is no time limit")

    def in_words(self, lang: str = "vi") -> str:
        if self.unit == "same_day":
            at = self.cutoff.strftime("%H:%M")
            if lang == "en":
                return f"the same day (received after {at}: the next working day)"
            return f"trong ngày (nhận sau {at}: ngày làm việc tiếp theo)"
        return (_EN if lang == "en" else _VI)[self.unit].format(self.amount)
