"""A choice of the agency's certificate is ended, once, and never rewritten: who chose what when is asked of it for years."""

from django.db import migrations

GUARD = """
CREATE FUNCTION documents_seal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND to_jsonb(OLD) - 'ended_at' = to_jsonb(NEW) - 'ended_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The choice of a seal stays: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER documents_seal_stays BEFORE UPDATE OR DELETE ON documents_seal
    FOR EACH ROW EXECUTE FUNCTION documents_seal_refuse();
"""
NO_GUARD = """
DROP TRIGGER documents_seal_stays ON documents_seal;
DROP FUNCTION documents_seal_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_seal")]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
