import django.db.models.deletion
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall


class Migration(migrations.Migration):
    replaces = [
        ("reports", "0001_initial"),
        ("reports", "0002_logos"),
        ("reports", "0003_definitions"),
        ("reports", "0004_runs_of_definitions"),
        ("reports", "0005_files_are_removed"),
    ]

    initial = True

    dependencies = [
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Logo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("width", models.SmallIntegerField(default=0)),
                ("height", models.SmallIntegerField(default=0)),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-id"], name="logo_newest")],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept_days", models.IntegerField(default=730)),
                ("may_attach", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
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
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="definition_public_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("standard", True)),
                        fields=("tenant", "kind", "subject"),
                        name="one_standard",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kind", models.CharField(max_length=24)),
                ("as_of", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Waiting"),
                            ("rendering", "Being made"),
                            ("rendered", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="due",
                        max_length=9,
                    ),
                ),
                ("mail", models.BooleanField(default=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("requested_by", models.CharField(max_length=80)),
                ("requested_at", models.DateTimeField()),
                ("rendered_at", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="reports.definition",
                    ),
                ),
                ("moment", models.DateTimeField(null=True)),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waiting for its turn"),
                            ("reading", "Reading the figures"),
                            ("drawing", "Drawing the pages and sheets"),
                            ("storing", "Storing the files"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("said", models.JSONField(default=dict)),
                ("skipped", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "state"], name="report_by_state"),
                    models.Index(fields=["tenant", "as_of"], name="report_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="report_public_id"),
                    models.UniqueConstraint(fields=("tenant", "definition", "as_of"), name="report_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Artifact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("format", models.CharField(max_length=4)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.IntegerField()),
                ("name", models.CharField(max_length=120)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="artifacts",
                        to="reports.reportrun",
                    ),
                ),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "sha256"], name="artifact_by_content")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "run", "format"), name="artifact_once")],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("active", models.BooleanField(default=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedules",
                        to="reports.definition",
                    ),
                ),
                ("cron", models.CharField(max_length=60)),
                ("zone", models.CharField(max_length=64)),
                (
                    "only",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "All of them"),
                            ("each", "Those on which the office works"),
                            ("first", "The first of the month on which the office works"),
                            ("last", "The last of the month on which the office works"),
                        ],
                        default="",
                        max_length=5,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("taken", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "definition"), name="one_schedule")],
            },
        ),
        migrations.CreateModel(
            name="Unsubscribed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "definition",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unsubscribed",
                        to="reports.definition",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.membership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "unsubscribed",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "definition", "member"), name="unsubscribed_once")
                ],
            },
        ),
        TenantWall("reports_schedule"),
        TenantWall("reports_reportrun"),
        TenantWall("reports_artifact", {"run_id": "reports_reportrun"}),
        TenantWall("reports_logo"),
        TenantWall("reports_policy"),
        TenantWall("reports_definition"),
        TenantWall("reports_unsubscribed", {"definition_id": "reports_definition", "member_id": "tenants_membership"}),
        TenantTie("reports_schedule", "definition_id", "reports_definition"),
        TenantTie("reports_reportrun", "definition_id", "reports_definition"),
    ]
