"""Whether a paper the State should hold can be looked up from here, and what was said of it."""

from dataclasses import dataclass

from bakhong.core.days import day_of
from bakhong.dossiers.models import Check, LookedUp, PaperCheck
from bakhong.people.registers import connected
from bakhong.procedures.rules.catalogue import Paper

RESULT = "result"  # what the commune itself issued: no register to ask


def can_ask(paper: Paper) -> bool:
    """Whether what stands for the paper can be asked for from here; else the officer looks it up themself."""
    if paper.held_by == RESULT:
        return bool(paper.shown_by)
    register = connected().get(paper.held_by)
    return register is not None and bool(register.keys & set(paper.shown_by))


@dataclass(frozen=True)
class Told:
    """What looking it up told: one of `LookedUp`; `whom`: the register that was asked, in words."""

    state: str
    whom: str


def may_be_looked_up(check: PaperCheck) -> bool:
    """Papers somebody should know already, given by nobody so far."""
    return bool(check.register) and check.state in (Check.HELD, Check.NOT_FOUND)


def look_up_words(check: PaperCheck) -> str:
    """ "đã tra, có (Nguyễn Văn A, 22/11/2026)"; "" where nobody looked."""
    if not check.looked_up or check.looked_up_at is None:
        return ""
    whom = f"{check.looked_up_by}, " if check.looked_up_by else ""
    return f"{LookedUp(check.looked_up).label} ({whom}{day_of(check.looked_up_at):%d/%m/%Y})"
