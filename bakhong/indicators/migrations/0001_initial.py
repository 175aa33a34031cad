import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import bakhong.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("client_key", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("scope", models.CharField(blank=True, max_length=120)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("value", "kết quả"),
                            ("before", "mức trước khi thực hiện"),
                            ("remaining", "số còn lại"),
                        ],
                        default="value",
                        max_length=10,
                    ),
                ),
                ("indicator", models.CharField(max_length=60)),
                ("definition_version", models.PositiveSmallIntegerField()),
                ("stage", models.CharField(blank=True, max_length=20)),
                ("population", models.CharField(blank=True, max_length=60)),
                ("population_text", models.CharField(blank=True, max_length=200)),
                ("counted_from", models.DateField(null=True)),
                ("counted_to", models.DateField(null=True)),
                ("published_on", models.DateField(null=True)),
                (
                    "effective_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            "counted_to", "published_on"
                        ),
                        output_field=models.DateField(null=True),
                    ),
                ),
                ("numerator", models.BigIntegerField(null=True)),
                ("denominator", models.BigIntegerField(null=True)),
                ("percent", models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ("percent_places", models.PositiveSmallIntegerField(default=0)),
                (
                    "qualifier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("about", "khoảng"),
                            ("at_least", "ít nhất"),
                            ("more_than", "hơn"),
                            ("less_than", "gần"),
                        ],
                        max_length=10,
                    ),
                ),
                ("excerpt", models.TextField(blank=True)),
                ("start", models.PositiveIntegerField(null=True)),
                ("end", models.PositiveIntegerField(null=True)),
                ("note", models.TextField(blank=True)),
                ("entered_by", models.CharField(max_length=80)),
                ("entered_at", models.DateTimeField()),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="indicators.figure",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("client_key", models.UUIDField(unique=True)),
                ("indicator", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "mới giao"),
                            ("started", "đang làm"),
                            ("done", "đã xong"),
                            ("cancelled", "đã huỷ"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("created_by", models.CharField(max_length=80)),
                ("created_by_label", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                (
                    "assigned_to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followups",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followups",
                        to="places.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FollowUpEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "mới giao"),
                            ("started", "đang làm"),
                            ("done", "đã xong"),
                            ("cancelled", "đã huỷ"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("by", models.CharField(max_length=80)),
                ("by_label", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "followup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="indicators.followup",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("client_key", models.UUIDField(unique=True)),
                ("title", models.CharField(max_length=300)),
                (
                    "medium",
                    models.CharField(
                        choices=[
                            ("text", "văn bản dán vào"),
                            ("file", "tệp tải lên"),
                            ("grid", "bảng nhập"),
                            ("period", "báo cáo kỳ"),
                            ("dataset", "bộ số liệu"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField(blank=True)),
                ("text_sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("signature", models.JSONField(null=True)),
                ("reported_on", models.DateField(null=True)),
                ("published_on", models.DateField(null=True)),
                ("entered_by", models.CharField(max_length=80)),
                ("entered_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("code", models.CharField(max_length=40)),
                ("severity", models.CharField(max_length=10)),
                ("expected", models.CharField(blank=True, max_length=60)),
                ("found", models.CharField(blank=True, max_length=60)),
                ("message", models.TextField()),
                ("message_en", models.TextField()),
                ("repairs", models.JSONField(default=list)),
                ("found_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("figures", models.ManyToManyField(related_name="findings", to="indicators.figure")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="places.unit"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="indicators.report",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="figure",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="indicators.report"
            ),
        ),
        migrations.CreateModel(
            name="ReportingPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "indicators",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), size=None
                    ),
                ),
                ("opened_by", models.CharField(max_length=80)),
                ("opened_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Retraction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "figure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retraction",
                        to="indicators.figure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "đang soạn"),
                            ("submitted", "đã trình lãnh đạo"),
                            ("approved", "đã duyệt, đã khoá và gửi tỉnh"),
                            ("accepted", "tỉnh đã nhận"),
                            ("sent_back", "tỉnh trả lại"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("cells", models.JSONField(default=dict)),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="indicators.reportingperiod",
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submission",
                        to="indicators.report",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="places.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SubmissionEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "đang soạn"),
                            ("submitted", "đã trình lãnh đạo"),
                            ("approved", "đã duyệt, đã khoá và gửi tỉnh"),
                            ("accepted", "tỉnh đã nhận"),
                            ("sent_back", "tỉnh trả lại"),
                        ],
                        max_length=10,
                    ),
                ),
                ("deed", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("by", models.CharField(max_length=80)),
                ("by_label", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="indicators.submission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("client_key", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("indicator", models.CharField(max_length=60)),
                ("definition_version", models.PositiveSmallIntegerField()),
                ("stage", models.CharField(blank=True, max_length=20)),
                ("population", models.CharField(blank=True, max_length=60)),
                ("population_text", models.CharField(blank=True, max_length=200)),
                ("percent", models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ("value", models.BigIntegerField(null=True)),
                ("by_date", models.DateField()),
                ("decision", models.CharField(blank=True, max_length=200)),
                ("excerpt", models.TextField(blank=True)),
                ("start", models.PositiveIntegerField(null=True)),
                ("end", models.PositiveIntegerField(null=True)),
                ("entered_by", models.CharField(max_length=80)),
                ("entered_at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="indicators.report",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="targets", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FindingAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("corrected", "đã sửa số liệu"),
                            ("as_printed", "nguồn in đúng như vậy, giữ nguyên"),
                            ("explained", "có lý do, xem giải thích"),
                            ("false_alarm", "cảnh báo không đúng"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="indicators.finding",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("finding",),
                        name="finding_one_standing_answer",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["assigned_to", "state", "due_on"], name="followup_assignee"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["unit", "-entered_at"], name="report_unit_entered"),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["unit", "severity"], name="finding_unit_severity"),
        ),
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(fields=["unit", "indicator", "effective_on"], name="figure_unit_indicator"),
        ),
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(fields=["indicator", "effective_on"], name="figure_indicator_day"),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(("numerator__isnull", False), ("percent__isnull", False), _connector="OR"),
                name="figure_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(("denominator", None), ("numerator__isnull", False), _connector="OR"),
                name="figure_denominator_has_numerator",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(("numerator__gte", 0), ("numerator", None), _connector="OR"),
                name="figure_numerator_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(("denominator__gt", 0), ("denominator", None), _connector="OR"),
                name="figure_denominator_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted_from", None), ("counted_to", None)),
                    models.Q(
                        ("counted_from__isnull", False),
                        ("counted_to__gte", models.F("counted_from")),
                        ("counted_to__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="figure_counted_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end", None), ("start", None)),
                    models.Q(
                        ("end__gt", models.F("start")), ("end__isnull", False), ("start__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="figure_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportingperiod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("owner", "name"), name="period_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportingperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="period_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("period", "unit"), name="submission_once"),
        ),
        migrations.AddIndex(
            model_name="target",
            index=models.Index(fields=["unit", "indicator", "by_date"], name="target_unit_indicator"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__isnull", False), ("value__isnull", False), _connector="OR"),
                name="target_says_something",
            ),
        ),
    ]
