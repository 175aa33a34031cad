"""An answer may come from another system in which the dossier was filed."""

from django.db import migrations, models

ORIGINS = [
    ("typed", "Tự khai"),
    ("register", "Cơ sở dữ liệu của Nhà nước"),
    ("roll", "Danh sách của xã"),
    ("result", "Kết quả hồ sơ trước"),
    ("card", "Thẻ căn cước"),
    ("e_identity", "Định danh điện tử"),
    ("portal", "Nơi đã nộp hồ sơ"),
]


class Migration(migrations.Migration):
    dependencies = [("eforms", "0005_draft_procedure")]

    operations = [
        migrations.AlterField("answer", "origin", models.CharField(choices=ORIGINS, max_length=10)),
        migrations.AlterField(
            "answer", "offered_origin", models.CharField(blank=True, choices=ORIGINS, max_length=10)
        ),
        migrations.RemoveConstraint("answer", "answer_origin"),
        migrations.AddConstraint(
            "answer",
            models.CheckConstraint(
                condition=models.Q(("origin__in", [code for code, _words in ORIGINS])), name="answer_origin"
            ),
        ),
    ]
