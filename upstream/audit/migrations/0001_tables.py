import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [
        ("audit", "0001_initial"),
        ("audit", "0002_log_entries_stay"),
        ("audit", "0003_accesses_are_never_changed"),
        ("audit", "0004_accesses_know_their_address"),
        ("audit", "0005_account_events"),
    ]

    initial = True

    dependencies = [
        ("auditlog", "0017_add_actor_email"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="PHIAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("action", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=80)),
                ("records", models.IntegerField(default=1)),
                ("purpose", models.CharField(blank=True, max_length=80)),
                ("outcome", models.CharField(default="granted", max_length=10)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("link", models.BinaryField(max_length=32)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                ("address", models.CharField(db_default="", default="", max_length=45)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "number"), name="access_number_once")],
            },
        ),
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=80)),
                ("why", models.CharField(blank=True, max_length=80)),
                ("address", models.GenericIPAddressField(null=True)),
                ("device", models.CharField(blank=True, max_length=60)),
                ("device_key", models.CharField(blank=True, max_length=64)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="account_event_of_person")],
            },
        ),
        TenantWall("audit_phiaccess"),
        migrations.RunSQL(
            [
                """CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'this table is only added to'; END $$""",
                """CREATE TRIGGER append_only BEFORE DELETE ON audit_phiaccess
                FOR EACH ROW WHEN (coalesce(current_setting('app.retention', true), '') <> 'on')
                EXECUTE FUNCTION append_only()""",
                """CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit_phiaccess EXECUTE FUNCTION append_only()""",
                """CREATE TRIGGER never_changed BEFORE UPDATE ON audit_phiaccess
                FOR EACH ROW EXECUTE FUNCTION append_only()""",
                "REVOKE UPDATE, TRUNCATE ON audit_phiaccess FROM upstream_app",
                """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_accountevent
                FOR EACH ROW WHEN (coalesce(current_setting('app.retention', true), '') <> 'on')
                EXECUTE FUNCTION append_only()""",
                "REVOKE UPDATE, TRUNCATE ON audit_accountevent FROM upstream_app",
                # Changes of settings and people, once written down by auditlog, are neither changed nor removed.
                """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON auditlog_logentry
                FOR EACH ROW EXECUTE FUNCTION append_only()""",
                "REVOKE UPDATE, DELETE, TRUNCATE ON auditlog_logentry FROM upstream_app",
            ],
            [
                "DROP TRIGGER append_only ON auditlog_logentry",
                "GRANT UPDATE, DELETE ON auditlog_logentry TO upstream_app",
                "DROP FUNCTION append_only() CASCADE",
            ],
        ),
    ]
