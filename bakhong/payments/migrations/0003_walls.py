"""Whose money is seen: a biller's by who works for it (`app.billers`); a charge also by its commune, by who holds its code, by the payer."""

from django.db import migrations

NATIONWIDE = "(SELECT current_setting('app.nationwide', true)) = 'on'"
BILLER = "biller_id = ANY ((SELECT nullif(current_setting('app.billers', true), ''))::bigint[])"
AREA = "village_id = ANY ((SELECT nullif(current_setting('app.villages', true), ''))::bigint[])"
KEY = "{} = ANY ((SELECT nullif(current_setting('app.keys', true), ''))::uuid[])"
SELF = "person_id = (SELECT nullif(current_setting('app.person', true), ''))::bigint"

OF_THE_BILLER = " OR ".join((NATIONWIDE, BILLER))
OF_A_CHARGE = " OR ".join((OF_THE_BILLER, KEY.format("charge_uuid")))
WALLS = {
    "payments_charge": " OR ".join((OF_THE_BILLER, AREA, KEY.format("uuid"), KEY.format("about"), SELF)),
    "payments_helper": OF_A_CHARGE,
    "payments_receipt": OF_A_CHARGE,
    **{
        f"payments_{each}": OF_THE_BILLER
        for each in ("delivery", "statement", "bankline", "sighting", "suspenseitem", "cashpayment", "settlement", "deposit", "refund")
    },
    **{f"payments_{each}": " OR ".join((OF_THE_BILLER, AREA)) for each in ("customercode", "providerbill")},
    **{f"payments_{each}": " OR ".join((NATIONWIDE, AREA)) for each in ("stall", "sticker", "stickercheck")},
}  # fmt: skip


def enable(table: str, may: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY whose_money ON {table} USING ({may}) WITH CHECK ({may});
"""


def disable(table: str) -> str:
    return f"""
DROP POLICY whose_money ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_guards")]
    operations = [migrations.RunSQL(enable(table, may), disable(table)) for table, may in WALLS.items()]
