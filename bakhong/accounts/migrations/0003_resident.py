"""Residents who sign in with an e-identity."""

from django.db import migrations, models

import bakhong.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_phone_sign_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="Resident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("issuer", models.CharField(max_length=200)),
                ("subject_digest", models.BinaryField(max_length=32)),
                ("person", models.UUIDField(db_index=True, null=True)),
                ("level", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("signed_in_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject_digest"), name="resident_once"),
                    models.CheckConstraint(condition=models.Q(("level__in", (1, 2))), name="resident_level"),
                ],
            },
        ),
    ]
