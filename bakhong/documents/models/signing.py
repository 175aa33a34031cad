"""Signatures under way: a job is one confirmation by the signer, for one file or many; and how somebody signs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.documents.models.base import AreaQuerySet
from bakhong.documents.models.files import File
from bakhong.places.models import Unit


class JobState(models.TextChoices):
    PENDING = "pending", _("Đang gửi yêu cầu ký")
    WAITING = "waiting", _("Chờ xác nhận trên điện thoại")
    SIGNED = "signed", _("Đã ký")
    REJECTED = "rejected", _("Người ký từ chối")
    EXPIRED = "expired", _("Quá 5 phút không xác nhận")
    FAILED = "failed", _("Không ký được")


AGENCY = "unit:"  # how the signer's id of a job begins whose signature is the agency's: what follows is the unit's uuid


class SigningJob(models.Model):
    """One request to sign. `transaction` is the provider's number; `code` its last word (domain: 1, 4000 … 4004).

    `account` (whose certificate at the provider, often the identity number) is sealed. `owner` is the owner of the files, so that
    who holds a code sees the job about their own application.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    owner = models.UUIDField()
    provider = models.CharField(max_length=20)
    signer = models.CharField(max_length=80)  # an actor's id
    signer_name = models.CharField(max_length=200)  # as the certificate names them
    account = models.BinaryField(null=True)
    certificate = models.BinaryField(null=True)  # DER: what the answer is checked against
    reason = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.PENDING)
    transaction = models.CharField(max_length=100, blank=True)
    code = models.IntegerField(null=True)
    problem = models.CharField(max_length=40, blank=True)  # a key of problems.SENTENCES
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = AreaQuerySet.as_manager()
    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "village": Privacy.PERSONAL,
        "owner": Privacy.INTERNAL,
        "provider": Privacy.INTERNAL,
        "signer": Privacy.INTERNAL,
        "signer_name": Privacy.PERSONAL,
        "account": Privacy.SENSITIVE,
        "certificate": Privacy.PERSONAL,
        "reason": Privacy.PERSONAL,
        "place": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "transaction": Privacy.SENSITIVE,
        "code": Privacy.INTERNAL,
        "problem": Privacy.INTERNAL,
        "started_at": Privacy.INTERNAL,
        "expires_at": Privacy.INTERNAL,
        "ended_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "transaction"], condition=~Q(transaction=""), name="job_transaction_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "waiting")) ^ Q(ended_at__isnull=False),
                name="job_ended_once",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(ended_at__isnull=True), name="job_open"),
            models.Index(fields=["signer", "-id"], name="job_signer"),
        ]

    @property
    def is_seal(self) -> bool:
        """The signature of the agency, not of a person."""
        return self.signer.startswith(AGENCY)


class SigningLine(models.Model):
    """One file of a job: the prepared PDF with its empty place for the signature (sealed in the store), and what is to be signed."""

    job = models.ForeignKey(SigningJob, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="signing_lines")
    document = models.CharField(max_length=64)  # its name towards the provider: tells nothing
    prepared = models.CharField(max_length=40, blank=True)
    attributes = models.BinaryField(
        null=True
    )  # DER of the signed attributes; their SHA-256 is what is signed
    signed = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = {
        "id": Privacy.INTERNAL,
        "job": Privacy.INTERNAL,
        "number": Privacy.INTERNAL,
        "file": Privacy.INTERNAL,
        "document": Privacy.INTERNAL,
        "prepared": Privacy.INTERNAL,
        "attributes": Privacy.INTERNAL,
        "signed": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="line_number_once"),
            models.UniqueConstraint(fields=["job", "file"], name="line_file_once"),
        ]


class SigningMethod(models.Model):
    """How somebody signs: at which provider, under which account there (sealed). One a person and provider; one is preferred."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    signer = models.CharField(max_length=80)  # an actor's id
    provider = models.CharField(max_length=20)
    account = models.BinaryField(null=True)
    is_preferred = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "signer": Privacy.INTERNAL,
        "provider": Privacy.INTERNAL,
        "account": Privacy.SENSITIVE,
        "is_preferred": Privacy.INTERNAL,
        "changed_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signer", "provider"], name="method_once"),
            models.UniqueConstraint(
                fields=["signer"], condition=Q(is_preferred=True), name="method_preferred_once"
            ),
        ]
