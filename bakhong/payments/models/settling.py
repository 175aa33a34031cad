"""How a charge came to be paid: by bank lines, or by cash that somebody counted; what was given for it; what goes back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.payments.models.base import Method, OfABiller
from bakhong.payments.models.billers import BankAccount, Biller
from bakhong.payments.models.charges import Charge
from bakhong.payments.models.feeds import BankLine, SuspenseItem
from bakhong.payments.models.ledger import Entry


class HandOver(OfABiller):
    """A collector gives the cash to the desk, counted note by note: `counted` is {"500000": 3, …}."""

    collector = models.CharField(max_length=80)  # an actor's id
    collector_label = models.CharField(max_length=120)
    expected = models.BigIntegerField()  # what the ledger says they hold
    counted = models.JSONField()
    amount = models.BigIntegerField()  # the sum of what was counted
    note = models.CharField(max_length=300, blank=True)  # required where the two differ
    at = models.DateTimeField()
    received_by = models.CharField(max_length=80)
    received_by_label = models.CharField(max_length=120)
    client_key = models.UUIDField(unique=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_label = models.CharField(max_length=120, blank=True)
    undone_why = models.CharField(max_length=200, blank=True)

    privacy = OfABiller.privacy_of_base | {
        "undone_at": Privacy.INTERNAL,
        "undone_by_label": Privacy.PERSONAL,
        "undone_why": Privacy.PERSONAL,
        "collector": Privacy.INTERNAL,
        "collector_label": Privacy.PERSONAL,
        "expected": Privacy.INTERNAL,
        "counted": Privacy.INTERNAL,
        "amount": Privacy.INTERNAL,
        "note": Privacy.PERSONAL,
        "at": Privacy.INTERNAL,
        "received_by": Privacy.INTERNAL,
        "received_by_label": Privacy.PERSONAL,
        "client_key": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("expected")) | ~Q(note=""), name="hand_over_difference_explained"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undone_why=""), name="hand_over_undone_explained"
            ),
        ]


class CashPayment(OfABiller):
    """Cash taken for one charge, at the desk (`collector` empty) or by a collector in the village."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="cash_payments")
    amount = models.PositiveBigIntegerField()
    collector = models.CharField(max_length=80, blank=True)  # an actor's id
    collector_label = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    client_key = models.UUIDField(unique=True)

    privacy = OfABiller.privacy_of_base | {
        "charge": Privacy.INTERNAL,
        "amount": Privacy.PERSONAL,
        "collector": Privacy.INTERNAL,
        "collector_label": Privacy.PERSONAL,
        "at": Privacy.INTERNAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.PERSONAL,
        "client_key": Privacy.INTERNAL,
    }


class Settlement(OfABiller):
    """A bank line or a part of it, or one counted sum of cash, that (with others) pays a charge. Taken back by an entry that reverses it.

    A line settles a charge once at a time, and no more in all than came by it (0013), cash once; a trigger lets a charge be paid only by
    settlements of its whole amount.
    """

    # The trigger that compares the amounts finds the line and the entry, of this biller: no foreign key asks it again (0020).
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="settlements")
    line = models.ForeignKey(
        BankLine, on_delete=models.PROTECT, null=True, related_name="settlements", db_constraint=False
    )
    cash = models.ForeignKey(
        CashPayment, on_delete=models.PROTECT, null=True, related_name="settlements", db_index=False
    )
    amount = models.PositiveBigIntegerField()
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="settlement", db_constraint=False
    )
    at = models.DateTimeField()
    taken_back = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    privacy = OfABiller.privacy_of_base | {
        "charge": Privacy.INTERNAL,
        "line": Privacy.INTERNAL,
        "cash": Privacy.INTERNAL,
        "amount": Privacy.PERSONAL,
        "entry": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "taken_back": Privacy.INTERNAL,
        "taken_back_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, cash=None) | Q(line=None, cash__isnull=False),
                name="settlement_by_line_or_cash",
            ),
            models.UniqueConstraint(
                fields=["line", "charge"], condition=Q(taken_back=None), name="settlement_line_once"
            ),
            models.UniqueConstraint(
                fields=["cash"], condition=Q(taken_back=None), name="settlement_cash_once"
            ),
        ]
        indexes = [
            models.Index(fields=["cash"], name="settlement_cash", condition=Q(cash__isnull=False)),
        ]


class Deposit(OfABiller):
    """Cash of the desk on its way to the bank; `line` once the bank says that it came. `reference` stands in the deposit's note.

    `undone_at`: it was typed wrong, or did not go: the cash is at the desk.
    """

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="deposits")
    amount = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    line = models.OneToOneField(BankLine, on_delete=models.PROTECT, null=True, related_name="deposit")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
    undone_why = models.CharField(max_length=200, blank=True)
    client_key = models.UUIDField(unique=True)

    privacy = OfABiller.privacy_of_base | {
        "account": Privacy.INTERNAL,
        "amount": Privacy.INTERNAL,
        "reference": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.PERSONAL,
        "line": Privacy.INTERNAL,
        "undone_at": Privacy.INTERNAL,
        "undone_by": Privacy.INTERNAL,
        "undone_why": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | (Q(line=None) & ~Q(undone_by="") & ~Q(undone_why="")),
                name="deposit_undone_before_it_came",
            )
        ]


class RefundState(models.TextChoices):
    ASKED = "asked", _("chờ duyệt")
    APPROVED = "approved", _("đã duyệt, chờ chuyển")
    REFUSED = "refused", _("không duyệt")
    SENT = "sent", _("đã chuyển trả")
    OFF = "off", _("đã huỷ duyệt")


class Refund(OfABiller):
    """Money that goes back: of a suspense item, or of a charge that was paid. Who approves is not who asked.

    `to_account` is sealed for "payments_refund.to_account:<uuid>". By `reference`, in the note of the transfer back, its line is known.
    """

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, null=True, related_name="refunds")
    item = models.ForeignKey(SuspenseItem, on_delete=models.PROTECT, null=True, related_name="refunds")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, related_name="refunds")
    amount = models.PositiveBigIntegerField()
    to_name = models.CharField(max_length=120)
    to_bank_bin = models.CharField(max_length=6, blank=True)
    to_account = models.BinaryField(null=True)
    why = models.CharField(max_length=300)
    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=8, choices=RefundState, default=RefundState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_label = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_label = models.CharField(max_length=120, blank=True)
    decided_why = models.CharField(max_length=300, blank=True)
    off_at = models.DateTimeField(null=True)  # what was approved is called off before it went
    off_by = models.CharField(max_length=80, blank=True)
    off_by_label = models.CharField(max_length=120, blank=True)
    off_why = models.CharField(max_length=300, blank=True)
    line = models.OneToOneField(BankLine, on_delete=models.PROTECT, null=True, related_name="refund")
    client_key = models.UUIDField(unique=True)

    privacy = OfABiller.privacy_of_base | {
        "charge": Privacy.INTERNAL,
        "item": Privacy.INTERNAL,
        "account": Privacy.INTERNAL,
        "amount": Privacy.PERSONAL,
        "to_name": Privacy.PERSONAL,
        "to_bank_bin": Privacy.PERSONAL,
        "to_account": Privacy.SENSITIVE,
        "why": Privacy.PERSONAL,
        "reference": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "asked_at": Privacy.INTERNAL,
        "asked_by": Privacy.INTERNAL,
        "asked_by_label": Privacy.PERSONAL,
        "decided_at": Privacy.INTERNAL,
        "decided_by": Privacy.INTERNAL,
        "decided_by_label": Privacy.PERSONAL,
        "decided_why": Privacy.PERSONAL,
        "off_at": Privacy.INTERNAL,
        "off_by": Privacy.INTERNAL,
        "off_by_label": Privacy.PERSONAL,
        "off_why": Privacy.PERSONAL,
        "line": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount"),
            # One that was decided on may be asked for again, where the money waits again.
            models.UniqueConstraint(fields=["item"], condition=Q(state="asked"), name="refund_item_once"),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")), name="refund_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked",), decided_at=None)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="refund_decided",
            ),
            models.CheckConstraint(
                condition=(Q(state="off", off_at__isnull=False) & ~Q(off_by="") & ~Q(off_by=F("asked_by")))
                | (~Q(state="off") & Q(off_at=None)),
                name="refund_off_by_another",
            ),
        ]


class ReceiptYear(models.Model):
    """The last number given in a biller's year of receipts: no gap, no double."""

    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    privacy = {
        "id": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "year": Privacy.INTERNAL,
        "last": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["biller", "year"], name="receipt_year_once")]


class Receipt(OfABiller):
    """ "Xác nhận đã nhận tiền": ours, not a tax receipt. The official one's number is stored beside it.

    `file` is the PDF (documents.File), made later. Cancelled when the payment is taken back; the number stays used.
    """

    # Numbers are given by years of billers that exist (0020), and begin the index of the biller's receipts.
    biller = models.ForeignKey(
        Biller, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="receipts")
    charge_uuid = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    payer_name = models.CharField(max_length=120)
    paid_by = models.CharField(max_length=120, blank=True)  # who paid on the payer's behalf
    paid_by_relation = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=10, choices=Method)
    amount = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=120, blank=True)  # who took the cash
    file = models.UUIDField(null=True)
    official_series = models.CharField(max_length=20, blank=True)
    official_number = models.CharField(max_length=20, blank=True)
    official_on = models.DateField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.CharField(max_length=200, blank=True)

    privacy = OfABiller.privacy_of_base | {
        "charge": Privacy.INTERNAL,
        "charge_uuid": Privacy.INTERNAL,
        "year": Privacy.INTERNAL,
        "number": Privacy.INTERNAL,
        "payer_name": Privacy.PERSONAL,
        "paid_by": Privacy.PERSONAL,
        "paid_by_relation": Privacy.PERSONAL,
        "method": Privacy.INTERNAL,
        "amount": Privacy.PERSONAL,
        "at": Privacy.INTERNAL,
        "by_label": Privacy.PERSONAL,
        "file": Privacy.INTERNAL,
        "official_series": Privacy.INTERNAL,
        "official_number": Privacy.INTERNAL,
        "official_on": Privacy.INTERNAL,
        "cancelled_at": Privacy.INTERNAL,
        "cancelled_why": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["biller", "year", "number"], name="receipt_number_once"),
            models.UniqueConstraint(
                fields=["charge"], condition=Q(cancelled_at=None), name="receipt_charge_once"
            ),
        ]
