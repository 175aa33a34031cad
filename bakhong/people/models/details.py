"""What else is known of a person, under the names of the dictionary: what a procedure ended with, what a register said."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.people.models.base import OfAVillage
from bakhong.people.models.people import Person


class DetailSource(models.TextChoices):
    RESULT = "result", _("Kết quả giải quyết thủ tục")
    REGISTER = "register", _("Cơ sở dữ liệu của Nhà nước")
    RESIDENT = "resident", _("Người dân nói")
    CARD = "card", _("Thẻ căn cước")
    OFFICER = "officer", _("Cán bộ ghi")


class Detail(OfAVillage):
    """One value one source gave at one time. Rows are only added (a trigger refuses the rest): `retracts` takes another back.

    Exactly one of `value` and `sealed` is there, by the dictionary's mark; neither in a retraction or once erased. `village` follows the
    person, because row-level security reads it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="details")
    key = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    sealed = models.BinaryField(null=True)  # the same JSON, of what is sensitive
    true_on = models.DateField()
    valid_to = models.DateField(null=True)  # excluded
    source = models.CharField(max_length=10, choices=DetailSource)
    origin_kind = models.CharField(max_length=20, blank=True)  # "dossier", "register"
    origin = models.UUIDField(null=True)  # of a room above
    learned_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)  # an actor's id
    retracts = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="retractions")
    client_key = models.UUIDField(null=True, unique=True)

    privacy = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "key": Privacy.PERSONAL,
        "value": Privacy.PERSONAL,
        "sealed": Privacy.SENSITIVE,
        "true_on": Privacy.PERSONAL,
        "valid_to": Privacy.PERSONAL,
        "source": Privacy.INTERNAL,
        "origin_kind": Privacy.INTERNAL,
        "origin": Privacy.INTERNAL,
        "learned_at": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
        "retracts": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retracts=None) | Q(retracts__lt=F("id")), name="detail_retracts_earlier"
            ),
            models.CheckConstraint(condition=Q(value=None) | Q(sealed=None), name="detail_one_value"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("true_on")), name="detail_period"
            ),
            models.CheckConstraint(
                condition=Q(origin_kind="", origin=None) | (~Q(origin_kind="") & Q(origin__isnull=False)),
                name="detail_origin_pair",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "key"], name="detail_of_person"),
            models.Index(fields=["origin"], name="detail_origin"),
        ]
