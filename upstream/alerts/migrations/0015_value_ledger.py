"""What incidents brought back, line by line, and up to where that is settled."""

import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall

KINDS = [("recovered", "Recovered"), ("avoided", "Avoided")]


def tie(to, related="+"):
    return models.ForeignKey(to=to, db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=related)


def tenant():
    return models.ForeignKey(to="tenants.organization", db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+")


class Migration(migrations.Migration):
    dependencies = [("alerts", "0014_merged_and_split")]
    operations = [
        migrations.CreateModel(
            name="ValueLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=9)),
                ("adjudication_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("paid_cents", models.BigIntegerField()),
                ("counted_cents", models.BigIntegerField()),
                ("incident", tie("alerts.incident", "value_lines")),
                ("claim", tie("claims.claim")),
                ("tenant", tenant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=["tenant", "adjudication_id", "kind"], name="value_once_an_answer")],
                "indexes": [
                    models.Index(fields=["tenant", "day"], name="value_by_day"),
                    models.Index(fields=["tenant", "incident"], name="value_by_incident"),
                ],
            },
        ),
        TenantWall("alerts_valueline", {"incident_id": "alerts_incident", "claim_id": "claims_claim"}),
        migrations.CreateModel(
            name="ValueBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upto", models.CharField(max_length=120)),
                ("settled_at", models.DateTimeField()),
                ("tenant", tenant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=["tenant"], name="one_value_book")],
            },
        ),
        TenantWall("alerts_valuebook"),
    ]
