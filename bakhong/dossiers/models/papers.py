"""What became of each paper the procedure names: given, seen, or known to the State and therefore not asked for."""

from django.db import models
from django.db.models import Q

from bakhong.core.privacy import Privacy
from bakhong.dossiers.models.base import OfADossier
from bakhong.dossiers.models.choices import Check


class PaperCheck(OfADossier):
    """`register`: who holds it already ("" where nobody does). `not_found` is the exception: looked up, not there, with the reason, and
    the register asked to be brought up to date (`update_asked_at`)."""

    paper = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=Check)
    register = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    update_asked_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    privacy = OfADossier.privacy_of_dossier | {
        "paper": Privacy.PERSONAL,
        "name": Privacy.PERSONAL,
        "state": Privacy.PERSONAL,
        "register": Privacy.INTERNAL,
        "reason": Privacy.PERSONAL,
        "update_asked_at": Privacy.INTERNAL,
        "at": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "paper"], name="paper_check_once"),
            models.CheckConstraint(
                condition=~Q(state="not_found") | (~Q(reason="") & Q(update_asked_at__isnull=False)),
                name="paper_not_found_told",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "at"], name="paper_not_found", condition=Q(state="not_found"))
        ]
