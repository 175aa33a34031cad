"""An account of a biller takes two people, as one of a stall does; those there were before are used as they were."""

from django.db import migrations, models
from django.db.models import F, Q

STATES = [("asked", "chờ người thứ hai xác nhận"), ("open", "đang dùng"), ("refused", "không được xác nhận")]
BEFORE = "UPDATE payments_bankaccount SET state = 'open', decided_at = made_at, decided_by = 'before'"  # there was no second person

# Whose account it is and its number stay, and so does what was decided. Charges are made many at once, and never change their account.
GUARD = """
CREATE TRIGGER payments_keep BEFORE UPDATE ON payments_bankaccount FOR EACH ROW EXECUTE FUNCTION payments_keep(
    'services', 'feed', 'feed_secret', 'feed_url', 'feed_cursor', 'pulled_at', 'closed_on',
    'state', 'decided_at', 'decided_by', 'decided_by_label', 'decided_note'
);
CREATE FUNCTION payments_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'It was decided on already' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payments_decided_once BEFORE UPDATE OF state, decided_at, decided_by, decided_by_label, decided_note ON payments_bankaccount
    FOR EACH ROW WHEN (OLD.state <> 'asked' AND (OLD.state, OLD.decided_at, OLD.decided_by, OLD.decided_by_label, OLD.decided_note)
        IS DISTINCT FROM (NEW.state, NEW.decided_at, NEW.decided_by, NEW.decided_by_label, NEW.decided_note))
    EXECUTE FUNCTION payments_decided_once();
CREATE FUNCTION payments_into_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_bankaccount a WHERE a.state <> 'open' AND a.id IN (SELECT account_id FROM made)) THEN
        RAISE EXCEPTION 'A charge into an account that nobody confirmed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_into_open AFTER INSERT ON payments_charge REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_into_open();
"""
NO_GUARD = """
DROP TRIGGER payments_into_open ON payments_charge;
DROP FUNCTION payments_into_open();
DROP TRIGGER payments_decided_once ON payments_bankaccount;
DROP FUNCTION payments_decided_once();
DROP TRIGGER payments_keep ON payments_bankaccount;
"""


def words(most: int) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(blank=True, default="", max_length=most)


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_called_off")]
    operations = [
        migrations.AddField(
            "bankaccount", "state", models.CharField(choices=STATES, default="asked", max_length=8)
        ),
        migrations.AddField("bankaccount", "decided_at", models.DateTimeField(null=True)),
        migrations.AddField("bankaccount", "decided_by", words(80), preserve_default=False),
        migrations.AddField("bankaccount", "decided_by_label", words(120), preserve_default=False),
        migrations.AddField("bankaccount", "decided_note", words(300), preserve_default=False),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "bankaccount",
            models.CheckConstraint(condition=~Q(decided_by=F("made_by")), name="bank_account_four_eyes"),
        ),
        migrations.AddConstraint(
            "bankaccount",
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by="")
                | (~Q(state="asked") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="bank_account_decided",
            ),
        ),
        migrations.AddConstraint(
            "bankaccount",
            models.CheckConstraint(
                condition=~Q(state="refused", closed_on=None), name="bank_account_refused"
            ),
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
