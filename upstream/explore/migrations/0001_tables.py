import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [("explore", "0001_facts_reports_and_questions")]

    initial = True

    dependencies = [
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80)),
                ("definition", models.JSONField()),
                ("shared", models.BooleanField(default=False, help_text="Everybody in the practice sees it.")),
                ("owner", models.CharField(max_length=80)),
                ("version", models.IntegerField(default=1)),
                ("changed_by", models.CharField(max_length=80)),
                ("changed_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="own_report_public_id")],
            },
        ),
        migrations.CreateModel(
            name="OwnReportVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField()),
                ("name", models.CharField(max_length=80)),
                ("definition", models.JSONField()),
                ("shared", models.BooleanField()),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="explore.ownreport",
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
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "report", "version"), name="own_report_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SqlQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sealed_text", upstream.core.phi.fields.SealedField()),
                ("actor", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=16)),
                ("rows", models.IntegerField(default=0)),
                ("milliseconds", models.IntegerField(default=0)),
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
                "indexes": [models.Index(fields=["tenant", "actor", "-id"], name="sql_question_by_actor")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="sql_question_public_id")],
            },
        ),
        migrations.CreateModel(
            name="Analyst",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=80)),
                ("given_by", models.CharField(max_length=80)),
                ("given_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
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
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("tenant", "actor"), name="analyst_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FactPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("stale", models.BooleanField(default=True)),
                ("seen", models.JSONField(default=dict)),
                ("told", models.BigIntegerField(default=0)),
                ("layout", models.CharField(blank=True, max_length=120)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.BigIntegerField(default=0)),
                ("rows", models.IntegerField(default=0)),
                ("days", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(null=True)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "month"), name="fact_part_once")],
            },
        ),
        TenantWall("explore_analyst"),
        TenantWall("explore_factpart"),
        TenantWall("explore_ownreport"),
        TenantWall("explore_ownreportversion", {"report_id": "explore_ownreport"}),
        TenantWall("explore_sqlquestion"),
    ]
