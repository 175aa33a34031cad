"""Whoever is told something at work reads it, whatever their role shows them of residents: the key of their account opens it."""

from django.db import migrations

TABLES = ("messaging_message", "messaging_delivery")

# The policy hides everything from a migration that does not open itself first.
FILL = """
SELECT set_config('app.nationwide', 'on', true);
UPDATE messaging_delivery AS way SET staff = told.staff
  FROM messaging_message AS told WHERE told.id = way.message_id AND told.staff <> '';
SELECT set_config('app.nationwide', 'off', true);
"""
_THEIRS = """staff = ANY (ARRAY(SELECT 'staff:' || held FROM
    unnest((SELECT nullif(current_setting('app.keys', true), ''))::uuid[]) AS held))"""


def enable(table):
    return f"CREATE POLICY reader ON {table} USING ({_THEIRS}) WITH CHECK ({_THEIRS});"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_staff_inbox")]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *(migrations.RunSQL(enable(table), f"DROP POLICY reader ON {table};") for table in TABLES),
    ]
