"""A draft says for which procedure it is filled in: several procedures share the general form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("eforms", "0003_draft_wishes")]

    operations = [
        migrations.AddField(
            "draft",
            "procedure",
            models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]
