from datetime import date

from django.db import migrations, models

UNKNOWN = "payer type unknown: check contract"
LISTS = "usual in public lists: check contract"
RULES = "Medicare rules"
# Payer type, appeal, corrected claim, source, confidence; records asked for are due after 30 days everywhere.
DAYS = (
    ("unknown", 60, 90, UNKNOWN, "low"),
    ("medicare_ffs", 120, 365, RULES, "high"),
    ("medicare_advantage", 60, 180, LISTS, "low"),
    ("medicare_advantage_other", 60, 365, LISTS, "medium"),
    ("medicaid_ffs", 30, 95, LISTS, "low"),
    ("medicaid_mco", 60, 120, LISTS, "low"),
    ("commercial", 180, 90, LISTS, "low"),
    ("self_funded", 180, 90, LISTS, "medium"),
    ("marketplace", 180, 90, LISTS, "medium"),
    ("tricare", 90, 365, LISTS, "medium"),
)
FROM = date(2024, 1, 1)


def load(apps, schema_editor):
    clock = apps.get_model("alerts", "Clock")
    rows = []
    for payer_type, appeal, refile, source, confidence in DAYS:
        document = source if payer_type == "unknown" else LISTS
        for action, days, said in (("appeal", appeal, source), ("refile", refile, source), ("document", 30, document)):
            rows.append(clock(payer_type=payer_type, action=action, days=days, source=said, confidence=confidence, valid_from=FROM))
    clock.objects.using(schema_editor.connection.alias).bulk_create(rows)


def unload(apps, schema_editor):
    apps.get_model("alerts", "Clock").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_owner_steps")]
    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payer_type", models.CharField(max_length=24)),
                ("action", models.CharField(choices=[("appeal", "Appeal"), ("refile", "Corrected claim"), ("document", "Records asked for")], max_length=10)),
                ("days", models.SmallIntegerField()),
                ("source", models.CharField(max_length=80)),
                ("confidence", models.CharField(max_length=8)),
                ("valid_from", models.DateField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("payer_type", "action", "valid_from"), name="clock_once")],
            },
        ),
        migrations.RunPython(load, unload),
    ]
