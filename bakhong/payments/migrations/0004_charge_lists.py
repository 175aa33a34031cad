"""One file makes one list of charges of a biller, unless the list was withdrawn."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_feed_alarms")]
    operations = [
        migrations.AddConstraint(
            model_name="chargelist",
            constraint=models.UniqueConstraint(
                fields=["biller", "sha256"],
                condition=Q(withdrawn_at=None) & ~Q(sha256=""),
                name="charge_list_file_once",
            ),
        )
    ]
