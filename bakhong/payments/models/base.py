"""What the walled tables of this room share: money belongs to a biller."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.payments.models.billers import Biller


class OfABiller(models.Model):
    """A row about the money of one biller. Row-level security reads `biller_id` (`app.billers`)."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="+")

    privacy_of_base: dict[str, Any] = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
    }

    class Meta:
        abstract = True


class Method(models.TextChoices):
    """How money came. The rate of the second No counts `transfer` over all."""

    TRANSFER = "transfer", _("chuyển khoản")
    CASH = "cash", _("tiền mặt")
