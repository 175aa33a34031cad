"""Which deliveries stand in the inbox of one of the staff, and which of them they have seen."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_guards")]

    operations = [
        migrations.AddField(
            "delivery",
            "staff",
            models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField("delivery", "seen_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["staff"],
                name="delivery_unseen",
                condition=Q(channel="inbox", seen_at=None) & ~Q(staff=""),
            ),
        ),
    ]
