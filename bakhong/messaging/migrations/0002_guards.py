"""Texts are written once, and both tables stand behind the wall: staff see their area, the holder of a code what is about it, a resident
what was told to them.
"""

from django.db import migrations

from bakhong.people import walls

TABLES = ("messaging_message", "messaging_delivery")

CREATE = """
CREATE FUNCTION messaging_message_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('app.erasing', true), '') = 'on' AND
       to_jsonb(OLD) - '{name,email,phone,subject,text,sealed}'::text[]
         = to_jsonb(NEW) - '{name,email,phone,subject,text,sealed}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Messages are written once: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER messaging_written_once BEFORE UPDATE OR DELETE ON messaging_message
    FOR EACH ROW EXECUTE FUNCTION messaging_message_refuse();
"""
DROP = """
DROP TRIGGER messaging_written_once ON messaging_message;
DROP FUNCTION messaging_message_refuse();
"""
_THEIRS = "person = ANY ((SELECT nullif(current_setting('app.keys', true), ''))::uuid[])"


def enable(table):
    policy = f"CREATE POLICY addressee ON {table} USING ({_THEIRS}) WITH CHECK ({_THEIRS});"
    return walls.enable(table, key="holder") + policy


def disable(table):
    return f"DROP POLICY addressee ON {table};" + walls.disable(table)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(migrations.RunSQL(enable(table), disable(table)) for table in TABLES),
    ]
