"""Bank lines find what they pay: by the reference in the note, then the amount. Nothing else marks anything paid.

What is not exactly one open charge's amount goes to suspense. So does a line whose booking fails upstairs (a dossier that hears of its fee
and cannot go on): nothing is wrong with the money, and nobody else's waits for it.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from bakhong.core.actor import Actor
from bakhong.core.bulk import collecting_later, one_of
from bakhong.core.errors import Refusal
from bakhong.payments.actions.alarms import raise_alarm
from bakhong.payments.actions.depositing import deposit_arrived
from bakhong.payments.actions.refunding import refund_sent
from bakhong.payments.actions.settling import settle_matched
from bakhong.payments.actions.suspense import suspend
from bakhong.payments.models import (
    AlarmKind,
    BankLine,
    Biller,
    Charge,
    ChargeState,
    Deposit,
    Direction,
    LineState,
    Refund,
    RefundState,
    SuspenseReason,
)
from bakhong.payments.rules.matching import Into, Named, Verdict, judge
from bakhong.payments.rules.references import CHARGE, DEPOSIT, REFUND, find_references

log = logging.getLogger(__name__)

_BATCH = 5000


@dataclass
class Matched:
    """How many lines found what they pay, and how many wait for somebody."""

    matched: int = 0
    suspense: int = 0

    def __add__(self, other: "Matched") -> "Matched":
        return Matched(self.matched + other.matched, self.suspense + other.suspense)


class _Things:
    """What the references in some notes stand for."""

    def __init__(self, references: Sequence[str]) -> None:
        self.named: dict[str, Named] = {}
        self.charges: dict[int, Charge] = {}
        self.deposits: dict[int, Deposit] = {}
        self.refunds: dict[int, Refund] = {}
        by_prefix: dict[str, list[str]] = defaultdict(list)
        for each in references:
            by_prefix[each[:2]].append(each)
        self._find_charges(by_prefix[CHARGE])
        self._find_deposits(by_prefix[DEPOSIT])
        self._find_refunds(by_prefix[REFUND])

    def _find_charges(self, references: Sequence[str]) -> None:
        rows = Charge.objects.filter(one_of("reference", references)).only(
            "reference", "biller", "account", "amount", "state", "service"
        )
        for each in rows if references else ():
            self.charges[each.pk] = each
            self.named[each.reference] = Named(
                "charge", each.pk, each.biller_id, each.account_id, each.amount,
                each.state == ChargeState.OPEN, each.state == ChargeState.WITHDRAWN, each.service,
            )  # fmt: skip

    def _find_deposits(self, references: Sequence[str]) -> None:
        for each in Deposit.objects.filter(reference__in=references) if references else ():
            self.deposits[each.pk] = each
            self.named[each.reference] = Named(
                "deposit", each.pk, each.biller_id, each.account_id, each.amount, each.line_id is None
            )

    def _find_refunds(self, references: Sequence[str]) -> None:
        for each in Refund.objects.filter(reference__in=references) if references else ():
            self.refunds[each.pk] = each
            self.named[each.reference] = Named(
                "refund", each.pk, each.biller_id, each.account_id, each.amount,
                each.state == RefundState.APPROVED and each.line_id is None,
            )  # fmt: skip


@collecting_later()
def match_lines(lines: Sequence[BankLine], *, by: Actor, at: datetime) -> Matched:
    """Judge lines that are new. Each ends matched or in suspense; a line judged before is left alone.

    The earliest of several lines for one charge pays it, whatever order they are given in. Raises only where the database was in the way:
    the lines are new still, and `match_waiting` finds them.
    """
    turn = sorted(lines, key=lambda line: (line.on, line.booked_at is None, line.booked_at, line.pk))
    batches = (turn[start : start + _BATCH] for start in range(0, len(turn), _BATCH))
    return sum((_match_apart(batch, by, at) for batch in batches), Matched())


def _match_apart(lines: Sequence[BankLine], by: Actor, at: datetime) -> Matched:
    """All together; where that fails in halves, down to the line it fails for."""
    try:
        with transaction.atomic():
            return _match(_held(lines), by, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(lines) > 1:
            half = len(lines) // 2
            return _match_apart(lines[:half], by, at) + _match_apart(lines[half:], by, at)
        log.error("Line %s cannot be booked: %s", lines[0].uuid, type(error).__name__)
    return _wait_for_somebody(lines[0], by, at)


@transaction.atomic
def _wait_for_somebody(line: BankLine, by: Actor, at: datetime) -> Matched:
    held = _held([line])
    if not held:
        return Matched()
    named = list(_Things(find_references(line.content)).charges)
    suspend([(line, SuspenseReason.FAULT, named[0] if len(named) == 1 else None)], by=by, at=at)
    raise_alarm(account=line.account, kind=AlarmKind.FAULT, detail="match", at=at)
    return Matched(suspense=1)


def match_waiting(*, at: datetime, by: Actor, limit: int = _BATCH) -> Matched:
    """Lines that were stored and never judged, which only a fault leaves behind."""
    rows = (
        BankLine.objects.filter(state=LineState.NEW)
        .select_related("account", "biller")
        .order_by("pk")[:limit]
    )
    return match_lines(list(rows), by=by, at=at)


def _held(lines: Sequence[BankLine]) -> list[BankLine]:
    """Those of the lines that are still new, in the order given."""
    rows = BankLine.objects.select_for_update().filter(
        one_of("pk", (line.pk for line in lines)), state=LineState.NEW
    )
    free = set(rows.order_by("pk").values_list("pk", flat=True))
    return [line for line in lines if line.pk in free]


def _match(lines: Sequence[BankLine], by: Actor, at: datetime) -> Matched:
    notes = {line.pk: find_references(line.content) for line in lines}
    things = _Things(sorted({each for found in notes.values() for each in found}))
    taken: set[tuple[str, int]] = set()
    verdicts: list[tuple[BankLine, Verdict]] = []
    for line in lines:
        verdict = _judge(line, notes[line.pk], things.named, taken)
        if verdict.is_match and verdict.named:
            taken.add((verdict.named.kind, verdict.named.pk))
        verdicts.append((line, verdict))
    done = _settle(verdicts, things, by, at)
    _suspend([each for each in verdicts if each[0].pk not in done], by, at)
    return Matched(len(done), len(lines) - len(done))


def _judge(
    line: BankLine, references: Sequence[str], named: Mapping[str, Named], taken: set[tuple[str, int]]
) -> Verdict:
    met = [named[each] for each in references if each in named]
    spent = [_closed(each) if (each.kind, each.pk) in taken else each for each in met]
    return judge(
        direction=line.direction,
        amount=line.amount,
        biller=line.biller_id,
        into=Into(line.account_id, line.account.services, line.account.is_in_use),
        named=spent,
        has_reference=bool(references),
    )


def _closed(named: Named) -> Named:
    return replace(named, is_open=False)


def _settle(
    verdicts: Sequence[tuple[BankLine, Verdict]], things: _Things, by: Actor, at: datetime
) -> set[int]:
    """The keys of the lines that are somebody's now. Who was faster with a charge (cash at the desk) leaves its line out."""
    matched = [(line, verdict.named) for line, verdict in verdicts if verdict.is_match and verdict.named]
    pairs = [(things.charges[named.pk], line) for line, named in matched if named.kind == "charge"]
    billers: dict[int, Biller] = {line.biller_id: line.biller for line, _verdict in verdicts}
    for charge, _line in pairs:
        charge.biller = billers[charge.biller_id]
    settled = settle_matched(pairs, by=by, at=at) if pairs else []
    done = {each.line_id for each in settled if each.line_id}
    for line, named in matched:
        # Whoever was faster with a deposit or a refund leaves its line to suspense.
        with suppress(Refusal):
            if named.kind == "deposit":
                deposit_arrived(deposit=things.deposits[named.pk], line=line, by=by, at=at)
                done.add(line.pk)
            elif named.kind == "refund":
                refund_sent(refund=things.refunds[named.pk], line=line, by=by, at=at)
                done.add(line.pk)
    return done


def _suspend(verdicts: Sequence[tuple[BankLine, Verdict]], by: Actor, at: datetime) -> None:
    """A verdict that was a match was overtaken: the charge is paid or withdrawn by now."""
    overtaken = [verdict.named.pk for _line, verdict in verdicts if verdict.is_match and verdict.named]
    withdrawn = set(
        Charge.objects.filter(Q(pk__in=overtaken), state=ChargeState.WITHDRAWN).values_list("pk", flat=True)
        if overtaken
        else ()
    )
    waiting = []
    for line, verdict in verdicts:
        charge = verdict.named.pk if verdict.named and verdict.named.kind == "charge" else None
        reason = verdict.reason or _overtaken(line, charge in withdrawn)
        waiting.append((line, reason, charge))
    if waiting:
        suspend(waiting, by=by, at=at)


def _overtaken(line: BankLine, is_withdrawn: bool) -> str:
    if line.direction == Direction.OUT:
        return "out"
    return "closed" if is_withdrawn else "double"
