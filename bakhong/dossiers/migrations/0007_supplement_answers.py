"""What a resident answers to a question asked again lies sealed with the supplement, written once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0006_signed_application")]

    operations = [
        migrations.AddField("supplement", "answers", models.BinaryField(null=True)),
    ]
