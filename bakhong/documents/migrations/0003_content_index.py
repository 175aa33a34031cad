"""Our papers by their content."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_guards")]

    operations = [
        migrations.AddIndex(
            model_name="file",
            index=models.Index(fields=["sha256"], condition=~Q(verify_code=""), name="file_content"),
        ),
    ]
