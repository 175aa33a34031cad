"""What a unit says of its own about the shipped calendar and catalogue. Rows are only added; one may be taken back once.

The nearest unit wins over those above it, the latest row over earlier ones; where nobody said anything, what ships with the program holds.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.places.models import Unit


class Said(models.Model):
    """One thing a unit said, on the word of a document. `key`: the sender's, so that the same form sent again is the same row."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=300)
    key = models.UUIDField(default=new_uuid, unique=True)
    recorded_by = models.CharField(max_length=60)
    recorded_by_label = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    retracted_by = models.CharField(max_length=60, blank=True)
    retracted_at = models.DateTimeField(null=True)

    privacy_of_base = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "source": Privacy.PUBLIC,
        "key": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
        "recorded_by_label": Privacy.PERSONAL,
        "recorded_at": Privacy.INTERNAL,
        "retracted_by": Privacy.INTERNAL,
        "retracted_at": Privacy.INTERNAL,
    }

    class Meta:
        abstract = True


def _taken_back_whole(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(retracted_by="", retracted_at=None)
        | (~Q(retracted_by="") & Q(retracted_at__isnull=False)),
        name=name,
    )


class DayKind(models.TextChoices):
    OFF = "off", _("nghỉ")
    WORKED = "worked", _("làm việc (làm bù)")
    ORDINARY = "ordinary", _("như mọi tuần")


class CalendarDay(Said):
    """How the office works on one day."""

    on = models.DateField()
    kind = models.CharField(max_length=10, choices=DayKind)
    name = models.CharField(max_length=120)
    is_verified = models.BooleanField(default=True)

    privacy = Said.privacy_of_base | {
        "on": Privacy.PUBLIC,
        "kind": Privacy.PUBLIC,
        "name": Privacy.PUBLIC,
        "is_verified": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [_taken_back_whole("calendar_day_taken_back")]
        indexes = [models.Index(fields=["unit", "on"], name="calendar_day_unit_on")]


class OfficeHours(Said):
    """The hours of one weekday (0 Monday) from a day on: "07:30-11:30, 13:30-17:30", or "" for closed.

    `is_counted`: whether it is a working day of time limits; a Saturday morning for receiving dossiers is not.
    """

    weekday = models.PositiveSmallIntegerField()
    spans = models.CharField(max_length=60, blank=True)
    is_counted = models.BooleanField()
    valid_from = models.DateField()

    privacy = Said.privacy_of_base | {
        "weekday": Privacy.PUBLIC,
        "spans": Privacy.PUBLIC,
        "is_counted": Privacy.PUBLIC,
        "valid_from": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [
            _taken_back_whole("office_hours_taken_back"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="office_hours_weekday"),
            models.CheckConstraint(
                condition=~Q(spans="") | Q(is_counted=False), name="office_hours_counted_open"
            ),
        ]
        indexes = [models.Index(fields=["unit", "valid_from"], name="office_hours_unit")]


class ProcedureOffer(Said):
    """What a unit says about one procedure from a day on. `channels` empty: as in the catalogue. `amount`: the local fee in đồng, None: as
    in the catalogue. `zero_fee`: "" no, "online" for dossiers sent online, "all"; `source` is the resolution it stands on."""

    class ZeroFee(models.TextChoices):
        NO = "", _("theo mức thu")
        ONLINE = "online", _("0 đồng khi nộp trực tuyến")
        ALL = "all", _("0 đồng cho mọi hồ sơ")

    code = models.CharField(max_length=40)
    is_offered = models.BooleanField()
    channels = models.JSONField(default=list)
    amount = models.PositiveIntegerField(null=True)
    zero_fee = models.CharField(max_length=6, choices=ZeroFee, default=ZeroFee.NO, blank=True)
    valid_from = models.DateField()

    privacy = Said.privacy_of_base | {
        "code": Privacy.PUBLIC,
        "is_offered": Privacy.PUBLIC,
        "channels": Privacy.PUBLIC,
        "amount": Privacy.PUBLIC,
        "zero_fee": Privacy.PUBLIC,
        "valid_from": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [_taken_back_whole("procedure_offer_taken_back")]
        indexes = [models.Index(fields=["unit", "code"], name="procedure_offer_unit_code")]


class LocalProcedure(Said):
    """One version of a procedure as a unit says it from a day on: a task of its own ("local.…"), or another text of one that shipped.

    `spec`: what `rules.writing.spec_of` writes; None: from that day on as in the program again, and what is no program's is done no more.
    `program_version`: what shipped when it was said, 0 where nothing did. A dossier names it by `version`, which is nobody else's.
    """

    FIRST = 1000  # versions below it ship

    code = models.CharField(max_length=40)
    spec = models.JSONField(null=True)
    digest = models.CharField(max_length=64)
    program_version = models.PositiveIntegerField()
    valid_from = models.DateField()

    privacy = Said.privacy_of_base | {
        "code": Privacy.PUBLIC,
        "spec": Privacy.PUBLIC,
        "digest": Privacy.PUBLIC,
        "program_version": Privacy.INTERNAL,
        "valid_from": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [_taken_back_whole("local_procedure_taken_back")]
        indexes = [models.Index(fields=["unit", "code"], name="local_procedure_unit_code")]

    @property
    def version(self) -> int:
        """From the row's own number: no other unit's and no later version ever has it."""
        return self.FIRST + int(self.pk)
