"""The guards of 0002 and 0005 ask once a statement, not once a row: 100,000 lines of a statement are settled in one transaction.

Nothing is asked less. What was asked for each row before it was stored is asked of all rows of a statement after; what is asked when the
transaction ends is asked of all charges of a statement at once, and now also of a charge that was paid before and is not any more.
"""

from importlib import import_module

from django.db import migrations

GUARDS = import_module("bakhong.payments.migrations.0002_guards")
LEDGER = import_module("bakhong.payments.migrations.0005_ledger")
FORGETTING = import_module("bakhong.payments.migrations.0009_forgetting")

# By the key, however many rows: a plan that is kept from a statement of thousands must not read whole tables for a statement of one. Rows are
# joined by nothing but that key, so that no other index can look as good on a table without statistics.
BY_KEY = "SET enable_seqscan = 'off' SET enable_hashjoin = 'off' SET enable_mergejoin = 'off' SET jit = 'off'"

SETTLE = f"""
CREATE OR REPLACE FUNCTION payments_settle() RETURNS trigger LANGUAGE plpgsql {BY_KEY} AS $$
DECLARE
    wrong record;
BEGIN
    SELECT said, booked, given INTO wrong FROM (
        SELECT m.amount AS said, CASE WHEN e.biller_id = m.biller_id THEN e.amount END AS booked,
               CASE WHEN m.cash_id IS NULL THEN CASE WHEN l.biller_id = m.biller_id AND l.direction = 'in' THEN l.amount END
                    WHEN c.biller_id = m.biller_id AND c.charge_id = m.charge_id THEN c.amount END AS given
          FROM made m
          LEFT JOIN payments_entry e ON e.id = m.entry_id
          LEFT JOIN payments_bankline l ON l.id = m.line_id
          LEFT JOIN payments_cashpayment c ON c.id = m.cash_id
    ) each WHERE booked IS DISTINCT FROM said OR given IS DISTINCT FROM said LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A settlement of % for money of % booked as %', wrong.said, wrong.given, wrong.booked
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_settle AFTER INSERT ON payments_settlement REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_settle();
"""  # noqa: S608 (made of constants)

# The lock is taken after the rows are stored and before closes are looked for: a close under way has either not summed
# (then it waits for us) or is seen.
OPEN_DAY = """
CREATE OR REPLACE FUNCTION payments_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    each record;
BEGIN
    FOR each IN SELECT biller_id, min("on") AS first FROM made GROUP BY 1 ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock_shared(7894, each.biller_id::int);
        IF EXISTS (SELECT 1 FROM payments_close WHERE biller_id = each.biller_id AND "on" >= each.first) THEN
            RAISE EXCEPTION 'The day % is closed', each.first USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_open_day AFTER INSERT ON payments_entry REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_open_day();
"""

BANK = f"""
CREATE OR REPLACE FUNCTION payments_of_the_bank() RETURNS trigger LANGUAGE plpgsql {BY_KEY} AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM made m
          LEFT JOIN payments_ledgeraccount d ON d.id = m.debit_id
          LEFT JOIN payments_ledgeraccount c ON c.id = m.credit_id
          LEFT JOIN payments_bankline l ON l.id = m.line_id
         WHERE (d.bank_account_id IS NOT NULL OR c.bank_account_id IS NOT NULL)
           AND (l.biller_id = m.biller_id AND l.amount = m.amount AND m.key = 'line:' || l.uuid
                AND CASE l.direction WHEN 'in' THEN d.bank_account_id = l.account_id AND c.bank_account_id IS NULL
                                     ELSE c.bank_account_id = l.account_id AND d.bank_account_id IS NULL END) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'An entry of a bank account that is no line of it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_of_the_bank AFTER INSERT ON payments_entry REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_of_the_bank();
"""  # noqa: S608 (made of constants)

# Only a row can wait for the end of its transaction: each statement leaves one with its charges, which is taken away again when they were
# looked at. Taking it away before changes nothing: what waits is the event, not the row.
PAID = f"""
CREATE TABLE payments_asked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    charges bigint[] NOT NULL
);
CREATE FUNCTION payments_ask() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'payments_settlement' THEN
        INSERT INTO payments_asked (charges) SELECT array_agg(charge_id) FROM made HAVING count(*) > 0;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO payments_asked (charges) SELECT array_agg(id) FROM made WHERE state = 'paid' HAVING count(*) > 0;
    ELSE
        INSERT INTO payments_asked (charges)
        SELECT array_agg(id) FROM (SELECT id FROM made WHERE state = 'paid' UNION SELECT id FROM before WHERE state = 'paid') paid
        HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION payments_paid() RETURNS trigger LANGUAGE plpgsql {BY_KEY} SET plan_cache_mode = 'force_generic_plan' AS $$
DECLARE
    before text := coalesce(current_setting('app.nationwide', true), '');
    wrong record;
BEGIN
    PERFORM set_config('app.nationwide', 'on', true);
    SELECT c.state, c.amount, s.settled INTO wrong
      FROM unnest(NEW.charges) AS asked (id)
      JOIN payments_charge c ON c.id = asked.id
     CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount) FILTER (WHERE taken_back_id IS NULL), 0) AS settled,
               coalesce(bool_or((line_id IS NULL) = (c.method = 'cash')) FILTER (WHERE taken_back_id IS NULL), false) AS is_so
          FROM payments_settlement WHERE charge_id = c.id
     ) s
     WHERE CASE c.state WHEN 'paid' THEN s.settled <> c.amount OR NOT s.is_so ELSE s.settled <> 0 END
     LIMIT 1;
    PERFORM set_config('app.nationwide', before, true);
    IF wrong.state = 'paid' THEN
        RAISE EXCEPTION 'A charge of % is paid by settlements of %', wrong.amount, wrong.settled USING ERRCODE = 'check_violation';
    ELSIF wrong.state IS NOT NULL THEN
        RAISE EXCEPTION 'A charge that is not paid has settlements of %', wrong.settled USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM payments_asked WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_paid AFTER INSERT ON payments_asked DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_paid();
CREATE TRIGGER payments_paid_made AFTER INSERT ON payments_charge REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ask();
CREATE TRIGGER payments_paid_changed AFTER UPDATE ON payments_charge REFERENCING OLD TABLE AS before NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ask();
CREATE TRIGGER payments_settled_made AFTER INSERT ON payments_settlement REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ask();
CREATE TRIGGER payments_settled_changed AFTER UPDATE ON payments_settlement REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ask();
"""  # noqa: S608 (made of constants)
NOT_PAID = """
DROP TRIGGER payments_settled_changed ON payments_settlement;
DROP TRIGGER payments_settled_made ON payments_settlement;
DROP TRIGGER payments_paid_changed ON payments_charge;
DROP TRIGGER payments_paid_made ON payments_charge;
DROP TABLE payments_asked;
DROP FUNCTION payments_ask();
"""

# What changes by the thousand is compared as a row: written out as JSON only where anything else changed.
ALIKE = """
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{{}}');
    was record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := OLD;
        IF TG_TABLE_NAME = 'payments_bankline' THEN
            was.state := NEW.state;
        ELSIF TG_TABLE_NAME = 'payments_charge' THEN
            was.state := NEW.state;
            was.method := NEW.method;
            was.paid_at := NEW.paid_at;
        END IF;
        IF was IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
"""
FULL = """
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{{}}');
BEGIN
    IF TG_OP = 'UPDATE' THEN
"""
assert FULL in LEDGER.KEEP
KEEP = LEDGER.KEEP.replace(FULL, ALIKE).format(more=FORGETTING.MORE)

OLD_TRIGGERS = {
    "payments_settle": "payments_settlement",
    "payments_open_day": "payments_entry",
    "payments_of_the_bank": "payments_entry",
    "payments_paid": "payments_charge",
    "payments_settled": "payments_settlement",
}
DROP_TRIGGERS = "".join(f"DROP TRIGGER {name} ON {table};\n" for name, table in OLD_TRIGGERS.items())


def _function(sql: str, name: str) -> str:
    """What creates the function of that name and its triggers in an older migration, over what is there."""
    start = sql.index(f"CREATE FUNCTION {name}()")
    following = sql.find("CREATE FUNCTION", start + 1)
    return sql[start : following if following > 0 else None].replace(
        "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
    )


def _triggers(sql: str, start: str) -> str:
    return sql[sql.index(start) :]


OLD = (
    _function(GUARDS.SAME, "payments_settle")
    + LEDGER.OPEN_DAY.format(lock=LEDGER.LOCK)
    + _triggers(GUARDS.SAME, "CREATE TRIGGER payments_open_day")
    + LEDGER.BANK[: LEDGER.BANK.index("ALTER TABLE")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + LEDGER.PAID
    + _triggers(GUARDS.PAID, "CREATE CONSTRAINT TRIGGER payments_paid")
    + LEDGER.QUICK
    + LEDGER.KEEP.format(more=FORGETTING.MORE)
)
NEW = SETTLE + OPEN_DAY + BANK + PAID + KEEP
DROP_NEW = (
    "".join(
        f"DROP TRIGGER {name} ON {table};\n"
        for name, table in OLD_TRIGGERS.items()
        if name not in ("payments_paid", "payments_settled")
    )
    + NOT_PAID
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_forgetting")]
    operations = [migrations.RunSQL(DROP_TRIGGERS + NEW, DROP_NEW + OLD)]
