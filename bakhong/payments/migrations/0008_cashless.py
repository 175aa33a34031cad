"""Columns of providers' lists are remembered; charges are found by village and by the month they are for."""

import django.db.models.deletion
from django.db import migrations, models

# The month of a charge: the one it is for, else the one it was made in (queries/cashless.py).
MONTHS = """
CREATE INDEX charge_village_period ON payments_charge (village_id, period);
CREATE INDEX charge_village_made ON payments_charge (village_id, made_at) WHERE period IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_ledger")]
    operations = [
        migrations.CreateModel(
            name="ProviderMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shape", models.CharField(max_length=64)),
                ("columns", models.JSONField()),
                ("said_at", models.DateTimeField()),
                ("said_by", models.CharField(max_length=80)),
                (
                    "biller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mappings",
                        to="payments.biller",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("biller", "shape"), name="provider_mapping_once")
                ],
            },
        ),
        migrations.RunSQL(MONTHS, "DROP INDEX charge_village_period; DROP INDEX charge_village_made"),
    ]
