"""Contents never change, and who may see a row.

A file may be handed to another owner, revoked, and its content erased; nothing else of it changes, and no row goes. A job that has ended stays
as it ended. The wall: staff see the rows of their area (`app.villages`), who holds a key what belongs to it (`app.keys`), a verification
code the one file that bears it (`app.verify_code`).
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION documents_file_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['owner_kind', 'owner', 'village_id', 'person_uuid', 'revoked_at', 'revoked_why'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL THEN
            free := free || ARRAY['erased_at', 'name', 'size'];
        END IF;
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free AND (OLD.revoked_at IS NULL OR NEW.revoked_at = OLD.revoked_at) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A stored file does not change: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER documents_file_stays BEFORE UPDATE OR DELETE ON documents_file
    FOR EACH ROW EXECUTE FUNCTION documents_file_refuse();

CREATE FUNCTION documents_job_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.ended_at IS NULL OR to_jsonb(OLD) - 'account' = to_jsonb(NEW) - 'account') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A signing job that ended stays: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER documents_job_stays BEFORE UPDATE OR DELETE ON documents_signingjob
    FOR EACH ROW EXECUTE FUNCTION documents_job_refuse();
"""
NO_GUARDS = """
DROP TRIGGER documents_job_stays ON documents_signingjob;
DROP FUNCTION documents_job_refuse();
DROP TRIGGER documents_file_stays ON documents_file;
DROP FUNCTION documents_file_refuse();
"""

AREA = """(SELECT current_setting('app.nationwide', true)) = 'on'
    OR village_id = ANY ((SELECT nullif(current_setting('app.villages', true), ''))::bigint[])
    OR owner = ANY ((SELECT nullif(current_setting('app.keys', true), ''))::uuid[])"""
OF_FILES = f"""{AREA}
    OR person_uuid = ANY ((SELECT nullif(current_setting('app.keys', true), ''))::uuid[])"""
TABLES = {"documents_file": OF_FILES, "documents_signingjob": AREA}
BY_CODE = """
CREATE POLICY by_code ON documents_file FOR SELECT
    USING (verify_code = (SELECT nullif(current_setting('app.verify_code', true), '')));
"""


def enable(table, may):
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY area_or_key ON {table} USING ({may}) WITH CHECK ({may});
"""


def disable(table):
    return f"""
DROP POLICY area_or_key ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARDS, NO_GUARDS),
        *[migrations.RunSQL(enable(table, may), disable(table)) for table, may in TABLES.items()],
        migrations.RunSQL(BY_CODE, "DROP POLICY by_code ON documents_file;"),
    ]
