"""The walls around dossiers, and the guard of their states: an event makes the state, nothing else does.

The list of what may happen is data/transitions.toml as it was when this ran; a test compares the two.
"""

from django.db import migrations

from bakhong.people.walls import disable, enable

# Which column is the uuid that a code opens. `officecode` tells nothing about anybody and is read by whoever sees the commune.
KEYS = {
    "dossiers_dossier": "uuid",
    "dossiers_event": "dossier_uuid",
    "dossiers_supplement": "dossier_uuid",
    "dossiers_agencyask": "dossier_uuid",
    "dossiers_attachment": "dossier_uuid",
    "dossiers_papercheck": "dossier_uuid",
}

# event, the state it leads to, the states it may come from
LEGAL = """
        ('answer_supplement', 'in_progress', ARRAY['supplement']),
        ('answer_supplement', 'received', ARRAY['supplement']),
        ('answer_supplement', 'submitted', ARRAY['supplement']),
        ('apologise', 'approved', ARRAY['approved']),
        ('apologise', 'in_progress', ARRAY['in_progress']),
        ('apologise', 'received', ARRAY['received']),
        ('approve', 'approved', ARRAY['in_progress', 'received']),
        ('ask_supplement', 'supplement', ARRAY['in_progress', 'received', 'submitted']),
        ('ask_withdrawal', 'withdrawing', ARRAY['approved', 'duty', 'in_progress', 'received', 'submitted', 'supplement']),
        ('assign', 'approved', ARRAY['approved']),
        ('assign', 'done', ARRAY['done']),
        ('assign', 'duty', ARRAY['duty']),
        ('assign', 'in_progress', ARRAY['in_progress']),
        ('assign', 'received', ARRAY['received']),
        ('assign', 'submitted', ARRAY['submitted']),
        ('assign', 'supplement', ARRAY['supplement']),
        ('assign', 'withdrawing', ARRAY['withdrawing']),
        ('confirm_withdrawal', 'stopped', ARRAY['withdrawing']),
        ('escalate', 'approved', ARRAY['approved']),
        ('escalate', 'in_progress', ARRAY['in_progress']),
        ('escalate', 'received', ARRAY['received']),
        ('file', 'submitted', ARRAY['draft']),
        ('forward', 'in_progress', ARRAY['in_progress', 'received']),
        ('hear_from_agency', 'in_progress', ARRAY['in_progress']),
        ('keep', 'approved', ARRAY['withdrawing']),
        ('keep', 'duty', ARRAY['withdrawing']),
        ('keep', 'in_progress', ARRAY['withdrawing']),
        ('keep', 'received', ARRAY['withdrawing']),
        ('keep', 'submitted', ARRAY['withdrawing']),
        ('keep', 'supplement', ARRAY['withdrawing']),
        ('pass_duty', 'in_progress', ARRAY['duty', 'in_progress']),
        ('pass_duty', 'received', ARRAY['duty', 'received']),
        ('receive', 'received', ARRAY['submitted']),
        ('refuse', 'refused', ARRAY['in_progress', 'received', 'submitted']),
        ('reopen', 'in_progress', ARRAY['approved']),
        ('return_result', 'returned', ARRAY['done']),
        ('send_back', 'in_progress', ARRAY['in_progress']),
        ('send_to_agency', 'in_progress', ARRAY['in_progress', 'received']),
        ('set_duty', 'duty', ARRAY['in_progress', 'received']),
        ('sign', 'done', ARRAY['approved']),
        ('stop', 'stopped', ARRAY['duty', 'in_progress', 'received', 'supplement']),
        ('take_over', 'approved', ARRAY['draft']),
        ('take_over', 'done', ARRAY['draft']),
        ('take_over', 'duty', ARRAY['draft']),
        ('take_over', 'in_progress', ARRAY['draft']),
        ('take_over', 'received', ARRAY['draft']),
        ('take_over', 'refused', ARRAY['draft']),
        ('take_over', 'returned', ARRAY['draft']),
        ('take_over', 'stopped', ARRAY['draft']),
        ('take_over', 'submitted', ARRAY['draft']),
        ('take_over', 'supplement', ARRAY['draft']),
        ('take_over', 'withdrawing', ARRAY['draft']),
        ('visit', 'approved', ARRAY['approved']),
        ('visit', 'done', ARRAY['done']),
        ('visit', 'duty', ARRAY['duty']),
        ('visit', 'in_progress', ARRAY['in_progress']),
        ('visit', 'received', ARRAY['received']),
        ('visit', 'submitted', ARRAY['submitted']),
        ('visit', 'supplement', ARRAY['supplement']),
        ('visit', 'withdrawing', ARRAY['withdrawing']),
        ('warn', 'approved', ARRAY['approved']),
        ('warn', 'in_progress', ARRAY['in_progress']),
        ('warn', 'received', ARRAY['received'])"""

EVENTS = f"""
CREATE FUNCTION dossiers_happen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
    opener text;
    origin text;
BEGIN
    SELECT state, version, uuid, village_id INTO held FROM dossiers_dossier WHERE id = NEW.dossier_id FOR UPDATE;
    IF NOT FOUND OR NEW.dossier_uuid <> held.uuid OR NEW.village_id <> held.village_id THEN
        RAISE EXCEPTION 'An event of no dossier' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.number <> held.version + 1 OR NEW.state_from <> held.state THEN
        RAISE EXCEPTION 'Event % of state % meets version % of state %', NEW.number, NEW.state_from, held.version, held.state
            USING ERRCODE = 'serialization_failure';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM (VALUES {LEGAL}
        ) legal (event, state_to, sources)
        WHERE event = NEW.kind AND state_to = NEW.state_to AND NEW.state_from = ANY (sources)
    ) THEN
        RAISE EXCEPTION 'Illegal transition: % from % to %', NEW.kind, NEW.state_from, NEW.state_to
            USING ERRCODE = 'check_violation';
    END IF;
    opener := CASE NEW.kind WHEN 'answer_supplement' THEN 'ask_supplement'
                            WHEN 'pass_duty' THEN 'set_duty' WHEN 'keep' THEN 'ask_withdrawal' END;
    IF opener IS NOT NULL AND NEW.state_to <> NEW.state_from THEN
        SELECT state_from INTO origin FROM dossiers_event
         WHERE dossier_id = NEW.dossier_id AND kind = opener ORDER BY number DESC LIMIT 1;
        IF origin IS DISTINCT FROM NEW.state_to THEN
            RAISE EXCEPTION 'Illegal transition: % goes back to %, not to %', NEW.kind, origin, NEW.state_to
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    UPDATE dossiers_dossier SET state = NEW.state_to, version = NEW.number WHERE id = NEW.dossier_id;
    RETURN NEW;
END $$;
CREATE TRIGGER dossiers_happen BEFORE INSERT ON dossiers_event FOR EACH ROW EXECUTE FUNCTION dossiers_happen();

CREATE FUNCTION dossiers_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed text[] := ARRAY['uuid', 'village_id', 'procedure', 'procedure_version', 'channel', 'operated_by', 'filed_by', 'submitted_at',
                          'tracking_digest'];
    field text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A dossier is never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.version <> 0 THEN
            RAISE EXCEPTION 'A dossier begins without a state' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.state <> OLD.state OR NEW.version <> OLD.version) AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'The state of a dossier follows from its events' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOREACH field IN ARRAY fixed LOOP
        IF to_jsonb(NEW) -> field IS DISTINCT FROM to_jsonb(OLD) -> field THEN
            RAISE EXCEPTION 'The % of a dossier does not change', field USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    IF OLD.code IS NOT NULL AND (NEW.code IS DISTINCT FROM OLD.code OR NEW.received_at IS DISTINCT FROM OLD.received_at) THEN
        RAISE EXCEPTION 'The code of a dossier does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dossiers_stand BEFORE INSERT OR UPDATE OR DELETE ON dossiers_dossier
    FOR EACH ROW EXECUTE FUNCTION dossiers_stand();

-- It runs when the transaction ends, when the connection may see nobody any more.
CREATE FUNCTION dossiers_filed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('app.nationwide', true), '');
    is_there boolean;
BEGIN
    PERFORM set_config('app.nationwide', 'on', true);
    is_there := EXISTS (SELECT 1 FROM dossiers_event WHERE dossier_id = NEW.id);
    PERFORM set_config('app.nationwide', before, true);
    IF NOT is_there THEN
        RAISE EXCEPTION 'A dossier without its first event' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dossiers_filed AFTER INSERT ON dossiers_dossier DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION dossiers_filed();
"""  # noqa: S608 (made of constants)

# What may still change: the person a row is about; what is written once; words, by erasure (an audited deed).
FREE = {
    "dossiers_event": (),
    "dossiers_attachment": (),
    "dossiers_supplement": ("answered_at",),
    "dossiers_agencyask": ("answered_at", "answer"),
}
WORDS = "ARRAY['note', 'data', 'name', 'items', 'what', 'answer']"
KEEP = f"""
CREATE FUNCTION dossiers_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{{}}') || 'person_id'::text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(current_setting('app.erasing', true), '') = 'on' THEN
            free := free || {WORDS};
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
""" + "".join(
    f"CREATE TRIGGER dossiers_keep BEFORE UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION dossiers_keep({', '.join(repr(each) for each in free)});\n"
    for table, free in FREE.items()
)

CREATE = EVENTS + KEEP
DROP = (
    "".join(f"DROP TRIGGER dossiers_keep ON {table};\n" for table in FREE)
    + """
DROP FUNCTION dossiers_keep();
DROP TRIGGER dossiers_filed ON dossiers_dossier;
DROP FUNCTION dossiers_filed();
DROP TRIGGER dossiers_stand ON dossiers_dossier;
DROP FUNCTION dossiers_stand();
DROP TRIGGER dossiers_happen ON dossiers_event;
DROP FUNCTION dossiers_happen();
"""
)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(enable(table, key=key, person="person_id"), disable(table))
            for table, key in KEYS.items()
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
