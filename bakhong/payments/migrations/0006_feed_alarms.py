"""What is odd about a feed stands until somebody has seen it; seen by who works for the biller."""

import django.db.models.deletion
from django.db import migrations, models

import bakhong.core.ids

# As in 0003: whoever works for the biller, the webhook's own connection, and workers.
MAY = (
    "(SELECT current_setting('app.nationwide', true)) = 'on'"
    " OR biller_id = ANY ((SELECT nullif(current_setting('app.billers', true), ''))::bigint[])"
)
WALL = f"""
ALTER TABLE payments_feedalarm ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments_feedalarm FORCE ROW LEVEL SECURITY;
CREATE POLICY whose_money ON payments_feedalarm USING ({MAY}) WITH CHECK ({MAY});
"""
DROP = """
DROP POLICY whose_money ON payments_feedalarm;
ALTER TABLE payments_feedalarm NO FORCE ROW LEVEL SECURITY;
ALTER TABLE payments_feedalarm DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0007_stalls"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("forged", "có thông báo giả gửi đến, đã từ chối"),
                            ("other_body", "một thông báo đến hai lần với nội dung khác nhau"),
                            ("unreadable", "có thông báo không đọc được"),
                            ("gap", "thiếu dòng tiền: số dư không nối tiếp nhau"),
                            ("unconfirmed", "có dòng tiền được báo mà sao kê không có"),
                            ("silent", "không hỏi được nơi cung cấp tin của ngân hàng"),
                        ],
                        max_length=12,
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=1)),
                ("detail", models.CharField(blank=True, max_length=80)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("seen_by", models.CharField(blank=True, max_length=80)),
                ("seen_by_label", models.CharField(blank=True, max_length=120)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="payments.bankaccount",
                    ),
                ),
                (
                    "biller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.biller"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at", None)),
                        fields=["biller", "id"],
                        name="feed_alarm_unseen",
                    ),
                    models.Index(
                        condition=models.Q(("told_at", None)), fields=["id"], name="feed_alarm_untold"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "kind", "hour"), name="feed_alarm_once_an_hour"
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, DROP),
    ]
