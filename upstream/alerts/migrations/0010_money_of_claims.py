"""Each claim's part of what its incident has cost, what of that usually comes back, and whether it did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0009_replays")]
    operations = [
        migrations.AddField(
            "incidentclaim",
            "lost_cents",
            models.BigIntegerField(default=0, help_text="Its part of what the incident has cost so far."),
        ),
        migrations.AddField(
            "incidentclaim",
            "recoverable_cents",
            models.BigIntegerField(default=0, help_text="What of that usually comes back in time."),
        ),
        migrations.AddField(
            "incidentclaim", "paid_on", models.DateField(help_text="When it was known to be paid after all.", null=True)
        ),
    ]
