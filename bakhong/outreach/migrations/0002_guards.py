"""The second wall around rows about residents, as in people; visits are only ever added to, and approved claims stand still."""

from django.db import migrations

TABLES = (
    "outreach_sweepitem",
    "outreach_sheet",
    "outreach_sheetrow",
    "outreach_notice",
    "outreach_visit",
    "outreach_visitmember",
    "outreach_visitperson",
    "outreach_visithelp",
    "outreach_commitment",
)
APPEND_ONLY = ("visit", "visitmember", "visitperson", "visithelp", "commitment", "sweepitem", "sweepplan")
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


# Words about a resident may be blanked by erasure (an audited deed); a visit may be taken back once.
GUARDS = """
CREATE FUNCTION outreach_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words text[] := ARRAY['note', 'text', 'retract_reason'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - 'village_id' = to_jsonb(NEW) - 'village_id' THEN
            RETURN NEW;
        END IF;
        IF coalesce(current_setting('app.erasing', true), '') = 'on'
           AND to_jsonb(OLD) - words = to_jsonb(NEW) - words THEN
            RETURN NEW;
        END IF;
        IF TG_TABLE_NAME = 'outreach_visit' AND (to_jsonb(OLD) ->> 'retracted_at') IS NULL
           AND to_jsonb(OLD) - ARRAY['retracted_at', 'retracted_by', 'retract_reason']
             = to_jsonb(NEW) - ARRAY['retracted_at', 'retracted_by', 'retract_reason'] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What a visit or a plan says is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION outreach_claim_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'approved' THEN
        RAISE EXCEPTION 'An approved claim is not changed: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outreach_approved BEFORE UPDATE OR DELETE ON outreach_claim
    FOR EACH ROW EXECUTE FUNCTION outreach_claim_refuse();

CREATE FUNCTION outreach_claim_line_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        line := OLD;
    ELSE
        line := NEW;
    END IF;
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM outreach_claim WHERE id = line.claim_id AND state = 'approved') THEN
        RAISE EXCEPTION 'The lines of an approved claim are not changed: % is refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN line;
END $$;
CREATE TRIGGER outreach_approved BEFORE INSERT OR UPDATE OR DELETE ON outreach_claimline
    FOR EACH ROW EXECUTE FUNCTION outreach_claim_line_refuse();
"""
CREATE = GUARDS + "".join(
    f"""
CREATE TRIGGER outreach_append_only BEFORE UPDATE OR DELETE ON outreach_{name}
    FOR EACH ROW EXECUTE FUNCTION outreach_refuse();"""
    for name in APPEND_ONLY
)
DROP = (
    "".join(f"DROP TRIGGER outreach_append_only ON outreach_{name};\n" for name in APPEND_ONLY)
    + """
DROP TRIGGER outreach_approved ON outreach_claimline;
DROP TRIGGER outreach_approved ON outreach_claim;
DROP FUNCTION outreach_claim_line_refuse();
DROP FUNCTION outreach_claim_refuse();
DROP FUNCTION outreach_refuse();
"""
)


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial")]

    operations = [
        *(migrations.RunSQL(enable(table), disable(table)) for table in TABLES),
        migrations.RunSQL(CREATE, DROP),
    ]
