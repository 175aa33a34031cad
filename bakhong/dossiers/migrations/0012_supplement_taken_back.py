"""A supplement that was asked for by mistake says so, written once together with its end."""

from django.db import migrations, models

KEEP = """
DROP TRIGGER dossiers_keep ON dossiers_supplement;
CREATE TRIGGER dossiers_keep BEFORE UPDATE OR DELETE ON dossiers_supplement
    FOR EACH ROW EXECUTE FUNCTION dossiers_keep('answered_at', 'answers', 'is_taken_back');
"""
UNDO = """
DROP TRIGGER dossiers_keep ON dossiers_supplement;
CREATE TRIGGER dossiers_keep BEFORE UPDATE OR DELETE ON dossiers_supplement
    FOR EACH ROW EXECUTE FUNCTION dossiers_keep('answered_at', 'answers');
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0011_more_events")]

    operations = [
        migrations.AddField("supplement", "is_taken_back", models.BooleanField(default=False)),
        migrations.RunSQL(KEEP, UNDO),
    ]
