import django.db.models.deletion
import upstream.core.clock
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [
        ("detection", "0001_initial"),
        ("detection", "0002_run_state"),
        ("detection", "0003_looked_at"),
        ("detection", "0004_naming"),
        ("detection", "0005_metrics_of_answers"),
        ("detection", "0006_event_calendar"),
        ("detection", "0007_run_context"),
        ("detection", "0009_lag_and_horizon"),
        ("detection", "0010_claim_blocks"),
    ]

    initial = True

    dependencies = [
        ("claims", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="DetectionRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("last_week", models.DateField(null=True)),
                ("series", models.IntegerField(default=0)),
                ("method", models.CharField(max_length=20)),
                ("budget_per_quarter", models.DecimalField(decimal_places=2, max_digits=4)),
                ("input_hash", models.CharField(max_length=64)),
                ("claims", models.IntegerField(default=0)),
                ("ruled_out", models.JSONField(default=list)),
                ("finished_at", models.DateTimeField()),
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
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting to become or join an incident"),
                            ("taken", "Part of an incident's history"),
                        ],
                        default="open",
                        max_length=5,
                    ),
                ),
                ("looked_at", models.DateTimeField(default=upstream.core.clock.now)),
                (
                    "naming",
                    models.JSONField(default=dict, help_text="Payers left out, and weeks in which names changed."),
                ),
                (
                    "context",
                    models.JSONField(default=dict, help_text="What besides claims was known: calendar, files, codes."),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-as_of", "-id"], name="run_newest")],
            },
        ),
        migrations.CreateModel(
            name="Baseline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("usual_rate", models.FloatField()),
                ("rate_low", models.FloatField()),
                ("rate", models.FloatField()),
                ("rate_high", models.FloatField()),
                ("weekly_claims", models.FloatField()),
                ("visible_in_2_weeks", models.FloatField(null=True)),
                ("visible_in_4_weeks", models.FloatField(null=True)),
                ("visible_in_8_weeks", models.FloatField(null=True)),
                ("median_days", models.FloatField(null=True)),
                ("series", models.JSONField(default=list)),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
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
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baselines",
                        to="detection.detectionrun",
                    ),
                ),
                ("lag", models.JSONField(default=dict)),
                ("maturity", models.FloatField(null=True)),
                ("visible", models.JSONField(default=dict)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "run", "payer"), name="baseline_once")],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting to become or join an incident"),
                            ("taken", "Part of an incident's history"),
                        ],
                        default="open",
                        max_length=5,
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("denial_rate", "Denial rate"),
                            ("denial_dollars", "Denied dollars"),
                            ("payment_delay", "Payment delay"),
                            ("underpayment", "Underpayment"),
                            ("down_coding", "Down-coding"),
                            ("take_backs", "Money taken back"),
                            ("silent_claims", "Claims without an answer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("direction", models.CharField(choices=[("adverse", "Worse"), ("improve", "Better")], max_length=8)),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("denial_reason", models.CharField(blank=True, max_length=11)),
                ("location", models.CharField(blank=True, max_length=200)),
                (
                    "strength",
                    models.CharField(
                        choices=[("strong", "Strong"), ("moderate", "Moderate"), ("watch", "Watch")], max_length=8
                    ),
                ),
                ("evidence", models.FloatField(help_text="log10 of how much better the data fit a change than chance")),
                ("onset_week", models.DateField()),
                (
                    "finding",
                    models.JSONField(help_text="Everything the incident page shows: rates, intervals, counts, series."),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signals",
                        to="detection.detectionrun",
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
                "indexes": [models.Index(fields=["tenant", "state"], name="signal_by_state")],
            },
        ),
        migrations.CreateModel(
            name="SharedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("holiday", "Holiday"),
                            ("plan_year", "New plan year"),
                            ("medicaid", "Medicaid"),
                            ("outage", "Outage"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=9,
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField(null=True)),
                (
                    "effect",
                    models.CharField(
                        choices=[("mask", "These weeks are left out"), ("note", "Only shown"), ("none", "Taken back")],
                        max_length=4,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200)),
                ("known_from", models.DateField()),
                ("key", models.CharField(max_length=140, unique=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CalendarEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("holiday", "Holiday"),
                            ("plan_year", "New plan year"),
                            ("medicaid", "Medicaid"),
                            ("outage", "Outage"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=9,
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField(null=True)),
                (
                    "effect",
                    models.CharField(
                        choices=[("mask", "These weeks are left out"), ("note", "Only shown"), ("none", "Taken back")],
                        max_length=4,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200)),
                ("known_from", models.DateField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("payers", models.JSONField(default=list)),
                ("shared", models.CharField(blank=True, max_length=140)),
                ("author", models.CharField(max_length=80)),
                ("entered_at", models.DateTimeField()),
                (
                    "replaces",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="detection.calendarevent",
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
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="event_public_id"),
                    models.UniqueConstraint(fields=("tenant", "replaces"), name="event_replaced_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                ("changes", models.BigIntegerField()),
                ("layout", models.CharField(max_length=16)),
                ("first_week", models.DateField(null=True)),
                ("last_week", models.DateField(null=True)),
                ("content", models.BinaryField()),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "week"), name="claim_block_once")],
            },
        ),
        migrations.CreateModel(
            name="MethodChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("method", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("chosen_by", models.CharField(max_length=80)),
                ("chosen_at", models.DateTimeField()),
                ("undone_by", models.CharField(blank=True, max_length=80)),
                ("undone_at", models.DateTimeField(null=True)),
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
            },
        ),
        TenantWall("detection_detectionrun"),
        TenantWall("detection_baseline", {"run_id": "detection_detectionrun", "payer_id": "claims_payer"}),
        TenantWall("detection_signal", {"run_id": "detection_detectionrun", "payer_id": "claims_payer"}),
        TenantWall("detection_calendarevent", {"replaces_id": "detection_calendarevent"}),
        TenantWall("detection_claimblock"),
        TenantWall("detection_methodchoice"),
    ]
