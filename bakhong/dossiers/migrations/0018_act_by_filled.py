"""Dossiers from before: due when they were due; the warning is a day ahead, until the next deed counts it exactly."""

from django.db import migrations

# The policy hides everything from a migration that does not open itself first.
FILL = """
SELECT set_config('app.nationwide', 'on', true);
UPDATE dossiers_dossier SET act_by = due_at, warn_at = due_at - interval '1 day'
 WHERE due_at IS NOT NULL AND state IN ('received', 'in_progress', 'approved');
UPDATE dossiers_dossier SET act_by = due_at WHERE due_at IS NOT NULL AND state = 'withdrawing';
UPDATE dossiers_dossier SET receive_by = submitted_at + interval '1 day', act_by = submitted_at + interval '1 day',
       warn_at = submitted_at WHERE state = 'submitted';
UPDATE dossiers_dossier AS waiting
   SET act_by = ((asked.answer_by + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'),
       warn_at = ((asked.answer_by - 3)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
  FROM dossiers_supplement AS asked
 WHERE asked.dossier_id = waiting.id AND asked.answered_at IS NULL AND waiting.state = 'supplement';
SELECT set_config('app.nationwide', 'off', true);
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0013_act_by")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
