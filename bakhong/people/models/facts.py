"""What was said about persons, by whom and when; what they agreed to; and who looked."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.people.models.base import OfAVillage
from bakhong.people.models.people import Person
from bakhong.places.models import Unit


class Source(models.TextChoices):
    LIST = "list", _("Danh sách của xã")
    CARD = "card", _("Thẻ căn cước")
    RESIDENT = "resident", _("Người dân nói")
    VISIT = "visit", _("Đến tận nhà")
    OFFICER = "officer", _("Cán bộ ghi")
    REGISTER = "register", _("Cơ sở dữ liệu của Nhà nước")


class Import(models.Model):
    """One file of residents taken in. Its rows are not kept; its facts point here."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)  # SHA-256
    as_of = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)  # an actor's id
    counts = models.JSONField(default=dict)  # as the command prints them, without the problems
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "commune": Privacy.INTERNAL,
        "file_name": Privacy.INTERNAL,
        "file_hash": Privacy.INTERNAL,
        "as_of": Privacy.INTERNAL,
        "created_at": Privacy.INTERNAL,
        "created_by": Privacy.INTERNAL,
        "counts": Privacy.INTERNAL,
        "undone_at": Privacy.INTERNAL,
        "undone_by": Privacy.INTERNAL,
    }


class Fact(OfAVillage):
    """What one source said about one person at one time; `rules.standing` says which attributes there are and what wins.

    Rows are only added (a trigger refuses the rest): `retracts` takes another fact back, `voids` says that what was known before of
    these attributes is wrong. Only `village` follows the person, because row-level security reads it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="facts")
    values = models.JSONField(default=dict)
    national_id = models.BinaryField(null=True)  # sealed: `values` never holds it
    voids = models.JSONField(default=list)
    retracts = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="retractions")
    source = models.CharField(max_length=10, choices=Source)
    source_detail = models.CharField(max_length=200, blank=True)  # "Thôn 1!B17", a document's number
    true_from = models.DateField(null=True)
    learned_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)  # an actor's id
    is_verified = models.BooleanField(default=False)
    batch = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, related_name="facts")

    privacy = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "values": Privacy.PERSONAL,
        "national_id": Privacy.SENSITIVE,
        "voids": Privacy.INTERNAL,
        "retracts": Privacy.INTERNAL,
        "source": Privacy.INTERNAL,
        "source_detail": Privacy.PERSONAL,
        "true_from": Privacy.PERSONAL,
        "learned_at": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
        "is_verified": Privacy.INTERNAL,
        "batch": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retracts=None) | Q(retracts__lt=F("id")), name="fact_retracts_earlier"
            ),
            models.CheckConstraint(
                condition=~Q(values__has_key="national_id"), name="fact_no_open_national_id"
            ),
        ]


class Purpose(models.TextChoices):
    CAMPAIGN = "campaign", _("Hướng dẫn cài đặt, kích hoạt dịch vụ số")
    REMINDER = "reminder", _("Nhắn tin, gọi điện nhắc việc")
    ON_BEHALF = "on_behalf", _("Làm giúp trên điện thoại của người khác")
    PREFILL = "prefill", _("Điền sẵn giấy tờ từ dữ liệu đã có")


class Consent(OfAVillage):
    """A person agrees that their data serve one purpose. Nothing is agreed by default.

    Source: Law 91/2025/QH15 on personal data protection, article 4 (domain research, unverified).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    evidence = models.CharField(
        max_length=200
    )  # how they agreed: a signed sheet, said at the door before whom
    recorded_by = models.CharField(max_length=80)

    privacy = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "purpose": Privacy.PERSONAL,
        "given_on": Privacy.PERSONAL,
        "withdrawn_on": Privacy.PERSONAL,
        "evidence": Privacy.PERSONAL,
        "recorded_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=Q(withdrawn_on=None), name="consent_open_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")), name="consent_period"
            ),
        ]


class Seen(models.TextChoices):
    RECORD = "record", _("Mở hồ sơ")
    NATIONAL_ID = "national_id", _("Xem số định danh")
    PHONE = "phone", _("Xem số điện thoại")
    KNOWN = "known", _("Dùng thông tin đã có")
    REGISTER = "register", _("Tra cứu cơ sở dữ liệu của Nhà nước")


class Reason(models.TextChoices):
    DUTY = "duty", _("Làm việc hằng ngày với danh sách")
    AT_DESK = "at_desk", _("Người dân đang làm thủ tục")
    CALL = "call", _("Gọi cho người dân")
    CHECK = "check", _("Đối chiếu, sửa thông tin")
    HELP = "help", _("Giúp cài đặt, kích hoạt")
    REQUEST = "request", _("Cơ quan có thẩm quyền yêu cầu")


class Look(OfAVillage):
    """Somebody of the staff saw this person's record; the person may ask who and why. Each has its event in the trail as well."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=80)
    actor_label = models.CharField(max_length=120)
    what = models.CharField(max_length=12, choices=Seen)
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=200, blank=True)
    about_kind = models.CharField(max_length=20, blank=True)  # "draft", "dossier": what it was for
    about = models.UUIDField(null=True)  # of a room above

    privacy = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "actor_id": Privacy.INTERNAL,
        "actor_label": Privacy.PERSONAL,
        "what": Privacy.INTERNAL,
        "reason": Privacy.INTERNAL,
        "note": Privacy.PERSONAL,
        "about_kind": Privacy.INTERNAL,
        "about": Privacy.INTERNAL,
    }
