"""The walls around what is exchanged with other systems, and what of it may still change."""

from django.db import migrations

from bakhong.people.walls import disable, enable

# Which column is the uuid that a code opens: whoever holds it may make an event, and its line of the outbox with it.
KEYS = {
    "dossiers_provinciallist": "",
    "dossiers_externaldossier": "",
    "dossiers_columnmapping": "",
    "dossiers_copyevent": "dossier_uuid",
    "dossiers_sending": "dossier_uuid",
    "dossiers_pulled": "",
}

CREATE = """
CREATE FUNCTION dossiers_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['is_current'];  -- which telling holds
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What a list of another system said is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER dossiers_told BEFORE UPDATE OR DELETE ON dossiers_externaldossier FOR EACH ROW EXECUTE FUNCTION dossiers_told();
"""
DROP = """
DROP TRIGGER dossiers_told ON dossiers_externaldossier;
DROP FUNCTION dossiers_told();
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_exchange")]

    operations = [
        *(
            migrations.RunSQL(enable(table, key=key, person="person_id" if key else ""), disable(table))
            for table, key in KEYS.items()
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
