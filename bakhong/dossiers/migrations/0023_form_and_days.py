"""The form of a dossier that was filed elsewhere is filled in here; days off said later are applied to dossiers in hand."""

from importlib import import_module

from django.db import migrations, models

BEFORE = import_module("bakhong.dossiers.migrations.0011_more_events")
SAME = {
    "fill_form": ("submitted", "received", "in_progress", "supplement", "duty"),
    "apply_days": ("received", "in_progress", "approved"),
}
LEGAL = BEFORE.LEGAL + "".join(
    f",\n        ('{event}', '{state}', ARRAY['{state}'])"
    for event, states in SAME.items()
    for state in states
)
EVENT_KINDS = [
    *BEFORE.EVENT_KINDS,
    ("fill_form", "làm tờ khai cho hồ sơ nộp ở nơi khác"),
    ("apply_days", "áp ngày nghỉ mới"),
]


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0017_heard_from_elsewhere")]

    operations = [
        migrations.AlterField("event", "kind", models.CharField(choices=EVENT_KINDS, max_length=24)),
        migrations.RunSQL(BEFORE.happen(LEGAL), BEFORE.happen(BEFORE.LEGAL)),
    ]
