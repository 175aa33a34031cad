"""Facts about services are only ever added, and both tables stand behind the wall of 0003.

Only `village` follows the subject, because row-level security reads it; erasure (an audited deed) may blank what is written in free words.
"""

from collections import defaultdict
from importlib import import_module

from django.db import migrations

from bakhong.people.rules.standing import Said, stays

TABLES = ("people_adoption", "people_holding")

CREATE = """
CREATE FUNCTION people_adoption_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - 'village_id' = to_jsonb(NEW) - 'village_id' THEN
            RETURN NEW;
        END IF;
        IF coalesce(current_setting('app.erasing', true), '') = 'on' AND
           to_jsonb(OLD) - 'provider' - 'source_detail' - 'evidence' - 'reason'
             = to_jsonb(NEW) - 'provider' - 'source_detail' - 'evidence' - 'reason' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Facts are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER people_append_only BEFORE UPDATE OR DELETE ON people_adoption
    FOR EACH ROW EXECUTE FUNCTION people_adoption_refuse();
"""
DROP = """
DROP TRIGGER people_append_only ON people_adoption;
DROP FUNCTION people_adoption_refuse();
"""
_wall = import_module("bakhong.people.migrations.0003_row_level_security")


def split_by_device(apps, schema_editor):
    """Residences are made from the facts: of whom something was ever said about a phone, they are made anew."""
    facts = apps.get_model("people", "Fact").objects
    with schema_editor.connection.cursor() as cursor:
        # Row-level security shows a migration no row until it opens itself.
        cursor.execute("SELECT set_config('app.nationwide', 'on', true)")
        ids = sorted(set(facts.filter(values__has_key="device").values_list("person", flat=True)))
        for start in range(0, len(ids), 1000):
            _again(apps, ids[start : start + 1000])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT set_config('app.nationwide', 'off', true)")


def _again(apps, ids):
    fact_rows = apps.get_model("people", "Fact").objects
    residences = apps.get_model("people", "Residence")
    # Doubles keep their own facts; whoever they are a double of is made anew when something is said of them next.
    known = apps.get_model("people", "Person").objects.filter(is_known=True, merged_into=None, doubles=None)
    persons = known.in_bulk(ids)
    said = defaultdict(list)
    for fact in fact_rows.filter(person__in=list(persons)).order_by("pk"):
        said[fact.person_id].append(
            Said(
                number=fact.pk,
                values=fact.values,
                learned_at=fact.learned_at,
                true_from=fact.true_from,
                is_verified=fact.is_verified,
                retracts=fact.retracts_id,
                voids=frozenset(fact.voids),
            )
        )
    residences.objects.filter(person__in=list(said)).delete()
    residences.objects.bulk_create(
        residences(
            person_id=pk,
            village_id=persons[pk].village_id,
            place_id=stay.place,
            presence=stay.presence,
            whereabouts=stay.whereabouts,
            device=stay.device,
            valid_from=stay.valid_from,
            valid_to=stay.valid_to,
        )
        for pk, facts in said.items()
        for stay in stays(facts)
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0004_adoption")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(migrations.RunSQL(_wall.enable(table), _wall.disable(table)) for table in TABLES),
        migrations.RunPython(split_by_device, migrations.RunPython.noop),
    ]
