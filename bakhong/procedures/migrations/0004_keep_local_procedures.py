"""What a unit said of a procedure is only added; taking it back happens once and changes nothing else: dossiers in hand are counted by it."""

from django.db import migrations

TABLE = "procedures_localprocedure"
GUARD = f"CREATE TRIGGER procedures_keep BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION procedures_keep();"
NO_GUARD = f"DROP TRIGGER procedures_keep ON {TABLE};"


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_local_procedure")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
