"""Administrative units valid in time.

Codes are re-used for other places (1,804 of the 3,321 communes of 2025-07-01 carry the code of an
earlier unit of another name), so a unit is known by (code, valid_from). Periods are half-open; a
`valid_from` of None means "start unknown" (the earlier units are one snapshot). People and figures hang
on a unit; who its parent was on a day is read from `Membership`, so that a merger inserts rows and
rewrites none.
"""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import BigIntegerField, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.places.remembering import forget
from bakhong.places.rules.naming import full_name_en


def _same(expression: Func | F) -> Func:
    """int8range(x, x) stands for "equal", which GiST offers for ranges without an extension."""
    return Func(expression, expression, Value("[]"), function="int8range")


def _no_overlap(name: str, what: Func | F) -> ExclusionConstraint:
    """At most one row of the same `what` on any day."""
    period = Func(
        F("valid_from"), F("valid_to"), RangeBoundary(), function="daterange", output_field=DateRangeField()
    )
    return ExclusionConstraint(
        name=name,
        expressions=[(_same(what), RangeOperators.OVERLAPS), (period, RangeOperators.OVERLAPS)],
    )


def _period(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name=name
    )


class Level(models.TextChoices):
    PROVINCE = "province", _("Tỉnh, thành phố trực thuộc trung ương")
    DISTRICT = "district", _("Huyện, quận, thị xã, thành phố thuộc tỉnh")
    COMMUNE = "commune", _("Xã, phường, thị trấn, đặc khu")
    VILLAGE = "village", _("Thôn, bản, xóm, khu phố, tổ dân phố")


class MapQuerySet(models.QuerySet[Any]):
    """What a request has read of the map is forgotten when it changes the map."""

    def bulk_create(self, *args: Any, **options: Any) -> list[Any]:
        forget()
        return super().bulk_create(*args, **options)

    def update(self, **values: Any) -> int:
        forget()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        forget()
        return super().delete()


class OfTheMap(models.Model):
    objects = MapQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        forget()
        super().save(**options)

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        forget()
        return super().delete(using=using, keep_parents=keep_parents)


class Unit(OfTheMap):
    uuid = models.UUIDField(default=new_uuid, unique=True)
    code = models.CharField(max_length=20)
    level = models.CharField(max_length=10, choices=Level)
    kind = models.CharField(max_length=20)  # xa, phuong, thi_tran, dac_khu, huyen, thon, ban, to_dan_pho …
    name = models.CharField(max_length=120)  # without its kind: "Ngọc Phụng"
    full_name = models.CharField(max_length=150)  # with its kind: "Xã Ngọc Phụng"
    name_key = models.CharField(max_length=150)  # for finding only, never for identity
    sort_key = models.CharField(max_length=500)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # end excluded

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "code": Privacy.PUBLIC,
        "level": Privacy.PUBLIC,
        "kind": Privacy.PUBLIC,
        "name": Privacy.PUBLIC,
        "full_name": Privacy.PUBLIC,
        "name_key": Privacy.PUBLIC,
        "sort_key": Privacy.PUBLIC,
        "valid_from": Privacy.PUBLIC,
        "valid_to": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"], nulls_distinct=False, name="unit_code_from"
            ),
            # The hash stands for the code (GiST has no text without an extension); halved, because a range of
            # one number needs a next number. Two codes of 63 equal bits do not happen.
            _no_overlap(
                "unit_one_per_code_and_day",
                Func(
                    F("code"),
                    function="hashtextextended",
                    template="(%(function)s(%(expressions)s, 0) / 2)",
                    output_field=BigIntegerField(),
                ),
            ),
            _period("unit_period"),
        ]
        indexes = [models.Index(fields=["name_key"], name="unit_name_key", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.full_name

    def named(self, lang: str) -> str:
        """The name with its kind, in the language of the screen ("vi" or "en")."""
        return full_name_en(self.kind, self.name) if lang == "en" else self.full_name


class Membership(OfTheMap):
    """`child` belongs to `parent` from `valid_from` (None: start unknown) until before `valid_to`."""

    child = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="child_memberships")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "child": Privacy.PUBLIC,
        "parent": Privacy.PUBLIC,
        "valid_from": Privacy.PUBLIC,
        "valid_to": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [
            _no_overlap("membership_one_parent_a_day", F("child")),
            _period("membership_period"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="membership_not_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} < {self.parent_id}"


class Extent(models.TextChoices):
    WHOLE = "whole", _("toàn bộ")
    PART = "part", _("một phần")


class Succession(OfTheMap):
    """What became of a unit: `extent` of the predecessor went to the successor on a day.

    `is_default_successor` is a hint of the source for address conversion, never an attribution of people or
    figures.
    """

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origins")
    on = models.DateField()
    extent = models.CharField(max_length=5, choices=Extent)
    is_default_successor = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    privacy = {
        "id": Privacy.INTERNAL,
        "predecessor": Privacy.PUBLIC,
        "successor": Privacy.PUBLIC,
        "on": Privacy.PUBLIC,
        "extent": Privacy.PUBLIC,
        "is_default_successor": Privacy.PUBLIC,
        "source": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} > {self.successor_id} ({self.extent})"


class Grouping(models.TextChoices):
    MOUNTAIN = "mountain", _("Miền núi")
    LOWLAND = "lowland", _("Đồng bằng")
    COASTAL = "coastal", _("Ven biển")
    WARD = "ward", _("Phường")


class UnitGroup(models.Model):
    """The group of alike units in which a unit is ranked, for a period."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="groups")
    group = models.CharField(max_length=10, choices=Grouping)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    is_verified = models.BooleanField(default=False)

    privacy = {
        "id": Privacy.INTERNAL,
        "unit": Privacy.PUBLIC,
        "group": Privacy.PUBLIC,
        "valid_from": Privacy.PUBLIC,
        "valid_to": Privacy.PUBLIC,
        "source": Privacy.PUBLIC,
        "is_verified": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [_no_overlap("unit_group_one_a_day", F("unit")), _period("unit_group_period")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.group}"


class Contact(models.Model):
    """Whom a resident calls; shown on every public page. An office's number, not a private person's."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="contact")
    phone = models.CharField(max_length=30)
    contact_name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    opening_hours = models.CharField(max_length=300, blank=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "phone": Privacy.PUBLIC,
        "contact_name": Privacy.PERSONAL,
        "address": Privacy.PUBLIC,
        "opening_hours": Privacy.PUBLIC,
    }

    def __str__(self) -> str:
        return self.phone


class ReferenceVersion(models.Model):
    """A version of the shipped units that this database holds, so that a start can skip loading them."""

    version = models.CharField(max_length=16, unique=True)
    loaded_at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "version": Privacy.INTERNAL,
        "loaded_at": Privacy.INTERNAL,
    }

    def __str__(self) -> str:
        return self.version
