"""Events and seals are only ever added: triggers refuse the rest, and the site's role may only insert and read."""

from django.conf import settings
from django.db import migrations
from psycopg import sql

TABLES = ("audit_event", "audit_seal")

CREATE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
DROP = """
DROP TRIGGER audit_no_truncate ON audit_seal;
DROP TRIGGER audit_append_only ON audit_seal;
DROP TRIGGER audit_no_truncate ON audit_event;
DROP TRIGGER audit_append_only ON audit_event;
DROP FUNCTION audit_refuse();
"""


def _for_app_role(schema_editor, statement):
    """Run a statement with the role's name in it, where there is such a role."""
    role = getattr(settings, "APP_ROLE", "")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            return
        for table in TABLES:
            cursor.execute(sql.SQL(statement).format(table=sql.Identifier(table), role=sql.Identifier(role)))


def narrow(apps, schema_editor):
    _for_app_role(schema_editor, "REVOKE ALL ON {table} FROM {role}")
    _for_app_role(schema_editor, "GRANT SELECT, INSERT ON {table} TO {role}")


def widen(apps, schema_editor):
    _for_app_role(schema_editor, "GRANT UPDATE, DELETE ON {table} TO {role}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(narrow, widen),
    ]
