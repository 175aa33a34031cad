"""What is chosen beside the form's own questions lies with the draft, so that another device knows it too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("eforms", "0002_guards")]

    operations = [
        migrations.AddField("draft", "wishes", models.JSONField(default=dict)),
    ]
