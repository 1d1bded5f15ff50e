import django.db.models.deletion
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [("authorizations", "0001_register")]

    initial = True

    dependencies = [
        ("claims", "0001_tables"),
        ("ingestion", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payer_type", models.CharField(max_length=24)),
                (
                    "urgency",
                    models.CharField(choices=[("standard", "Standard"), ("expedited", "Expedited")], max_length=9),
                ),
                ("hours", models.SmallIntegerField(null=True)),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=120)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("payer_type", "urgency", "valid_from"), name="decision_clock_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number_bidx", models.BinaryField(max_length=16, null=True)),
                ("trace_bidx", models.BinaryField(max_length=16, null=True)),
                ("member_bidx", models.BinaryField(max_length=16, null=True)),
                ("event_bidx", models.BinaryField(max_length=16)),
                ("service", models.CharField(blank=True, max_length=16)),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("service_type", models.CharField(blank=True, max_length=8)),
                ("diagnosis", models.CharField(blank=True, max_length=16)),
                ("provider_npi", models.CharField(blank=True, max_length=10)),
                ("action", models.CharField(blank=True, max_length=4)),
                ("reason_code", models.CharField(blank=True, max_length=8)),
                (
                    "urgency",
                    models.CharField(
                        blank=True, choices=[("standard", "Standard"), ("expedited", "Expedited")], max_length=9
                    ),
                ),
                ("requested_units", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                ("approved_units", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                ("requested_at", models.DateTimeField(null=True)),
                ("requested_date", models.DateField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_date", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
                ("first_known_at", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                ("used_units", models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ("recent_units", models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ("used_claims", models.IntegerField(default=0)),
                ("claims_by_person", models.IntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("due_source", models.CharField(blank=True, max_length=120)),
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
                    "told",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.authorization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "number_bidx"], name="register_by_number"),
                    models.Index(fields=["tenant", "trace_bidx"], name="register_by_trace"),
                    models.Index(fields=["tenant", "member_bidx"], name="register_by_member"),
                    models.Index(fields=["tenant", "valid_until", "id"], name="register_by_end"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["tenant", "due_at"],
                        name="register_by_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="authorization_public_id"),
                    models.UniqueConstraint(fields=("tenant", "event_bidx"), name="authorization_by_first_event"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("procedure_code", models.CharField(max_length=16)),
                ("decided", models.IntegerField()),
                ("denied", models.IntegerField()),
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "payer", "procedure_code"), name="need_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PayerSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lead", "Days before the end at which to ask for more"),
                            ("standard", "Hours to decide a standard request"),
                            ("expedited", "Hours to decide an expedited request"),
                        ],
                        max_length=9,
                    ),
                ),
                ("value", models.SmallIntegerField(null=True)),
                ("source", models.CharField(blank=True, max_length=80)),
                ("valid_from", models.DateField()),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="payer_time_public_id")],
            },
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("refused", "The authorization was refused or cancelled"),
                            ("waiting", "The authorization is not decided yet"),
                            ("code", "The procedure is not what was authorized"),
                            ("dates", "The service is outside the authorized dates"),
                            ("units", "More units than were authorized"),
                            ("none", "No authorization, and this payer denies the procedure for that"),
                        ],
                        max_length=8,
                    ),
                ),
                ("found_on", models.DateField()),
                ("service_date", models.DateField(null=True)),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="authorizations.entry",
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
                "indexes": [models.Index(fields=["tenant", "service_date", "id"], name="risk_by_service")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "claim"), name="risk_once")],
            },
        ),
        migrations.CreateModel(
            name="Taken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("loaded_at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ingestion.batch",
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
                "verbose_name_plural": "taken",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "batch"), name="file_taken_once")],
            },
        ),
        migrations.CreateModel(
            name="ToldMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("lead", "ends within the payer's lead time"),
                            ("30", "ends within 30 days"),
                            ("14", "ends within 14 days"),
                            ("3", "ends within 3 days"),
                            ("used", "90 % used"),
                        ],
                        max_length=4,
                    ),
                ),
                ("on_day", models.DateField()),
                ("told", models.BooleanField()),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="authorizations.entry",
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
                "indexes": [models.Index(fields=["tenant", "on_day"], name="mark_by_day")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "entry", "mark"), name="mark_once")],
            },
        ),
        migrations.CreateModel(
            name="Upkeep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done_on", models.DateField()),
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
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="upkeep_once")],
            },
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("number", "its number on the claim"),
                            (
                                "person",
                                "patient, payer, code and dates, as the claim or the authorization names no number",
                            ),
                        ],
                        max_length=6,
                    ),
                ),
                ("units", models.DecimalField(decimal_places=3, max_digits=12)),
                ("service_date", models.DateField(null=True)),
                ("covers", models.BooleanField()),
                ("inside", models.BooleanField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="authorizations.entry",
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
                "indexes": [models.Index(fields=["tenant", "claim"], name="use_by_claim")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "entry", "claim"), name="use_once")],
            },
        ),
        TenantWall("authorizations_entry", {"told_id": "claims_authorization", "payer_id": "claims_payer"}),
        TenantWall("authorizations_use", {"entry_id": "authorizations_entry", "claim_id": "claims_claim"}),
        TenantWall("authorizations_taken", {"batch_id": "ingestion_batch"}),
        TenantWall("authorizations_toldmark", {"entry_id": "authorizations_entry"}),
        TenantWall("authorizations_need", {"payer_id": "claims_payer"}),
        TenantWall("authorizations_risk", {"claim_id": "claims_claim", "entry_id": "authorizations_entry"}),
        TenantWall("authorizations_payersetting", {"payer_id": "claims_payer"}),
        TenantWall("authorizations_upkeep"),
    ]
