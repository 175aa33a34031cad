"""What a unit said about its calendar and procedures is only added; taking it back happens once and changes nothing else."""

from django.db import migrations

TABLES = ("procedures_calendarday", "procedures_officehours", "procedures_procedureoffer")

FUNCTION = """
CREATE FUNCTION procedures_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['retracted_by', 'retracted_at'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.retracted_at IS NULL AND to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What a unit said is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
GUARDS = FUNCTION + "".join(
    f"CREATE TRIGGER procedures_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION procedures_keep();\n"
    for table in TABLES
)
NO_GUARDS = (
    "".join(f"DROP TRIGGER procedures_keep ON {table};\n" for table in TABLES)
    + "DROP FUNCTION procedures_keep();"
)


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
