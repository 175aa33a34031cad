"""Spans are seen and written only where a connection is opened to (`people/scope.py`); what a day counts is only ever added to.

A database that already knows people gets a build under no rules, so that the next start makes spans and deltas of them.
"""

from django.db import migrations

MAY = """(SELECT current_setting('app.nationwide', true)) = 'on'
    OR village_id = ANY ((SELECT nullif(current_setting('app.villages', true), ''))::bigint[])"""
WALL = f"""
ALTER TABLE indicators_countspan ENABLE ROW LEVEL SECURITY;
ALTER TABLE indicators_countspan FORCE ROW LEVEL SECURITY;
CREATE POLICY people_area ON indicators_countspan USING ({MAY}) WITH CHECK ({MAY});
"""
NO_WALL = """
DROP POLICY people_area ON indicators_countspan;
ALTER TABLE indicators_countspan NO FORCE ROW LEVEL SECURITY;
ALTER TABLE indicators_countspan DISABLE ROW LEVEL SECURITY;
"""
GUARD = """
CREATE FUNCTION indicators_delta_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND coalesce(current_setting('app.rebuilding', true), '') = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'Deltas are append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER indicators_append_only BEFORE UPDATE OR DELETE ON indicators_delta
    FOR EACH STATEMENT EXECUTE FUNCTION indicators_delta_refuse();
"""
NO_GUARD = """
DROP TRIGGER indicators_append_only ON indicators_delta;
DROP FUNCTION indicators_delta_refuse();
"""
# The policy of people hides everybody from a migration that does not open itself first.
STALE = """
SELECT set_config('app.nationwide', 'on', true);
INSERT INTO indicators_build (id, fingerprint, built_at, folded_to)
    SELECT 1, '', now(), 0 WHERE EXISTS (SELECT FROM people_person);
SELECT set_config('app.nationwide', 'off', true);
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_computed"), ("people", "0003_row_level_security")]

    operations = [
        migrations.RunSQL(WALL, NO_WALL),
        migrations.RunSQL(GUARD, NO_GUARD),
        migrations.RunSQL(STALE, "DELETE FROM indicators_build"),
    ]
