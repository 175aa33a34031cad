"""The states a dossier passes, and the numbers the national portal knows them by.

Source: the national public service portal's field TrangThaiHoSo, values 1–10. A finer state of ours has the number it counts as there.
"""

DRAFT = "draft"  # not yet handed in: a row in this state never outlives its transaction
SUBMITTED = "submitted"
RECEIVED = "received"
REFUSED = "refused"
IN_PROGRESS = "in_progress"
SUPPLEMENT = "supplement"
DUTY = "duty"
WITHDRAWING = "withdrawing"
STOPPED = "stopped"
APPROVED = "approved"
DONE = "done"
RETURNED = "returned"

NATIONAL = {
    SUBMITTED: 1,
    RECEIVED: 2,
    REFUSED: 3,
    IN_PROGRESS: 4,
    APPROVED: 4,  # decided, not yet signed
    SUPPLEMENT: 5,
    DUTY: 6,
    WITHDRAWING: 7,
    STOPPED: 8,
    DONE: 9,
    RETURNED: 10,
}

# The clock of the time limit stands still: the next step is the resident's.
WAITING = frozenset({SUPPLEMENT, DUTY})
# Somebody of ours has to do something.
OPEN = frozenset({SUBMITTED, RECEIVED, IN_PROGRESS, SUPPLEMENT, DUTY, WITHDRAWING, APPROVED})
# Nothing will be decided any more.
FINISHED = frozenset({REFUSED, STOPPED, DONE, RETURNED})
# What was asked for has been given.
RESOLVED = frozenset({DONE, RETURNED})


def national(state: str, *, is_received: bool = True) -> int:
    """The portal's number of a state. What ends after it was received is stopped there (8), what ends before was not taken in (3), however
    it ended here.

    >>> national("approved"), national("returned"), national("refused"), national("stopped", is_received=False)
    (4, 10, 8, 3)
    """
    if state in (REFUSED, STOPPED):
        return NATIONAL[STOPPED] if is_received else NATIONAL[REFUSED]
    return NATIONAL[state]
