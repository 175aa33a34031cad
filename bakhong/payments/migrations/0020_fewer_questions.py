"""What is asked of every line of a statement is asked once: foreign keys that a trigger or another key says too go, so do indexes of nothing.

Every row of `payments_bankline`, `_entry`, `_settlement`, `_charge` stays as it is (0002 refuses DELETE and TRUNCATE), so that a trigger
which found a row when another was added to it says as much as a foreign key, and of all rows of a statement at once.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import PROTECT, Q

QUICK = import_module("bakhong.payments.migrations.0010_quick_guards")
LEDGER = import_module("bakhong.payments.migrations.0005_ledger")

# A line's account exists and is its biller's. Asked when the transaction ends: of a line that is matched in it, once.
OF_BILLER = """
ALTER TABLE payments_bankaccount ADD CONSTRAINT bank_account_of_biller UNIQUE (id, biller_id);
ALTER TABLE payments_bankline ADD CONSTRAINT line_account_of_biller FOREIGN KEY (account_id, biller_id)
    REFERENCES payments_bankaccount (id, biller_id) DEFERRABLE INITIALLY DEFERRED;
"""
NOT_OF_BILLER = """
ALTER TABLE payments_bankline DROP CONSTRAINT line_account_of_biller;
ALTER TABLE payments_bankaccount DROP CONSTRAINT bank_account_of_biller;
"""

# Whose money a sighting is and of which account, its line says.
SIGHTED = f"""
CREATE FUNCTION payments_sighted() RETURNS trigger LANGUAGE plpgsql {QUICK.BY_KEY} AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM made m LEFT JOIN payments_bankline l ON l.id = m.line_id
         WHERE (l.biller_id = m.biller_id AND l.account_id = m.account_id) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'A sighting of no line of its account' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_sighted AFTER INSERT ON payments_sighting REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_sighted();
"""  # noqa: S608 (made of constants)
NOT_SIGHTED = """
DROP TRIGGER payments_sighted ON payments_sighting;
DROP FUNCTION payments_sighted();
"""

# 0010's question, and also that the line an entry names is there and its biller's.
ASKED = "WHERE (d.bank_account_id IS NOT NULL OR c.bank_account_id IS NOT NULL)"
ALSO = "WHERE (m.line_id IS NOT NULL AND l.biller_id IS DISTINCT FROM m.biller_id)\n            OR (d.bank_account_id IS NOT NULL OR c.bank_account_id IS NOT NULL)"
assert ASKED in QUICK.BANK
OLD_BANK = QUICK.BANK[: QUICK.BANK.index("CREATE TRIGGER")]
BANK = OLD_BANK.replace(ASKED, ALSO)

# 0005's question, once a statement.
NUMBERED = f"""
DROP TRIGGER payments_numbered ON payments_receipt;
CREATE OR REPLACE FUNCTION payments_numbered() RETURNS trigger LANGUAGE plpgsql {QUICK.BY_KEY} AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT biller_id, year, max(number) AS number FROM made GROUP BY 1, 2) m
          LEFT JOIN payments_receiptyear y ON y.biller_id = m.biller_id AND y.year = m.year
         WHERE y.last IS NULL OR y.last < m.number
    ) THEN
        RAISE EXCEPTION 'A receipt with a number nobody gave' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_numbered AFTER INSERT ON payments_receipt REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION payments_numbered();
"""  # noqa: S608 (made of constants)
_BEFORE = LEDGER.NUMBERS[LEDGER.NUMBERS.index("CREATE FUNCTION payments_numbered()") :]
OLD_NUMBERED = (
    "DROP TRIGGER payments_numbered ON payments_receipt;\n"
    + _BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + "ALTER FUNCTION payments_numbered() SET enable_seqscan = 'off' SET plan_cache_mode = 'force_generic_plan';\n"
)

# A foreign key made over rows asks as the owner of the tables, who sees them only from outside the walls.
SEE = "SELECT set_config('app.nationwide', 'on', true)"
SEE_NO_MORE = "SELECT set_config('app.nationwide', 'off', true)"


def _link(to: str, related_name: str = "+", **more: bool) -> models.ForeignKey:
    return models.ForeignKey(to, PROTECT, related_name=related_name, **more)


def _where_there(model: str, field: str, name: str) -> migrations.AddIndex:
    """An index of the few rows that have the field."""
    return migrations.AddIndex(
        model, models.Index(fields=[field], name=name, condition=Q(**{f"{field}__isnull": False}))
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0018_contact_and_card")]
    operations = [
        migrations.RunSQL(SEE, SEE_NO_MORE),
        migrations.RunSQL(
            OF_BILLER + SIGHTED + BANK + NUMBERED, OLD_NUMBERED + OLD_BANK + NOT_SIGHTED + NOT_OF_BILLER
        ),
        migrations.AlterField("bankline", "biller", _link("payments.biller", db_constraint=False)),
        migrations.AlterField(
            "bankline",
            "account",
            _link("payments.bankaccount", "bank_lines", db_index=False, db_constraint=False),
        ),
        migrations.AlterField(
            "sighting", "biller", _link("payments.biller", db_index=False, db_constraint=False)
        ),
        migrations.AlterField(
            "sighting", "account", _link("payments.bankaccount", db_index=False, db_constraint=False)
        ),
        migrations.AlterField("sighting", "delivery", _link("payments.delivery", null=True, db_index=False)),
        _where_there("sighting", "delivery", "sighting_delivery"),
        migrations.AlterField(
            "suspenseitem", "charge", _link("payments.charge", "suspense_items", null=True, db_index=False)
        ),
        migrations.AlterField(
            "entry", "line", _link("payments.bankline", "entries", null=True, db_constraint=False)
        ),
        migrations.AlterField("settlement", "biller", _link("payments.biller", db_constraint=False)),
        migrations.AlterField(
            "settlement", "line", _link("payments.bankline", "settlements", null=True, db_constraint=False)
        ),
        # Django would drop it with the index: it, too, is of that one column.
        migrations.RemoveConstraint("settlement", "settlement_cash_once"),
        migrations.AlterField(
            "settlement", "cash", _link("payments.cashpayment", "settlements", null=True, db_index=False)
        ),
        migrations.AddConstraint(
            "settlement",
            models.UniqueConstraint(
                fields=["cash"], condition=Q(taken_back=None), name="settlement_cash_once"
            ),
        ),
        _where_there("settlement", "cash", "settlement_cash"),
        migrations.AlterField(
            "settlement",
            "entry",
            models.OneToOneField("payments.entry", PROTECT, related_name="settlement", db_constraint=False),
        ),
        migrations.AlterField(
            "receipt", "biller", _link("payments.biller", db_index=False, db_constraint=False)
        ),
        migrations.AlterField("charge", "household", _link("people.household", null=True, db_index=False)),
        _where_there("charge", "household", "charge_household"),
        migrations.AlterField(
            "charge", "organisation", _link("people.organisation", null=True, db_index=False)
        ),
        _where_there("charge", "organisation", "charge_organisation"),
        migrations.RunSQL(SEE_NO_MORE, SEE),
    ]
