"""What a team may claim for a month."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "allowances.toml"


@dataclass(frozen=True)
class Allowance:
    """Amounts in đồng: for a team and a month, and for a member and a day."""

    code: str
    vi: str
    en: str
    team_amount: int
    day_amount: int
    is_verified: bool
    source: str


@cache
def allowances() -> Mapping[str, Allowance]:
    return {row["code"]: Allowance(**row) for row in tomllib.loads(DATA.read_text())["allowance"]}


def total(team_amount: int, day_amount: int, days: int) -> int:
    """đồng for a team that went out at all. `days`: member-days. A team that did not go claims nothing.

    >>> total(300_000, 50_000, 12), total(300_000, 50_000, 0)
    (900000, 0)
    """
    return team_amount + day_amount * days if days else 0


def month_of(day: date) -> date:
    """The month a day belongs to, as its first day.

    >>> month_of(date(2026, 2, 28))
    datetime.date(2026, 2, 1)
    """
    return day.replace(day=1)


def next_month(month: date) -> date:
    """
    >>> next_month(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
