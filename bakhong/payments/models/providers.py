"""Bills that others collect: what their lists say was paid, by transfer or in cash, for each customer and month."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.payments.models.base import OfABiller
from bakhong.payments.models.billers import Biller
from bakhong.people.models import Household, OfAVillage, Organisation, Person


class CustomerCode(OfAVillage):
    """Whose bill a provider's customer code is. `village` is where the meter is."""

    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="customer_codes")
    service = models.CharField(max_length=20)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120, blank=True)  # as the provider writes it
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    privacy = OfAVillage.privacy_of_base | {
        "biller": Privacy.INTERNAL,
        "service": Privacy.PERSONAL,
        "code": Privacy.PERSONAL,
        "name": Privacy.PERSONAL,
        "person": Privacy.PERSONAL,
        "household": Privacy.PERSONAL,
        "organisation": Privacy.PERSONAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["biller", "service", "code"], condition=Q(valid_to=None), name="customer_code_once"
            )
        ]


class ProviderList(OfABiller):
    """A provider's list of one month, as it was taken in; a later list of the same month takes its place (`undone_at` for a mistake)."""

    service = models.CharField(max_length=20)
    period = models.DateField()  # first day of the month
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    taken_by_label = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    privacy = OfABiller.privacy_of_base | {
        "service": Privacy.INTERNAL,
        "period": Privacy.INTERNAL,
        "file_name": Privacy.INTERNAL,
        "sha256": Privacy.INTERNAL,
        "rows": Privacy.INTERNAL,
        "taken_at": Privacy.INTERNAL,
        "taken_by": Privacy.INTERNAL,
        "taken_by_label": Privacy.PERSONAL,
        "undone_at": Privacy.INTERNAL,
        "undone_by": Privacy.INTERNAL,
    }


class BillState(models.TextChoices):
    UNPAID = "unpaid", _("chưa trả")
    TRANSFER = "transfer", _("trả bằng chuyển khoản")
    CASH = "cash", _("trả bằng tiền mặt")
    UNSAID = "unsaid", _("đã trả, không nói bằng cách nào")


class ProviderBill(OfAVillage):
    """One row of a provider's list."""

    batch = models.ForeignKey(ProviderList, on_delete=models.PROTECT, related_name="bills")
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(CustomerCode, on_delete=models.PROTECT, null=True, related_name="bills")
    code = models.CharField(max_length=30)
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=BillState)
    paid_on = models.DateField(null=True)
    row = models.PositiveIntegerField()

    privacy = OfAVillage.privacy_of_base | {
        "batch": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "customer": Privacy.PERSONAL,
        "code": Privacy.PERSONAL,
        "amount": Privacy.PERSONAL,
        "state": Privacy.PERSONAL,
        "paid_on": Privacy.PERSONAL,
        "row": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "code"], name="provider_bill_once")]
        indexes = [models.Index(fields=["biller", "village"], name="provider_bill_village")]


class ProviderMapping(models.Model):
    """What somebody said the columns of a provider's file mean; found again by the row of headings (`shape`)."""

    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="mappings")
    shape = models.CharField(max_length=64)
    columns = models.JSONField()  # heading as it is compared → what it holds
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)

    privacy = {
        "id": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "shape": Privacy.INTERNAL,
        "columns": Privacy.INTERNAL,
        "said_at": Privacy.INTERNAL,
        "said_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["biller", "shape"], name="provider_mapping_once")]
