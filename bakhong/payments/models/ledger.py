"""The ledger of a biller: accounts, and entries that are only ever added.

One entry moves one amount from the account it credits to the account it debits, so that debits equal credits by its very shape; several
entries make a larger movement. `Close` keeps the sums at the end of a day, from which balances go on.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.payments.models.billers import BankAccount, Biller


class AccountKind(models.TextChoices):
    """`bank`, `cash`, `collector` and `transit` (cash on its way to the bank) grow by debits, the others by credits."""

    BANK = "bank", _("tiền gửi ngân hàng")
    CASH = "cash", _("tiền mặt tại quầy")
    COLLECTOR = "collector", _("tiền mặt ở người thu")
    TRANSIT = "transit", _("tiền mặt đang nộp ngân hàng")
    PURPOSE = "purpose", _("tiền thu theo mục đích")
    SUSPENSE = "suspense", _("tiền chờ xử lý")
    REFUND = "refund", _("tiền phải trả lại")
    DIFFERENCE = "difference", _("chênh lệch tiền mặt")
    OTHER = "other", _("khoản khác")


class LedgerAccount(models.Model):
    """`code` is unique within a biller: "bank:<uuid of the account>", "cash", "collector:<actor id>", "purpose:<service>", "suspense", …"""

    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="ledger_accounts")
    kind = models.CharField(max_length=10, choices=AccountKind)
    code = models.CharField(max_length=100)
    bank_account = models.OneToOneField(
        BankAccount, on_delete=models.PROTECT, null=True, related_name="ledger_account"
    )
    service = models.CharField(max_length=20, blank=True)
    collector = models.CharField(max_length=80, blank=True)  # an actor's id
    label = models.CharField(max_length=120, blank=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "code": Privacy.INTERNAL,
        "bank_account": Privacy.INTERNAL,
        "service": Privacy.INTERNAL,
        "collector": Privacy.INTERNAL,
        "label": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["biller", "code"], name="ledger_account_once"),
            # What the foreign keys of an entry point at: both its accounts are the biller's (0002).
            models.UniqueConstraint(fields=["id", "biller"], name="ledger_account_of_biller"),
        ]


class EntryKind(models.TextChoices):
    RECEIVED = "received", _("nhận chuyển khoản cho một khoản thu")
    SUSPENDED = "suspended", _("nhận chuyển khoản chưa rõ cho khoản nào")
    ATTRIBUTED = "attributed", _("chuyển tiền chờ xử lý vào khoản thu")
    CASH = "cash", _("thu tiền mặt")
    HAND_OVER = "hand_over", _("người thu nộp tiền mặt về quầy")
    DIFFERENCE = "difference", _("chênh lệch khi đếm tiền mặt")
    DEPOSIT = "deposit", _("mang tiền mặt đi nộp ngân hàng")
    DEPOSITED = "deposited", _("ngân hàng đã nhận tiền mặt nộp vào")
    REFUND = "refund", _("phải trả lại")
    REFUNDED = "refunded", _("đã chuyển trả lại")
    PAID_OUT = "paid_out", _("chi ra chưa rõ")
    EXPLAINED = "explained", _("giải thích khoản chờ xử lý")
    REVERSAL = "reversal", _("bút toán đảo")


class Entry(models.Model):
    """`key` says what it is for, once: "line:<uuid>", "cash:<uuid>", … `on` is the day in the book (the first open one)."""

    # That both accounts exist and are the biller's, two foreign keys of (account, biller) say (0002); single ones would ask it again.
    biller = models.ForeignKey(
        Biller, on_delete=models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=10, choices=EntryKind)
    debit = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="debits", db_constraint=False, db_index=False
    )
    credit = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="credits", db_constraint=False, db_index=False
    )
    amount = models.PositiveBigIntegerField()  # đồng
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)  # an actor's id
    key = models.CharField(max_length=100, unique=True)
    # A trigger finds the line, of this biller (0020).
    line = models.ForeignKey(
        "payments.BankLine", on_delete=models.PROTECT, null=True, related_name="entries", db_constraint=False
    )
    charge = models.ForeignKey("payments.Charge", on_delete=models.PROTECT, null=True, related_name="entries")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    note = models.CharField(max_length=200, blank=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "debit": Privacy.INTERNAL,
        "credit": Privacy.INTERNAL,
        "amount": Privacy.INTERNAL,
        "on": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "by": Privacy.INTERNAL,
        "key": Privacy.INTERNAL,
        "line": Privacy.INTERNAL,
        "charge": Privacy.INTERNAL,
        "reverses": Privacy.INTERNAL,
        "note": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_two_accounts"),
            models.CheckConstraint(
                condition=(Q(kind="reversal") & Q(reverses__isnull=False))
                | (~Q(kind="reversal") & Q(reverses=None)),
                name="entry_reversal",
            ),
        ]
        indexes = [
            models.Index(fields=["debit", "on"], include=["amount"], name="entry_debit"),
            models.Index(fields=["credit", "on"], include=["amount"], name="entry_credit"),
            models.Index(fields=["biller", "on", "id"], name="entry_day"),
        ]


class Close(models.Model):
    """The end of a day of a biller: what the three sides said, and the sums of each account so far (id → [debits, credits]).

    No entry is made of a day that is closed. Closed with money unexplained, it says how much and why.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="closes")
    on = models.DateField()
    sums = models.JSONField()
    feed_in = models.BigIntegerField()
    feed_out = models.BigIntegerField()
    ledger_in = models.BigIntegerField()
    ledger_out = models.BigIntegerField()
    charges_paid = models.BigIntegerField()
    cash_taken = models.BigIntegerField()
    suspense = models.BigIntegerField()
    unexplained = models.BigIntegerField()
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "on": Privacy.INTERNAL,
        "sums": Privacy.INTERNAL,
        "feed_in": Privacy.INTERNAL,
        "feed_out": Privacy.INTERNAL,
        "ledger_in": Privacy.INTERNAL,
        "ledger_out": Privacy.INTERNAL,
        "charges_paid": Privacy.INTERNAL,
        "cash_taken": Privacy.INTERNAL,
        "suspense": Privacy.INTERNAL,
        "unexplained": Privacy.INTERNAL,
        "note": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["biller", "on"], name="close_once")]
