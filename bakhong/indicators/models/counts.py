"""What the roll counts: spans of each subject, and by how much they change what a place counts from a day on.

Both follow from the facts of `people` and are written in the deed's own transaction by `receivers`; `actions.recompute` makes them anew.
"""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bakhong.core.actor import Actor
from bakhong.core.privacy import Privacy
from bakhong.people.scope import villages_of
from bakhong.places.models import Unit


class Kind(models.IntegerChoices):
    """What a span is about; the names are those of `people`'s adoption."""

    PERSON = 1, "person"
    HOUSEHOLD = 2, "household"
    SUBSCRIPTION = 3, "subscription"
    ORGANISATION = 4, "organisation"


class SpanQuerySet(models.QuerySet["CountSpan"]):
    def for_user(self, actor: Actor) -> Self:
        """Only about those the actor may see."""
        villages = villages_of(actor)
        return self if villages is None else self.filter(village_id__in=villages)


class CountSpan(models.Model):
    """During this period the subject counts at `place` among the populations, with the havings, whose bits are set (`rules.measures`).

    `village` follows the subject, because row-level security reads it; `place` is where they were. The columns have no foreign keys in
    the database: they are copied from rows that have, and an import writes tens of thousands.
    """

    kind = models.PositiveSmallIntegerField(choices=Kind)
    subject = models.BigIntegerField()
    village = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    place = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    populations = models.BigIntegerField()
    havings = models.BigIntegerField()

    objects = SpanQuerySet.as_manager()

    privacy = {
        "id": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "subject": Privacy.INTERNAL,
        "village": Privacy.PERSONAL,
        "place": Privacy.PERSONAL,
        "valid_from": Privacy.PERSONAL,
        "valid_to": Privacy.PERSONAL,
        "populations": Privacy.PERSONAL,
        "havings": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            # Two deeds about one subject wait for its row; should they ever not, this refuses the second.
            models.UniqueConstraint(
                fields=["subject", "kind", "valid_from"], nulls_distinct=False, name="span_one_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="span_period",
            ),
        ]
        indexes = [models.Index(fields=["place"], name="span_place")]


class Delta(models.Model):
    """From `day` on, `place` counts `changes[i]` more (or fewer) in `cells[i]`. Rows are only added; what a day counts is their sum.

    Holds no subject: a row is the sum of what one deed changed in a place on a day. Arrays, because a new account changes a dozen cells,
    and a dozen rows with their indexes took ten times the room and the time.
    """

    place = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    cells: Any = ArrayField(models.SmallIntegerField())
    changes: Any = ArrayField(models.IntegerField())

    privacy: dict[str, Any] = {
        "id": Privacy.INTERNAL,
        "place": Privacy.INTERNAL,
        "day": Privacy.INTERNAL,
        "cells": Privacy.INTERNAL,
        "changes": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(cells__len=F("changes__len")), name="delta_pairs")]
        indexes = [
            models.Index(fields=["place", "day"], name="delta_place_day"),
            models.Index(fields=["day"], name="delta_day"),
        ]


class Balance(models.Model):
    """What a place counted in a cell at the end of `day`, by the deltas up to `Build.folded_to`: a sum need not begin in 1900.

    Made by `actions.recompute.fold`; without any, every answer is the same, only slower.
    """

    place = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    cell = models.PositiveSmallIntegerField()
    day = models.DateField()
    total = models.IntegerField()

    privacy: dict[str, Any] = {
        "id": Privacy.INTERNAL,
        "place": Privacy.INTERNAL,
        "cell": Privacy.INTERNAL,
        "day": Privacy.INTERNAL,
        "total": Privacy.INTERNAL,
    }

    class Meta:
        indexes = [models.Index(fields=["day", "place"], include=["cell", "total"], name="balance_day_place")]


class Build(models.Model):
    """The rules under which spans and deltas are written. One row; under other rules they are made anew first."""

    fingerprint = models.CharField(max_length=64)
    built_at = models.DateTimeField()
    folded_to = models.BigIntegerField(default=0)  # the last delta that balances hold

    privacy = {
        "id": Privacy.INTERNAL,
        "fingerprint": Privacy.INTERNAL,
        "built_at": Privacy.INTERNAL,
        "folded_to": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="build_one_row")]
