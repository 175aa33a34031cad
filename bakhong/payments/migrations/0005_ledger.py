"""The bank's account holds each line once and nothing else; days close under a lock; numbers of receipts have no gap; refunds stay as asked."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# table → what of it may still change (as in 0002).
KEPT = {
    "payments_ledgeraccount": ("label",),
    "payments_deposit": ("line_id",),
    "payments_refund": (
        "state", "line_id", "account_id", "decided_at", "decided_by", "decided_by_label", "decided_why",
    ),
}  # fmt: skip

# 0002's function, with the words of a refund among those that erasure may blank.
KEEP = """
CREATE OR REPLACE FUNCTION payments_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{{}}');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(current_setting('app.erasing', true), '') = 'on' THEN
            free := free || ARRAY['payer_name', 'payer_phone', 'customer_code', 'title', 'content', 'note', 'name', 'relation', 'paid_by',
                'paid_by_relation', 'household_id', 'organisation_id'{more}];
        END IF;
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What was booked stays: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

STAY = "".join(
    f"CREATE TRIGGER payments_keep BEFORE UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION payments_keep({', '.join(repr(each) for each in free)});\n"
    f"CREATE TRIGGER payments_stay BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION payments_keep();\n"
    for table, free in KEPT.items()
)

# What moves in a bank's account is a line of that account, whole, in its direction, under the line's own key, which is UNIQUE.
BANK = """
CREATE FUNCTION payments_of_the_bank() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    into_bank bigint := (SELECT bank_account_id FROM payments_ledgeraccount WHERE id = NEW.debit_id);
    out_of_bank bigint := (SELECT bank_account_id FROM payments_ledgeraccount WHERE id = NEW.credit_id);
BEGIN
    IF into_bank IS NULL AND out_of_bank IS NULL THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM payments_bankline l
         WHERE l.id = NEW.line_id AND l.biller_id = NEW.biller_id AND l.amount = NEW.amount AND NEW.key = 'line:' || l.uuid
           AND CASE l.direction WHEN 'in' THEN into_bank = l.account_id AND out_of_bank IS NULL
                                ELSE out_of_bank = l.account_id AND into_bank IS NULL END
    ) THEN
        RAISE EXCEPTION 'An entry of a bank account that is no line of it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_of_the_bank BEFORE INSERT ON payments_entry FOR EACH ROW EXECUTE FUNCTION payments_of_the_bank();

ALTER TABLE payments_ledgeraccount ADD CONSTRAINT ledger_account_of_bank CHECK ((kind = 'bank') = (bank_account_id IS NOT NULL));
"""

# 7894 = 0x1ED6, posting.DAYS: who closes a day waits for entries under way, and they for the close.
OPEN_DAY = """
CREATE OR REPLACE FUNCTION payments_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {lock}
    IF EXISTS (SELECT 1 FROM payments_close WHERE biller_id = NEW.biller_id AND "on" >= NEW."on") THEN
        RAISE EXCEPTION 'The day % is closed', NEW."on" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
LOCK = "PERFORM pg_advisory_xact_lock_shared(7894, NEW.biller_id::int);"

# The numbers a transaction takes are all given by its end; nobody sees the receipts by then, so that they are asked for nationwide.
NUMBERS = """
CREATE FUNCTION payments_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('app.nationwide', true), '');
    start integer := 0;
    given integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        start := OLD.last;
    END IF;
    PERFORM set_config('app.nationwide', 'on', true);
    SELECT count(*) INTO given FROM payments_receipt
     WHERE biller_id = NEW.biller_id AND year = NEW.year AND number > start AND number <= NEW.last;
    PERFORM set_config('app.nationwide', before, true);
    IF given <> NEW.last - start THEN
        RAISE EXCEPTION 'Numbers % to % of receipts, % given', start + 1, NEW.last, given USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_numbers AFTER INSERT OR UPDATE ON payments_receiptyear DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_numbers();

CREATE FUNCTION payments_numbers_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.last >= OLD.last AND (NEW.id, NEW.biller_id, NEW.year) = (OLD.id, OLD.biller_id, OLD.year) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Numbers of receipts only grow: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER payments_numbers_grow BEFORE UPDATE OR DELETE ON payments_receiptyear FOR EACH ROW EXECUTE FUNCTION payments_numbers_grow();
CREATE TRIGGER payments_stay BEFORE TRUNCATE ON payments_receiptyear FOR EACH STATEMENT EXECUTE FUNCTION payments_numbers_grow();

CREATE FUNCTION payments_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_receiptyear WHERE biller_id = NEW.biller_id AND year = NEW.year AND last >= NEW.number) THEN
        RAISE EXCEPTION 'A receipt with a number nobody gave' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_numbered BEFORE INSERT ON payments_receipt FOR EACH ROW EXECUTE FUNCTION payments_numbered();
"""

# As 0003: a sheet names a collector.
MAY = (
    "(SELECT current_setting('app.nationwide', true)) = 'on'"
    " OR biller_id = ANY ((SELECT nullif(current_setting('app.billers', true), ''))::bigint[])"
)
WALL = f"""
ALTER TABLE payments_handover ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments_handover FORCE ROW LEVEL SECURITY;
CREATE POLICY whose_money ON payments_handover USING ({MAY}) WITH CHECK ({MAY});
"""
NO_WALL = """
DROP POLICY whose_money ON payments_handover;
ALTER TABLE payments_handover NO FORCE ROW LEVEL SECURITY;
ALTER TABLE payments_handover DISABLE ROW LEVEL SECURITY;
"""

# 0002's question, asked so that only the index of settlements by charge can answer it: planned on a table without statistics, the partial
# indexes (or the whole table) looked as good, and 100,000 settlements in one transaction were read 100,000 times.
PAID = """
CREATE OR REPLACE FUNCTION payments_paid() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = 'off' SET plan_cache_mode = 'force_generic_plan' AS $$
DECLARE
    before text := coalesce(current_setting('app.nationwide', true), '');
    owed bigint;
    held record;
    settled bigint;
    is_so boolean;
BEGIN
    PERFORM set_config('app.nationwide', 'on', true);
    IF TG_TABLE_NAME = 'payments_charge' THEN
        owed := NEW.id;
    ELSE
        owed := NEW.charge_id;
    END IF;
    SELECT state, method, amount INTO held FROM payments_charge WHERE id = owed;
    SELECT coalesce(sum(amount) FILTER (WHERE taken_back_id IS NULL), 0),
           coalesce(bool_or((line_id IS NULL) = (held.method = 'cash')) FILTER (WHERE taken_back_id IS NULL), false)
      INTO settled, is_so FROM payments_settlement WHERE charge_id = owed;
    PERFORM set_config('app.nationwide', before, true);
    IF held.state = 'paid' AND (settled <> held.amount OR NOT is_so) THEN
        RAISE EXCEPTION 'A charge of % is paid by settlements of %', held.amount, settled USING ERRCODE = 'check_violation';
    END IF;
    IF held.state <> 'paid' AND settled <> 0 THEN
        RAISE EXCEPTION 'A charge that is not paid has settlements of %', settled USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
# The same for questions by key: never the whole table, and not planned anew for each row.
BY_KEY = ("payments_settle", "payments_of_the_bank", "payments_numbered")
QUICK = "".join(
    f"ALTER FUNCTION {name}() SET enable_seqscan = 'off';\nALTER FUNCTION {name}() SET plan_cache_mode = 'force_generic_plan';\n"
    for name in BY_KEY
)
OLD = import_module("bakhong.payments.migrations.0002_guards").PAID
# What 0002 creates, without its triggers, which stand.
OLD_PAID = OLD[: OLD.index("CREATE CONSTRAINT TRIGGER")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
NOT_QUICK = "ALTER FUNCTION payments_settle() RESET ALL;\n"

CREATE = (
    KEEP.format(more=", 'to_name', 'to_account', 'why', 'decided_why'")
    + STAY
    + BANK
    + OPEN_DAY.format(lock=LOCK)
    + NUMBERS
    + WALL
    + PAID
    + QUICK
)
DROP = (
    NO_WALL
    + OLD_PAID
    + NOT_QUICK
    + """
DROP TRIGGER payments_numbered ON payments_receipt;
DROP FUNCTION payments_numbered();
DROP TRIGGER payments_stay ON payments_receiptyear;
DROP TRIGGER payments_numbers_grow ON payments_receiptyear;
DROP FUNCTION payments_numbers_grow();
DROP TRIGGER payments_numbers ON payments_receiptyear;
DROP FUNCTION payments_numbers();
ALTER TABLE payments_ledgeraccount DROP CONSTRAINT ledger_account_of_bank;
DROP TRIGGER payments_of_the_bank ON payments_entry;
DROP FUNCTION payments_of_the_bank();
"""
    + "".join(
        f"DROP TRIGGER payments_stay ON {table};\nDROP TRIGGER payments_keep ON {table};\n" for table in KEPT
    )
    + OPEN_DAY.format(lock="")
    + KEEP.format(more="")
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_walls")]
    operations = [
        # A refund that was refused may be asked for again.
        migrations.AlterField(
            "refund",
            "item",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="payments.suspenseitem",
            ),
        ),
        migrations.AddConstraint(
            "refund",
            models.UniqueConstraint(fields=["item"], condition=~Q(state="refused"), name="refund_item_once"),
        ),
        migrations.AlterField(
            "suspenseitem",
            "reason",
            models.CharField(
                max_length=15,
                choices=[
                    ("no_reference", "nội dung không có mã khoản thu"),
                    ("unknown", "mã khoản thu không có ở đây"),
                    ("underpaid", "trả thiếu"),
                    ("overpaid", "trả thừa"),
                    ("double", "khoản này đã được trả rồi"),
                    ("closed", "khoản thu đã huỷ"),
                    ("wrong_account", "vào tài khoản khác với tài khoản của khoản thu"),
                    ("several", "nội dung có nhiều mã khoản thu"),
                    ("out", "tiền ra chưa rõ cho việc gì"),
                    ("taken_back", "đã gỡ khỏi khoản thu, chờ xử lý lại"),
                ],
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
