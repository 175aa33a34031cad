"""The second wall around rows about residents; how a benefit is paid is only ever added, and a sample that was drawn never changes."""

from django.db import migrations

TABLES = (
    "outreach_attendance",
    "outreach_checkin",
    "outreach_invitee",
    "outreach_beneficiary",
    "outreach_paymentchannel",
    "outreach_sampledperson",
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


# What may change: the village of a row follows its person, a round is closed once, a reply is written, erasure blanks words.
FREE = {
    "outreach_paymentchannel": ("village_id",),
    "outreach_surveyround": ("closed_at",),
    "outreach_surveystratum": (),
    "outreach_sampledperson": ("village_id", "reply", "answer", "replied_at", "recorded_by"),
}
FUNCTION = """
CREATE FUNCTION outreach_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{}');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(current_setting('app.erasing', true), '') = 'on' THEN
            free := free || 'source_detail'::text;
        END IF;
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What was drawn or paid is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
GUARDS = FUNCTION + "".join(
    f"CREATE TRIGGER outreach_keep BEFORE UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION outreach_keep({', '.join(repr(each) for each in free)});\n"
    for table, free in FREE.items()
)
DROP = (
    "".join(f"DROP TRIGGER outreach_keep ON {table};\n" for table in FREE) + "DROP FUNCTION outreach_keep();"
)


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_gatherings")]

    operations = [
        *(migrations.RunSQL(enable(table), disable(table)) for table in TABLES),
        migrations.RunSQL(GUARDS, DROP),
    ]
