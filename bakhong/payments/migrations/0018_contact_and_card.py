"""Who sold at a stall and their number before a change, to whom another account is told too; cards that do not say what is so now."""

from django.db import migrations, models

KEEP = """
DROP TRIGGER payments_keep ON payments_sticker;
CREATE TRIGGER payments_keep BEFORE UPDATE OR DELETE ON payments_sticker FOR EACH ROW
    EXECUTE FUNCTION payments_keep({free});
"""
BEFORE = "'ended_at', 'ended_why'"


def words(most: int) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(blank=True, default="", max_length=most)


class Migration(migrations.Migration):
    dependencies = [("payments", "0017_two_for_an_account")]
    operations = [
        migrations.AddField("stall", "contact_changed_at", models.DateTimeField(null=True)),
        migrations.AddField("stall", "phone_before", words(20), preserve_default=False),
        migrations.AddField("stall", "owner_before", words(120), preserve_default=False),
        migrations.AddField("sticker", "stale_at", models.DateTimeField(null=True)),
        migrations.RunSQL(KEEP.format(free=f"{BEFORE}, 'stale_at'"), KEEP.format(free=BEFORE)),
    ]
