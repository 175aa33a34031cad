"""The agency's own signature: which certificate a unit signs with."""

import django.db.models.deletion
from django.db import migrations, models

import bakhong.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_by_content"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("provider", models.CharField(max_length=20)),
                ("account", models.BinaryField()),
                ("since", models.DateTimeField()),
                ("chosen_at", models.DateTimeField()),
                ("chosen_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("unit",), name="seal_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("since__lte", models.F("chosen_at"))), name="seal_since"
                    ),
                ],
            },
        ),
    ]
