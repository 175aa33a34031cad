"""How a submission may move, as data: the actions read it, and the database refuses any other move.

draft → submitted → approved → accepted, or sent back and round again. Every step can be taken back while nobody has built on it.
Source: the flow of the programme's reports: the officer prepares, the chair signs, the province receives (domain research, unverified).
"""

from dataclasses import dataclass

DRAFT, SUBMITTED, APPROVED, ACCEPTED, SENT_BACK = "draft", "submitted", "approved", "accepted", "sent_back"

EDITABLE = frozenset({DRAFT, SENT_BACK})
LOCKED = frozenset({APPROVED, ACCEPTED})


@dataclass(frozen=True)
class Transition:
    """`permission` is held at the submitting unit, or at the period's owner where `by_owner`."""

    sources: frozenset[str]
    target: str
    permission: str
    by_owner: bool = False
    needs_reason: bool = False


DEEDS = {
    "submit": Transition(EDITABLE, SUBMITTED, "periods.submit"),
    "take_back": Transition(frozenset({SUBMITTED}), DRAFT, "periods.submit"),
    "return_to_clerk": Transition(frozenset({SUBMITTED}), DRAFT, "periods.approve", needs_reason=True),
    "approve": Transition(frozenset({SUBMITTED}), APPROVED, "periods.approve"),
    "take_back_approval": Transition(frozenset({APPROVED}), SUBMITTED, "periods.approve"),
    "accept": Transition(frozenset({APPROVED}), ACCEPTED, "periods.decide", by_owner=True),
    "undo_accept": Transition(frozenset({ACCEPTED}), APPROVED, "periods.decide", by_owner=True),
    "send_back": Transition(LOCKED, SENT_BACK, "periods.decide", by_owner=True, needs_reason=True),
    "undo_send_back": Transition(frozenset({SENT_BACK}), APPROVED, "periods.decide", by_owner=True),
}


def moves() -> frozenset[tuple[str, str]]:
    """Every (from, to) that some deed makes.

    >>> (DRAFT, APPROVED) in moves(), (SUBMITTED, APPROVED) in moves()
    (False, True)
    """
    return frozenset((source, each.target) for each in DEEDS.values() for source in each.sources)


def possible(state: str) -> list[str]:
    """The deeds that a state allows, in the order of the table.

    >>> possible(ACCEPTED)
    ['undo_accept', 'send_back']
    """
    return [deed for deed, each in DEEDS.items() if state in each.sources]
