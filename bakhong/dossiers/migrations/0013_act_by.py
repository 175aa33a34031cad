"""By when what comes next should come, in whatever state a dossier is, and from when on somebody is warned of it."""

from django.db import migrations, models
from django.db.models import Q

OPEN = ~Q(state__in=["done", "refused", "returned", "stopped"])


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0012_supplement_taken_back")]

    operations = [
        *(
            migrations.AddField("dossier", name, models.DateTimeField(null=True))
            for name in ("receive_by", "act_by", "warn_at")
        ),
        *(
            migrations.RemoveIndex("dossier", name)
            for name in ("dossier_open_due", "dossier_all_due", "dossier_mine_due")
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(fields=["village", "act_by", "id"], name="dossier_open_act", condition=OPEN),
        ),
        migrations.AddIndex(
            "dossier", models.Index(fields=["act_by", "id"], name="dossier_all_act", condition=OPEN)
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["village", "assigned_to", "act_by", "id"], name="dossier_mine_act", condition=OPEN
            ),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(fields=["warn_at"], name="dossier_warn", condition=Q(warn_at__isnull=False)),
        ),
    ]
