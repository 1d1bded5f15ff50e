"""Steps say what they changed, and incidents from when on they come back."""

from django.db import migrations, models

KINDS = [('opened', 'Opened'), ('moved', 'Moved'), ('assigned', 'Assigned'), ('commented', 'Commented'), ('snoozed', 'Snoozed'), ('woken', 'Woken'), ('merged', 'Merged'), ('split', 'Split'), ('undone', 'Taken back')]


class Migration(migrations.Migration):
    dependencies = [("alerts", "0012_every_type_has_clocks")]
    operations = [
        migrations.AddField("incident", "version", models.IntegerField(default=1)),
        migrations.AddField("incident", "snoozed_until", models.DateField(null=True)),
        migrations.AddField("incident", "snooze_money_cents", models.BigIntegerField(null=True)),
        migrations.AddField("incident", "snooze_rate", models.FloatField(null=True)),
        migrations.AddField("incident", "return_by", models.DateField(null=True, help_text="By when the rate of a monitored one should be as usual.")),
        migrations.AddField("incident", "mark_rate", models.FloatField(null=True)),
        migrations.AddField("incident", "mark_annual_cents", models.BigIntegerField(null=True)),
        migrations.AddField("incident", "said_recovered_cents", models.BigIntegerField(null=True, help_text="What a person said came back; no evidence.")),
        migrations.AddField("transition", "kind", models.CharField(choices=KINDS, default="moved", max_length=10)),
        migrations.AddField("transition", "version", models.IntegerField(default=1)),
        migrations.AddField("transition", "changes", models.JSONField(default=dict)),
        migrations.AddField("transition", "bulk", models.UUIDField(null=True)),
        migrations.AddIndex(
            "transition",
            models.Index(fields=["tenant", "bulk"], condition=models.Q(bulk__isnull=False), name="transition_by_bulk"),
        ),
    ]
