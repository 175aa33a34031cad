"""The database refuses moves of a submission that no deed makes, whoever writes them.

The pairs are those of rules.transitions.moves() on the day of this migration; a test compares the two.
"""

from django.db import migrations

GUARD = """
create function indicators_submission_moves() returns trigger language plpgsql as $$
begin
    if new.state <> old.state and (old.state || '>' || new.state) <> all (array[
        'draft>submitted', 'sent_back>submitted', 'submitted>draft', 'submitted>approved', 'approved>submitted',
        'approved>accepted', 'accepted>approved', 'approved>sent_back', 'accepted>sent_back', 'sent_back>approved'
    ]) then
        raise exception 'submission %: no move from % to %', old.id, old.state, new.state;
    end if;
    if new.cells <> old.cells and old.state not in ('draft', 'sent_back') then
        raise exception 'submission %: its cells are locked while %', old.id, old.state;
    end if;
    if (new.state <> old.state or new.cells <> old.cells) and new.version <= old.version then
        raise exception 'submission %: the version must grow', old.id;
    end if;
    return new;
end $$;
create trigger submission_moves before update on indicators_submission
    for each row execute function indicators_submission_moves();
"""
UNGUARD = """
drop trigger submission_moves on indicators_submission;
drop function indicators_submission_moves();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
