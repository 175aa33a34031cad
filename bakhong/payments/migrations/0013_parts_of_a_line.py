"""A line may pay several charges, and the rest of it waits or goes back: never more in all than came by it."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

QUICK = import_module("bakhong.payments.migrations.0010_quick_guards")

# 0010's question, but that a settlement may be of a part of a line.
WHOLE = """booked IS DISTINCT FROM said OR given IS DISTINCT FROM said LIMIT 1;"""
PART = """booked IS DISTINCT FROM said OR given IS NULL OR given < said OR (is_cash AND given <> said) LIMIT 1;"""
assert WHOLE in QUICK.SETTLE
_FUNCTION = QUICK.SETTLE[: QUICK.SETTLE.index("CREATE TRIGGER")]
SETTLE = _FUNCTION.replace(WHOLE, PART).replace(
    "SELECT m.amount AS said,", "SELECT m.amount AS said, m.cash_id IS NOT NULL AS is_cash,"
)

# Of two settlements at once the second one holds the line after the first, and its sum sees the first's. Who changes an item holds it
# already, and must not wait for its line: deeds hold lines first.
PARTS = f"""
CREATE FUNCTION payments_parts() RETURNS trigger LANGUAGE plpgsql {QUICK.BY_KEY} AS $$
DECLARE
    wrong record;
BEGIN
    IF TG_TABLE_NAME = 'payments_settlement' THEN
        PERFORM l.id FROM (SELECT DISTINCT line_id FROM made WHERE line_id IS NOT NULL ORDER BY 1) asked
           CROSS JOIN LATERAL (SELECT id FROM payments_bankline WHERE id = asked.line_id FOR NO KEY UPDATE) l;
    END IF;
    SELECT each.* INTO wrong FROM (
        SELECT l.amount, coalesce(i.amount + i.aside, 0) + (
                   SELECT coalesce(sum(s.amount), 0) FROM payments_settlement s WHERE s.line_id = asked.line_id AND s.taken_back_id IS NULL
               ) AS told
          FROM (SELECT DISTINCT line_id FROM made WHERE line_id IS NOT NULL) asked
          LEFT JOIN payments_bankline l ON l.id = asked.line_id
          LEFT JOIN payments_suspenseitem i ON i.line_id = asked.line_id
    ) each WHERE each.told > each.amount LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A line of % is spoken for with %', wrong.amount, wrong.told USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""  # noqa: S608 (made of constants)
PARTS += "".join(
    f"CREATE TRIGGER payments_parts_{name} AFTER {deed} ON {table} REFERENCING NEW TABLE AS made"
    " FOR EACH STATEMENT EXECUTE FUNCTION payments_parts();\n"
    for table, deed, name in (
        ("payments_settlement", "INSERT", "made"),
        ("payments_settlement", "UPDATE", "changed"),
        ("payments_suspenseitem", "INSERT", "made"),
        ("payments_suspenseitem", "UPDATE", "changed"),
    )
)
NOT_PARTS = (
    "".join(
        f"DROP TRIGGER payments_parts_{name} ON {table};\n"
        for table in ("payments_settlement", "payments_suspenseitem")
        for name in ("made", "changed")
    )
    + "DROP FUNCTION payments_parts();\n"
)

# What waits, or was put aside, until now: whole lines.
FILL = """
DO $$
DECLARE
    before text := coalesce(current_setting('app.nationwide', true), '');
BEGIN
    PERFORM set_config('app.nationwide', 'on', true);
    UPDATE payments_suspenseitem i SET amount = CASE WHEN i.closed_at IS NULL THEN l.amount ELSE 0 END,
           aside = CASE WHEN l.state = 'explained' THEN l.amount ELSE 0 END
      FROM payments_bankline l WHERE l.id = i.line_id;
    PERFORM set_config('app.nationwide', before, true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_set_aside")]
    operations = [
        migrations.AddField("suspenseitem", "amount", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("suspenseitem", "aside", models.PositiveBigIntegerField(default=0)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "suspenseitem",
            models.CheckConstraint(
                condition=Q(closed_at=None, amount__gt=0) | Q(closed_at__isnull=False, amount=0),
                name="suspense_waits_for_something",
            ),
        ),
        migrations.RemoveConstraint("settlement", "settlement_line_once"),
        migrations.AddConstraint(
            "settlement",
            models.UniqueConstraint(
                fields=["line", "charge"], condition=Q(taken_back=None), name="settlement_line_once"
            ),
        ),
        migrations.RemoveConstraint("refund", "refund_item_once"),
        migrations.AddConstraint(
            "refund",
            models.UniqueConstraint(fields=["item"], condition=Q(state="asked"), name="refund_item_once"),
        ),
        migrations.RunSQL(SETTLE + PARTS, NOT_PARTS + _FUNCTION),
    ]
