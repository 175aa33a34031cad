"""Each step's own time, read from the history: by when it should have been done, and whether it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bakhong.dossiers.models import Event


@dataclass(frozen=True)
class StepTime:
    """`is_late` None: it is not said yet, for the step goes on and its time has not passed."""

    due_at: datetime
    is_late: bool | None


def step_times(events: Iterable[Event], *, end: datetime, is_over: bool) -> dict[int, StepTime]:
    """Number of the event that began a step → how its time was kept. `end`: when the dossier was finished (`is_over`), or now.

    Time waited for the resident moves a step's moment: the latest one counts, as it stood when the dossier left the step.
    """
    found: dict[int, StepTime] = {}
    began, step, due = 0, "", None
    for each in events:
        if each.step != step:
            if due is not None:
                found[began] = StepTime(due, each.at > due)
            began, step, due = each.number, each.step, None
        told = each.data.get("step_due_at")
        due = datetime.fromisoformat(told) if told else due
    if due is not None:
        found[began] = StepTime(due, (end > due) if is_over or end > due else None)
    return found
