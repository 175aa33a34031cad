"""Whoever keeps a register is asked to bring it up to date: a row of its own, from asked to answered; and what a look-up told."""

import django.db.models.deletion
from django.db import migrations, models

import bakhong.core.ids

ANSWERS = [
    ("updated", "Đã cập nhật"),
    ("absent", "Không có trong sổ"),
    ("other", "Trả lời khác"),
]
LOOKED_UP = [
    ("found", "đã tra, có"),
    ("not_found", "đã tra, không thấy"),
    ("silent", "nơi giữ dữ liệu chưa trả lời"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0023_form_and_days"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="UpdateRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("dossier_uuid", models.UUIDField()),
                ("paper", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("register", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("by_label", models.CharField(blank=True, max_length=120)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=80)),
                ("sent_at", models.DateTimeField(null=True)),
                ("sent_by", models.CharField(blank=True, max_length=80)),
                ("sent_as", models.CharField(blank=True, max_length=120)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                ("answer", models.CharField(blank=True, choices=ANSWERS, max_length=10)),
                ("answer_words", models.CharField(blank=True, max_length=300)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    models.Index(
                        condition=models.Q(("answered_at", None), ("withdrawn_at", None)),
                        fields=["village", "at"],
                        name="update_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None), ("withdrawn_at", None)),
                        fields=("dossier", "paper"),
                        name="update_asked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="update_with_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_as", ""), ("sent_at", None)),
                            models.Q(
                                models.Q(("sent_at", None), _negated=True),
                                models.Q(("sent_as", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="update_sent_somehow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("withdrawn_at", None), _connector="OR"),
                        name="update_sent_or_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answer_words", ""), ("answered_at", None)),
                            models.Q(
                                models.Q(("answered_at", None), _negated=True),
                                models.Q(("sent_at", None), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="update_answered_after_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "other"), _negated=True),
                            models.Q(("answer_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="update_other_in_words",
                    ),
                ],
            },
        ),
        migrations.AddField(
            "papercheck",
            "looked_up",
            models.CharField(blank=True, choices=LOOKED_UP, default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField("papercheck", "looked_up_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "papercheck",
            "looked_up_by",
            models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("papercheck", "paper_not_found_told"),
        migrations.AddConstraint(
            "papercheck",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "not_found"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="paper_not_found_with_reason",
            ),
        ),
        migrations.AddConstraint(
            "papercheck",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("looked_up", ""), ("looked_up_at", None)),
                    models.Q(
                        models.Q(("looked_up", ""), _negated=True),
                        models.Q(("looked_up_at", None), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="paper_looked_up_with_moment",
            ),
        ),
    ]
