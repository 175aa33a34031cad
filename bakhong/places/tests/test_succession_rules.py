"""Whatever is merged and split, an attribution is never wrong: checked against people who know where they live."""

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bakhong.places.rules.succession import Edge, Lineage, Period

FIRST = date(2025, 1, 1)
Residents = dict[int, frozenset[int]]


def history(seed: int, steps: int) -> tuple[Lineage, list[tuple[date, Residents]]]:
    """Some units of three residents each, then a few days on which some of them are merged or split at random."""
    chance = random.Random(seed)
    now: Residents = {unit: frozenset(range(unit * 3, unit * 3 + 3)) for unit in range(4)}
    begins: dict[int, date | None] = dict.fromkeys(now)
    ends: dict[int, date] = {}
    edges: list[Edge] = []
    days = [(FIRST - timedelta(days=1), now)]
    for step in range(steps):
        day = FIRST + timedelta(days=10 * step)
        ending = chance.sample(sorted(now), chance.randint(1, len(now)))
        people = [person for unit in ending for person in sorted(now[unit])]
        if chance.random() < 0.5:
            chance.shuffle(people)  # otherwise most units stay whole
        count = chance.randint(1, min(3, len(people)))
        cuts = sorted(chance.sample(range(1, len(people)), count - 1))
        after = dict(now)
        for unit in ending:
            ends[unit] = day
            del after[unit]
        for start, stop in zip([0, *cuts], [*cuts, len(people)], strict=True):
            made = len(begins)
            begins[made] = day
            after[made] = frozenset(people[start:stop])
            for unit in ending:
                if now[unit] & after[made]:
                    edges.append(Edge(unit, made, day, now[unit] <= after[made]))
        now = after
        days.append((day, now))
    periods = {unit: Period(start, ends.get(unit)) for unit, start in begins.items()}
    return Lineage(edges, periods), days


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 5))
def test_an_attribution_is_never_wrong_and_no_overlap_is_missed(seed: int, steps: int) -> None:
    lineage, days = history(seed, steps)
    for _, units in days:
        for unit, people in units.items():
            for day, others in days:
                found = lineage.overlap(unit, day)
                if found.exact is not None:
                    assert people <= others[found.exact]
                really = {other for other in others if others[other] & people}
                assert really <= {share.unit for share in found.shares}
                for share in found.shares:
                    if share.is_whole:
                        assert others[share.unit] <= people


@given(seed=st.integers(0, 2**32))
def test_one_change_is_attributed_wherever_it_can_be(seed: int) -> None:
    """Over one day of changes nothing attributable is left out either."""
    lineage, days = history(seed, 1)
    (_, before), (day, after) = days
    for unit, people in before.items():
        homes = [other for other in after if after[other] & people]
        assert lineage.overlap(unit, day).exact == (homes[0] if len(homes) == 1 else None)
