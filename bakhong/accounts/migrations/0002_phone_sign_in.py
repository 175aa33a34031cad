"""Sign-in by telephone number and PIN, for members without an e-mail address."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("user", "phone", models.CharField(max_length=15, null=True, unique=True)),
        migrations.AlterField("user", "email", models.EmailField(max_length=254, null=True, unique=True)),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email__isnull", False), ("phone", None)),
                    models.Q(("email", None), ("phone__isnull", False)),
                    _connector="OR",
                ),
                name="user_email_or_phone",
            ),
        ),
        migrations.CreateModel(
            "PhoneDevice",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("bound_at", models.DateTimeField()),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="device",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
