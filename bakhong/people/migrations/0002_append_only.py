"""Facts and looks are only ever added. A fact's village follows its person, and erasure (an audited deed) may blank its values."""

from django.db import migrations

CREATE = """
CREATE FUNCTION people_fact_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - 'village_id' = to_jsonb(NEW) - 'village_id' THEN
            RETURN NEW;
        END IF;
        IF coalesce(current_setting('app.erasing', true), '') = 'on' AND
           to_jsonb(OLD) - 'values' - 'national_id' - 'source_detail' - 'note'
             = to_jsonb(NEW) - 'values' - 'national_id' - 'source_detail' - 'note' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Facts are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER people_append_only BEFORE UPDATE OR DELETE ON people_fact
    FOR EACH ROW EXECUTE FUNCTION people_fact_refuse();
CREATE TRIGGER people_append_only BEFORE UPDATE OR DELETE ON people_look
    FOR EACH ROW EXECUTE FUNCTION people_fact_refuse();
"""
DROP = """
DROP TRIGGER people_append_only ON people_look;
DROP TRIGGER people_append_only ON people_fact;
DROP FUNCTION people_fact_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
