"""Which papers a dossier brings, lacks, or must not be asked for.

Source: Resolution 66.7/2025/NQ-CP: a paper whose data the State holds is not asked for; only where they were looked up and not found (or
are wrong), with the reason, and the register is asked to be brought up to date.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bakhong.procedures.rules.catalogue import Paper

OTHER = "other"  # something the procedure does not name, given freely

ATTACHED, HELD, NOT_FOUND, SEEN, MISSING, NOT_NEEDED = (
    "attached",
    "held",
    "not_found",
    "seen",
    "missing",
    "not_needed",
)


@dataclass(frozen=True)
class Brought:
    """A paper as given: `how` is one of `models.Given`; `has_file`: with a picture or PDF."""

    how: str
    has_file: bool
    reason: str = ""


@dataclass(frozen=True)
class Judged:
    """What becomes of one paper; `problem`: "" or a code: missing, held, no_reason, unknown, no_file.

    `looked_up`: what the officer said who looked it up where it should be known: "found", "not_found", or "" where nobody did.
    """

    paper: str
    state: str
    register: str = ""
    reason: str = ""
    problem: str = ""
    looked_up: str = ""


def judge(
    papers: Sequence[Paper],
    brought: Mapping[str, Sequence[Brought]],
    answers: Mapping[str, Any],
    is_true: Callable[[Mapping[str, Any], Mapping[str, Any]], bool],
) -> list[Judged]:
    """One line for each paper the procedure names, and for each given that it does not name. `is_true` evaluates a condition."""
    lines = [
        _judged(paper, brought.get(paper.code, ()), paper.when is None or is_true(paper.when, answers))
        for paper in papers
    ]
    known = {paper.code for paper in papers} | {OTHER}
    return lines + [Judged(code, MISSING, problem="unknown") for code in brought if code not in known]


def _judged(paper: Paper, given: Sequence[Brought], is_needed: bool) -> Judged:
    if given:
        return _given(paper, given)
    if not is_needed:
        return Judged(paper.code, NOT_NEEDED)
    if paper.held_by:
        return Judged(paper.code, HELD, paper.held_by)
    if paper.required:
        return Judged(paper.code, MISSING, problem="missing")
    return Judged(paper.code, NOT_NEEDED)


def _given(paper: Paper, given: Sequence[Brought]) -> Judged:
    missed = next((each for each in given if each.how == "not_found"), None)
    if missed is not None:
        problem = "" if missed.reason else "no_reason"
        return Judged(paper.code, NOT_FOUND, paper.held_by, missed.reason, problem, looked_up="not_found")
    if any(each.how == "register" for each in given):
        return Judged(paper.code, HELD, paper.held_by, looked_up="found")
    if paper.held_by:
        return Judged(paper.code, HELD, paper.held_by, problem="held")
    if any(each.has_file for each in given):
        return Judged(paper.code, ATTACHED)
    if all(each.how == "original_seen" for each in given):
        return Judged(paper.code, SEEN)
    return Judged(paper.code, MISSING, problem="no_file")
