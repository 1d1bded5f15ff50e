from datetime import date

import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall

ACTIONS = [("appeal", "Appeal"), ("refile", "Corrected claim"), ("document", "Records asked for"), ("filing", "First filing"), ("payment", "Payment"), ("dispute", "Dispute of an amount")]
UNKNOWN = "payer type unknown: check contract"
LISTS = "usual in public lists: check contract"
RULES = "federal rules"
# Payer type, first filing from the service, payment of a clean claim, source, confidence. Where the state, the plan or
# the host plan decides, nothing stands here: the shortest usual window of "unknown" holds, and says so.
DAYS = (
    ("unknown", 90, None, UNKNOWN, "low"),
    ("medicare_ffs", 365, 30, RULES, "high"),
    ("medicare_advantage", 180, 30, LISTS, "low"),
    ("medicare_advantage_other", 365, 30, RULES, "medium"),
    ("medicaid_ffs", 365, 30, RULES, "low"),
    ("medicaid_mco", 120, None, LISTS, "low"),
    ("commercial", 90, 30, LISTS, "low"),
    ("tricare", 365, 30, RULES, "medium"),
    ("va", 180, 30, RULES, "low"),
)
DISPUTE = 180
FROM = date(2024, 1, 1)


def load(apps, schema_editor):
    clock = apps.get_model("alerts", "Clock")
    rows = []
    for payer_type, filing, payment, source, confidence in DAYS:
        dispute = DISPUTE if payer_type == "unknown" else None
        for action, days in (("filing", filing), ("payment", payment), ("dispute", dispute)):
            if days:
                rows.append(clock(payer_type=payer_type, action=action, days=days, source=source, confidence=confidence, valid_from=FROM))
    clock.objects.using(schema_editor.connection.alias).bulk_create(rows)


def unload(apps, schema_editor):
    clock = apps.get_model("alerts", "Clock")
    clock.objects.using(schema_editor.connection.alias).filter(action__in=("filing", "payment", "dispute")).delete()


class Migration(migrations.Migration):
    dependencies = [("alerts", "0005_sealed_notes"), ("claims", "0009_payer_names")]
    operations = [
        migrations.AlterField("clock", "action", models.CharField(choices=ACTIONS, max_length=10)),
        migrations.RunPython(load, unload),
        migrations.CreateModel(
            name="PayerClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(choices=ACTIONS, max_length=10)),
                ("basis", models.CharField(choices=[("contract", "the contract"), ("setting", "what this practice was told")], max_length=10)),
                ("days", models.SmallIntegerField(null=True)),
                ("source", models.CharField(blank=True, max_length=80)),
                ("valid_from", models.DateField()),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("payer", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.payer")),
                ("tenant", models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.organization")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "payer"], name="payer_clock_by_payer")],
            },
        ),
        TenantWall("alerts_payerclock", {"payer_id": "claims_payer"}),
    ]
