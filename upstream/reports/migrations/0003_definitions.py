import uuid

import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


def tenant():
    return models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.organization")


def key(to, related_name="+"):
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to)


def number():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_logos"), ("tenants", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", number()),
                ("kept_days", models.IntegerField(default=730)),
                ("may_attach", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
                ("tenant", tenant()),
            ],
            options={
                "verbose_name_plural": "policies",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="report_policy_once")],
            },
        ),
        migrations.CreateModel(
            name="Definition",
            fields=[
                ("id", number()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kind", models.CharField(max_length=24)),
                ("title", models.CharField(max_length=80)),
                ("subject", models.CharField(blank=True, max_length=40)),
                ("paper", models.CharField(blank=True, max_length=6)),
                ("formats", models.JSONField(default=list)),
                ("roles", models.JSONField(default=list)),
                ("people", models.JSONField(default=list)),
                ("attach", models.BooleanField(default=True)),
                ("kept_days", models.IntegerField(null=True)),
                ("standard", models.BooleanField(default=False)),
                ("before", models.JSONField(null=True)),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                ("tenant", tenant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="definition_public_id"),
                    models.UniqueConstraint(condition=models.Q(("standard", True)), fields=("tenant", "kind", "subject"), name="one_standard"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unsubscribed",
            fields=[
                ("id", number()),
                ("at", models.DateTimeField()),
                ("definition", key("reports.definition", "unsubscribed")),
                ("member", key("tenants.membership")),
                ("tenant", tenant()),
            ],
            options={
                "verbose_name_plural": "unsubscribed",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "definition", "member"), name="unsubscribed_once")],
            },
        ),
        TenantWall("reports_policy"),
        TenantWall("reports_definition"),
        TenantWall("reports_unsubscribed", {"definition_id": "reports_definition", "member_id": "tenants_membership"}),
    ]
