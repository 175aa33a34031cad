"""Reporting periods (kỳ báo cáo): who has sent, who has approved, what was sent back and why."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.indicators.models.figures import Report
from bakhong.places.models import Unit


class ReportingPeriod(models.Model):
    """A unit (the province) asks the communes below it for these indicators by a day."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="periods")
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()  # included: the day of the count
    due_on = models.DateField()
    indicators = ArrayField(models.CharField(max_length=120))  # "indicator/stage/population": one rule each
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # opened by mistake, before anybody answered

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "owner": Privacy.INTERNAL,
        "name": Privacy.INTERNAL,
        "starts_on": Privacy.INTERNAL,
        "ends_on": Privacy.INTERNAL,
        "due_on": Privacy.INTERNAL,
        "indicators": Privacy.INTERNAL,
        "opened_by": Privacy.INTERNAL,
        "opened_at": Privacy.INTERNAL,
        "withdrawn_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(withdrawn_at=None), name="period_name_once"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_days"),
        ]

    def __str__(self) -> str:
        return self.name


class SubmissionState(models.TextChoices):
    DRAFT = "draft", _("đang soạn")
    SUBMITTED = "submitted", _("đã trình lãnh đạo")
    APPROVED = "approved", _("đã duyệt, đã khoá và gửi tỉnh")
    ACCEPTED = "accepted", _("tỉnh đã nhận")
    SENT_BACK = "sent_back", _("tỉnh trả lại")


class Submission(models.Model):
    """One unit's answer to a period. `report` holds its figures; they are locked while approved or accepted."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="submissions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="submissions")
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="submission")
    state = models.CharField(max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT)
    version = models.PositiveIntegerField(default=1)  # optimistic: two people at once get a 409
    # The grid as typed: {indicator: {"numerator", "denominator", "percent", "note"}}. They become figures at approval.
    cells = models.JSONField(default=dict)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "period": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "report": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "version": Privacy.INTERNAL,
        "cells": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "unit"], name="submission_once")]


class SubmissionEvent(models.Model):
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=SubmissionState)
    deed = models.CharField(max_length=20)  # save_draft, or a deed of rules.transitions
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "submission": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "deed": Privacy.INTERNAL,
        "reason": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.PERSONAL,
        "at": Privacy.INTERNAL,
    }
