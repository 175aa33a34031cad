"""The wall around drafts and answers, and what was submitted stays as it was submitted.

Of a submitted draft's answers only what is judged of them afterwards may be written; erasure (an audited deed) may blank their values and
take a draft away. A published version of a form is never changed, only followed by another.
"""

from django.db import migrations

from bakhong.people import walls

TABLES = {"eforms_draft": "uuid", "eforms_answer": "draft_uuid"}

CREATE = """
CREATE FUNCTION eforms_answer_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
    erasing boolean := coalesce(current_setting('app.erasing', true), '') = 'on';
BEGIN
    SELECT state INTO stands FROM eforms_draft
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.draft_id ELSE NEW.draft_id END;
    IF TG_OP = 'UPDATE' AND (OLD.draft_id <> NEW.draft_id OR OLD.path <> NEW.path) THEN
        RAISE EXCEPTION 'An answer stays with its question' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF stands IS DISTINCT FROM 'submitted' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'was_known' - 'is_re_asked' = to_jsonb(NEW) - 'was_known' - 'is_re_asked' THEN
        RETURN NEW;
    END IF;
    IF erasing AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF erasing AND TG_OP = 'UPDATE' AND
       to_jsonb(OLD) - 'value' - 'offered' - 'sealed' = to_jsonb(NEW) - 'value' - 'offered' - 'sealed' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A submitted draft is not changed: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER eforms_submitted_stays BEFORE INSERT OR UPDATE OR DELETE ON eforms_answer
    FOR EACH ROW EXECUTE FUNCTION eforms_answer_refuse();

CREATE FUNCTION eforms_draft_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'submitted' AND coalesce(current_setting('app.erasing', true), '') <> 'on' THEN
        IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'person_id' <> to_jsonb(NEW) - 'person_id' OR OLD.person_id IS NOT NULL AND NEW.person_id IS NULL THEN
            RAISE EXCEPTION 'A submitted draft is not changed: % on % is refused', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER eforms_submitted_stays BEFORE UPDATE OR DELETE ON eforms_draft
    FOR EACH ROW EXECUTE FUNCTION eforms_draft_refuse();

CREATE FUNCTION eforms_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'is_current' = to_jsonb(NEW) - 'is_current' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published form is not changed: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER eforms_version_stays BEFORE UPDATE OR DELETE ON eforms_formversion
    FOR EACH ROW EXECUTE FUNCTION eforms_version_refuse();
"""
DROP = """
DROP TRIGGER eforms_version_stays ON eforms_formversion;
DROP FUNCTION eforms_version_refuse();
DROP TRIGGER eforms_submitted_stays ON eforms_draft;
DROP FUNCTION eforms_draft_refuse();
DROP TRIGGER eforms_submitted_stays ON eforms_answer;
DROP FUNCTION eforms_answer_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("eforms", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(
            migrations.RunSQL(walls.enable(table, key=key), walls.disable(table))
            for table, key in TABLES.items()
        ),
    ]
