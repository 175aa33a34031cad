"""What happened to a dossier, in order; only ever added to."""

from django.db import models
from django.db.models import Q

from bakhong.core.privacy import Privacy
from bakhong.dossiers.models.base import OfACommune, OfADossier
from bakhong.dossiers.models.choices import Given, Kind


class Event(OfADossier):
    """`number` counts from 1 within the dossier and is its version. `said` is a SHA-256 of what was said under `client_key`.

    `came_in_person`: the applicant (or who acts for them) came to the office for it; a visit without it is one of ours to them.
    """

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=Kind)
    state_from = models.CharField(max_length=12)
    state_to = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120, blank=True)
    step = models.CharField(max_length=40, blank=True)
    reasons = models.JSONField(default=list)  # codes of return_reasons.toml
    note = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict)
    came_in_person = models.BooleanField(default=False)
    client_key = models.UUIDField(null=True, unique=True)
    said = models.CharField(max_length=64, blank=True)

    privacy = OfADossier.privacy_of_dossier | {
        "number": Privacy.INTERNAL,
        "kind": Privacy.PERSONAL,
        "state_from": Privacy.PERSONAL,
        "state_to": Privacy.PERSONAL,
        "at": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.INTERNAL,
        "step": Privacy.INTERNAL,
        "reasons": Privacy.PERSONAL,
        "note": Privacy.PERSONAL,
        "data": Privacy.PERSONAL,
        "came_in_person": Privacy.PERSONAL,
        "client_key": Privacy.INTERNAL,
        "said": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="event_number_once"),
        ]
        indexes = [
            models.Index(fields=["dossier"], name="event_in_person", condition=Q(came_in_person=True)),
        ]


class Supplement(OfADossier):
    """What the resident is asked to give again: all of it at once. `answered_at` None while it is waited for.

    `items`: [{"what": "paper"|"question", "code", "name", "reason", "words"}], of a paper also "was", what became of it before.
    `is_repeat`: not the first return; `why_again` says why. `is_taken_back`: asked by mistake; it counts for nothing.
    """

    number = models.PositiveSmallIntegerField()
    items = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    answer_by = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answers = models.BinaryField(null=True)  # sealed: code of a question → what they said
    is_repeat = models.BooleanField(default=False)
    why_again = models.CharField(max_length=40, blank=True)  # a reason's code
    is_taken_back = models.BooleanField(default=False)

    privacy = OfADossier.privacy_of_dossier | {
        "number": Privacy.INTERNAL,
        "items": Privacy.PERSONAL,
        "note": Privacy.PERSONAL,
        "asked_at": Privacy.PERSONAL,
        "asked_by": Privacy.INTERNAL,
        "answer_by": Privacy.PERSONAL,
        "answered_at": Privacy.PERSONAL,
        "answers": Privacy.SENSITIVE,
        "is_repeat": Privacy.INTERNAL,
        "why_again": Privacy.INTERNAL,
        "is_taken_back": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="supplement_number_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(answered_at=None), name="supplement_one_open"
            ),
            models.CheckConstraint(
                condition=Q(is_repeat=False) | ~Q(why_again=""), name="supplement_again_has_reason"
            ),
        ]


class AgencyAsk(OfADossier):
    """A step another agency does (liên thông): when it was sent, its own limit, when it answered."""

    agency = models.CharField(max_length=150)
    step = models.CharField(max_length=40, blank=True)
    what = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    privacy = OfADossier.privacy_of_dossier | {
        "agency": Privacy.INTERNAL,
        "step": Privacy.INTERNAL,
        "what": Privacy.PERSONAL,
        "sent_at": Privacy.PERSONAL,
        "due_at": Privacy.PERSONAL,
        "answered_at": Privacy.PERSONAL,
        "answer": Privacy.PERSONAL,
    }


class Attachment(OfADossier):
    """One paper's file, or an original that was looked at. The file itself is kept by the documents room."""

    paper = models.CharField(max_length=60)
    file = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200, blank=True)
    how = models.CharField(max_length=14, choices=Given)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    privacy = OfADossier.privacy_of_dossier | {
        "paper": Privacy.PERSONAL,
        "file": Privacy.INTERNAL,
        "sha256": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "how": Privacy.PERSONAL,
        "at": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "file"], name="attachment_once"),
            models.CheckConstraint(
                condition=Q(file=None, sha256="") | (Q(file__isnull=False) & ~Q(sha256="")),
                name="attachment_with_sum",
            ),
        ]


class OfficeCode(OfACommune):
    """The first part of the commune's dossier codes ("000.17.22.H56"), from a day on; the latest holds."""

    code = models.CharField(max_length=40)
    valid_from = models.DateField()

    privacy = OfACommune.privacy_of_base | {"code": Privacy.PUBLIC, "valid_from": Privacy.PUBLIC}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "valid_from"], name="office_code_once")]


class DayNumber(models.Model):
    """The last number an office gave on a day; counted up in the transaction that takes the dossier in, so that none is left out."""

    office = models.CharField(max_length=40)
    day = models.DateField()
    last = models.PositiveIntegerField()

    privacy = {
        "id": Privacy.INTERNAL,
        "office": Privacy.PUBLIC,
        "day": Privacy.INTERNAL,
        "last": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "day"], name="day_number_once")]
