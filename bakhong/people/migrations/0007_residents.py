"""What residents do about themselves: mandates, and what they asked to have corrected."""

import django.db.models.deletion
from django.db import migrations, models

import bakhong.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_details"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("key", models.CharField(max_length=40)),
                ("said", models.BinaryField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("about_kind", models.CharField(blank=True, max_length=20)),
                ("about", models.UUIDField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Đã gửi, chờ xã xác nhận đã nhận"),
                            ("acknowledged", "Xã đã nhận, đang kiểm tra"),
                            ("accepted", "Đã sửa"),
                            ("refused", "Không sửa, có lý do"),
                            ("withdrawn", "Bạn đã rút yêu cầu"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_label", models.CharField(blank=True, max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("acknowledge_by", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.CharField(blank=True, max_length=80)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("client_key", models.UUIDField(null=True, unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction_requests",
                        to="people.person",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["village", "state", "acknowledge_by"], name="correction_clock")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("about", None), ("about_kind", "")),
                            models.Q(("about__isnull", False), models.Q(("about_kind", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="correction_about_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at", None), ("state__in", ("asked", "acknowledged", "withdrawn"))
                            ),
                            models.Q(("answered_at__isnull", False), ("state__in", ("accepted", "refused"))),
                            _connector="OR",
                        ),
                        name="correction_answered",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("asked", "acknowledged"))),
                        fields=("person", "key"),
                        name="correction_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("agent_name", models.CharField(blank=True, max_length=120)),
                ("agent_index", models.BinaryField(max_length=32, null=True)),
                ("relation", models.CharField(blank=True, max_length=60)),
                (
                    "scope",
                    models.CharField(
                        choices=[("all", "Mọi thủ tục"), ("procedures", "Chỉ những thủ tục đã chọn")],
                        max_length=10,
                    ),
                ),
                ("procedures", models.JSONField(default=list)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("online", "Người uỷ quyền tự cho trên cổng, đã đăng nhập"),
                            ("desk", "Người uỷ quyền đến bộ phận một cửa"),
                            ("paper", "Có văn bản uỷ quyền được chứng thực"),
                            ("guardian", "Cha, mẹ, người giám hộ theo pháp luật"),
                        ],
                        max_length=10,
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=200)),
                ("given_at", models.DateTimeField()),
                ("given_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("client_key", models.UUIDField(null=True, unique=True)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates_held",
                        to="people.person",
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="people.person",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent_index"], name="mandate_agent")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))), name="mandate_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agent", models.F("principal")), _negated=True),
                        name="mandate_to_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="mandate_end_pair",
                    ),
                ],
            },
        ),
    ]
