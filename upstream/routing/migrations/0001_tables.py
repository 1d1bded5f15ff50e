import datetime
import django.db.models.deletion
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall


class Migration(migrations.Migration):
    replaces = [
        ("routing", "0001_notices"),
        ("routing", "0002_quiet_and_rules"),
        ("routing", "0003_told_before"),
        ("routing", "0004_one_week_in_anothers_place"),
    ]

    initial = True

    dependencies = [
        ("alerts", "0001_tables"),
        ("delivery", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payers", models.JSONField(default=list)),
                ("categories", models.JSONField(default=list)),
                ("locations", models.JSONField(default=list)),
                ("metrics", models.JSONField(default=list)),
                ("codes", models.JSONField(default=list)),
                ("severities", models.JSONField(default=list)),
                ("least_cents", models.BigIntegerField(null=True)),
                ("most_cents", models.BigIntegerField(null=True)),
                ("condition", models.CharField(blank=True, max_length=500)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("reason", models.CharField(max_length=300)),
                ("author", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="mute_public_id")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("told", "Told at once"),
                            ("digest", "Told with the daily digest"),
                            ("kept", "Kept for the weekly report"),
                            ("muted", "Muted by a rule"),
                        ],
                        max_length=8,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=200)),
                ("rules", models.JSONField(default=list)),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=8,
                    ),
                ),
                ("seen", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="alerts.incident",
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerts.opening",
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
                    "transition",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerts.transition",
                    ),
                ),
                (
                    "mute",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_quiet",
                        to="routing.mute",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "incident"], name="decision_by_incident"),
                    models.Index(fields=["tenant", "mute"], name="decision_by_mute"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "opening"), name="opening_decided_once"),
                    models.UniqueConstraint(fields=("tenant", "transition"), name="closing_decided_once"),
                    models.CheckConstraint(
                        condition=models.Q(("opening__isnull", True), ("transition__isnull", True), _connector="XOR"),
                        name="decides_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("quiet_days", models.JSONField(default=list)),
                ("version", models.IntegerField(default=1)),
                ("weekly_budget", models.SmallIntegerField(default=25, null=True)),
                (
                    "at_once_from",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        default="medium",
                        max_length=8,
                    ),
                ),
                (
                    "digest_from",
                    models.CharField(
                        choices=[
                            ("critical", "Critical"),
                            ("high", "High"),
                            ("medium", "Medium"),
                            ("low", "Low"),
                            ("none", "None"),
                        ],
                        default="medium",
                        max_length=8,
                    ),
                ),
                ("digest_at", models.TimeField(default=datetime.time(8, 0))),
                ("coalesce_days", models.SmallIntegerField(default=14)),
                ("critical_any_time", models.BooleanField(default=False)),
                ("office_from", models.TimeField(default=datetime.time(8, 0))),
                ("office_until", models.TimeField(default=datetime.time(17, 0))),
                ("office_days", models.JSONField(default=list)),
                ("learns", models.BooleanField(default=True)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="policy_once")],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("quiet_days", models.JSONField(default=list)),
                ("version", models.IntegerField(default=1)),
                ("zone", models.CharField(blank=True, max_length=64)),
                ("digest_only", models.BooleanField(default=False)),
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
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "member"), name="preference_once")],
            },
        ),
        migrations.CreateModel(
            name="Rota",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80)),
                ("people", models.JSONField(default=list)),
                ("weekday", models.SmallIntegerField(default=0)),
                ("at", models.TimeField()),
                ("since", models.DateField()),
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
                ("substitutes", models.JSONField(default=dict)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="rota_public_id")],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payers", models.JSONField(default=list)),
                ("categories", models.JSONField(default=list)),
                ("locations", models.JSONField(default=list)),
                ("metrics", models.JSONField(default=list)),
                ("codes", models.JSONField(default=list)),
                ("severities", models.JSONField(default=list)),
                ("least_cents", models.BigIntegerField(null=True)),
                ("most_cents", models.BigIntegerField(null=True)),
                ("condition", models.CharField(blank=True, max_length=500)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "how",
                    models.CharField(
                        choices=[("severity", "As the severity says"), ("digest", "With the daily digest")],
                        default="severity",
                        max_length=8,
                    ),
                ),
                ("author", models.CharField(max_length=80)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="rule_public_id")],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("role", "Everybody with a role"),
                            ("member", "A person"),
                            ("rota", "Whoever is on call"),
                            ("endpoint", "A channel"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Billing manager"),
                            ("biller", "Biller"),
                            ("clinician", "Clinician"),
                            ("auditor", "Compliance officer"),
                            ("staff", "Upstream staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("after_hours", models.SmallIntegerField(default=0)),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="delivery.endpoint",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.membership",
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.rota",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="routing.rule",
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
                "indexes": [models.Index(fields=["tenant", "rule"], name="target_by_rule")],
            },
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("author", models.CharField(max_length=80)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, max_length=80)),
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
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="window_public_id"),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__lte", models.F("ends_at"))), name="window_ends_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kind", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=80)),
                (
                    "channel",
                    models.CharField(
                        choices=[("mail", "Mail"), ("portal", "Portal"), ("endpoint", "Channel")], max_length=8
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Goes out now"),
                            ("held", "Held until later"),
                            ("digest", "Waits for the daily digest"),
                            ("sent", "Handed over"),
                            ("dropped", "Not needed any more"),
                        ],
                        max_length=8,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=200)),
                ("said", models.JSONField(default=dict)),
                ("unless_taken_up", models.BooleanField(default=False)),
                ("decided_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("let_go_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="delivery.endpoint",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerts.incident",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                ("at_once", models.BooleanField(default=False)),
                (
                    "window",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.window",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "state", "due_at"], name="notice_by_state"),
                    models.Index(fields=["tenant", "recipient", "channel", "read_at"], name="notice_by_reader"),
                    models.Index(fields=["tenant", "incident"], name="notice_by_incident"),
                    models.Index(fields=["tenant", "decided_at"], name="notice_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="notice_public_id"),
                    models.UniqueConstraint(
                        fields=("tenant", "kind", "about", "channel", "recipient"), name="noticed_once"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "kind", "about", "endpoint"), name="notice_to_endpoint_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recipient__isnull", True), ("endpoint__isnull", True), _connector="XOR"),
                        name="notice_receiver",
                    ),
                ],
            },
        ),
        TenantWall(
            "routing_notice",
            {
                "recipient_id": "tenants_membership",
                "endpoint_id": "delivery_endpoint",
                "incident_id": "alerts_incident",
            },
        ),
        TenantWall("routing_policy"),
        TenantWall("routing_preference", {"member_id": "tenants_membership"}),
        TenantWall("routing_mute"),
        TenantWall("routing_window"),
        TenantWall("routing_rota"),
        TenantWall("routing_rule"),
        TenantWall(
            "routing_target",
            {
                "rule_id": "routing_rule",
                "member_id": "tenants_membership",
                "rota_id": "routing_rota",
                "endpoint_id": "delivery_endpoint",
            },
        ),
        TenantWall(
            "routing_decision",
            {
                "incident_id": "alerts_incident",
                "opening_id": "alerts_opening",
                "transition_id": "alerts_transition",
                "mute_id": "routing_mute",
            },
        ),
        TenantTie("routing_notice", "window_id", "routing_window"),
    ]
