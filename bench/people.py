"""A list of 50,000 residents taken in, against COPY of the rows it stored; doubles among 25,000; the roll taken away as a workbook.

Everything is rolled back. The COPY goes into tables made like ours, with the same indexes and without foreign keys or triggers.
"""

import os
import platform
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from bakhong.cli.say import say
from bench import Scenario
from bench._copying import bare_copy, last_keys
from bench._residents import workbook

if TYPE_CHECKING:
    from bakhong.people.rules.matching import Profile

NEEDS_DATABASE = True
ROWS = int(os.environ.get("BENCH_ROWS", "50000"))
AT, ON, COMMUNE = datetime(2026, 11, 22, 3, tzinfo=UTC), date(2026, 11, 22), "15646"
TABLES = (
    "people_household", "people_person", "people_fact", "people_residence", "people_phonenumber", "audit_event", "indicators_countspan",
)  # fmt: skip


def scenarios() -> list[Scenario]:
    say(f"{platform.platform()}, Python {platform.python_version()}, {datetime.now(UTC):%d/%m/%Y %H:%M} UTC")
    _import(ROWS)
    people, doubles = _profiles(25_000)
    from bakhong.people.rules.matching import duplicates

    found = {(pair.a, pair.b) for pair in duplicates(people)}
    right = len(found & doubles)
    say(
        f"doubles: {len(found)} pairs, precision {right / len(found):.3f}, recall {right / len(doubles):.3f} ({len(doubles)} true)"
    )
    return [Scenario("suspected doubles among 25,000", lambda: duplicates(people), promise=3000, repeats=2)]


def _import(rows: int) -> None:
    from bakhong.core.actor import OPERATOR
    from bakhong.people import scope
    from bakhong.people.actions.listing import list_residents
    from bakhong.people.actions.outcomes import Outcome
    from bakhong.people.actions.taking_in import take_in as take_in_file
    from bakhong.people.queries.roll import Wanted
    from bakhong.places.queries import unit_on

    data = workbook(rows)
    commune = unit_on(COMMUNE, ON)
    assert commune is not None

    def take_in(name: str = "ds.xlsx") -> Outcome:
        return take_in_file(
            content=data, filename=name, commune=commune, where=COMMUNE, by=OPERATOR, at=AT
        ).outcome

    with scope.seeing(OPERATOR), transaction.atomic():
        last = last_keys(TABLES)
        with _clock() as took:
            outcome = take_in()
        copied = bare_copy(last)
        say(f"import of {rows} × 12: {took[0]:.1f} s, {rows / took[0]:.0f} rows/s, {outcome.counts()}")
        say(
            f"COPY of what it stored: {copied:.1f} s; the import takes {took[0] / copied:.1f} times as long (promised 3)"
        )
        with _clock() as took:
            again = take_in()
        say(
            f"the same file again: {took[0]:.2f} s, {rows / took[0]:.0f} rows/s (promised 50,000), {again.counts()}"
        )
        with _clock() as took:
            read = take_in("khac.xlsx")
        say(
            f"the same rows under another name, read and compared: {took[0]:.1f} s, {rows / took[0]:.0f} rows/s, {read.counts()}"
        )
        with _clock() as took:
            list_residents(
                unit=commune,
                wanted=Wanted(),
                reason="duty",
                note="",
                has_numbers=False,
                by=OPERATOR,
                at=AT,
                on=ON,
            ).close()
        say(f"the roll of {rows} as .xlsx: {took[0]:.1f} s (promised 2 s for 25,000)")
        transaction.set_rollback(True)


@contextmanager
def _clock() -> Iterator[list[float]]:
    took: list[float] = []
    start = time.perf_counter()
    yield took
    took.append(time.perf_counter() - start)


def _profiles(size: int) -> "tuple[list[Profile], set[tuple[int, int]]]":
    """People of a commune, of whom 1 in 40 stands in it twice, written otherwise; and the true pairs."""
    from bakhong.core.text import name_key
    from bakhong.people.rules.matching import Profile
    from bakhong.people.tests.sheets import population

    rng = random.Random(7)
    villages = tuple(f"Thôn {number}" for number in range(1, 21))
    people: list[Profile] = []
    doubles: set[tuple[int, int]] = set()
    for each in population(7, size - size // 40, villages):
        people.append(
            Profile(
                len(people),
                each.name,
                each.birth,
                each.sex,
                each.national_id.encode() if rng.random() < 0.7 else b"",
                each.phone,
                villages.index(each.village) + 1,
                each.household,
                each.relation,
            )
        )
    for first in rng.sample(people, size // 40):
        kind = rng.randrange(4)
        name, birth = first.name, first.birth
        if kind == 0:
            name = name_key(name).title()
        elif kind == 1:
            birth = f"{birth[:4]}-{birth[8:]}-{birth[5:7]}" if int(birth[8:]) <= 12 else birth
        elif kind == 2:
            name = name.replace("Hoà", "Hòa").replace("Thuỷ", "Thủy").upper()
        known = first.id_index if rng.random() < 0.3 else b""
        people.append(
            Profile(
                len(people),
                name,
                birth,
                first.sex,
                known,
                first.phone,
                first.village,
                first.household,
                first.relation,
            )
        )
        doubles.add((first.key, len(people) - 1))
    return people, doubles
