"""The retention switch lets old entries of the access log be removed; it must not let one be changed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_log_entries_stay")]

    operations = [
        migrations.RunSQL(
            [
                "DROP TRIGGER append_only ON audit_phiaccess",
                """CREATE TRIGGER append_only BEFORE DELETE ON audit_phiaccess
                FOR EACH ROW WHEN (coalesce(current_setting('app.retention', true), '') <> 'on')
                EXECUTE FUNCTION append_only()""",
                """CREATE TRIGGER never_changed BEFORE UPDATE ON audit_phiaccess
                FOR EACH ROW EXECUTE FUNCTION append_only()""",
            ],
            [
                "DROP TRIGGER never_changed ON audit_phiaccess",
                "DROP TRIGGER append_only ON audit_phiaccess",
                """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_phiaccess
                FOR EACH ROW WHEN (coalesce(current_setting('app.retention', true), '') <> 'on')
                EXECUTE FUNCTION append_only()""",
            ],
        ),
    ]
