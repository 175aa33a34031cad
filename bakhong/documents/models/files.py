"""A stored file: what stands about it in the database. Its content lies sealed in the data folder (`stores.py`)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.documents.models.base import AreaQuerySet
from bakhong.places.models import Unit


class Purpose(models.TextChoices):
    ATTACHMENT = "attachment", _("Giấy tờ kèm theo")
    PAPER = "paper", _("Giấy tờ của người dân")
    SLIP = "slip", _("Phiếu")
    RESULT = "result", _("Kết quả")
    APPLICATION = "application", _("Đơn, tờ khai")


class File(models.Model):
    """One content, never changed: a new version is a new file that `replaces` the old one.

    `owner_kind`/`owner` point up at what it belongs to ("dossier", "draft", "person"); `person_uuid` at the person whose paper it is.
    `village` is the unit that keeps it (a commune for a dossier's). Row-level security reads `village`, `owner` and `person_uuid`.
    `sent_sha256` is of the bytes as they were sent, `sha256` of what is kept (a picture is turned and shrunk).
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    owner_kind = models.CharField(max_length=20)
    owner = models.UUIDField()
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person_uuid = models.UUIDField(null=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True)
    purpose = models.CharField(max_length=12, choices=Purpose)
    storage = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)  # an actor's id
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    is_signed = models.BooleanField(default=False)
    verify_code = models.CharField(max_length=20, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=300, blank=True)
    erased_at = models.DateTimeField(null=True)

    objects = AreaQuerySet.as_manager()
    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "owner_kind": Privacy.INTERNAL,
        "owner": Privacy.INTERNAL,
        "village": Privacy.PERSONAL,
        "person_uuid": Privacy.PERSONAL,
        "name": Privacy.PERSONAL,
        "media_type": Privacy.INTERNAL,
        "size": Privacy.INTERNAL,
        "sha256": Privacy.INTERNAL,
        "sent_sha256": Privacy.INTERNAL,
        "pages": Privacy.INTERNAL,
        "purpose": Privacy.INTERNAL,
        "storage": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
        "replaces": Privacy.INTERNAL,
        "is_signed": Privacy.INTERNAL,
        "verify_code": Privacy.SENSITIVE,
        "revoked_at": Privacy.INTERNAL,
        "revoked_why": Privacy.PERSONAL,
        "erased_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_sha256"),
            models.CheckConstraint(
                condition=Q(size__gt=0) | Q(erased_at__isnull=False), name="file_not_empty"
            ),
            # The signed version bears the code that was printed on the one it replaces.
            models.UniqueConstraint(
                fields=["verify_code"],
                condition=Q(replaces__isnull=True) & ~Q(verify_code=""),
                name="file_code_once",
            ),
            # A content is replaced once: two that both replace it would be two truths.
            models.UniqueConstraint(fields=["replaces"], name="file_replaced_once"),
        ]
        indexes = [
            models.Index(fields=["owner", "id"], name="file_owner"),
            models.Index(fields=["verify_code"], condition=~Q(verify_code=""), name="file_code"),
            models.Index(fields=["sha256"], condition=~Q(verify_code=""), name="file_content"),
            models.Index(
                fields=["person_uuid", "id"], condition=Q(person_uuid__isnull=False), name="file_person"
            ),
        ]
