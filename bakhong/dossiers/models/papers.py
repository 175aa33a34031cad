"""What became of each paper the procedure names: given, seen, or known to the State and therefore not asked for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.dossiers.models.base import OfADossier
from bakhong.dossiers.models.choices import Check


class LookedUp(models.TextChoices):
    """What looking a paper up where it should be known told."""

    FOUND = "found", _("đã tra, có")
    NOT_FOUND = "not_found", _("đã tra, không thấy")
    SILENT = "silent", _("nơi giữ dữ liệu chưa trả lời")


class PaperCheck(OfADossier):
    """`register`: who should know it already ("" where nobody does), so that it is looked up there; `looked_up`: what that told, when, and
    whom (an officer, or a register that was asked). `not_found` is the exception, with its reason; each has its `UpdateRequest`."""

    paper = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=Check)
    register = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    looked_up = models.CharField(max_length=10, choices=LookedUp, blank=True)
    looked_up_at = models.DateTimeField(null=True)
    looked_up_by = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    privacy = OfADossier.privacy_of_dossier | {
        "paper": Privacy.PERSONAL,
        "name": Privacy.PERSONAL,
        "state": Privacy.PERSONAL,
        "register": Privacy.INTERNAL,
        "reason": Privacy.PERSONAL,
        "looked_up": Privacy.PERSONAL,
        "looked_up_at": Privacy.INTERNAL,
        "looked_up_by": Privacy.INTERNAL,
        "at": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "paper"], name="paper_check_once"),
            models.CheckConstraint(
                condition=~Q(state="not_found") | ~Q(reason=""), name="paper_not_found_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(looked_up="", looked_up_at=None) | (~Q(looked_up="") & ~Q(looked_up_at=None)),
                name="paper_looked_up_with_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "at"], name="paper_not_found", condition=Q(state="not_found"))
        ]
