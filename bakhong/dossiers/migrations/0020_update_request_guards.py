"""The wall around requests to mend a register, the guard that their facts are written once, and the requests that were only a moment before."""

from django.db import migrations

from bakhong.people.walls import disable, enable

TABLE = "dossiers_updaterequest"
KEEP = f"""
CREATE FUNCTION dossiers_keep_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['person_id'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(current_setting('app.erasing', true), '') = 'on' THEN
            free := free || ARRAY['name', 'reason', 'answer_words'];
        END IF;
        IF OLD.sent_at IS NULL AND OLD.withdrawn_at IS NULL THEN
            free := free || ARRAY['withdrawn_at', 'withdrawn_by', 'sent_at', 'sent_by', 'sent_as'];
        ELSIF OLD.sent_at IS NOT NULL AND OLD.answered_at IS NULL THEN
            free := free || ARRAY['answered_at', 'answered_by', 'answer', 'answer_words'];
        END IF;
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What happened to a request is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER dossiers_keep_update BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION dossiers_keep_update();
"""
DROP = f"""
DROP TRIGGER dossiers_keep_update ON {TABLE};
DROP FUNCTION dossiers_keep_update();
"""

# The policy hides everything from a migration that does not open itself first.
COPY = """
SELECT set_config('app.nationwide', 'on', true);
INSERT INTO dossiers_updaterequest (uuid, village_id, dossier_id, dossier_uuid, person_id, paper, name, register, reason, at, by,
       by_label, withdrawn_by, sent_by, sent_as, answered_by, answer, answer_words)
SELECT gen_random_uuid(), village_id, dossier_id, dossier_uuid, person_id, paper, name, register, reason, update_asked_at, by,
       '', '', '', '', '', '', ''
  FROM dossiers_papercheck WHERE state = 'not_found';
UPDATE dossiers_papercheck SET looked_up = 'not_found', looked_up_at = update_asked_at WHERE state = 'not_found';
SELECT set_config('app.nationwide', 'off', true);
"""
BACK = """
SELECT set_config('app.nationwide', 'on', true);
UPDATE dossiers_papercheck SET update_asked_at = at WHERE state = 'not_found';
SELECT set_config('app.nationwide', 'off', true);
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0019_update_requests")]

    operations = [
        migrations.RunSQL(enable(TABLE, key="dossier_uuid", person="person_id"), disable(TABLE)),
        migrations.RunSQL(COPY, BACK),
        migrations.RunSQL(KEEP, DROP),
    ]
