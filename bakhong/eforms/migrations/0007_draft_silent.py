"""A draft remembers which registers did not answer when its person was looked up, so that they can be asked again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("eforms", "0008_portal_origin")]

    operations = [migrations.AddField("draft", "silent", models.JSONField(default=list))]
