"""The numbers of tax receipts, many at once: what another system's workbook says is kept beside our confirmations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.text import is_storable
from bakhong.payments import scope
from bakhong.payments.models import Biller, Receipt
from bakhong.payments.permissions import RECONCILE, require
from bakhong.payments.rules.official import Numbered

_LONGEST = 20
_COLUMNS = ["official_series", "official_number", "official_on"]


@dataclass(frozen=True)
class Noted:
    """How many numbers are new, how many stood already in the same words; `problems`: the rows of which nothing was kept."""

    noted: int
    known: int
    problems: list[Numbered]


def note_numbers(*, biller: Biller, rows: Sequence[Numbered], by: Actor, at: datetime) -> Noted:
    """Every good row, all in one transaction. A number that stands is never written over: that is corrected on the charge's own page.

    A row is left with `problem`: those of the file, "not_paid" (no confirmation of this biller), "amount", "other" (it has another number),
    "twice" (the number is another confirmation's), "odd" (too long), "ahead" (of a day to come).
    Raises: NotAllowed.
    """
    require(RECONCILE, biller, by=by)
    with scope.seeing([biller.pk]), transaction.atomic():
        wanted = [each.reference for each in rows if each.reference]
        found = Receipt.objects.select_for_update(of=("self",)).filter(
            biller=biller, cancelled_at=None, charge__reference__in=wanted
        )
        held = {each.charge.reference: each for each in found.select_related("charge").order_by("pk")}
        used = _used(biller, rows)
        changed: list[Receipt] = []
        problems: list[Numbered] = []
        for each in rows:
            wrong = each.problem or _wrong(each, held.get(each.reference), used, at)
            if wrong:
                problems.append(replace(each, problem=wrong))
            elif not held[each.reference].official_number:
                changed.append(_write(held[each.reference], each))
                used[each.series, each.number] = held[each.reference].pk
        Receipt.objects.bulk_update(changed, _COLUMNS, batch_size=1000)
        if changed:
            _note(biller, len(changed), by, at)
    return Noted(len(changed), len(rows) - len(changed) - len(problems), problems)


def _used(biller: Biller, rows: Sequence[Numbered]) -> dict[tuple[str, str], int]:
    """(series, number) → the confirmation that has it."""
    numbers = {each.number for each in rows}
    told = Receipt.objects.filter(biller=biller, cancelled_at=None, official_number__in=numbers)
    return {
        (series, number): pk
        for series, number, pk in told.values_list("official_series", "official_number", "pk")
    }


def _wrong(row: Numbered, receipt: Receipt | None, used: dict[tuple[str, str], int], at: datetime) -> str:
    if receipt is None:
        return "not_paid"
    if max(len(row.series), len(row.number)) > _LONGEST or not is_storable(row.series + row.number):
        return "odd"
    if row.on is not None and row.on > day_of(at):
        return "ahead"
    if row.amount is not None and row.amount != receipt.amount:
        return "amount"
    said = (row.series, row.number)
    if receipt.official_number and (receipt.official_series, receipt.official_number) != said:
        return "other"
    return "twice" if used.get(said, receipt.pk) != receipt.pk else ""


def _write(receipt: Receipt, row: Numbered) -> Receipt:
    receipt.official_series, receipt.official_number, receipt.official_on = row.series, row.number, row.on
    return receipt


def _note(biller: Biller, count: int, by: Actor, at: datetime) -> None:
    audit.record(
        by=by,
        at=at,
        deed="payments.note_numbers",
        object_kind="biller",
        object_id=biller.uuid,
        place_id=biller.unit_id,
        count=count,
    )
