"""The score is the sum of its parts, lies between 0 and 100, and grows with each hardship."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from bakhong.outreach.rules.obstacles import pareto
from bakhong.outreach.rules.sweep import Conditions, parts_of, score_of, usual_weights
from bakhong.outreach.rules.times import PARTS, Attempt, best_time

COUNTS = some.integers(0, 200)


@some.composite
def conditions(draw: some.DrawFn) -> Conditions:
    people, pairs = draw(COUNTS), draw(COUNTS)
    known = draw(some.integers(0, people))
    return Conditions(
        people=people,
        absent=draw(some.integers(0, people)),
        known_phones=known,
        weak_phones=draw(some.integers(0, known)),
        elderly=draw(some.integers(0, people)),
        missing_pairs=draw(some.integers(0, pairs)),
        all_pairs=pairs,
        signal=draw(some.none() | some.integers(0, 4)),
        distance_km=draw(some.none() | some.integers(0, 500).map(Decimal)),
    )


WEIGHTS = some.fixed_dictionaries({code: some.integers(0, 100) for code in usual_weights()}).filter(
    lambda weights: sum(weights.values()) > 0
)


def score(known: Conditions, weights: dict[str, int]) -> Decimal:
    return score_of(parts_of(known, weights))


@given(conditions(), WEIGHTS)
def test_it_is_the_sum_of_its_parts(known: Conditions, weights: dict[str, int]) -> None:
    parts = parts_of(known, weights)
    assert 0 <= score_of(parts) <= 100
    assert abs(sum(part.points for part in parts) - score_of(parts)) <= Decimal("0.03")
    assert all(part.value is None or 0 <= part.value <= 1 for part in parts)


@given(conditions(), WEIGHTS, some.data())
def test_it_grows_with_each_hardship(
    known: Conditions, weights: dict[str, int], data: some.DataObject
) -> None:
    """Never easier when one more is away, without smartphone, elderly or lacking, the signal worse or the way longer."""
    harder = []
    for name, most in (
        ("absent", known.people),
        ("weak_phones", known.known_phones),
        ("elderly", known.people),
        ("missing_pairs", known.all_pairs),
    ):
        if getattr(known, name) < most:
            harder.append(replace(known, **{name: getattr(known, name) + 1}))
    if known.signal:
        harder.append(replace(known, signal=known.signal - 1))
    if known.distance_km is not None:
        harder.append(replace(known, distance_km=known.distance_km + 1))
    for each in harder:
        assert score(each, weights) >= score(known, weights)


def test_a_score_that_shrank_would_be_found() -> None:
    """Negative control: turned round, the rule breaks."""
    easy, hard = Conditions(people=10, absent=1), Conditions(people=10, absent=9)
    assert score(hard, usual_weights()) > score(easy, usual_weights())
    assert not score(easy, usual_weights()) >= score(hard, usual_weights())


def test_what_nobody_has_said_counts_half() -> None:
    only_signal = dict.fromkeys(usual_weights(), 0) | {"signal": 10}
    assert [score(Conditions(signal=signal), only_signal) for signal in (4, None, 0)] == [0, 50, 100]


@given(
    some.lists(some.builds(Attempt, some.sampled_from(PARTS), some.booleans())),
    some.lists(some.none() | some.integers(0, 99)),
)
def test_there_is_always_a_time(attempts: list[Attempt], ages: list[int | None]) -> None:
    found = best_time(attempts, ages)
    assert {found.part, found.second} <= set(PARTS)
    assert found.part != found.second
    if any(each.was_found for each in attempts):
        tried = [each for each in attempts if each.part == found.part]
        assert not tried or any(each.was_found for each in tried)


@given(some.dictionaries(some.text("abc", min_size=1, max_size=3), some.integers(0, 50)))
def test_the_curve_ends_at_everything(counts: dict[str, int]) -> None:
    rows = pareto(counts)
    assert [row.times for row in rows] == sorted((row.times for row in rows), reverse=True)
    assert (rows[-1].running if rows else 0) == sum(counts.values())
