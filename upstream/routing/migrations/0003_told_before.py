"""Of incidents that opened and closed before this app was there, people were told already: nothing is said again.

The wall of a table lets its owner see rows only while it is not forced.
"""

from django.db import migrations

TABLES = ("alerts_incident", "alerts_opening", "alerts_transition", "routing_decision")
OPEN = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in TABLES]
SHUT = [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES]
WRITE = [
    """
    INSERT INTO routing_decision (tenant_id, incident_id, opening_id, verdict, why, rules, severity, seen, at)
    SELECT o.tenant_id, o.incident_id, o.id, CASE WHEN kept THEN 'kept' ELSE 'told' END, '', '[]', i.severity,
        left(i.severity || '/' || i.strength || '/' || coalesce(i.finding ->> 'innocent', ''), 80), i.opened_at
    FROM alerts_opening o JOIN alerts_incident i ON i.tenant_id = o.tenant_id AND i.id = o.incident_id, LATERAL (SELECT i.severity = 'low' OR i.strength = 'watch' OR i.direction = 'improve'
            OR coalesce(i.finding ->> 'innocent', '') <> '' AS kept) k
    """,
    """
    INSERT INTO routing_decision (tenant_id, incident_id, transition_id, verdict, why, rules, severity, seen, at)
    SELECT t.tenant_id, t.incident_id, t.id, CASE WHEN kept THEN 'kept' ELSE 'told' END, '', '[]', i.severity, '', t.at
    FROM alerts_transition t JOIN alerts_incident i ON i.tenant_id = t.tenant_id AND i.id = t.incident_id, LATERAL (SELECT i.severity = 'low' OR i.strength = 'watch' OR i.direction = 'improve'
            OR coalesce(i.finding ->> 'innocent', '') <> '' AS kept) k
    WHERE t.to_state IN ('resolved', 'false') AND t.from_state NOT IN ('resolved', 'false') AND t.undoes_id IS NULL
    """,
]


class Migration(migrations.Migration):
    dependencies = [("routing", "0002_quiet_and_rules")]
    operations = [
        migrations.RunSQL(OPEN, SHUT),
        migrations.RunSQL(WRITE, migrations.RunSQL.noop),
        migrations.RunSQL(SHUT, OPEN),
    ]
