"""What the bank says: deliveries and statements as they came, the lines they tell of, and who saw each line."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.payments.models.base import OfABiller
from bakhong.payments.models.billers import BankAccount


class DeliveryState(models.TextChoices):
    NEW = "new", _("chờ xử lý")
    DONE = "done", _("đã xử lý")
    IGNORED = "ignored", _("không phải tiền của tài khoản này")
    FAILED = "failed", _("không đọc được")
    DROPPED = "dropped", _("đã bỏ qua, có lý do")


class Delivery(models.Model):
    """What a source told, as it came: a notification whose sender proved itself, kept before it is answered and worked on later.

    The same notification again is the same row; the same id with another body is another row, and said to the accountant. Of a broker's
    list ("pull") and of a statement only what could not be read is here. What is FAILED waits until it is read, or dropped with a `note`.
    """

    source = models.CharField(max_length=10)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="deliveries")
    biller = models.ForeignKey("payments.Biller", on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=80)
    body = models.TextField()
    digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.NEW)
    problem = models.CharField(max_length=40, blank=True)  # a code
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # Of the database too: notifications are kept by one statement of ours, which knows nothing of these.
    note = models.CharField(max_length=200, blank=True, db_default="")
    dropped_by = models.CharField(max_length=80, blank=True, db_default="")
    dropped_by_label = models.CharField(max_length=120, blank=True, db_default="")

    privacy = {
        "id": Privacy.INTERNAL,
        "source": Privacy.INTERNAL,
        "account": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "external_id": Privacy.INTERNAL,
        "body": Privacy.PERSONAL,
        "digest": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "problem": Privacy.INTERNAL,
        "received_at": Privacy.INTERNAL,
        "done_at": Privacy.INTERNAL,
        "note": Privacy.PERSONAL,
        "dropped_by": Privacy.INTERNAL,
        "dropped_by_label": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source", "external_id", "digest"], name="delivery_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | (~Q(note="") & ~Q(dropped_by="")), name="delivery_dropped_why"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "id"], name="delivery_new", condition=Q(state="new")),
            models.Index(
                fields=["biller", "state", "id"],
                name="delivery_aside",
                condition=Q(state__in=["failed", "ignored", "dropped"]),
            ),
        ]


class Statement(OfABiller):
    """A statement file that was taken in. `first`/`last` are the days it covers, balances as it prints them, in đồng."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    off = models.BigIntegerField(
        default=0
    )  # closing − opening − its own lines; 0 where it does not print both
    lines = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    suspense = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    taken_by_label = models.CharField(max_length=120)

    privacy = OfABiller.privacy_of_base | {
        "account": Privacy.INTERNAL,
        "file_name": Privacy.INTERNAL,
        "sha256": Privacy.INTERNAL,
        "first": Privacy.INTERNAL,
        "last": Privacy.INTERNAL,
        "opening": Privacy.INTERNAL,
        "closing": Privacy.INTERNAL,
        "off": Privacy.INTERNAL,
        "lines": Privacy.INTERNAL,
        "new": Privacy.INTERNAL,
        "matched": Privacy.INTERNAL,
        "suspense": Privacy.INTERNAL,
        "duplicates": Privacy.INTERNAL,
        "problems": Privacy.PERSONAL,
        "taken_at": Privacy.INTERNAL,
        "taken_by": Privacy.INTERNAL,
        "taken_by_label": Privacy.PERSONAL,
    }


class ColumnMapping(models.Model):
    """What an accountant said the columns of a bank's file mean; found again by the file's header (`shape`)."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="mappings")
    shape = models.CharField(max_length=64)
    columns = models.JSONField()  # meaning → position of the column
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)

    privacy = {
        "id": Privacy.INTERNAL,
        "account": Privacy.INTERNAL,
        "shape": Privacy.INTERNAL,
        "columns": Privacy.INTERNAL,
        "said_at": Privacy.INTERNAL,
        "said_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "shape"], name="column_mapping_once")]


class LineState(models.TextChoices):
    NEW = "new", _("chưa xử lý")
    MATCHED = "matched", _("khớp khoản thu")
    SUSPENSE = "suspense", _("chờ xử lý")
    EXPLAINED = "explained", _("đã giải thích")


class Direction(models.TextChoices):
    IN = "in", _("tiền vào")
    OUT = "out", _("tiền ra")


class BankLine(OfABiller):
    """One movement of an account, once, however many sources told of it (`identity`, rules/lines.py). Never changed but for `state`."""

    # That the account exists and is the biller's, one foreign key of (account, biller) says (0020).
    biller = models.ForeignKey(
        "payments.Biller", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    account = models.ForeignKey(
        BankAccount,
        on_delete=models.PROTECT,
        related_name="bank_lines",
        db_index=False,
        db_constraint=False,
    )
    identity = models.CharField(max_length=120)
    direction = models.CharField(max_length=3, choices=Direction)
    amount = models.PositiveBigIntegerField()  # đồng
    on = models.DateField()  # the bank's day
    booked_at = models.DateTimeField(null=True)
    content = models.CharField(max_length=500, blank=True)
    reference = models.CharField(max_length=80, blank=True)  # the bank's
    balance_after = models.BigIntegerField(null=True)
    payer_name = models.CharField(max_length=120, blank=True)  # where the bank says it
    state = models.CharField(max_length=10, choices=LineState, default=LineState.NEW)
    learned_at = models.DateTimeField()

    privacy = OfABiller.privacy_of_base | {
        "account": Privacy.INTERNAL,
        "identity": Privacy.INTERNAL,
        "direction": Privacy.INTERNAL,
        "amount": Privacy.PERSONAL,
        "on": Privacy.INTERNAL,
        "booked_at": Privacy.INTERNAL,
        "content": Privacy.PERSONAL,
        "reference": Privacy.INTERNAL,
        "balance_after": Privacy.INTERNAL,
        "payer_name": Privacy.PERSONAL,
        "state": Privacy.INTERNAL,
        "learned_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "identity"], name="bank_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_line_amount"),
        ]
        indexes = [
            models.Index(fields=["account", "on", "id"], name="bank_line_day"),
            models.Index(fields=["account", "id"], name="bank_line_new", condition=Q(state="new")),
        ]


class Sighting(models.Model):
    """Who told us of a line: the bank's word is as good as its source."""

    # Sightings are asked for by their line alone. Their biller and account are their line's: a trigger says so (0020).
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="sightings")
    biller = models.ForeignKey(
        "payments.Biller", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    source = models.CharField(max_length=10)  # sepay, payos, statement, pull
    external_id = models.CharField(max_length=80, blank=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="sightings")
    row = models.PositiveIntegerField(null=True)  # of the file, as people count
    at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "line": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "account": Privacy.INTERNAL,
        "source": Privacy.INTERNAL,
        "external_id": Privacy.INTERNAL,
        "delivery": Privacy.INTERNAL,
        "statement": Privacy.INTERNAL,
        "row": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source", "external_id"],
                condition=~Q(external_id=""),
                name="sighting_once",
            )
        ]
        indexes = [
            models.Index(fields=["delivery"], name="sighting_delivery", condition=Q(delivery__isnull=False)),
        ]


class SuspenseReason(models.TextChoices):
    NO_REFERENCE = "no_reference", _("nội dung không có mã khoản thu")
    UNKNOWN = "unknown", _("mã khoản thu không có ở đây")
    UNDERPAID = "underpaid", _("trả thiếu")
    OVERPAID = "overpaid", _("trả thừa")
    DOUBLE = "double", _("khoản này đã được trả rồi")
    CLOSED = "closed", _("khoản thu đã huỷ")
    WRONG_ACCOUNT = "wrong_account", _("vào tài khoản khác với tài khoản của khoản thu")
    SEVERAL = "several", _("nội dung có nhiều mã khoản thu")
    OUT = "out", _("tiền ra chưa rõ cho việc gì")
    TAKEN_BACK = "taken_back", _("đã gỡ khỏi khoản thu, chờ xử lý lại")
    BOUNCED = "bounced", _("tiền trả lại bị ngân hàng chuyển về")
    FAULT = "fault", _("phần mềm không ghi được vào khoản thu")


class SuspenseItem(OfABiller):
    """A line that no rule could place: it has an owner, an age (`opened_at`) and a next step until it is closed.

    `amount`: đồng of the line that wait still, 0 once closed; `aside`: that were explained, or go back. What of a line pays charges are its
    settlements. A trigger refuses more than the line's amount in all (0013).
    """

    line = models.OneToOneField(BankLine, on_delete=models.PROTECT, related_name="suspense_item")
    amount = models.PositiveBigIntegerField(default=0)
    aside = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=15, choices=SuspenseReason)
    charge = models.ForeignKey(
        "payments.Charge", on_delete=models.PROTECT, null=True, related_name="suspense_items", db_index=False
    )
    owner = models.CharField(max_length=80)  # an actor's id
    owner_label = models.CharField(max_length=120)
    next_step = models.CharField(max_length=20)  # a code of rules/suspense.py
    note = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True)  # attributed, refunded, explained
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)

    privacy = OfABiller.privacy_of_base | {
        "line": Privacy.INTERNAL,
        "amount": Privacy.INTERNAL,
        "aside": Privacy.INTERNAL,
        "reason": Privacy.INTERNAL,
        "charge": Privacy.INTERNAL,
        "owner": Privacy.INTERNAL,
        "owner_label": Privacy.PERSONAL,
        "next_step": Privacy.INTERNAL,
        "note": Privacy.PERSONAL,
        "opened_at": Privacy.INTERNAL,
        "outcome": Privacy.INTERNAL,
        "closed_at": Privacy.INTERNAL,
        "closed_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="suspense_closed_how",
            ),
            models.CheckConstraint(condition=~Q(owner="") & ~Q(next_step=""), name="suspense_owner_and_step"),
            models.CheckConstraint(
                condition=Q(closed_at=None, amount__gt=0) | Q(closed_at__isnull=False, amount=0),
                name="suspense_waits_for_something",
            ),
        ]
        indexes = [
            models.Index(fields=["biller", "opened_at"], name="suspense_open", condition=Q(closed_at=None)),
            models.Index(fields=["charge"], name="suspense_charge", condition=Q(charge__isnull=False)),
        ]
