"""A request to mend a register has a row of its own: the moment beside the paper goes, now that it was copied there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0020_update_request_guards")]

    operations = [migrations.RemoveField("papercheck", "update_asked_at")]
