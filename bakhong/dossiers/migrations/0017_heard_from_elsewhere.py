"""What became of a dossier in another system is heard; what was filled in here before is known by the code it got there."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0018_act_by_filled"),
        ("eforms", "0003_draft_wishes"),
    ]

    operations = [
        migrations.AddField("dossier", "applicant_email", models.BinaryField(null=True)),
        migrations.AddIndex(
            "dossier",
            django.contrib.postgres.indexes.GinIndex(
                fields=["external_codes"], name="dossier_external", opclasses=["jsonb_path_ops"]
            ),
        ),
        migrations.AddField("pulled", "heard", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "pulled",
            "draft",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="eforms.draft"
            ),
        ),
        migrations.AddConstraint(
            "pulled",
            models.UniqueConstraint(
                condition=models.Q(("draft__isnull", False)),
                fields=("system", "draft"),
                name="pulled_draft_once",
            ),
        ),
    ]
