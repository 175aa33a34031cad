"""People, what was said about them, and what hangs on them."""

import django.db.models.deletion
from django.db import migrations, models

import bakhong.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("code", models.CharField(blank=True, max_length=30)),
                ("address", models.CharField(blank=True, max_length=200)),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("file_name", models.CharField(max_length=200)),
                ("file_hash", models.CharField(max_length=64)),
                ("as_of", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                ("counts", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=80)),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("head", "Chủ hộ"),
                            ("spouse", "Vợ, chồng"),
                            ("child", "Con"),
                            ("parent", "Bố, mẹ"),
                            ("grandchild", "Cháu"),
                            ("sibling", "Anh, chị, em"),
                            ("other", "Quan hệ khác"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("name_key", models.CharField(max_length=120)),
                ("sort_key", models.CharField(max_length=500)),
                ("birth_year", models.SmallIntegerField(null=True)),
                ("birth_month", models.SmallIntegerField(null=True)),
                ("birth_day", models.SmallIntegerField(null=True)),
                (
                    "sex",
                    models.CharField(blank=True, choices=[("male", "Nam"), ("female", "Nữ")], max_length=6),
                ),
                ("national_id", models.BinaryField(null=True)),
                ("national_id_index", models.BinaryField(max_length=32, null=True)),
                (
                    "presence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("present", "Có mặt"),
                            ("away", "Đi nơi khác trong nước"),
                            ("abroad", "Ở nước ngoài"),
                            ("moved", "Đã chuyển đi"),
                            ("died", "Đã mất"),
                        ],
                        max_length=8,
                    ),
                ),
                ("whereabouts", models.CharField(blank=True, max_length=120)),
                ("address", models.CharField(blank=True, max_length=200)),
                (
                    "device",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Không dùng điện thoại"),
                            ("basic", "Điện thoại thường"),
                            ("smartphone", "Điện thoại thông minh"),
                        ],
                        max_length=10,
                    ),
                ),
                ("device_year", models.SmallIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("is_known", models.BooleanField(default=True)),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="people.household",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doubles",
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
        ),
        migrations.CreateModel(
            name="Organisation",
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
                            ("household_business", "Hộ kinh doanh"),
                            ("enterprise", "Doanh nghiệp"),
                            ("cooperative", "Hợp tác xã"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(max_length=200)),
                ("tax_code", models.CharField(blank=True, max_length=14)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("at", models.DateTimeField()),
                ("actor_id", models.CharField(max_length=80)),
                ("actor_label", models.CharField(max_length=120)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("record", "Mở hồ sơ"),
                            ("national_id", "Xem số định danh"),
                            ("phone", "Xem số điện thoại"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("duty", "Làm việc hằng ngày với danh sách"),
                            ("at_desk", "Người dân đang làm thủ tục"),
                            ("call", "Gọi cho người dân"),
                            ("check", "Đối chiếu, sửa thông tin"),
                            ("help", "Giúp cài đặt, kích hoạt"),
                            ("request", "Cơ quan có thẩm quyền yêu cầu"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="people.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("values", models.JSONField(default=dict)),
                ("national_id", models.BinaryField(null=True)),
                ("voids", models.JSONField(default=list)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("list", "Danh sách của xã"),
                            ("card", "Thẻ căn cước"),
                            ("resident", "Người dân nói"),
                            ("visit", "Đến tận nhà"),
                            ("officer", "Cán bộ ghi"),
                            ("register", "Cơ sở dữ liệu của Nhà nước"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source_detail", models.CharField(blank=True, max_length=200)),
                ("true_from", models.DateField(null=True)),
                ("learned_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("is_verified", models.BooleanField(default=False)),
                (
                    "retracts",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retractions",
                        to="people.fact",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="people.import",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("campaign", "Hướng dẫn cài đặt, kích hoạt dịch vụ số"),
                            ("reminder", "Nhắn tin, gọi điện nhắc việc"),
                            ("on_behalf", "Làm giúp trên điện thoại của người khác"),
                            ("prefill", "Điền sẵn giấy tờ từ dữ liệu đã có"),
                        ],
                        max_length=12,
                    ),
                ),
                ("given_on", models.DateField()),
                ("withdrawn_on", models.DateField(null=True)),
                ("evidence", models.CharField(max_length=200)),
                ("recorded_by", models.CharField(max_length=80)),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhoneNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("number", models.CharField(max_length=15)),
                (
                    "holder",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("self", "Của chính người này"),
                            ("relative", "Của người thân"),
                            ("other", "Của người khác"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=120)),
                ("is_current", models.BooleanField(default=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="phones", to="people.person"
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhoneSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("number", models.CharField(max_length=15)),
                ("is_smartphone", models.BooleanField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="people.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
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
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                (
                    "presence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("present", "Có mặt"),
                            ("away", "Đi nơi khác trong nước"),
                            ("abroad", "Ở nước ngoài"),
                            ("moved", "Đã chuyển đi"),
                            ("died", "Đã mất"),
                        ],
                        max_length=8,
                    ),
                ),
                ("whereabouts", models.CharField(blank=True, max_length=120)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="residences",
                        to="people.person",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["village", "code"], name="household_code"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["village", "sort_key"], name="person_list"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["national_id_index"], name="person_national_id"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["village", "birth_year"], name="person_birth"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_known", True), ("merged_into", None)),
                fields=("village", "national_id_index"),
                name="person_id_once_a_village",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("national_id", None), ("national_id_index", None)),
                    models.Q(("national_id__isnull", False), ("national_id_index__isnull", False)),
                    _connector="OR",
                ),
                name="person_id_with_index",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("birth_day", None), ("birth_month", None)),
                    models.Q(
                        ("birth_day", None), ("birth_month__range", (1, 12)), ("birth_year__isnull", False)
                    ),
                    models.Q(
                        ("birth_day__range", (1, 31)),
                        ("birth_month__range", (1, 12)),
                        ("birth_year__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="person_birth_parts",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="person_not_own_double",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="organisation_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("tax_code", ""), _negated=True), ("valid_to", None)),
                fields=("village", "tax_code"),
                name="organisation_tax_code_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("retracts", None), ("retracts__lt", models.F("id")), _connector="OR"),
                name="fact_retracts_earlier",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("values__has_key", "national_id"), _negated=True),
                name="fact_no_open_national_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on", None)),
                fields=("person", "purpose"),
                name="consent_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on", None), ("withdrawn_on__gte", models.F("given_on")), _connector="OR"
                ),
                name="consent_period",
            ),
        ),
        migrations.AddIndex(
            model_name="phonenumber",
            index=models.Index(fields=["number"], name="phone_number_number"),
        ),
        migrations.AddConstraint(
            model_name="phonenumber",
            constraint=models.UniqueConstraint(fields=("person", "number"), name="phone_number_once"),
        ),
        migrations.AddConstraint(
            model_name="phonesubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", None), ("organisation", None), _connector="OR"),
                name="subscription_one_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonesubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="subscription_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonesubscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("village", "number"),
                name="subscription_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="residence_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.UniqueConstraint(
                fields=("person", "valid_from"), name="residence_one_from_a_day", nulls_distinct=False
            ),
        ),
    ]
