"""A resident's connection (`app.person`) reads the rows about this one person, and writes only what is theirs to decide.

Beside the wall of the staff: policies of one table are added up. What is known of a person may only be read; consents, mandates and
requests for correction are theirs. An answered request stays as it is.
"""

from django.db import migrations

SELF = "(SELECT nullif(current_setting('app.person', true), ''))::bigint"
# Their own record, and the doubles that were merged into it: what was said and seen there is about them too.
DOUBLES = f"(SELECT id FROM people_person WHERE merged_into_id = {SELF})"  # noqa: S608 (made of constants)
READ = {
    "people_person": f"id = {SELF} OR merged_into_id = {SELF}",
    "people_household": f"id = (SELECT household_id FROM people_person WHERE id = {SELF})",  # noqa: S608
    "people_fact": f"person_id = {SELF} OR person_id IN {DOUBLES}",
    "people_look": f"person_id = {SELF} OR person_id IN {DOUBLES}",
    "people_residence": f"person_id = {SELF}",
    "people_phonenumber": f"person_id = {SELF}",
    "people_phonesubscription": f"person_id = {SELF}",
    "people_adoption": f"person_id = {SELF}",
    "people_holding": f"person_id = {SELF}",
}
OWN = {
    "people_consent": f"person_id = {SELF}",
    "people_correctionrequest": f"person_id = {SELF}",
    "people_mandate": f"principal_id = {SELF} OR agent_id = {SELF}",
}
NEW = ("people_correctionrequest", "people_mandate")
AREA = """(SELECT current_setting('app.nationwide', true)) = 'on'
    OR village_id = ANY ((SELECT nullif(current_setting('app.villages', true), ''))::bigint[])"""


def enable(table):
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY people_area ON {table} USING ({AREA}) WITH CHECK ({AREA});
"""


def disable(table):
    return f"""
DROP POLICY people_area ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


def read(table):
    return f"CREATE POLICY people_self ON {table} FOR SELECT USING ({READ[table]});"


def own(table):
    return f"CREATE POLICY people_self ON {table} USING ({OWN[table]}) WITH CHECK ({OWN[table]});"


def drop(table):
    return f"DROP POLICY people_self ON {table};"


GUARD = """
CREATE FUNCTION people_correction_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.person_id = NEW.person_id AND OLD.key = NEW.key AND OLD.asked_at = NEW.asked_at THEN
        IF OLD.state IN ('asked', 'acknowledged') AND OLD.said IS NOT DISTINCT FROM NEW.said THEN
            RETURN NEW;
        END IF;
        -- Answered: it only follows its person to another village.
        IF to_jsonb(OLD) - 'village_id' = to_jsonb(NEW) - 'village_id' THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND current_setting('app.erasing', true) = 'on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'An answered request stays as it is: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER people_answered BEFORE UPDATE OR DELETE ON people_correctionrequest
    FOR EACH ROW EXECUTE FUNCTION people_correction_refuse();
"""
NO_GUARD = """
DROP TRIGGER people_answered ON people_correctionrequest;
DROP FUNCTION people_correction_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_residents")]

    operations = [
        *(migrations.RunSQL(enable(table), disable(table)) for table in NEW),
        *(migrations.RunSQL(read(table), drop(table)) for table in READ),
        *(migrations.RunSQL(own(table), drop(table)) for table in OWN),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
