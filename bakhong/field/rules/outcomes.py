"""What a visit came to, told from what was ticked, so that nobody has to choose it from a list."""

from collections.abc import Sequence

MET, NOBODY, MOVED = "met", "nobody", "moved"


def outcome_of(met: str, results: Sequence[str], missing: int) -> str:
    """The outcome of a visit (`outreach.models.Outcome`).

    `results`: one for each person and service somebody tried; `missing`: how many there were to do.

    >>> outcome_of("nobody", [], 3), outcome_of("met", ["done"] * 3, 3), outcome_of("met", ["done", "tried"], 3)
    ('nobody_home', 'met_done', 'met_partly')
    >>> outcome_of("met", ["refused", "refused"], 3), outcome_of("met", ["tried", "refused"], 3), outcome_of("met", [], 3)
    ('refused', 'cannot', 'come_again')
    >>> outcome_of("met", ["registered"], 1), outcome_of("met", [], 0)
    ('met_partly', 'met_done')
    """
    if met != MET:
        return {NOBODY: "nobody_home", MOVED: "moved"}[met]
    if results.count("done") == missing:
        return "met_done"
    if {"done", "registered"} & set(results):
        return "met_partly"
    if not results:
        return "come_again"
    return "refused" if set(results) == {"refused"} else "cannot"


def part_of_day(hour: int) -> str:
    """The part of the day that an hour (0–23, of Viet Nam) belongs to.

    >>> [part_of_day(hour) for hour in (8, 11, 14, 18)]
    ['morning', 'noon', 'afternoon', 'evening']
    """
    if hour < 11:
        return "morning"
    if hour < 13:
        return "noon"
    return "afternoon" if hour < 17 else "evening"
