"""A daily report is never changed or deleted, whoever writes to the table."""

from django.db import migrations

GUARD = """
CREATE FUNCTION indicators_daily_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Daily reports are frozen: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER indicators_frozen BEFORE UPDATE OR DELETE ON indicators_dailyreport
    FOR EACH ROW EXECUTE FUNCTION indicators_daily_refuse();
"""
UNGUARD = """
DROP TRIGGER indicators_frozen ON indicators_dailyreport;
DROP FUNCTION indicators_daily_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0007_daily_report")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
