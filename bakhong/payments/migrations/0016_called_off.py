"""A refund that was approved may be called off before it goes, and a deposit undone before it comes."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import F, Q

BEFORE = import_module("bakhong.payments.migrations.0005_ledger").KEPT
# table → what of it may change besides (as in 0005).
MORE = {
    "payments_refund": ("off_at", "off_by", "off_by_label", "off_why"),
    "payments_deposit": ("undone_at", "undone_by", "undone_why"),
}


def _keep(table: str, free: tuple[str, ...]) -> str:
    told = ", ".join(repr(each) for each in free)
    return (
        f"DROP TRIGGER payments_keep ON {table};\n"
        f"CREATE TRIGGER payments_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION payments_keep({told});\n"
    )


KEEP = "".join(_keep(table, (*BEFORE[table], *more)) for table, more in MORE.items())
OLD = "".join(_keep(table, BEFORE[table]) for table in MORE)


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_parts_of_a_line")]
    operations = [
        migrations.AddField("refund", "off_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "refund",
            "off_by",
            models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            "refund",
            "off_by_label",
            models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            "refund",
            "off_why",
            models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        migrations.AddField("deposit", "undone_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "deposit",
            "undone_by",
            models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            "deposit",
            "undone_why",
            models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AlterField(
            "refund",
            "state",
            models.CharField(
                choices=[
                    ("asked", "chờ duyệt"),
                    ("approved", "đã duyệt, chờ chuyển"),
                    ("refused", "không duyệt"),
                    ("sent", "đã chuyển trả"),
                    ("off", "đã huỷ duyệt"),
                ],
                default="asked",
                max_length=8,
            ),
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
                    ("bounced", "tiền trả lại bị ngân hàng chuyển về"),
                    ("fault", "phần mềm không ghi được vào khoản thu"),
                ],
            ),
        ),
        migrations.AddConstraint(
            "refund",
            models.CheckConstraint(
                condition=(Q(state="off", off_at__isnull=False) & ~Q(off_by="") & ~Q(off_by=F("asked_by")))
                | (~Q(state="off") & Q(off_at=None)),
                name="refund_off_by_another",
            ),
        ),
        migrations.AddConstraint(
            "deposit",
            models.CheckConstraint(
                condition=Q(undone_at=None) | (Q(line=None) & ~Q(undone_by="") & ~Q(undone_why="")),
                name="deposit_undone_before_it_came",
            ),
        ),
        migrations.RunSQL(KEEP, OLD),
    ]
