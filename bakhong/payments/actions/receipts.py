""" "Xác nhận đã nhận tiền": what we give for money that came. Not a tax receipt; the official one's number is noted beside it.

Numbers of a biller's year have no gap: the row of the year is held from here to the end of the transaction, so that a deed makes its
receipts last. The deed of another biller never waits. The paper is made later, by a task or when somebody asks for it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many, one_of
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.tasks import enqueue
from bakhong.core.text import is_storable, squeeze
from bakhong.documents.actions.storing import revoke_file, store_made
from bakhong.documents.models import File, Purpose
from bakhong.documents.rules.codes import new_code
from bakhong.documents.scope import everything
from bakhong.payments import scope
from bakhong.payments.models import Charge, Helper, Method, Receipt, ReceiptYear
from bakhong.payments.permissions import RECONCILE, require
from bakhong.payments.writing.receipts import receipt_content

_FEW = 20  # receipts of one deed, up to which somebody may be waiting for the paper


def make_receipts(charges: Sequence[Charge], *, by: Actor, at: datetime) -> list[Receipt]:
    """The confirmation of each paid charge, numbered in the order given within its biller; few statements however many."""
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
    for each in made if len(made) <= _FEW else ():
        enqueue("payments.write_receipt", receipt=str(each.uuid))
    return made


def receipt_pdf(*, receipt: Receipt, by: Actor, at: datetime) -> File:
    """The paper of a confirmation, made and kept when first asked for, with a code by which anybody may check it.

    Raises: Conflict for one that was cancelled before there was a paper.
    """
    if receipt.file:
        with everything():
            return File.objects.get(uuid=receipt.file)
    if receipt.cancelled_at is not None:
        raise Conflict(_("Xác nhận này đã huỷ vì khoản tiền được gỡ ra hoặc trả lại."))
    code = new_code()
    content = receipt_content(receipt, code=code)
    with scope.seeing([receipt.biller_id]), transaction.atomic(), everything():
        held = (
            Receipt.objects.select_for_update(of=("self",))
            .select_related("charge__village")
            .get(pk=receipt.pk)
        )
        if held.file:
            return File.objects.get(uuid=held.file)
        charge = held.charge
        file = store_made(
            key=new_uuid(), content=content, name=f"xac-nhan-{held.number}-{held.year}.pdf", owner=("charge", charge.uuid),
            unit=charge.village, purpose=Purpose.SLIP, by=by, at=at, code=code,
        )  # fmt: skip
        held.file = file.uuid
        held.save(update_fields=["file"])
        if held.cancelled_at is not None:
            revoke_file(file=file, why=held.cancelled_why, by=by, at=at)
    receipt.file = file.uuid
    return file


def note_official(
    *, receipt: Receipt, series: str, number: str, on: date | None, by: Actor, at: datetime
) -> Receipt:
    """The number of the tax receipt or invoice that was made elsewhere for the same money; noted again, it is corrected.

    Raises: NotAllowed; Refusal for a number that cannot be one.
    """
    require(RECONCILE, receipt.biller, by=by)
    told = [squeeze(series), squeeze(number)]
    if not told[1] or max(map(len, told)) > 20 or not is_storable("".join(told)):
        raise Refusal(_("Ghi ký hiệu và số biên lai (nhiều nhất 20 ký tự mỗi ô)."))
    if on is not None and on > day_of(at):
        raise Refusal(_("Ngày biên lai không thể ở sau hôm nay."))
    with scope.seeing([receipt.biller_id]), transaction.atomic():
        held: Receipt = (
            Receipt.objects.select_for_update(of=("self",)).select_related("biller").get(pk=receipt.pk)
        )
        held.official_series, held.official_number, held.official_on = *told, on
        held.save(update_fields=["official_series", "official_number", "official_on"])
        audit.record(
            by=by,
            at=at,
            deed="payments.note_official",
            object_kind="receipt",
            object_id=held.uuid,
            place_id=held.biller.unit_id,
        )
    return held


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
        charge_id=charge.pk,
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
    rows = Helper.objects.filter(one_of("charge", (charge.pk for charge in charges))).order_by(
        "charge", "-id"
    )
    return {row.charge_id: row for row in rows.distinct("charge")}
