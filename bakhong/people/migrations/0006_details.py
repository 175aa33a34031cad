"""What else is known of a person, behind the wall; and what a look was for.

Details are only added: their village follows the person, and erasure (an audited deed) may blank them.
"""

import django.db.models.deletion
from django.db import migrations, models

import bakhong.core.ids
from bakhong.people import walls

CREATE = """
CREATE FUNCTION people_detail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - 'village_id' = to_jsonb(NEW) - 'village_id' THEN
            RETURN NEW;
        END IF;
        IF coalesce(current_setting('app.erasing', true), '') = 'on' AND
           to_jsonb(OLD) - 'key' - 'value' - 'sealed' = to_jsonb(NEW) - 'key' - 'value' - 'sealed' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Details are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER people_append_only BEFORE UPDATE OR DELETE ON people_detail
    FOR EACH ROW EXECUTE FUNCTION people_detail_refuse();
"""
DROP = """
DROP TRIGGER people_append_only ON people_detail;
DROP FUNCTION people_detail_refuse();
"""
# A resident's connection reads what is known of this one person (and of their doubles), and writes none of it.
READ_OWN = """
CREATE POLICY people_self ON people_detail FOR SELECT USING (
    person_id = (SELECT nullif(current_setting('app.person', true), ''))::bigint
    OR person_id IN (SELECT id FROM people_person
                     WHERE merged_into_id = (SELECT nullif(current_setting('app.person', true), ''))::bigint)
);
"""
DROP_READ_OWN = "DROP POLICY people_self ON people_detail;"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_adoption_guards"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="look",
            name="about",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="look",
            name="about_kind",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name="look",
            name="what",
            field=models.CharField(
                choices=[
                    ("record", "Mở hồ sơ"),
                    ("national_id", "Xem số định danh"),
                    ("phone", "Xem số điện thoại"),
                    ("known", "Dùng thông tin đã có"),
                    ("register", "Tra cứu cơ sở dữ liệu của Nhà nước"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Detail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=bakhong.core.ids.new_uuid, unique=True)),
                ("key", models.CharField(max_length=40)),
                ("value", models.JSONField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                ("true_on", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("result", "Kết quả giải quyết thủ tục"),
                            ("register", "Cơ sở dữ liệu của Nhà nước"),
                            ("resident", "Người dân nói"),
                            ("card", "Thẻ căn cước"),
                            ("officer", "Cán bộ ghi"),
                        ],
                        max_length=10,
                    ),
                ),
                ("origin_kind", models.CharField(blank=True, max_length=20)),
                ("origin", models.UUIDField(null=True)),
                ("learned_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("client_key", models.UUIDField(null=True, unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="details",
                        to="people.person",
                    ),
                ),
                (
                    "retracts",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retractions",
                        to="people.detail",
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
                    models.Index(fields=["person", "key"], name="detail_of_person"),
                    models.Index(fields=["origin"], name="detail_origin"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retracts", None), ("retracts__lt", models.F("id")), _connector="OR"
                        ),
                        name="detail_retracts_earlier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("sealed", None), _connector="OR"),
                        name="detail_one_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("true_on")), _connector="OR"
                        ),
                        name="detail_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", None), ("origin_kind", "")),
                            models.Q(models.Q(("origin_kind", ""), _negated=True), ("origin__isnull", False)),
                            _connector="OR",
                        ),
                        name="detail_origin_pair",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunSQL(
            walls.enable("people_detail") + READ_OWN, DROP_READ_OWN + walls.disable("people_detail")
        ),
    ]
