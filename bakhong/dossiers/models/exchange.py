"""What comes from and goes to other systems: lists of the provincial one-stop system, fields copied by hand, outbox, what was pulled."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.dossiers.models.base import OfACommune, OfADossier
from bakhong.dossiers.models.dossiers import Dossier
from bakhong.eforms.models import Draft


class ProvincialList(OfACommune):
    """One list that was taken in and said something new. `counts`: new, changed, unchanged, older, rejected."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField()
    counts = models.JSONField(default=dict)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    taken_label = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    privacy = OfACommune.privacy_of_base | {
        "file_name": Privacy.INTERNAL,
        "sha256": Privacy.INTERNAL,
        "as_of": Privacy.INTERNAL,
        "counts": Privacy.INTERNAL,
        "taken_at": Privacy.INTERNAL,
        "taken_by": Privacy.INTERNAL,
        "taken_label": Privacy.INTERNAL,
        "undone_at": Privacy.INTERNAL,
        "undone_by": Privacy.INTERNAL,
    }


class ExternalDossier(OfACommune):
    """A dossier as one list of another system tells of it. Never changed but for `is_current`: of each code one telling holds.

    `state` has the national number 1–10. Moments are UTC, None where the list does not say; yes-no columns too. `digest`: SHA-256 of all it
    says, by which the same row again is known. Whose it is is not taken over: no measure needs it, and the code finds it
    where it came from.
    """

    batch = models.ForeignKey(ProvincialList, on_delete=models.PROTECT, related_name="rows")
    code = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    place = models.CharField(max_length=80)  # "Sheet1!7": where the list says so
    procedure = models.CharField(max_length=40, blank=True)
    procedure_name = models.CharField(max_length=300, blank=True)
    sector = models.CharField(max_length=150, blank=True)
    channel = models.CharField(max_length=8, blank=True)  # as Dossier's; "" where the list does not say
    state = models.PositiveSmallIntegerField(null=True)
    filed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    supplements = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    waited_minutes = models.PositiveIntegerField(default=0)
    is_digitised = models.BooleanField(null=True)
    is_reused = models.BooleanField(null=True)
    is_from_store = models.BooleanField(null=True)
    is_population = models.BooleanField(null=True)

    privacy = OfACommune.privacy_of_base | {
        "batch": Privacy.INTERNAL,
        "code": Privacy.PERSONAL,
        "digest": Privacy.PERSONAL,
        "is_current": Privacy.INTERNAL,
        "place": Privacy.INTERNAL,
        "procedure": Privacy.PERSONAL,
        "procedure_name": Privacy.PERSONAL,
        "sector": Privacy.PERSONAL,
        "channel": Privacy.INTERNAL,
        "state": Privacy.PERSONAL,
        "filed_at": Privacy.PERSONAL,
        "received_at": Privacy.PERSONAL,
        "due_at": Privacy.PERSONAL,
        "finished_at": Privacy.PERSONAL,
        "returned_at": Privacy.PERSONAL,
        "refused_at": Privacy.PERSONAL,
        "supplements": Privacy.INTERNAL,
        "asked_at": Privacy.PERSONAL,
        "answered_at": Privacy.PERSONAL,
        "waited_minutes": Privacy.INTERNAL,
        "is_digitised": Privacy.INTERNAL,
        "is_reused": Privacy.INTERNAL,
        "is_from_store": Privacy.INTERNAL,
        "is_population": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["village", "code"], condition=Q(is_current=True), name="external_one_current"
            ),
            models.UniqueConstraint(fields=["batch", "code"], name="external_once_a_list"),
        ]
        indexes = [
            models.Index(
                fields=["village", "received_at"], name="external_by_day", condition=Q(is_current=True)
            ),
            models.Index(fields=["village", "code"], name="external_code"),
        ]


class ColumnMapping(OfACommune):
    """What somebody said the columns of such a list are: of one row of headings (`headings`: SHA-256 of its words), the latest word."""

    headings = models.CharField(max_length=64)
    fields = models.JSONField()  # heading, as it is compared → field
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)

    privacy = OfACommune.privacy_of_base | {
        "headings": Privacy.INTERNAL,
        "fields": Privacy.INTERNAL,
        "said_at": Privacy.INTERNAL,
        "said_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "headings"], name="mapping_once")]


class CopyEvent(OfADossier):
    """Which fields of a dossier were typed once more into another system: `copied` of `offered`. A target of data/targets.toml, once."""

    target = models.CharField(max_length=40)
    offered = models.PositiveSmallIntegerField()
    copied = models.JSONField(default=list)  # codes of the target's fields
    copied_count = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    by = models.CharField(max_length=80)

    privacy = OfADossier.privacy_of_dossier | {
        "target": Privacy.INTERNAL,
        "offered": Privacy.INTERNAL,
        "copied": Privacy.INTERNAL,
        "copied_count": Privacy.INTERNAL,
        "first_at": Privacy.INTERNAL,
        "last_at": Privacy.INTERNAL,
        "by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "target"], name="copy_once"),
            models.CheckConstraint(
                condition=Q(copied_count__lte=models.F("offered")), name="copied_of_offered"
            ),
        ]


class Sent(models.TextChoices):
    WAITING = "waiting", _("chờ gửi")
    DONE = "done", _("bên kia đã nhận")
    HELD = "held", _("bên kia không nhận")


class Sending(OfADossier):
    """One thing to tell another system. `key` goes with every try, so that what arrives twice counts once.

    Of one dossier they go out in the order of `id`: what is held keeps back its followers, and no other dossier. `body` is sealed, and goes
    once the other side has it. `problem`: a code, with its sentence in exchange_words.py; `detail`: for the operator, nothing personal.
    """

    system = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)  # "state" or "result"
    key = models.UUIDField(unique=True)
    number = models.PositiveIntegerField()  # of the event
    national_state = models.PositiveSmallIntegerField()
    body = models.BinaryField(null=True)
    file = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=Sent, default=Sent.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()  # not before
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    privacy = OfADossier.privacy_of_dossier | {
        "system": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "key": Privacy.INTERNAL,
        "number": Privacy.INTERNAL,
        "national_state": Privacy.PERSONAL,
        "body": Privacy.SENSITIVE,
        "file": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "attempts": Privacy.INTERNAL,
        "next_at": Privacy.INTERNAL,
        "queued_at": Privacy.INTERNAL,
        "settled_at": Privacy.INTERNAL,
        "problem": Privacy.INTERNAL,
        "detail": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "dossier", "number", "kind"], name="sending_once")
        ]
        indexes = [
            models.Index(fields=["next_at"], name="sending_due", condition=Q(state="waiting")),
            models.Index(fields=["system", "dossier"], name="sending_open", condition=~Q(state="done")),
        ]


class Pulled(OfACommune):
    """A dossier filed in another system that came to us. One row for each code there: it is never taken in twice.

    `dossier` None while it could not be taken in: `problem` says why, and `body` (sealed) waits to be tried again. With a dossier,
    `problem` says that it changed there afterwards and somebody has to look, `detail` what changed. `heard`: the number of the latest
    writing there that was read; 0 while nothing came, and the code was only noted by who filed it there after filling it in here (`draft`).
    """

    system = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, null=True, related_name="pulled")
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, related_name="+")
    heard = models.PositiveIntegerField(default=0)
    body = models.BinaryField(null=True)
    problem = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    pulled_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    privacy = OfACommune.privacy_of_base | {
        "system": Privacy.INTERNAL,
        "code": Privacy.PERSONAL,
        "dossier": Privacy.PERSONAL,
        "draft": Privacy.INTERNAL,
        "heard": Privacy.INTERNAL,
        "body": Privacy.SENSITIVE,
        "problem": Privacy.INTERNAL,
        "detail": Privacy.INTERNAL,
        "pulled_at": Privacy.INTERNAL,
        "settled_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="pulled_once"),
            models.UniqueConstraint(
                fields=["system", "draft"], condition=Q(draft__isnull=False), name="pulled_draft_once"
            ),
        ]


class Point(models.Model):
    """How far we have read another system, and whether it answers. `strays`: codes for units nobody knows here."""

    system = models.CharField(max_length=20, unique=True)
    cursor = models.CharField(max_length=100, blank=True)
    heard_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    strays = models.JSONField(default=list)

    privacy = {
        "id": Privacy.INTERNAL,
        "system": Privacy.INTERNAL,
        "cursor": Privacy.INTERNAL,
        "heard_at": Privacy.INTERNAL,
        "silent_since": Privacy.INTERNAL,
        "problem": Privacy.INTERNAL,
        "detail": Privacy.INTERNAL,
        "strays": Privacy.PERSONAL,
    }
