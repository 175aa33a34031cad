"""What a bank line pays: by the reference in its note, then the amount, to the đồng. Everything else waits for somebody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["charge", "deposit", "refund"]


@dataclass(frozen=True, slots=True)
class Named:
    """Something a reference in a note stands for. `account` None: it was made before there was one. `is_open`: it still waits for money.

    `service` is a charge's; what has none is told one account and keeps to it.
    """

    kind: Kind
    pk: int
    biller: int
    account: int | None
    amount: int
    is_open: bool
    is_withdrawn: bool = False
    service: str = ""


@dataclass(frozen=True, slots=True)
class Into:
    """The account a line moved in. `services` empty: it takes for all that its biller collects."""

    pk: int
    services: Collection[str] = ()
    is_open: bool = True

    def takes(self, named: Named) -> bool:
        """The account it was made with; of a charge any open one of its biller that is kept for its service, as papers outlive accounts.

        >>> water, gone = Named("charge", 1, 1, None, 86_000, True, service="water"), Into(1, ["water"], is_open=False)
        >>> Into(1).takes(water), Into(1, ["water"]).takes(water), Into(1, ["market"]).takes(water), gone.takes(water)
        (True, True, False, False)
        """
        if named.account == self.pk:
            return True
        if not named.service:
            return named.account is None
        return self.is_open and (not self.services or named.service in self.services)


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
    into: Into,
    named: Sequence[Named],
    has_reference: bool,
) -> Verdict:
    """`named`: what the references of the note stand for, each once; `has_reference`: whether it holds one with a right check character.

    >>> fee = Named("charge", 1, 1, 1, 200_000, True)
    >>> def of(amount: int, *named: Named) -> str:
    ...     return judge(direction="in", amount=amount, biller=1, into=Into(1), named=named, has_reference=True).reason
    >>> of(200_000, fee), of(200, fee), of(200_001, fee), of(200_000), of(90_000, Named("refund", 1, 1, 1, 90_000, False))
    ('', 'underpaid', 'overpaid', 'unknown', 'bounced')
    """
    if direction == "out":
        return _of_outgoing(amount, biller, into, named)
    coming = [each for each in named if each.kind != "refund"]
    if not coming and any(each.biller == biller and not each.is_open for each in named):
        return Verdict(None, "bounced")  # with the reference of a refund that went
    if not coming:
        return Verdict(None, "unknown" if has_reference else "no_reference")
    if len(coming) > 1:
        return Verdict(None, "several")
    (one,) = coming
    if one.biller != biller:
        return Verdict(None, "wrong_account")  # what another organisation collects is not shown here
    return Verdict(one, _why_not(one, amount, into))


def _why_not(one: Named, amount: int, into: Into) -> str:
    if one.is_withdrawn:
        return "closed"
    if not one.is_open:
        return "double"
    if not into.takes(one):
        return "wrong_account"
    if amount != one.amount:
        return "underpaid" if amount < one.amount else "overpaid"
    return ""


def _of_outgoing(amount: int, biller: int, into: Into, named: Sequence[Named]) -> Verdict:
    """Money that goes out is known only as an approved refund, of its amount, from its account."""
    for one in named:
        is_it = one.kind == "refund" and one.is_open and one.amount == amount and one.biller == biller
        if is_it and into.takes(one):
            return Verdict(one)
    return Verdict(None, "out")
