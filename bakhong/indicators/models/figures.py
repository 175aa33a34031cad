"""Published figures with the place in the report they were read from.

A figure is never changed: a correction is a new figure that `corrects` the old one, a withdrawal is a `Retraction`. The current
figures are those that nobody corrected or retracted.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.places.models import Unit


class Medium(models.TextChoices):
    TEXT = "text", _("văn bản dán vào")
    FILE = "file", _("tệp tải lên")
    GRID = "grid", _("bảng nhập")
    PERIOD = "period", _("báo cáo kỳ")
    DATASET = "dataset", _("bộ số liệu")


class Report(models.Model):
    """A source: the text (or grid) somebody printed, sent or typed, kept as it was."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    client_key = models.UUIDField(unique=True)  # the same entry sent twice is one report
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(max_length=300)
    medium = models.CharField(max_length=10, choices=Medium)
    source = models.CharField(max_length=300, blank=True)  # newspaper and address, number of the document
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200, blank=True)
    signature = models.JSONField(
        null=True
    )  # of an uploaded PDF: {"intact", "trusted", "whole_file", "signers"}
    reported_on = models.DateField(
        null=True
    )  # the day of the count the whole report speaks of, where it says so
    published_on = models.DateField(null=True)
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "title": Privacy.PUBLIC,
        "medium": Privacy.INTERNAL,
        "source": Privacy.PUBLIC,
        "text": Privacy.PERSONAL,
        "text_sha256": Privacy.INTERNAL,
        "file_name": Privacy.PERSONAL,
        "signature": Privacy.PERSONAL,
        "reported_on": Privacy.PUBLIC,
        "published_on": Privacy.PUBLIC,
        "entered_by": Privacy.INTERNAL,
        "entered_at": Privacy.INTERNAL,
    }

    class Meta:
        indexes = [models.Index(fields=["unit", "-entered_at"], name="report_unit_entered")]

    def __str__(self) -> str:
        return self.title


class Role(models.TextChoices):
    """What a printed number is: only values are measured, shown and ranked."""

    VALUE = "value", _("kết quả")
    BEFORE = "before", _("mức trước khi thực hiện")
    REMAINING = "remaining", _("số còn lại")


class Qualifier(models.TextChoices):
    ABOUT = "about", _("khoảng")
    AT_LEAST = "at_least", _("ít nhất")
    MORE_THAN = "more_than", _("hơn")
    LESS_THAN = "less_than", _("gần")


class FigureQuerySet(models.QuerySet["Figure"]):
    def current(self) -> "FigureQuerySet":
        """Figures that nobody corrected or retracted."""
        return self.filter(correction=None, retraction=None)


class Figure(models.Model):
    """One printed figure: whose, of what, counted how, when, by whom, and where it stands in its source.

    The rules it follows are (indicator, definition_version, stage, population): only figures with the same rules are ever compared.
    A figure with a `scope` is about a part of the unit ("5 đơn vị thí điểm") and is never shown as the unit's, ranked or summed.
    `effective_on` is the last day of the count, else the day of publication, else unknown.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    client_key = models.UUIDField(default=new_uuid, unique=True)  # the same figure confirmed twice is one
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="figures")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="figures")
    scope = models.CharField(max_length=120, blank=True)  # the part of the unit it is about; blank: all of it
    role = models.CharField(max_length=10, choices=Role, default=Role.VALUE)
    indicator = models.CharField(max_length=60)  # a code of the registry
    definition_version = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=20, blank=True)  # blank: the source does not say
    population = models.CharField(
        max_length=60, blank=True
    )  # a population rule of the definition; blank: not said
    population_text = models.CharField(max_length=200, blank=True)  # as printed
    counted_from = models.DateField(null=True)
    counted_to = models.DateField(null=True)  # included; equal to counted_from for a count on one day
    published_on = models.DateField(null=True)
    effective_on = models.GeneratedField(
        expression=models.functions.Coalesce("counted_to", "published_on"),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    percent = models.DecimalField(max_digits=9, decimal_places=4, null=True)  # as printed
    percent_places = models.PositiveSmallIntegerField(default=0)  # decimals printed
    qualifier = models.CharField(max_length=10, choices=Qualifier, blank=True)
    excerpt = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True)  # characters in report.text
    end = models.PositiveIntegerField(null=True)
    note = models.TextField(blank=True)
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction")

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
        "report": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "scope": Privacy.PUBLIC,
        "role": Privacy.PUBLIC,
        "indicator": Privacy.PUBLIC,
        "definition_version": Privacy.PUBLIC,
        "stage": Privacy.PUBLIC,
        "population": Privacy.PUBLIC,
        "population_text": Privacy.PUBLIC,
        "counted_from": Privacy.PUBLIC,
        "counted_to": Privacy.PUBLIC,
        "published_on": Privacy.PUBLIC,
        "effective_on": Privacy.PUBLIC,
        "numerator": Privacy.PUBLIC,
        "denominator": Privacy.PUBLIC,
        "percent": Privacy.PUBLIC,
        "percent_places": Privacy.PUBLIC,
        "qualifier": Privacy.PUBLIC,
        "excerpt": Privacy.PERSONAL,
        "start": Privacy.INTERNAL,
        "end": Privacy.INTERNAL,
        "note": Privacy.PERSONAL,
        "entered_by": Privacy.INTERNAL,
        "entered_at": Privacy.INTERNAL,
        "corrects": Privacy.INTERNAL,
    }

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(numerator__isnull=False) | Q(percent__isnull=False), name="figure_says_something"
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(numerator__isnull=False),
                name="figure_denominator_has_numerator",
            ),
            models.CheckConstraint(
                condition=Q(numerator__gte=0) | Q(numerator=None), name="figure_numerator_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(denominator__gt=0) | Q(denominator=None), name="figure_denominator_positive"
            ),
            models.CheckConstraint(
                condition=Q(counted_from=None, counted_to=None)
                | Q(counted_from__isnull=False, counted_to__isnull=False, counted_to__gte=F("counted_from")),
                name="figure_counted_period",
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="figure_span",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "indicator", "effective_on"], name="figure_unit_indicator"),
            models.Index(fields=["indicator", "effective_on"], name="figure_indicator_day"),
        ]


class Retraction(models.Model):
    """A figure withdrawn, with the reason; the figure stays readable in the history."""

    figure = models.OneToOneField(Figure, on_delete=models.PROTECT, related_name="retraction")
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "figure": Privacy.INTERNAL,
        "reason": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
    }


class TargetQuerySet(models.QuerySet["Target"]):
    def standing(self) -> "TargetQuerySet":
        """Decisions that nobody withdrew."""
        return self.filter(withdrawn_at=None)


class Target(models.Model):
    """A decision: this indicator, at this unit, is to reach this much by that day. A new decision supersedes by its `entered_at`.

    `parent` is the decision of the unit above whose share this is; `value` is then given, in things counted.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    client_key = models.UUIDField(default=new_uuid, unique=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="targets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="targets")
    indicator = models.CharField(max_length=60)
    definition_version = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=20, blank=True)
    population = models.CharField(max_length=60, blank=True)
    population_text = models.CharField(max_length=200, blank=True)
    percent = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    value = models.BigIntegerField(null=True)
    by_date = models.DateField()
    decision = models.CharField(max_length=200, blank=True)  # number and day of the document
    excerpt = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="parts"
    )  # split from
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdraw_reason = models.CharField(max_length=300, blank=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
        "report": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "indicator": Privacy.PUBLIC,
        "definition_version": Privacy.PUBLIC,
        "stage": Privacy.PUBLIC,
        "population": Privacy.PUBLIC,
        "population_text": Privacy.PUBLIC,
        "percent": Privacy.PUBLIC,
        "value": Privacy.PUBLIC,
        "by_date": Privacy.PUBLIC,
        "decision": Privacy.PUBLIC,
        "excerpt": Privacy.PERSONAL,
        "start": Privacy.INTERNAL,
        "end": Privacy.INTERNAL,
        "entered_by": Privacy.INTERNAL,
        "entered_at": Privacy.INTERNAL,
        "parent": Privacy.INTERNAL,
        "withdrawn_at": Privacy.INTERNAL,
        "withdrawn_by": Privacy.INTERNAL,
        "withdraw_reason": Privacy.PERSONAL,
    }

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=False) | Q(value__isnull=False), name="target_says_something"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by="", withdraw_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="") & ~Q(withdraw_reason="")),
                name="target_withdrawn_paired",
            ),
            # Split again only once the earlier part is withdrawn: the parts of one decision never double.
            models.UniqueConstraint(
                fields=["parent", "unit"],
                condition=Q(withdrawn_at=None, parent__isnull=False),
                name="target_one_part",
            ),
        ]
        indexes = [models.Index(fields=["unit", "indicator", "by_date"], name="target_unit_indicator")]
