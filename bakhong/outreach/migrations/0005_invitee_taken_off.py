from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0004_gatherings_guards")]

    operations = [
        migrations.AddField(model_name="invitee", name="taken_off_at", field=models.DateTimeField(null=True)),
    ]
