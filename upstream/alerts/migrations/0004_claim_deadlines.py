from django.db import migrations, models

OUTCOMES = [
    ("payer_change", "The payer changed"),
    ("our_process", "Our own process"),
    ("data_fault", "A data fault"),
    ("noise", "Noise"),
    ("returned", "Returned to usual"),
]


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_clocks")]
    operations = [
        migrations.AddField("incidentclaim", "due", models.DateField(null=True)),
        migrations.AddField("incidentclaim", "internal_due", models.DateField(null=True)),
        migrations.AddField("incidentclaim", "due_source", models.CharField(blank=True, default="", max_length=80), preserve_default=False),
        migrations.AlterField("incident", "outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=12)),
        migrations.AlterField("transition", "outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=12)),
    ]
