"""Whether a dossier was in time, from the days another system's list says of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bakhong.core.days import VIET_NAM  # noqa: F401 (the worked example)

_ENDED = frozenset({3, 8, 9, 10})


@dataclass(frozen=True)
class Verdict:
    """`in_time` None: it cannot be said, for want of the day it was promised for ("no_due") or of the day it ended
    ("no_end"). `why`: "", "late", "supplements", or one of these."""

    in_time: bool | None
    why: str = ""


def judge(
    *,
    due: datetime | None,
    finished: datetime | None,
    returned: datetime | None,
    ended: datetime | None,
    asked: datetime | None,
    answered: datetime | None,
    waited: int,
    supplements: int,
    as_of: datetime,
    state: int | None = None,
) -> Verdict:
    """In time, as the national index counts it: the end less the time waited for supplements is not after the promised moment.

    The end is that of the work, else of handing over, else of stopping or refusing (`ended`), else `as_of`; one request not answered
    freezes the clock; more than one request is late. `waited`: minutes, where the list says them. `state`: the national number; of what
    has ended without a day it is not said whether it was in time.

    Source: the formula text of Decision 766/QĐ-TTg, item 2.1 (unofficial copy).

    >>> at = datetime(2026, 3, 6, tzinfo=VIET_NAM)
    >>> told = dict(due=at, returned=None, ended=None, asked=None, answered=None, waited=0, supplements=0, as_of=at + timedelta(9))
    >>> [judge(**{**told, **more}).in_time for more in (
    ...     {"finished": at}, {"finished": at + timedelta(1)}, {"finished": at + timedelta(1), "waited": 1440},
    ...     {"finished": at, "supplements": 2}, {"finished": None}, {"finished": None, "asked": at - timedelta(1)})]
    [True, False, True, False, False, True]
    """
    if supplements > 1:
        return Verdict(False, "supplements")
    if due is None:
        return Verdict(None, "no_due")
    end = finished or returned or ended
    if end is None and state in _ENDED:
        return Verdict(None, "no_end")
    if end is None:
        end = asked if asked is not None and answered is None else as_of
    wait = timedelta(minutes=waited)
    if not waited and asked is not None and answered is not None:
        wait = max(answered - asked, timedelta())
    return Verdict(True) if end - wait <= due else Verdict(False, "late")
