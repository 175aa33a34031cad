"""One file makes one list of a service and month; the same form sent again is told by all that was sent."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_fewer_indexes")]
    operations = [
        migrations.AddField("chargelist", "digest", models.BinaryField(max_length=32, null=True)),
        migrations.RemoveConstraint("chargelist", "charge_list_file_once"),
        migrations.AddConstraint(
            "chargelist",
            models.UniqueConstraint(
                fields=["biller", "service", "period", "sha256"],
                condition=Q(withdrawn_at=None) & ~Q(sha256=""),
                nulls_distinct=False,
                name="charge_list_file_once",
            ),
        ),
    ]
