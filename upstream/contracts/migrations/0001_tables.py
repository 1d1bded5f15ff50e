import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [("contracts", "0001_contracts_and_prices")]

    initial = True

    dependencies = [
        ("claims", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=120)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(null=True)),
                ("lesser_of", models.BooleanField(default=True)),
                ("tolerance_cents", models.IntegerField(null=True)),
                ("tolerance_percent", models.DecimalField(decimal_places=3, max_digits=7, null=True)),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
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
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.product",
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
                "indexes": [models.Index(fields=["tenant", "payer"], name="contract_of_payer")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="contract_public_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_to", None), ("effective_to__gte", models.F("effective_from")), _connector="OR"
                        ),
                        name="contract_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField(default=1)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "payer"), name="edition_of_payer")],
            },
        ),
        migrations.CreateModel(
            name="Leeway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cents", models.IntegerField()),
                ("percent", models.DecimalField(decimal_places=3, max_digits=7)),
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
                "indexes": [models.Index(fields=["tenant", "-id"], name="leeway_newest")],
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("by_hand", models.BooleanField(default=False)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("added", models.IntegerField(default=0)),
                ("replaced", models.IntegerField(default=0)),
                ("same", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                ("faults", models.JSONField(default=list)),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("undone_by", models.CharField(blank=True, max_length=80)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loads",
                        to="contracts.contract",
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
                "indexes": [models.Index(fields=["tenant", "contract", "-id"], name="load_of_contract")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="load_public_id")],
            },
        ),
        migrations.CreateModel(
            name="Modifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("code", models.CharField(max_length=2)),
                ("percent", models.DecimalField(decimal_places=3, max_digits=7, null=True)),
                ("valid_from", models.DateField()),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
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
                "indexes": [models.Index(fields=["tenant", "contract", "code"], name="modifier_of_contract")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="modifier_public_id")],
            },
        ),
        migrations.CreateModel(
            name="PricedSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_week", models.DateField()),
                ("week", models.DateField()),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Priced"),
                            ("no_date", "The day of service is not known"),
                            ("no_contract", "No contract was in force on the day of service"),
                            ("contracts", "Several contracts were in force on the day of service"),
                            ("no_code", "The contract has no price for the procedure"),
                            ("no_place", "The contract has no price for the place of service"),
                            ("prices", "Several prices of the contract fit"),
                            ("modifier", "The contract does not say what a modifier does to the price"),
                            ("down_coded", "The payer answered another procedure than was billed"),
                            ("unmatched", "The answered line is not found on the claim"),
                            ("no_lines", "The answer tells no lines of a claim that has several"),
                            ("no_allowed", "The answer tells no allowed amount"),
                        ],
                        max_length=12,
                    ),
                ),
                ("lines", models.IntegerField()),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField()),
                ("expected_cents", models.BigIntegerField(default=0)),
                ("short_lines", models.IntegerField(default=0)),
                ("short_cents", models.BigIntegerField(default=0)),
                ("over_lines", models.IntegerField(default=0)),
                ("over_cents", models.BigIntegerField(default=0)),
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
                "indexes": [models.Index(fields=["tenant", "week", "payer"], name="priced_sum_by_week")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "payer", "sent_week", "week", "procedure_code", "reason"),
                        name="priced_sum_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PricedWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                ("changes", models.BigIntegerField()),
                ("edition", models.IntegerField()),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "payer", "week"), name="priced_week_once")],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("procedure_code", models.CharField(max_length=16)),
                ("modifiers", models.CharField(blank=True, max_length=20)),
                ("place", models.CharField(blank=True, max_length=12)),
                ("cents", models.BigIntegerField(null=True)),
                ("percent", models.DecimalField(decimal_places=3, max_digits=7, null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("stands", models.BooleanField(default=True)),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "ended_in",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.load",
                    ),
                ),
                (
                    "made_in",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.load",
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
                "indexes": [models.Index(fields=["tenant", "made_in"], name="rate_of_load")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stands", True)),
                        fields=("tenant", "contract", "procedure_code", "modifiers", "place", "valid_from"),
                        name="rate_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cents", None), ("percent__isnull", False)),
                            models.Q(("cents__isnull", False), ("percent", None)),
                            _connector="OR",
                        ),
                        name="rate_in_cents_or_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShortLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("adjudication_id", models.BigIntegerField()),
                ("number", models.SmallIntegerField()),
                ("procedure_code", models.CharField(max_length=16)),
                ("modifiers", models.CharField(blank=True, max_length=20)),
                ("place", models.CharField(blank=True, max_length=4)),
                ("units", models.DecimalField(decimal_places=3, max_digits=12)),
                ("service_date", models.DateField()),
                ("decided_on", models.DateField()),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField()),
                ("expected_cents", models.BigIntegerField()),
                ("short_cents", models.BigIntegerField()),
                ("recovered_cents", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("detected", "Found"),
                            ("reviewed", "Looked at"),
                            ("sent", "Sent to the payer"),
                            ("recovered", "Recovered"),
                            ("rejected", "Not worth pursuing"),
                            ("invalid", "Our price is wrong"),
                        ],
                        default="detected",
                        max_length=9,
                    ),
                ),
                ("stands", models.BooleanField(default=True)),
                ("found_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
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
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
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
                    "rate",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.rate",
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
                "indexes": [
                    models.Index(fields=["tenant", "-decided_on", "-id"], name="short_line_by_answer"),
                    models.Index(fields=["tenant", "payer", "-decided_on", "-id"], name="short_line_of_payer"),
                    models.Index(fields=["tenant", "rate"], name="short_line_of_rate"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="short_line_public_id"),
                    models.UniqueConstraint(fields=("tenant", "claim", "number"), name="short_line_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("detected", "Found"),
                            ("reviewed", "Looked at"),
                            ("sent", "Sent to the payer"),
                            ("recovered", "Recovered"),
                            ("rejected", "Not worth pursuing"),
                            ("invalid", "Our price is wrong"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("detected", "Found"),
                            ("reviewed", "Looked at"),
                            ("sent", "Sent to the payer"),
                            ("recovered", "Recovered"),
                            ("rejected", "Not worth pursuing"),
                            ("invalid", "Our price is wrong"),
                        ],
                        max_length=9,
                    ),
                ),
                ("sealed_note", upstream.core.phi.fields.SealedField(null=True)),
                ("actor", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="contracts.shortline",
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
                    "undoes",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.step",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "line", "id"], name="step_of_line")],
            },
        ),
        TenantWall("contracts_contract", {"payer_id": "claims_payer", "product_id": "claims_product"}),
        TenantWall("contracts_load", {"contract_id": "contracts_contract"}),
        TenantWall(
            "contracts_rate",
            {"contract_id": "contracts_contract", "made_in_id": "contracts_load", "ended_in_id": "contracts_load"},
        ),
        TenantWall("contracts_modifier", {"contract_id": "contracts_contract"}),
        TenantWall("contracts_leeway"),
        TenantWall("contracts_edition", {"payer_id": "claims_payer"}),
        TenantWall("contracts_pricedweek", {"payer_id": "claims_payer"}),
        TenantWall("contracts_pricedsum", {"payer_id": "claims_payer"}),
        TenantWall(
            "contracts_shortline",
            {
                "claim_id": "claims_claim",
                "payer_id": "claims_payer",
                "contract_id": "contracts_contract",
                "rate_id": "contracts_rate",
            },
        ),
        TenantWall("contracts_step", {"line_id": "contracts_shortline", "undoes_id": "contracts_step"}),
    ]
