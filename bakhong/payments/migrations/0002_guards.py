"""The ledger is only ever added to, both accounts of an entry are its biller's, and only settlements make a charge paid."""

from django.db import migrations

# table → what of it may still change; everything else, and every DELETE and TRUNCATE, is refused.
KEPT = {
    "payments_entry": (),
    "payments_close": (),
    "payments_bankline": ("state",),
    "payments_sighting": (),
    "payments_cashpayment": (),
    "payments_handover": (),
    "payments_helper": (),
    "payments_settlement": ("taken_back_id", "taken_back_at"),
    "payments_receipt": (
        "file", "official_series", "official_number", "official_on", "cancelled_at", "cancelled_why",
    ),
    "payments_charge": ("state", "method", "paid_at", "withdrawn_at", "withdrawn_why", "person_id", "village_id"),
}  # fmt: skip
# Words about people, which erasure (an audited deed) may blank.
WORDS = (
    "ARRAY['payer_name', 'payer_phone', 'customer_code', 'title', 'content', 'note', 'name', 'relation', 'paid_by', 'paid_by_relation', "
    "'household_id', 'organisation_id']"
)

KEEP = f"""
CREATE FUNCTION payments_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{{}}');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(current_setting('app.erasing', true), '') = 'on' THEN
            free := free || {WORDS};
        END IF;
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What was booked stays: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER payments_keep BEFORE UPDATE OR DELETE ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION payments_keep({', '.join(repr(each) for each in free)});\n"
    f"CREATE TRIGGER payments_stay BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION payments_keep();\n"
    for table, free in KEPT.items()
)  # noqa: S608 (made of constants)

OF_ONE_BILLER = """
ALTER TABLE payments_entry
    ADD CONSTRAINT entry_debit_of_biller FOREIGN KEY (debit_id, biller_id) REFERENCES payments_ledgeraccount (id, biller_id),
    ADD CONSTRAINT entry_credit_of_biller FOREIGN KEY (credit_id, biller_id) REFERENCES payments_ledgeraccount (id, biller_id);
"""

# Runs when the transaction ends, when the connection may see nobody any more.
PAID = """
CREATE FUNCTION payments_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('app.nationwide', true), '');
    held record;
    settled bigint;
    hows text[];
BEGIN
    PERFORM set_config('app.nationwide', 'on', true);
    SELECT state, method, amount INTO held FROM payments_charge
     WHERE id = CASE TG_TABLE_NAME WHEN 'payments_charge' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'charge_id')::bigint END;
    SELECT coalesce(sum(s.amount), 0), array_agg(DISTINCT CASE WHEN s.line_id IS NULL THEN 'cash' ELSE 'transfer' END)
      INTO settled, hows FROM payments_settlement s
     WHERE s.charge_id = CASE TG_TABLE_NAME WHEN 'payments_charge' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'charge_id')::bigint END
       AND s.taken_back_id IS NULL;
    PERFORM set_config('app.nationwide', before, true);
    IF held.state = 'paid' AND (settled <> held.amount OR NOT held.method = ANY (hows)) THEN
        RAISE EXCEPTION 'A charge of % is paid by settlements of %', held.amount, settled USING ERRCODE = 'check_violation';
    END IF;
    IF held.state <> 'paid' AND settled <> 0 THEN
        RAISE EXCEPTION 'A charge that is not paid has settlements of %', settled USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_paid AFTER INSERT OR UPDATE OF state ON payments_charge DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'paid') EXECUTE FUNCTION payments_paid();
CREATE CONSTRAINT TRIGGER payments_settled AFTER INSERT OR UPDATE ON payments_settlement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_paid();
"""

# A settlement is of a whole line (cash) of the same biller, and its entry says the same amount.
SAME = """
CREATE FUNCTION payments_settle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked bigint;
    given bigint;
BEGIN
    SELECT amount INTO booked FROM payments_entry WHERE id = NEW.entry_id AND biller_id = NEW.biller_id;
    SELECT amount INTO given FROM payments_bankline WHERE id = NEW.line_id AND biller_id = NEW.biller_id AND direction = 'in';
    IF NEW.cash_id IS NOT NULL THEN
        SELECT amount INTO given FROM payments_cashpayment
         WHERE id = NEW.cash_id AND biller_id = NEW.biller_id AND charge_id = NEW.charge_id;
    END IF;
    IF booked IS DISTINCT FROM NEW.amount OR given IS DISTINCT FROM NEW.amount THEN
        RAISE EXCEPTION 'A settlement of % for money of % booked as %', NEW.amount, given, booked USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_settle BEFORE INSERT ON payments_settlement FOR EACH ROW EXECUTE FUNCTION payments_settle();

CREATE FUNCTION payments_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_close WHERE biller_id = NEW.biller_id AND "on" >= NEW."on") THEN
        RAISE EXCEPTION 'The day % is closed', NEW."on" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_open_day BEFORE INSERT ON payments_entry FOR EACH ROW EXECUTE FUNCTION payments_open_day();
"""

CREATE = KEEP + OF_ONE_BILLER + PAID + SAME
DROP = (
    """
DROP TRIGGER payments_open_day ON payments_entry;
DROP FUNCTION payments_open_day();
DROP TRIGGER payments_settle ON payments_settlement;
DROP FUNCTION payments_settle();
DROP TRIGGER payments_settled ON payments_settlement;
DROP TRIGGER payments_paid ON payments_charge;
DROP FUNCTION payments_paid();
ALTER TABLE payments_entry DROP CONSTRAINT entry_debit_of_biller, DROP CONSTRAINT entry_credit_of_biller;
"""
    + "".join(
        f"DROP TRIGGER payments_stay ON {table};\nDROP TRIGGER payments_keep ON {table};\n" for table in KEPT
    )
    + "DROP FUNCTION payments_keep();"
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
