"""What a source told and nobody could read waits for somebody; what a statement's balances say besides its lines is kept."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0012_next_months_list")]
    operations = [
        migrations.AddField("delivery", "note", models.CharField(blank=True, db_default="", max_length=200)),
        migrations.AddField(
            "delivery", "dropped_by", models.CharField(blank=True, db_default="", max_length=80)
        ),
        migrations.AddField(
            "delivery", "dropped_by_label", models.CharField(blank=True, db_default="", max_length=120)
        ),
        migrations.AlterField(
            "delivery",
            "state",
            models.CharField(
                choices=[
                    ("new", "chờ xử lý"),
                    ("done", "đã xử lý"),
                    ("ignored", "không phải tiền của tài khoản này"),
                    ("failed", "không đọc được"),
                    ("dropped", "đã bỏ qua, có lý do"),
                ],
                default="new",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            "delivery",
            models.CheckConstraint(
                condition=~Q(state="dropped") | (~Q(note="") & ~Q(dropped_by="")), name="delivery_dropped_why"
            ),
        ),
        migrations.RemoveIndex("delivery", "delivery_new"),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["account", "id"], name="delivery_new", condition=Q(state="new")),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["biller", "state", "id"],
                name="delivery_aside",
                condition=Q(state__in=["failed", "ignored", "dropped"]),
            ),
        ),
        migrations.AddField("statement", "off", models.BigIntegerField(default=0)),
        migrations.AlterField(
            "feedalarm",
            "kind",
            models.CharField(
                choices=[
                    ("forged", "có thông báo giả gửi đến, đã từ chối"),
                    ("other_body", "một thông báo đến hai lần với nội dung khác nhau"),
                    ("unreadable", "có thông báo không đọc được"),
                    ("gap", "thiếu dòng tiền: số dư không nối tiếp nhau"),
                    ("unconfirmed", "có dòng tiền được báo mà sao kê không có"),
                    ("silent", "không hỏi được nơi cung cấp tin của ngân hàng"),
                    ("rows", "có dòng sao kê chưa nhận được"),
                    ("fault", "phần mềm không làm xong một việc về tiền"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            "suspenseitem",
            "reason",
            models.CharField(
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
                    ("fault", "phần mềm không ghi được vào khoản thu"),
                ],
                max_length=15,
            ),
        ),
    ]
