"""Who is paid by the State (pensions, merit, social welfare), and whether in cash or into an account. Account numbers are not kept."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.people.models import OfAVillage, Person


class BenefitKind(models.TextChoices):
    PENSION = "pension", _("Lương hưu, trợ cấp bảo hiểm xã hội")
    MERIT = "merit", _("Người có công")
    SOCIAL = "social", _("Bảo trợ xã hội")


class Channel(models.TextChoices):
    CASH = "cash", _("tiền mặt")
    ACCOUNT = "account", _("tài khoản")


class Beneficiary(OfAVillage):
    """A person gets one kind of benefit for a period (end excluded). That somebody does is sensitive: it tells of illness or poverty."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="benefits")
    kind = models.CharField(max_length=8, choices=BenefitKind)
    paid_by = models.CharField(
        max_length=120, blank=True
    )  # the office that pays: the post office, the social insurance
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    privacy = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "kind": Privacy.SENSITIVE,
        "paid_by": Privacy.PERSONAL,
        "valid_from": Privacy.PERSONAL,
        "valid_to": Privacy.PERSONAL,
        "recorded_by": Privacy.INTERNAL,
        "recorded_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="beneficiary_period",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(valid_to=None), name="beneficiary_open_once"
            ),
        ]


class PaymentChannel(OfAVillage):
    """A dated fact: from that day the benefit is paid so (no day: ever since). Only added; the latest day wins, then the last learned."""

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="channels")
    channel = models.CharField(max_length=8, choices=Channel)
    true_from = models.DateField(null=True)
    source_detail = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=80)
    learned_at = models.DateTimeField()

    privacy = OfAVillage.privacy_of_base | {
        "beneficiary": Privacy.INTERNAL,
        "channel": Privacy.PERSONAL,
        "true_from": Privacy.PERSONAL,
        "source_detail": Privacy.PERSONAL,
        "recorded_by": Privacy.INTERNAL,
        "learned_at": Privacy.INTERNAL,
    }

    class Meta:
        indexes = [models.Index(fields=["beneficiary", "-true_from"], name="channel_latest")]
