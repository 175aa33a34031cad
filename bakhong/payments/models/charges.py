"""What is owed, by whom, for what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.payments.models.base import Method, OfABiller
from bakhong.payments.models.billers import BankAccount, Biller
from bakhong.people.models import Household, OfAVillage, Organisation, Person


class ChargeState(models.TextChoices):
    OPEN = "open", _("chưa trả")
    PAID = "paid", _("đã trả")
    WITHDRAWN = "withdrawn", _("đã huỷ")


class ChargeList(OfABiller):
    """Many charges raised at once, from an uploaded list or for a market's month; withdrawn as a whole."""

    service = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    period = models.DateField(null=True)  # first day of the month it is for
    due_on = models.DateField(null=True)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    digest = models.BinaryField(
        max_length=32, null=True
    )  # of all that was sent with the key: words, file, columns
    rows = models.PositiveIntegerField(default=0)
    amount = models.PositiveBigIntegerField(default=0)  # đồng, of all rows
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_label = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    privacy = OfABiller.privacy_of_base | {
        "service": Privacy.INTERNAL,
        "title": Privacy.INTERNAL,
        "period": Privacy.INTERNAL,
        "due_on": Privacy.INTERNAL,
        "file_name": Privacy.INTERNAL,
        "sha256": Privacy.INTERNAL,
        "digest": Privacy.INTERNAL,
        "rows": Privacy.INTERNAL,
        "amount": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
        "made_by_label": Privacy.PERSONAL,
        "withdrawn_at": Privacy.INTERNAL,
        "withdrawn_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            # The same file again is the next month's list, or another service's; of one month it is the same list.
            models.UniqueConstraint(
                fields=["biller", "service", "period", "sha256"],
                condition=Q(withdrawn_at=None) & ~Q(sha256=""),
                nulls_distinct=False,
                name="charge_list_file_once",
            )
        ]


class Charge(OfAVillage):
    """One amount owed to a biller. `village`: where the payer lives (the commune where that is not known).

    `about_kind`/`about` point up ("dossier", "stall") or are empty. `reference` is what a transfer note carries (rules/references.py) and
    what the pay page is found by: 60 random bits and a check character. `client_key` is the sender's, `digest` of what was sent with it.
    A trigger lets only settlements of the whole amount make it paid.
    """

    # Found by indexes that begin with the biller, or hold the few that have a list or a person.
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="charges", db_index=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, related_name="charges")
    service = models.CharField(max_length=20)
    about_kind = models.CharField(max_length=20, blank=True)
    about = models.UUIDField(null=True)
    batch = models.ForeignKey(
        ChargeList, on_delete=models.PROTECT, null=True, related_name="charges", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    payer_name = models.CharField(max_length=120)
    payer_phone = models.CharField(max_length=20, blank=True)
    customer_code = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=160)  # what for, in the payer's words
    amount = models.PositiveBigIntegerField()  # đồng
    period = models.DateField(null=True)
    due_on = models.DateField(null=True)
    reference = models.CharField(max_length=20, unique=True)
    purpose = models.CharField(max_length=25)  # the transfer note: ASCII, with the reference
    state = models.CharField(max_length=10, choices=ChargeState, default=ChargeState.OPEN)
    method = models.CharField(max_length=10, choices=Method, blank=True)
    paid_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    client_key = models.UUIDField(unique=True)
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    privacy = OfAVillage.privacy_of_base | {
        "biller": Privacy.INTERNAL,
        "account": Privacy.INTERNAL,
        "service": Privacy.PERSONAL,
        "about_kind": Privacy.INTERNAL,
        "about": Privacy.INTERNAL,
        "batch": Privacy.INTERNAL,
        "person": Privacy.PERSONAL,
        "household": Privacy.PERSONAL,
        "organisation": Privacy.PERSONAL,
        "payer_name": Privacy.PERSONAL,
        "payer_phone": Privacy.PERSONAL,
        "customer_code": Privacy.PERSONAL,
        "title": Privacy.PERSONAL,
        "amount": Privacy.PERSONAL,
        "period": Privacy.INTERNAL,
        "due_on": Privacy.INTERNAL,
        "reference": Privacy.PERSONAL,
        "purpose": Privacy.PERSONAL,
        "state": Privacy.PERSONAL,
        "method": Privacy.INTERNAL,
        "paid_at": Privacy.PERSONAL,
        "withdrawn_at": Privacy.INTERNAL,
        "withdrawn_why": Privacy.PERSONAL,
        "client_key": Privacy.INTERNAL,
        "digest": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="charge_amount"),
            models.CheckConstraint(
                condition=(Q(state="paid") & ~Q(method="") & Q(paid_at__isnull=False))
                | (~Q(state="paid") & Q(method="", paid_at=None)),
                name="charge_paid_how",
            ),
        ]
        indexes = [
            models.Index(fields=["biller", "state", "id"], name="charge_biller_state"),
            models.Index(fields=["about"], name="charge_about", condition=Q(about__isnull=False)),
            models.Index(fields=["person"], name="charge_person", condition=Q(person__isnull=False)),
            models.Index(fields=["household"], name="charge_household", condition=Q(household__isnull=False)),
            models.Index(
                fields=["organisation"], name="charge_organisation", condition=Q(organisation__isnull=False)
            ),
            models.Index(fields=["village", "service", "period"], name="charge_village_service"),
            models.Index(fields=["biller", "amount"], name="charge_open_amount", condition=Q(state="open")),
            models.Index(fields=["batch", "id"], name="charge_batch", condition=Q(batch__isnull=False)),
        ]


class Helper(models.Model):
    """Somebody who pays a charge for another: a neighbour, a relative, an officer. Named on the receipt. Rows are only added."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="helpers")
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="+")
    charge_uuid = models.UUIDField()
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=60, blank=True)
    is_staff = models.BooleanField(default=False)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)

    privacy = {
        "id": Privacy.INTERNAL,
        "charge": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "charge_uuid": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "relation": Privacy.PERSONAL,
        "is_staff": Privacy.INTERNAL,
        "said_at": Privacy.INTERNAL,
        "said_by": Privacy.INTERNAL,
    }
