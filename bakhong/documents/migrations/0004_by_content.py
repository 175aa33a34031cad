"""A paper of ours is found by its content: whoever has the content may know that it is ours, and whether it still holds."""

from django.db import migrations

BY_CONTENT = """
CREATE POLICY by_content ON documents_file FOR SELECT
    USING (verify_code <> '' AND sha256 = (SELECT nullif(current_setting('app.verify_content', true), '')));
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_content_index")]

    operations = [migrations.RunSQL(BY_CONTENT, "DROP POLICY by_content ON documents_file;")]
