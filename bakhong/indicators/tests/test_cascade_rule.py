"""Splitting a target: the parts always sum to it, and nobody is asked for more people than there are unless it is said."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bakhong.indicators.rules.cascade import (
    NO_DATA,
    NOTHING_MISSING,
    OVER_ELIGIBLE,
    REACHED,
    apportion,
    cascade,
)

counts = st.integers(0, 20_000)
village = st.one_of(st.none(), st.tuples(counts, counts))


@st.composite
def units(draw: st.DrawFn) -> tuple[dict[int, int | None], dict[int, int | None]]:
    """(missing, eligible) by unit, some unknown."""
    rows = draw(st.lists(village, min_size=1, max_size=12))
    missing = {key: None if row is None else row[0] for key, row in enumerate(rows)}
    eligible = {key: None if row is None else row[0] + row[1] for key, row in enumerate(rows)}
    return missing, eligible


@given(units(), st.integers(0, 300_000))
def test_the_parts_sum_exactly_and_are_no_negative_numbers(
    split: tuple[dict[int, int | None], dict[int, int | None]], total: int
) -> None:
    parts = cascade(total, *split)
    assert sum(part.value for part in parts) == total
    assert all(part.value >= 0 for part in parts)
    assert [part.key for part in parts] == list(split[0])


@given(units(), st.integers(0, 300_000))
def test_more_than_the_people_there_is_always_flagged(
    split: tuple[dict[int, int | None], dict[int, int | None]], total: int
) -> None:
    missing, eligible = split
    for part in cascade(total, *split):
        whole, left = eligible[part.key], missing[part.key]
        assert (OVER_ELIGIBLE in part.flags) is (whole is not None and part.value > whole)
        assert (NO_DATA in part.flags) is (left is None)
        if left is not None and OVER_ELIGIBLE not in part.flags:
            assert part.add <= left


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=12), st.data())
def test_what_can_be_reached_is_split_feasibly_and_fairly(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Between what is done and what there is, nobody is asked for too much, and who misses more gets no less."""
    missing = {key: row[0] for key, row in enumerate(rows)}
    eligible = {key: sum(row) for key, row in enumerate(rows)}
    total = data.draw(st.integers(sum(row[1] for row in rows), sum(eligible.values())))
    parts = cascade(total, missing, eligible)
    assert all(part.is_feasible and 0 <= part.add <= missing[part.key] for part in parts)
    by_missing = sorted(parts, key=lambda part: missing[part.key])
    for less, more in pairwise(by_missing):
        if missing[less.key] < missing[more.key]:
            assert less.add <= more.add + 1
    whole = sum(missing.values())
    for part in parts:
        if whole:
            exact = (total - sum(row[1] for row in rows)) * missing[part.key] / whole
            assert abs(part.add - exact) < 1.000001


def test_a_target_below_what_is_done_still_sums_and_says_so() -> None:
    parts = cascade(50, {1: 40, 2: 20}, {1: 100, 2: 100})
    assert sum(part.value for part in parts) == 50
    assert all(REACHED in part.flags and part.add < 0 for part in parts)


def test_who_sent_nothing_is_asked_for_as_much_as_the_others_are_on_average() -> None:
    parts = {part.key: part for part in cascade(190, {1: 40, 2: 20, 3: None}, {1: 100, 2: 100, 3: None})}
    assert parts[3].add == 17  # 50 shared 40 : 20 : 30
    assert NO_DATA in parts[3].flags


def test_where_everybody_is_done_the_rest_goes_by_size_and_is_flagged() -> None:
    parts = cascade(330, {1: 0, 2: 0}, {1: 100, 2: 200})
    assert [part.value for part in parts] == [110, 220]
    assert all({NOTHING_MISSING, OVER_ELIGIBLE} <= set(part.flags) for part in parts)


def test_ties_go_to_the_first() -> None:
    assert apportion(2, {3: 5, 1: 5, 2: 5}) == {3: 0, 1: 1, 2: 1}
