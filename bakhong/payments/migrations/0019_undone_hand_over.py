"""A hand-over that was counted wrong may be undone while the cash is still at the desk."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

KEEP = import_module("bakhong.payments.migrations.0016_called_off")._keep
FREE = ("undone_at", "undone_by_label", "undone_why")


def words(most: int) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(blank=True, default="", max_length=most)


class Migration(migrations.Migration):
    dependencies = [("payments", "0020_fewer_questions")]
    operations = [
        migrations.AddField("handover", "undone_at", models.DateTimeField(null=True)),
        migrations.AddField("handover", "undone_by_label", words(120), preserve_default=False),
        migrations.AddField("handover", "undone_why", words(200), preserve_default=False),
        migrations.AddConstraint(
            "handover",
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undone_why=""), name="hand_over_undone_explained"
            ),
        ),
        migrations.RunSQL(KEEP("payments_handover", FREE), KEEP("payments_handover", ())),
    ]
