"""What does not agree, and how the people in charge answered. Seen by staff only, until answered."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.indicators.models.figures import Figure, Report
from bakhong.places.models import Unit


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> "FindingQuerySet":
        """Findings that still ask for an answer."""
        standing = FindingAnswer.objects.filter(finding=OuterRef("pk"), withdrawn_at=None)
        gone = Figure.objects.filter(findings=OuterRef("pk")).exclude(correction=None, retraction=None)
        return self.filter(~Exists(standing), ~Exists(gone), withdrawn_at=None)


class Finding(models.Model):
    """A disagreement among figures.

    It is open while it has no standing answer, all its figures are current and the checks still say so.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    key = models.CharField(max_length=64, unique=True)  # sha256 of code and figures: found twice, stored once
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)  # "error" or "warning"
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="findings")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="findings")
    figures = models.ManyToManyField(Figure, related_name="findings")
    expected = models.CharField(max_length=60, blank=True)
    found = models.CharField(max_length=60, blank=True)
    message = models.TextField()
    message_en = models.TextField()
    repairs = models.JSONField(default=list)
    found_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # a later check of the same report no longer says so

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "key": Privacy.INTERNAL,
        "code": Privacy.INTERNAL,
        "severity": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "report": Privacy.INTERNAL,
        "expected": Privacy.INTERNAL,
        "found": Privacy.INTERNAL,
        "message": Privacy.INTERNAL,
        "message_en": Privacy.INTERNAL,
        "repairs": Privacy.INTERNAL,
        "found_at": Privacy.INTERNAL,
        "withdrawn_at": Privacy.INTERNAL,
    }

    objects = FindingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "severity"], name="finding_unit_severity")]


class AnswerKind(models.TextChoices):
    CORRECTED = "corrected", _("đã sửa số liệu")
    AS_PRINTED = "as_printed", _("nguồn in đúng như vậy, giữ nguyên")
    EXPLAINED = "explained", _("có lý do, xem giải thích")
    FALSE_ALARM = "false_alarm", _("cảnh báo không đúng")


class FindingAnswer(models.Model):
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=12, choices=AnswerKind)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # undo: the finding is open again

    privacy = {
        "id": Privacy.INTERNAL,
        "finding": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "text": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "withdrawn_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=models.Q(withdrawn_at=None), name="finding_one_standing_answer"
            )
        ]
