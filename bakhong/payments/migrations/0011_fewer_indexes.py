"""Every index of a row is written with it: those that another begins with, or that nobody asks, go; so do foreign keys said twice.

An entry's two foreign keys of (account, biller), which stay (0002), say all that the three single ones said.
"""

from django.db import migrations, models
from django.db.models import PROTECT

# For texts asked by their beginning, which these are not.
DROP = """
DROP INDEX IF EXISTS payments_entry_key_ea1dcb93_like;
DROP INDEX IF EXISTS payments_charge_reference_abb26b39_like;
"""
CREATE = """
CREATE INDEX payments_entry_key_ea1dcb93_like ON payments_entry (key varchar_pattern_ops);
CREATE INDEX payments_charge_reference_abb26b39_like ON payments_charge (reference varchar_pattern_ops);
"""


def _link(to: str, related_name: str = "+", **more: bool) -> models.ForeignKey:
    return models.ForeignKey(to, PROTECT, related_name=related_name, db_index=False, **more)


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_quick_guards")]
    operations = [
        migrations.RunSQL(DROP, CREATE),
        migrations.AlterField("bankline", "account", _link("payments.bankaccount", "bank_lines")),
        migrations.AlterField("charge", "batch", _link("payments.chargelist", "charges", null=True)),
        migrations.AlterField("charge", "biller", _link("payments.biller", "charges")),
        migrations.AlterField("charge", "person", _link("people.person", null=True)),
        migrations.AlterField("entry", "biller", _link("payments.biller", "entries", db_constraint=False)),
        migrations.AlterField(
            "entry", "credit", _link("payments.ledgeraccount", "credits", db_constraint=False)
        ),
        migrations.AlterField(
            "entry", "debit", _link("payments.ledgeraccount", "debits", db_constraint=False)
        ),
        migrations.AlterField("sighting", "account", _link("payments.bankaccount")),
        migrations.AlterField("sighting", "biller", _link("payments.biller")),
    ]
