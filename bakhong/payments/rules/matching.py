"""What a bank line pays: by the reference in its note, then the amount, to the đồng. Everything else waits for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["charge", "deposit", "refund"]


@dataclass(frozen=True, slots=True)
class Named:
    """Something a reference in a note stands for. `account` None: the payer was told none. `is_open`: it still waits for money."""

    kind: Kind
    pk: int
    biller: int
    account: int | None
    amount: int
    is_open: bool
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` empty: it is `named`'s, whole. Else a code of SuspenseReason, and what it seems to be about."""

    named: Named | None
    reason: str = ""

    @property
    def is_match(self) -> bool:
        return not self.reason


def judge(
    *,
    direction: str,
    amount: int,
    biller: int,
    account: int,
    named: Sequence[Named],
    has_reference: bool,
) -> Verdict:
    """`named`: what the references of the note stand for, each once; `has_reference`: whether it holds one with a right check character.

    >>> fee = Named("charge", 1, 1, 1, 200_000, True)
    >>> def of(amount: int, *named: Named) -> str:
    ...     return judge(direction="in", amount=amount, biller=1, account=1, named=named, has_reference=True).reason
    >>> of(200_000, fee), of(200, fee), of(200_001, fee), of(200_000)
    ('', 'underpaid', 'overpaid', 'unknown')
    """
    if direction == "out":
        return _of_outgoing(amount, biller, account, named)
    coming = [each for each in named if each.kind != "refund"]
    if not coming:
        return Verdict(None, "unknown" if has_reference else "no_reference")
    if len(coming) > 1:
        return Verdict(None, "several")
    (one,) = coming
    if one.biller != biller:
        return Verdict(None, "wrong_account")  # what another organisation collects is not shown here
    return Verdict(one, _why_not(one, amount, account))


def _why_not(one: Named, amount: int, account: int) -> str:
    if one.is_withdrawn:
        return "closed"
    if not one.is_open:
        return "double"
    if one.account not in (None, account):
        return "wrong_account"
    if amount != one.amount:
        return "underpaid" if amount < one.amount else "overpaid"
    return ""


def _of_outgoing(amount: int, biller: int, account: int, named: Sequence[Named]) -> Verdict:
    """Money that goes out is known only as an approved refund, of its amount, from its account."""
    for one in named:
        is_it = one.kind == "refund" and one.is_open and one.amount == amount and one.biller == biller
        if is_it and one.account in (None, account):
            return Verdict(one)
    return Verdict(None, "out")
