import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantTie

# Each practice that had a schedule or a report had the weekly one, mailed to those who may make reports. The wall of a
# table lets its owner see rows only while it is not forced.
TABLES = ("reports_definition", "reports_schedule", "reports_reportrun", "tenants_organization")
OPEN = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in TABLES]
SHUT = [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES]
WRITE = [
    """
    INSERT INTO reports_definition (tenant_id, public_id, kind, title, subject, paper, formats, roles, people, attach,
        standard, made_by, made_at, version)
    SELECT tenant_id, gen_random_uuid(), kind, 'Weekly report', '', '', '["pdf", "xlsx"]', '["owner", "manager"]', '[]',
        true, true, 'migration', now(), 1
    FROM (SELECT tenant_id, kind FROM reports_schedule UNION SELECT tenant_id, kind FROM reports_reportrun) had
    """,
    """
    UPDATE reports_schedule s SET definition_id = d.id, cron = '0 ' || s.hour || ' * * ' || (s.weekday + 1) % 7,
        zone = o.time_zone, since = '2020-01-01 00:00:00+00'
    FROM reports_definition d, tenants_organization o
    WHERE d.tenant_id = s.tenant_id AND d.kind = s.kind AND o.id = s.tenant_id
    """,
    # A practice without a schedule would have been given the usual one.
    """
    INSERT INTO reports_schedule (tenant_id, kind, weekday, hour, active, definition_id, cron, zone, "only", since)
    SELECT d.tenant_id, d.kind, 0, 7, true, d.id, '0 7 * * 1', o.time_zone, '', '2020-01-01 00:00:00+00'
    FROM reports_definition d JOIN tenants_organization o ON o.id = d.tenant_id
    WHERE NOT EXISTS (SELECT FROM reports_schedule s WHERE s.tenant_id = d.tenant_id)
    """,
    """
    UPDATE reports_reportrun r SET definition_id = d.id, not_before = r.requested_at
    FROM reports_definition d WHERE d.tenant_id = r.tenant_id AND d.kind = r.kind
    """,
    # What was asked for already is not asked for again: an unfinished catching up is one of the latest moment alone.
    """
    UPDATE reports_schedule s SET taken = r.newest
    FROM (SELECT tenant_id, definition_id, max(requested_at) AS newest FROM reports_reportrun
          WHERE requested_by = 'schedule' GROUP BY 1, 2) r
    WHERE r.tenant_id = s.tenant_id AND r.definition_id = s.definition_id
    """,
]


def key(related_name, **kwargs):
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to="reports.definition", **kwargs)


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_definitions"), ("tenants", "0001_initial")]
    operations = [
        migrations.AddField("schedule", "definition", key("schedules", null=True)),
        migrations.AddField("schedule", "cron", models.CharField(max_length=60, default=""), preserve_default=False),
        migrations.AddField("schedule", "zone", models.CharField(max_length=64, default=""), preserve_default=False),
        migrations.AddField("schedule", "only", models.CharField(blank=True, choices=[("", "All of them"), ("each", "Those on which the office works"), ("first", "The first of the month on which the office works"), ("last", "The last of the month on which the office works")], default="", max_length=5)),
        migrations.AddField("schedule", "since", models.DateTimeField(null=True)),
        migrations.AddField("schedule", "taken", models.DateTimeField(null=True)),
        migrations.AddField("reportrun", "definition", key("runs", null=True)),
        migrations.AddField("reportrun", "moment", models.DateTimeField(null=True)),
        migrations.AddField("reportrun", "step", models.CharField(blank=True, choices=[("", "Waiting for its turn"), ("reading", "Reading the figures"), ("drawing", "Drawing the pages and sheets"), ("storing", "Storing the files")], default="", max_length=8)),
        migrations.AddField("reportrun", "not_before", models.DateTimeField(null=True)),
        migrations.AddField("reportrun", "said", models.JSONField(default=dict)),
        migrations.AddField("reportrun", "skipped", models.JSONField(default=list)),
        migrations.AlterField("reportrun", "kind", models.CharField(max_length=24)),
        migrations.AlterField("reportrun", "state", models.CharField(choices=[("due", "Waiting"), ("rendering", "Being made"), ("rendered", "Ready"), ("failed", "Failed"), ("cancelled", "Cancelled")], default="due", max_length=9)),
        migrations.RunSQL(OPEN, SHUT),
        migrations.RunSQL(WRITE, migrations.RunSQL.noop),
        migrations.RunSQL(SHUT, OPEN),
        migrations.RemoveConstraint("schedule", "schedule_once"),
        migrations.RemoveConstraint("reportrun", "report_once"),
        migrations.RemoveField("schedule", "kind"),
        migrations.RemoveField("schedule", "weekday"),
        migrations.RemoveField("schedule", "hour"),
        migrations.AlterField("schedule", "definition", key("schedules")),
        migrations.AlterField("schedule", "since", models.DateTimeField()),
        migrations.AlterField("reportrun", "definition", key("runs")),
        migrations.AlterField("reportrun", "not_before", models.DateTimeField()),
        migrations.AddConstraint("schedule", models.UniqueConstraint(fields=("tenant", "definition"), name="one_schedule")),
        migrations.AddConstraint("reportrun", models.UniqueConstraint(fields=("tenant", "definition", "as_of"), name="report_once")),
        migrations.AddIndex("reportrun", models.Index(fields=["tenant", "as_of"], name="report_by_day")),
        TenantTie("reports_schedule", "definition_id", "reports_definition"),
        TenantTie("reports_reportrun", "definition_id", "reports_definition"),
    ]
