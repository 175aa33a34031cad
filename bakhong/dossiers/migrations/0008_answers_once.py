"""What was answered stays as it was answered: the columns of the answer are written once, together with its moment."""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION dossiers_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['person_id'];
    once text[] := coalesce(TG_ARGV::text[], '{}');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(current_setting('app.erasing', true), '') = 'on' THEN
            free := free || ARRAY['note', 'data', 'name', 'items', 'what', 'answer', 'answers'];
        END IF;
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
        IF TG_NARGS > 0 AND to_jsonb(OLD) ->> 'answered_at' IS NULL
           AND to_jsonb(OLD) - free - once = to_jsonb(NEW) - free - once THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What happened to a dossier is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER dossiers_keep ON dossiers_supplement;
CREATE TRIGGER dossiers_keep BEFORE UPDATE OR DELETE ON dossiers_supplement
    FOR EACH ROW EXECUTE FUNCTION dossiers_keep('answered_at', 'answers');
"""
UNDO = """
CREATE OR REPLACE FUNCTION dossiers_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{}') || 'person_id'::text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(current_setting('app.erasing', true), '') = 'on' THEN
            free := free || ARRAY['note', 'data', 'name', 'items', 'what', 'answer'];
        END IF;
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free AND (
            TG_NARGS = 0 OR (to_jsonb(OLD) ->> 'answered_at') IS NULL
            OR to_jsonb(OLD) ->> 'answered_at' = to_jsonb(NEW) ->> 'answered_at'
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What happened to a dossier is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER dossiers_keep ON dossiers_supplement;
CREATE TRIGGER dossiers_keep BEFORE UPDATE OR DELETE ON dossiers_supplement
    FOR EACH ROW EXECUTE FUNCTION dossiers_keep('answered_at');
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_supplement_answers")]

    operations = [migrations.RunSQL(KEEP, UNDO)]
