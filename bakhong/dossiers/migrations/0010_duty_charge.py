"""A duty is met by zero, or by a charge that is named, is this dossier's, of its amount, and paid; and what undoes it is an event."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

BEFORE = import_module("bakhong.dossiers.migrations.0006_signed_application")
STATES = (
    "received", "in_progress", "supplement", "withdrawing", "approved", "done", "returned", "refused", "stopped",
)  # fmt: skip
LEGAL = BEFORE.LEGAL + "".join(f",\n        ('undo_duty', '{state}', ARRAY['{state}'])" for state in STATES)
EVENT_KINDS = [
    *BEFORE.EVENT_KINDS[:12],
    ("undo_duty", "thôi ghi nhận tiền phí, lệ phí đã nộp"),
    *BEFORE.EVENT_KINDS[12:],
]

# The connection need not see the charge: an officer of the desk sees dossiers, a worker books the money.
CREATE = """
CREATE FUNCTION dossiers_duty_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('app.nationwide', true), '');
    is_paid boolean;
BEGIN
    IF NEW.duty_met_at IS NULL OR NEW.fee_amount = 0 THEN
        RETURN NEW;
    END IF;
    PERFORM set_config('app.nationwide', 'on', true);
    is_paid := EXISTS (
        SELECT 1 FROM payments_charge
         WHERE uuid = NEW.duty_charge AND about_kind = 'dossier' AND about = NEW.uuid AND amount = NEW.fee_amount AND state = 'paid'
    );
    PERFORM set_config('app.nationwide', before, true);
    IF NOT is_paid THEN
        RAISE EXCEPTION 'The duty of % is met by no paid charge', NEW.fee_amount USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dossiers_duty_paid BEFORE INSERT OR UPDATE OF duty_met_at, duty_charge, fee_amount ON dossiers_dossier
    FOR EACH ROW EXECUTE FUNCTION dossiers_duty_paid();
"""
DROP = """
DROP TRIGGER dossiers_duty_paid ON dossiers_dossier;
DROP FUNCTION dossiers_duty_paid();
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0009_book_guards"), ("payments", "0003_walls")]

    operations = [
        migrations.AddField("dossier", "duty_charge", models.UUIDField(null=True)),
        migrations.RemoveConstraint("dossier", "dossier_duty_zero_only"),
        migrations.AddConstraint(
            "dossier",
            models.CheckConstraint(
                condition=Q(duty_met_at=None) | Q(fee_amount=0) | Q(duty_charge__isnull=False),
                name="dossier_duty_zero_or_charge",
            ),
        ),
        migrations.AlterField("event", "kind", models.CharField(choices=EVENT_KINDS, max_length=24)),
        migrations.RunSQL(BEFORE.happen(LEGAL), BEFORE.happen(BEFORE.LEGAL)),
        migrations.RunSQL(CREATE, DROP),
    ]
