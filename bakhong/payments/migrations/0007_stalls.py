"""Another account for a stall takes two people; printed codes and checks stay as they were; the open alarms are found at once."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import bakhong.core.ids

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
STATES = [("asked", "chờ người thứ hai xác nhận"), ("approved", "đã đổi"), ("refused", "không đổi")]


def points_to(table: str, name: str) -> models.Field:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=table)


CHANGE = migrations.CreateModel(
    name="AccountChange",
    fields=[
        ("id", ID),
        ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
        ("bank_bin", models.CharField(max_length=6)),
        ("account", models.CharField(max_length=19)),
        ("account_holder", models.CharField(max_length=120)),
        ("why", models.CharField(max_length=300)),
        ("state", models.CharField(choices=STATES, default="asked", max_length=8)),
        ("asked_at", models.DateTimeField()),
        ("asked_by", models.CharField(max_length=80)),
        ("asked_by_label", models.CharField(max_length=120)),
        ("decided_at", models.DateTimeField(null=True)),
        ("decided_by", models.CharField(blank=True, max_length=80)),
        ("decided_by_label", models.CharField(blank=True, max_length=120)),
        ("decided_note", models.CharField(blank=True, max_length=300)),
        ("stall", points_to("payments.stall", "account_changes")),
        ("village", points_to("places.unit", "+")),
    ],
    options={
        "constraints": [
            models.UniqueConstraint(
                fields=["stall"], condition=Q(state="asked"), name="account_change_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")), name="account_change_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by="")
                | (~Q(state="asked") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="account_change_decided",
            ),
        ]
    },
)

# As migration 0003 has it for the other tables of stalls.
SEEN = (
    "(SELECT current_setting('app.nationwide', true)) = 'on'"
    " OR village_id = ANY ((SELECT nullif(current_setting('app.villages', true), ''))::bigint[])"
)
WALL = f"""
ALTER TABLE payments_accountchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments_accountchange FORCE ROW LEVEL SECURITY;
CREATE POLICY whose_money ON payments_accountchange USING ({SEEN}) WITH CHECK ({SEEN});
"""
NO_WALL = """
DROP POLICY whose_money ON payments_accountchange;
ALTER TABLE payments_accountchange NO FORCE ROW LEVEL SECURITY;
ALTER TABLE payments_accountchange DISABLE ROW LEVEL SECURITY;
"""

GUARD = """
CREATE FUNCTION payments_stall_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('app.erasing', true), '') = 'on' OR EXISTS (
        SELECT 1 FROM payments_accountchange c
         WHERE c.stall_id = NEW.id AND c.state = 'approved' AND c.bank_bin = NEW.bank_bin AND c.account = NEW.account
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Another account of a stall needs two people' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payments_stall_account BEFORE UPDATE OF bank_bin, account ON payments_stall FOR EACH ROW
    WHEN (OLD.account <> '' AND (OLD.bank_bin, OLD.account) IS DISTINCT FROM (NEW.bank_bin, NEW.account))
    EXECUTE FUNCTION payments_stall_account();

CREATE TRIGGER payments_keep BEFORE UPDATE OR DELETE ON payments_accountchange FOR EACH ROW
    EXECUTE FUNCTION payments_keep('state', 'decided_at', 'decided_by', 'decided_by_label', 'decided_note');
CREATE TRIGGER payments_keep BEFORE UPDATE OR DELETE ON payments_sticker FOR EACH ROW
    EXECUTE FUNCTION payments_keep('ended_at', 'ended_why');
CREATE TRIGGER payments_keep BEFORE UPDATE OR DELETE ON payments_stickercheck FOR EACH ROW
    EXECUTE FUNCTION payments_keep('settled_at', 'settled_by_label', 'settled_note');
"""
NO_GUARD = """
DROP TRIGGER payments_keep ON payments_stickercheck;
DROP TRIGGER payments_keep ON payments_sticker;
DROP TRIGGER payments_keep ON payments_accountchange;
DROP TRIGGER payments_stall_account ON payments_stall;
DROP FUNCTION payments_stall_account();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_cashless")]
    operations = [
        CHANGE,
        migrations.AddIndex(
            "stall",
            models.Index(
                fields=["account"], name="stall_account", condition=Q(valid_to=None) & ~Q(account="")
            ),
        ),
        migrations.AddIndex(
            "stickercheck",
            models.Index(
                fields=["village"],
                name="sticker_alarm_open",
                condition=Q(alarmed_at__isnull=False, settled_at=None),
            ),
        ),
        migrations.AddIndex(
            "stickercheck", models.Index(fields=["stall", "-at"], name="sticker_check_latest")
        ),
        migrations.RunSQL(WALL, NO_WALL),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
