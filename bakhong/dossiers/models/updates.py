"""Asking whoever keeps a register to bring it up to date, where a paper it should know was looked up and not found.

Source: Resolution 66.7/2025/NQ-CP (domain research 3.2): the paper may then be asked for, and the data have to be mended.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.dossiers.models.base import OfADossier


class UpdateAnswer(models.TextChoices):
    UPDATED = "updated", _("Đã cập nhật")
    ABSENT = "absent", _("Không có trong sổ")
    OTHER = "other", _("Trả lời khác")


class UpdateRequest(OfADossier):
    """`register`: who is asked ("" where the procedure names nobody). What happens is written once, in this order: asked (`at`, `by`), then
    either taken back before it went out, or sent (`sent_as`: the letter's number, or another way) and answered."""

    paper = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    register = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=80, blank=True)
    sent_as = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=10, choices=UpdateAnswer, blank=True)
    answer_words = models.CharField(max_length=300, blank=True)

    privacy = OfADossier.privacy_of_dossier | {
        "paper": Privacy.PERSONAL,
        "name": Privacy.PERSONAL,
        "register": Privacy.INTERNAL,
        "reason": Privacy.PERSONAL,
        "at": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.INTERNAL,
        "withdrawn_at": Privacy.INTERNAL,
        "withdrawn_by": Privacy.INTERNAL,
        "sent_at": Privacy.PERSONAL,
        "sent_by": Privacy.INTERNAL,
        "sent_as": Privacy.PERSONAL,
        "answered_at": Privacy.PERSONAL,
        "answered_by": Privacy.INTERNAL,
        "answer": Privacy.PERSONAL,
        "answer_words": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "paper"],
                condition=Q(withdrawn_at=None, answered_at=None),
                name="update_asked_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="update_with_reason"),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_as="") | (~Q(sent_at=None) & ~Q(sent_as="")),
                name="update_sent_somehow",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(withdrawn_at=None), name="update_sent_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", answer_words="")
                | (~Q(answered_at=None) & ~Q(sent_at=None) & ~Q(answer="")),
                name="update_answered_after_sent",
            ),
            models.CheckConstraint(
                condition=~Q(answer="other") | ~Q(answer_words=""), name="update_other_in_words"
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "at"],
                name="update_open",
                condition=Q(withdrawn_at=None, answered_at=None),
            )
        ]
