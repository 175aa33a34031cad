"""Households and persons as they stand today: each column follows from the facts, which are what is kept.

Nobody but `actions.recording` writes these columns; they can be made anew from the facts at any time.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.people.models.base import OfAVillage
from bakhong.places.models import Unit


class Sex(models.TextChoices):
    MALE = "male", _("Nam")
    FEMALE = "female", _("Nữ")


class Presence(models.TextChoices):
    PRESENT = "present", _("Có mặt")
    AWAY = "away", _("Đi nơi khác trong nước")
    ABROAD = "abroad", _("Ở nước ngoài")
    MOVED = "moved", _("Đã chuyển đi")
    DIED = "died", _("Đã mất")


class Relation(models.TextChoices):
    HEAD = "head", _("Chủ hộ")
    SPOUSE = "spouse", _("Vợ, chồng")
    CHILD = "child", _("Con")
    PARENT = "parent", _("Bố, mẹ")
    GRANDCHILD = "grandchild", _("Cháu")
    SIBLING = "sibling", _("Anh, chị, em")
    OTHER = "other", _("Quan hệ khác")


class Device(models.TextChoices):
    NONE = "none", _("Không dùng điện thoại")
    BASIC = "basic", _("Điện thoại thường")
    SMARTPHONE = "smartphone", _("Điện thoại thông minh")


class Holder(models.TextChoices):
    SELF = "self", _("Của chính người này")
    RELATIVE = "relative", _("Của người thân")
    OTHER = "other", _("Của người khác")


class Household(OfAVillage):
    """People who live as one household. Its members are the persons that point at it."""

    code = models.CharField(max_length=30, blank=True)  # the number a list gives it, if any
    address = models.CharField(max_length=200, blank=True)

    privacy = OfAVillage.privacy_of_base | {"code": Privacy.PERSONAL, "address": Privacy.PERSONAL}

    class Meta:
        indexes = [models.Index(fields=["village", "code"], name="household_code")]


class Person(OfAVillage):
    """A resident. `is_known` is False when everything said about them was taken back; `merged_into` when they are somebody else's double.

    Empty text and null mean that nobody has said it.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="members")
    relation = models.CharField(max_length=12, blank=True, choices=Relation)
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120)  # without accents: finds, never identifies
    sort_key = models.CharField(max_length=500)  # by the given name, which stands last
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    sex = models.CharField(max_length=6, blank=True, choices=Sex)
    national_id = models.BinaryField(null=True)  # sealed
    national_id_index = models.BinaryField(null=True, max_length=32)  # keyed: what it is found by
    presence = models.CharField(max_length=8, blank=True, choices=Presence)
    whereabouts = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=10, blank=True, choices=Device)
    device_year = models.SmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    is_known = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="doubles")

    privacy = OfAVillage.privacy_of_base | {
        "household": Privacy.PERSONAL,
        "relation": Privacy.PERSONAL,
        "name": Privacy.PERSONAL,
        "name_key": Privacy.PERSONAL,
        "sort_key": Privacy.PERSONAL,
        "birth_year": Privacy.PERSONAL,
        "birth_month": Privacy.PERSONAL,
        "birth_day": Privacy.PERSONAL,
        "sex": Privacy.PERSONAL,
        "national_id": Privacy.SENSITIVE,
        "national_id_index": Privacy.SENSITIVE,
        "presence": Privacy.PERSONAL,
        "whereabouts": Privacy.PERSONAL,
        "address": Privacy.PERSONAL,
        "device": Privacy.PERSONAL,
        "device_year": Privacy.PERSONAL,
        "note": Privacy.PERSONAL,
        "is_known": Privacy.INTERNAL,
        "merged_into": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            # Two communes may each know the same person before somebody merges them; one village may not.
            models.UniqueConstraint(
                fields=["village", "national_id_index"],
                condition=Q(is_known=True, merged_into=None),
                name="person_id_once_a_village",
            ),
            models.CheckConstraint(
                condition=Q(national_id=None, national_id_index=None)
                | Q(national_id__isnull=False, national_id_index__isnull=False),
                name="person_id_with_index",
            ),
            models.CheckConstraint(
                condition=Q(birth_month=None, birth_day=None)
                | Q(birth_year__isnull=False, birth_month__range=(1, 12), birth_day=None)
                | Q(birth_year__isnull=False, birth_month__range=(1, 12), birth_day__range=(1, 31)),
                name="person_birth_parts",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="person_not_own_double"),
        ]
        indexes = [
            models.Index(fields=["village", "sort_key"], name="person_list"),
            models.Index(fields=["national_id_index"], name="person_national_id"),
            models.Index(fields=["village", "birth_year"], name="person_birth"),
        ]

    def __str__(self) -> str:
        return self.name


class Residence(OfAVillage):
    """Where a person belonged, whether they were there and what phone they had, for a period (start None: unknown; end excluded).

    Made from the facts.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    place = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+"
    )  # `village` follows the person
    presence = models.CharField(max_length=8, blank=True, choices=Presence)
    whereabouts = models.CharField(max_length=120, blank=True)
    device = models.CharField(max_length=10, blank=True, choices=Device)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    privacy = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "place": Privacy.PERSONAL,
        "presence": Privacy.PERSONAL,
        "whereabouts": Privacy.PERSONAL,
        "device": Privacy.PERSONAL,
        "valid_from": Privacy.PERSONAL,
        "valid_to": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="residence_period",
            ),
            models.UniqueConstraint(
                fields=["person", "valid_from"], nulls_distinct=False, name="residence_one_from_a_day"
            ),
        ]


class PhoneNumber(OfAVillage):
    """A number under which a person is reached, and whose phone it is. Made from the facts."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(max_length=15)
    holder = models.CharField(max_length=8, blank=True, choices=Holder)
    note = models.CharField(max_length=120, blank=True)
    is_current = models.BooleanField(default=True)

    privacy = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "number": Privacy.PERSONAL,
        "holder": Privacy.PERSONAL,
        "note": Privacy.PERSONAL,
        "is_current": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "number"], name="phone_number_once")]
        indexes = [models.Index(fields=["number"], name="phone_number_number")]
