"""The second wall: a connection sees and writes only the rows of the villages it is opened to (`people/scope.py`).

The settings are read in scalar subqueries, once a statement. FORCE makes it hold for the owner of the tables as well, so that a data migration
must open itself first. Neither set (or set and forgotten, which leaves an empty text): no row.
"""

from django.db import migrations

TABLES = (
    "people_household",
    "people_person",
    "people_residence",
    "people_phonenumber",
    "people_fact",
    "people_consent",
    "people_look",
    "people_organisation",
    "people_phonesubscription",
)
MAY = """(SELECT current_setting('app.nationwide', true)) = 'on'
    OR village_id = ANY ((SELECT nullif(current_setting('app.villages', true), ''))::bigint[])"""


def enable(table):
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY people_area ON {table} USING ({MAY}) WITH CHECK ({MAY});
"""


def disable(table):
    return f"""
DROP POLICY people_area ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_append_only")]

    operations = [migrations.RunSQL(enable(table), disable(table)) for table in TABLES]
