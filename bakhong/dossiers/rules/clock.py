"""The time limit of a dossier as its events tell it: the limit, without the time waited for the resident, from the last promise on.

What is stored on the dossier is what this gives; a test walks dossiers and compares.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bakhong.core.days import VIET_NAM
from bakhong.dossiers.rules.states import WAITING
from bakhong.procedures.rules.calendar import WorkCalendar
from bakhong.procedures.rules.counting import forward, local, worked
from bakhong.procedures.rules.deadlines import due
from bakhong.procedures.rules.limits import Limit
from bakhong.procedures.rules.pauses import Pause, merged


@dataclass(frozen=True)
class Moment:
    """What the clock needs of an event. `promised`: the new moment an apology gives, else None."""

    kind: str
    state_from: str
    state_to: str
    at: datetime
    promised: datetime | None = None

    @property
    def is_change(self) -> bool:
        return self.state_from != self.state_to


def standing(moments: Iterable[Moment]) -> list[Moment]:
    """Without what was taken back, which is always the last change of state, and without the taking back itself."""
    kept: list[Moment] = []
    for each in moments:
        if each.kind == "take_back":
            undone = next(index for index in range(len(kept) - 1, -1, -1) if kept[index].is_change)
            del kept[undone]
        else:
            kept.append(each)
    return kept


def pauses_of(moments: Iterable[Moment]) -> tuple[tuple[Pause, ...], datetime | None]:
    """The time waited so far, and since when it is being waited now (None: it is not). What was taken back waited for nobody."""
    found: list[Pause] = []
    since: datetime | None = None
    for each in standing(moments):
        is_waiting = each.state_to in WAITING
        if is_waiting and since is None:
            since = each.at
        elif not is_waiting and since is not None:
            found.append(Pause(since, max(each.at, since)))
            since = None
    return tuple(found), since


def is_extended(moments: Iterable[Moment]) -> bool:
    """Whether the longer limit counts, which the procedure itself knows."""
    return any(each.kind == "extend" for each in moments)


def due_from(moments: Sequence[Moment], limit: Limit, calendar: WorkCalendar) -> datetime | None:
    """When it is due after all that happened; None before it was received. A pause that has not ended counts for nothing yet."""
    received = next((each.at for each in moments if each.kind == "receive"), None)
    if received is None:
        return None
    pauses, _since = pauses_of(moments)
    promise = next((each for each in reversed(moments) if each.promised is not None), None)
    counted = due(received, limit, calendar, pauses).due_at
    if promise is None or promise.promised is None:
        return counted
    later = [pause for pause in pauses if pause.frm >= promise.at]
    put_off = after_waiting(promise.at, promise.promised, later, calendar)
    return max(put_off, counted) if is_extended(moments) else put_off


def after_waiting(
    since: datetime, promised: datetime, pauses: Sequence[Pause], calendar: WorkCalendar
) -> datetime:
    """The promised moment put off by the working time waited since it was promised; without any, itself."""
    if not pauses:
        return promised
    start, end = local(since), local(promised)
    waited = merged([Pause(local(each.frm), local(each.to)) for each in pauses], start)
    span = worked(calendar, (), start, end)
    return forward(calendar, waited, start, span).replace(tzinfo=VIET_NAM)


def is_late(due_at: datetime | None, waiting_since: datetime | None, end: datetime) -> bool:
    """True when it was not done in time. `end`: when it was finished, or now; while somebody waits for the resident, the clock stands."""
    if due_at is None:
        return False
    return (waiting_since if waiting_since is not None else end) > due_at
