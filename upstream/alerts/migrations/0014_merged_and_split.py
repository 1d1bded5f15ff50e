"""Incidents are merged and split by hand: where claims stand, and whose cause they were measured with."""

import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantTie

OUTCOMES = [('payer_change', 'The payer changed'), ('our_process', 'Our own process'), ('data_fault', 'A data fault'), ('noise', 'Noise'), ('returned', 'Returned to usual'), ('merged', 'Part of another incident')]
AXES = [("procedure", "Procedure"), ("reason", "Reason"), ("location", "Location")]


class Migration(migrations.Migration):
    dependencies = [("alerts", "0013_life_of_incidents")]
    operations = [
        migrations.AddField("incident", "merged_into", models.ForeignKey("alerts.incident", null=True, db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="parts")),
        migrations.AddField("incident", "split_from", models.ForeignKey("alerts.incident", null=True, db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="split_off")),
        migrations.AddField("incident", "split_axis", models.CharField(blank=True, choices=AXES, max_length=10)),
        migrations.AddField("incident", "split_key", models.CharField(blank=True, max_length=200)),
        migrations.AddField("incidentclaim", "source", models.ForeignKey("alerts.incident", null=True, db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+")),
        migrations.AlterField("incident", "outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=12)),
        migrations.AlterField("transition", "outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=12)),
        migrations.AddIndex(
            "incidentclaim",
            models.Index(fields=["tenant", "source"], condition=models.Q(source__isnull=False), name="member_by_source"),
        ),
        TenantTie("alerts_incident", "merged_into_id", "alerts_incident"),
        TenantTie("alerts_incident", "split_from_id", "alerts_incident"),
        TenantTie("alerts_incidentclaim", "source_id", "alerts_incident"),
    ]
