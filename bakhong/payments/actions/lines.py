"""The one way in for what a bank tells: each movement is stored once, whoever tells of it and however often.

Movements with the same identity are kept apart by the database (`bank_line_once`), not by looking. Looking (under the account's lock)
only finds those that another source told in other words.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bakhong.core.bulk import insert_new, insert_tuples, one_of
from bakhong.payments.models import BankAccount, BankLine, Delivery, Sighting, Statement
from bakhong.payments.rules.lines import (
    STATEMENT,
    Known,
    Told,
    apart,
    base,
    is_another,
    is_reused,
    is_same,
    numbered,
)

_WINDOW = timedelta(days=3)
_FEW = 500  # movements, up to which only lines of the same amounts are looked at
_SIGHTING = (
    "line_id",
    "biller_id",
    "account_id",
    "source",
    "external_id",
    "delivery_id",
    "statement_id",
    "row",
    "at",
)
_COLUMNS = ("direction", "amount", "on", "booked_at", "content", "reference", "balance_after")


@dataclass
class TakenLines:
    """`new`: stored now, in the order told. `met`: the keys of all lines told of, new or known, in the order told."""

    new: list[BankLine] = field(default_factory=list)
    met: list[int] = field(default_factory=list)


def take_lines(
    *,
    account: BankAccount,
    told: Sequence[Told],
    source: str,
    at: datetime,
    statement: Statement | None = None,
    deliveries: Sequence[Delivery] = (),
) -> TakenLines:
    """Store what is new and note who told of it. `deliveries`: one for each movement, where that is how they came.

    Whoever calls has seen to it that this account may be written, and matches what is new in the same transaction.
    """
    if not told:
        return TakenLines()
    with transaction.atomic():
        BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        identities, stored = _identities(account, told, source)
        rows = [_row(account, each, name, at) for each, name in zip(told, identities, strict=True)]
        elsewhere = _told_elsewhere(account, told, identities, stored, source)
        new = insert_new([row for turn, row in enumerate(rows) if turn not in elsewhere])
        stored |= {row.identity: row.pk for row in new}
        met = [elsewhere.get(turn) or stored[name] for turn, name in enumerate(identities)]
        _note_sightings(account, told, met, source, statement, deliveries, at)
    return TakenLines(new, met)


def _identities(account: BankAccount, told: Sequence[Told], source: str) -> tuple[list[str], dict[str, int]]:
    """What each is known by, and the keys of the lines that are stored under one of these.

    Only within one statement two rows that are equal in every word are two movements; a broker that repeats itself tells one. Movements
    that share the bank's reference and the amount are told apart by what their notes name, or by the broker's ids and the balances.
    """
    names = [base(each) for each in told]
    there = _stored(account, names)
    late = {
        turn: f"{name}@{told[turn].on:%Y-%m}"
        for turn, name in enumerate(names)
        if name in there and is_reused(told[turn], there[name].told.on)
    }
    if late:
        names = [late.get(turn, name) for turn, name in enumerate(names)]
        there = _stored(account, names)
    own = _told_apart(told, names, there)
    if source == STATEMENT:
        own = numbered(own)
    if own != names:
        there = _stored(account, own)
    return own, {name: line.pk for name, line in there.items()}


def _told_apart(told: Sequence[Told], names: Sequence[str], there: Mapping[str, Known]) -> list[str]:
    """The names, but for movements that share the bank's reference with another one, known or told before them."""
    ids = _brokers_ids([line.pk for line in there.values()])
    first = {name: (line.told, ids.get(line.pk, set())) for name, line in there.items()}
    found = []
    for each, name in zip(told, names, strict=True):
        known, named = first.setdefault(name, (each, {each.external_id}))
        if is_another(each, known, named):
            found.append(apart(name, each, known))
        else:
            named.add(each.external_id)
            found.append(name)
    return found


def _brokers_ids(lines: Sequence[int]) -> dict[int, set[str]]:
    """Line → what brokers call it."""
    if not lines:
        return {}
    found: dict[int, set[str]] = defaultdict(set)
    rows = Sighting.objects.filter(one_of("line", lines)).exclude(external_id="")
    for line, said in rows.values_list("line", "external_id"):
        found[line].add(said)
    return found


def _stored(account: BankAccount, names: Sequence[str]) -> dict[str, Known]:
    rows = BankLine.objects.filter(one_of("identity", names), account=account)
    return {
        name: _known(key, name, values)
        for key, name, *values in rows.values_list("pk", "identity", *_COLUMNS)
    }


def _known(key: int, name: str, values: Sequence[Any], sources: Iterable[str] = ()) -> Known:
    return Known(key, name, Told(**dict(zip(_COLUMNS, values, strict=True))), frozenset(sources))


def _told_elsewhere(
    account: BankAccount,
    told: Sequence[Told],
    identities: Sequence[str],
    stored: Mapping[str, int],
    source: str,
) -> dict[int, int]:
    """Turn → the key of the line that another source stored in other words. A line is given away once; sure ones before doubtful ones."""
    asked = [turn for turn, name in enumerate(identities) if name not in stored]
    free = _free(account, [told[turn] for turn in asked], set(stored.values())) if asked else {}
    found: dict[int, int] = {}
    for is_weak_enough in (False, True):
        for turn in asked:
            each = told[turn]
            lines = free.get((each.direction, each.amount), [])
            if turn in found or not lines:
                continue
            same = [
                line for line in lines if is_same(each, line, source=source, is_weak_enough=is_weak_enough)
            ]
            if same:
                best = min(same, key=lambda line: (abs(line.told.on - each.on), line.pk))
                found[turn] = best.pk
                lines.remove(best)
    return found


def _free(
    account: BankAccount, told: Sequence[Told], taken: Collection[int]
) -> dict[tuple[str, int], list[Known]]:
    """The lines around these days that nothing told has claimed by its identity, by direction and amount."""
    first, last = min(each.on for each in told), max(each.on for each in told)
    rows = BankLine.objects.filter(account=account, on__range=(first - _WINDOW, last + _WINDOW))
    wanted = {(each.direction, each.amount) for each in told}
    if len(told) <= _FEW:
        rows = rows.filter(amount__in={each.amount for each in told})
    kept = [
        row
        for row in rows.order_by("pk").values_list("pk", "identity", *_COLUMNS)
        if row[0] not in taken and (row[2], row[3]) in wanted
    ]
    sources = _sources([row[0] for row in kept])
    free: dict[tuple[str, int], list[Known]] = defaultdict(list)
    for key, name, *values in kept:
        line = _known(key, name, values, sources.get(key, ()))
        free[line.told.direction, line.told.amount].append(line)
    return free


def _sources(lines: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for line, source in Sighting.objects.filter(one_of("line", lines)).values_list("line", "source"):
        found[line].add(source)
    return found


def _row(account: BankAccount, told: Told, name: str, at: datetime) -> BankLine:
    return BankLine(
        biller=account.biller,
        account=account,
        identity=name,
        direction=told.direction,
        amount=told.amount,
        on=told.on,
        booked_at=told.booked_at,
        content=told.content,
        reference=told.reference,
        balance_after=told.balance_after,
        payer_name=told.payer_name,
        learned_at=at,
    )


def _note_sightings(
    account: BankAccount,
    told: Sequence[Told],
    lines: Sequence[int],
    source: str,
    statement: Statement | None,
    deliveries: Sequence[Delivery],
    at: datetime,
) -> None:
    rows = [
        (
            line, account.biller_id, account.pk, source, each.external_id, deliveries[turn].pk if deliveries else None,
            statement.pk if statement else None, each.row, at,
        )
        for turn, (each, line) in enumerate(zip(told, lines, strict=True))
    ]  # fmt: skip
    if any(each.external_id for each in told):
        # The same id told again is no second sighting.
        insert_new([Sighting(**dict(zip(_SIGHTING, row, strict=True))) for row in rows])
    else:
        insert_tuples(Sighting, _SIGHTING, rows)
