"""Erasure reaches what was booked: more of its words may be blanked; a stall's account may be taken away by it, never exchanged."""

from importlib import import_module

from django.db import migrations

LEDGER = import_module("bakhong.payments.migrations.0005_ledger")
REFUND = ", 'to_name', 'to_account', 'why', 'decided_why'"  # as 0005 has it
MORE = (
    REFUND
    + ", 'to_bank_bin', 'purpose', 'digest', 'payload', 'scanned', 'bank_bin', 'account', 'account_holder'"
)

ACCOUNT = """
CREATE OR REPLACE FUNCTION payments_stall_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {erasing} OR EXISTS (
        SELECT 1 FROM payments_accountchange c
         WHERE c.stall_id = NEW.id AND c.state = 'approved' AND c.bank_bin = NEW.bank_bin AND c.account = NEW.account
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Another account of a stall needs two people' USING ERRCODE = 'check_violation';
END $$;
"""
ERASING = "coalesce(current_setting('app.erasing', true), '') = 'on'"
BLANKED = f"({ERASING} AND NEW.bank_bin = '' AND NEW.account = '')"


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_charge_lists")]
    operations = [
        migrations.RunSQL(LEDGER.KEEP.format(more=MORE), LEDGER.KEEP.format(more=REFUND)),
        migrations.RunSQL(ACCOUNT.format(erasing=BLANKED), ACCOUNT.format(erasing=ERASING)),
    ]
