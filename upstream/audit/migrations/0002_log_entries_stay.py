"""Changes of settings and people, once written down by auditlog, are neither changed nor removed by anybody."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("auditlog", "0017_add_actor_email")]

    operations = [
        migrations.RunSQL(
            [
                """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON auditlog_logentry
                FOR EACH ROW EXECUTE FUNCTION append_only()""",
                "REVOKE UPDATE, DELETE, TRUNCATE ON auditlog_logentry FROM upstream_app",
            ],
            [
                "DROP TRIGGER append_only ON auditlog_logentry",
                "GRANT UPDATE, DELETE ON auditlog_logentry TO upstream_app",
            ],
        ),
    ]
