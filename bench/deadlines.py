"""Time limits: how long one takes to count and explain, and 10,000 random ones against the slow minute-by-minute count."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from random import Random

from bakhong.core.days import VIET_NAM
from bakhong.procedures.rules.deadlines import Limit, due
from bakhong.procedures.rules.shipped import shipped_calendar
from bakhong.procedures.tests.slow import Slow, random_case
from bench import Scenario

BATCH = 2000  # five batches (one to warm up) are the 10,000


def scenarios() -> list[Scenario]:
    received = datetime(2026, 2, 12, 10, tzinfo=VIET_NAM)
    calendar = shipped_calendar()
    return [
        Scenario("explain 20 working days over Tết", lambda: due(received, Limit(20), calendar), promise=5),
        Scenario(
            f"{BATCH} random time limits equal to the slow count", _batches(), promise=30_000, repeats=4
        ),
    ]


def _batches() -> Callable[[], None]:
    seeds = count(1)

    def run() -> None:
        random = Random(next(seeds))
        for _each in range(BATCH):
            case = random_case(random)
            found = due(case.received, case.limit, case.calendar, case.pauses).due_at
            wanted = Slow(case).due()
            if found.replace(tzinfo=None) != wanted:
                raise SystemExit(
                    f"differs: {case.received} {case.limit} {case.pauses}: {found}, slow {wanted}"
                )

    return run
