""" "Xác nhận đã nhận tiền": what we give for money that came. Not a tax receipt; the official one's number is noted beside it.

Numbers of a biller's year have no gap: the row of the year is held from here to the end of the transaction, so that a deed makes its
receipts last. The deed of another biller never waits.
"""

from collections.abc import Sequence
from datetime import datetime

from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many
from bakhong.core.days import day_of
from bakhong.documents.actions.storing import revoke_file
from bakhong.documents.models import File
from bakhong.documents.scope import everything
from bakhong.payments.models import Charge, Helper, Method, Receipt, ReceiptYear


def make_receipt(charge: Charge, *, by: Actor, at: datetime) -> Receipt:
    """The confirmation of one paid charge, in the deed that made it paid."""
    return make_receipts([charge], by=by, at=at)[0]


def make_receipts(charges: Sequence[Charge], *, by: Actor, at: datetime) -> list[Receipt]:
    """One for each paid charge, numbered in the order given within its biller; few statements however many."""
    helpers = _helpers(charges)
    made: list[Receipt] = []
    for biller in sorted({charge.biller_id for charge in charges}):
        mine = [charge for charge in charges if charge.biller_id == biller]
        first = _take_numbers(biller, day_of(at).year, len(mine))
        made += [
            _receipt(charge, helpers.get(charge.pk), first + offset, by, at)
            for offset, charge in enumerate(mine)
        ]
    insert_many(made)
    return made


def cancel_receipts(charge: Charge, *, why: str, by: Actor, at: datetime) -> None:
    """The payment was taken back: its confirmation says so from now on (and its paper when it is checked), and keeps its number."""
    for receipt in Receipt.objects.filter(charge=charge, cancelled_at=None):
        receipt.cancelled_at, receipt.cancelled_why = at, why[:200]
        receipt.save(update_fields=["cancelled_at", "cancelled_why"])
        if receipt.file:
            with everything():
                revoke_file(file=File.objects.get(uuid=receipt.file), why=why, by=by, at=at)


def _take_numbers(biller: int, year: int, count: int) -> int:
    """The first of `count` numbers that nobody else gets, if this transaction commits."""
    held = ReceiptYear.objects.select_for_update().filter(biller=biller, year=year).first()
    if held is None:
        ReceiptYear.objects.bulk_create([ReceiptYear(biller_id=biller, year=year)], ignore_conflicts=True)
        held = ReceiptYear.objects.select_for_update().get(biller=biller, year=year)
    held.last += count
    held.save(update_fields=["last"])
    return held.last - count + 1


def _receipt(charge: Charge, helper: Helper | None, number: int, by: Actor, at: datetime) -> Receipt:
    return Receipt(
        biller_id=charge.biller_id,
        charge=charge,
        charge_uuid=charge.uuid,
        year=day_of(at).year,
        number=number,
        payer_name=charge.payer_name,
        paid_by=helper.name if helper else "",
        paid_by_relation=helper.relation if helper else "",
        method=charge.method,
        amount=charge.amount,
        at=at,
        by_label=by.label[:120] if charge.method == Method.CASH else "",
    )


def _helpers(charges: Sequence[Charge]) -> dict[int, Helper]:
    """Who was last said to pay for another, by charge."""
    rows = Helper.objects.filter(charge__in=[charge.pk for charge in charges]).order_by("charge", "-id")
    return {row.charge_id: row for row in rows.distinct("charge")}
