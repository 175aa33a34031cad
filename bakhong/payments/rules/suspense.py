"""What is to be done next about a line that no rule could place."""

from collections.abc import Sequence

# Code → what somebody does. The words are the pages' (actions/suspense.py).
CALL = "call"  # ask whoever paid, or whoever should have
FIND = "find"  # find the charge
REST = "rest"  # wait for the rest, and remind
ADD_UP = "add_up"  # what came so far is the whole: put it together
RETURN = "return"  # ask for a refund
EXPLAIN = "explain"  # say what it is
STEPS = (FIND, CALL, REST, ADD_UP, RETURN, EXPLAIN)

_FIRST = {
    "no_reference": FIND,
    "unknown": FIND,
    "underpaid": REST,
    "overpaid": CALL,
    "double": RETURN,
    "closed": RETURN,
    "wrong_account": FIND,
    "several": FIND,
    "out": EXPLAIN,
    "taken_back": FIND,
    "bounced": RETURN,
    "fault": FIND,
}


def first_step(reason: str) -> str:
    """
    >>> first_step("double"), first_step("no_reference")
    ('return', 'find')
    """
    return _FIRST[reason]


def is_whole(amounts: Sequence[int], owed: int) -> bool:
    """Whether what came in parts is the whole, to the đồng.

    >>> is_whole([60_000, 40_000], 100_000), is_whole([60_000, 50_000], 100_000), is_whole([100_000], 100_000)
    (True, False, False)
    """
    return len(amounts) > 1 and sum(amounts) == owed
