import datetime
import django.contrib.postgres.indexes
import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import KnownByItsPlace, TenantTie, TenantWall


class Migration(migrations.Migration):
    replaces = [
        ("claims", "0001_initial"),
        ("claims", "0003_open_reversal_index"),
        ("claims", "0004_natural_keys"),
        ("claims", "0005_rows_of_a_file"),
        ("claims", "0006_statuses_authorizations_coverages"),
        ("claims", "0007_raw_payer_of_facts"),
        ("claims", "0008_payer_orgs_products_types"),
        ("claims", "0009_payer_names"),
        ("claims", "0010_payer_decisions"),
        ("claims", "0011_raw_payer_of_what_is_told"),
        ("claims", "0012_decisions_of_moved_claims"),
        ("claims", "0013_no_account_index"),
        ("claims", "0014_claim_matches"),
        ("claims", "0015_remitted_alone"),
        ("claims", "0016_new_codes_and_remarks"),
        ("claims", "0018_replacements_by_payer_number"),
        ("claims", "0019_claim_in_family"),
        ("claims", "0020_line_numbers_are_indexed_blindly"),
        ("claims", "0022_what_payers_tell_of_numbers"),
        ("claims", "0023_modifiers_of_claims"),
        ("claims", "0024_answers_beside_denials"),
        ("claims", "0025_how_often_weeks_changed"),
        ("claims", "0026_claim_by_service"),
        ("claims", "0027_what_was_withdrawn"),
        ("claims", "0028_reversals_by_answer"),
        ("claims", "0029_interest_of_answers"),
        ("claims", "0030_place_of_earlier_facts"),
        ("claims", "0031_claims_turned_away"),
        ("claims", "0032_sent_under_authorizations"),
        ("claims", "0033_answers_by_control_number"),
    ]

    initial = True

    dependencies = [
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CarcRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carc", models.CharField(max_length=8)),
                ("category", models.CharField(max_length=16)),
                ("adjustment_class", models.CharField(max_length=16)),
                ("first_action", models.CharField(blank=True, max_length=200)),
                ("clock", models.CharField(blank=True, max_length=32)),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("carc", "valid_from"), name="carc_rule_once")],
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_bidx", models.BinaryField(max_length=16)),
                ("member_bidx", models.BinaryField(max_length=16, null=True)),
                ("account_bidx", models.BinaryField(max_length=16, null=True)),
                ("sealed", upstream.core.phi.fields.SealedField()),
                ("fingerprint", models.BinaryField(max_length=16)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "key_bidx"), name="patient_once")],
            },
        ),
        migrations.CreateModel(
            name="PayerOrg",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(editable=False, max_length=200)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "name_key"), name="payer_org_once")],
            },
        ),
        migrations.CreateModel(
            name="Payer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(editable=False, max_length=200)),
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
                    "org",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payerorg",
                    ),
                ),
                (
                    "counted_with",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                ("named_by_person", models.BooleanField(default=False)),
                ("state", models.CharField(blank=True, max_length=20)),
                (
                    "product_class",
                    models.CharField(
                        choices=[
                            ("ma", "Medicare Advantage"),
                            ("supplement", "Medicare supplement"),
                            ("medicare", "Medicare"),
                            ("medicare_unclear", "Medicare, not said which"),
                            ("medicaid_mco", "Medicaid managed care"),
                            ("medicaid", "Medicaid"),
                            ("qhp", "Marketplace (QHP)"),
                            ("bluecard", "BlueCard"),
                            ("federal", "Federal employees"),
                            ("tricare", "TRICARE"),
                            ("va", "Veterans Affairs"),
                            ("injury", "Workers' compensation or auto"),
                            ("dental", "Dental"),
                            ("vision", "Vision"),
                            ("behavioral", "Behavioral health"),
                            ("self_funded", "Self-funded"),
                            ("commercial", "Commercial, or not said"),
                        ],
                        default="commercial",
                        max_length=20,
                    ),
                ),
                (
                    "payer_type",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known yet"),
                            ("medicare_ffs", "Medicare"),
                            ("medicare_advantage", "Medicare Advantage, contracted"),
                            ("medicare_advantage_other", "Medicare Advantage, not contracted"),
                            ("medicaid_ffs", "Medicaid, paid by the state"),
                            ("medicaid_mco", "Medicaid managed care plan"),
                            ("commercial", "Commercial, contracted"),
                            ("self_funded", "Employer's own fund (ERISA)"),
                            ("bluecard", "BlueCard"),
                            ("marketplace", "Marketplace plan (QHP)"),
                            ("tricare", "TRICARE"),
                            ("va", "Veterans Affairs community care"),
                            ("workers_comp", "Workers' compensation or auto"),
                        ],
                        default="unknown",
                        max_length=24,
                    ),
                ),
                (
                    "type_from",
                    models.CharField(blank=True, choices=[("name", "its name"), ("person", "a person")], max_length=8),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "name_key"), name="payer_once_per_tenant"),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="payer_public_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("family_key", models.BinaryField(max_length=16)),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("procedure_group", models.CharField(blank=True, max_length=32)),
                ("diagnosis", models.CharField(blank=True, max_length=16)),
                ("place_of_service", models.CharField(blank=True, max_length=4)),
                ("rendering_npi", models.CharField(blank=True, max_length=10)),
                ("frequency_code", models.CharField(default="1", max_length=1)),
                ("payer_order", models.SmallIntegerField(default=1)),
                ("submitted_date", models.DateField()),
                ("service_date", models.DateField(null=True)),
                ("billed_cents", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number_bidx", models.BinaryField(max_length=16)),
                ("position", models.IntegerField(default=0)),
                ("known_at", models.DateTimeField()),
                ("facts_known_at", models.DateTimeField()),
                (
                    "outcome",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Not decided"),
                            (1, "Paid"),
                            (2, "Denied"),
                            (3, "Partly denied"),
                            (4, "Paid nothing, not denied"),
                            (5, "Reversed"),
                        ],
                        default=0,
                    ),
                ),
                ("decided_date", models.DateField(null=True)),
                ("decision_known_at", models.DateTimeField(null=True)),
                ("denial_group", models.CharField(blank=True, max_length=2)),
                ("denial_carc", models.CharField(blank=True, max_length=8)),
                ("denial_category", models.CharField(blank=True, max_length=16)),
                ("allowed_cents", models.BigIntegerField(default=0)),
                ("paid_cents", models.BigIntegerField(default=0)),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.site",
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
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.patient",
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
                ("raw_payer_id", models.BigIntegerField(null=True)),
                (
                    "modifiers",
                    models.CharField(
                        blank=True, db_default="", help_text="Those of its procedure's line.", max_length=20
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "submitted_date", "payer"], name="claim_by_submission"),
                    models.Index(fields=["tenant", "public_id"], name="claim_by_public_id"),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["tenant", "batch_id"], name="claim_by_file", pages_per_range=32
                    ),
                    models.Index(
                        condition=models.Q(
                            ("facts_known_at", datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.UTC))
                        ),
                        fields=["tenant", "service_date"],
                        name="remitted_alone",
                    ),
                    models.Index(
                        condition=models.Q(("family_key", models.F("number_bidx")), _negated=True),
                        fields=["tenant", "family_key"],
                        name="claim_in_family",
                    ),
                    models.Index(fields=["service_date", "payer", "tenant"], name="claim_by_service"),
                ],
                "constraints": [models.UniqueConstraint(fields=("tenant", "number_bidx"), name="claim_number_once")],
            },
        ),
        migrations.CreateModel(
            name="ClaimRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("family_key", models.BinaryField(max_length=16)),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("procedure_group", models.CharField(blank=True, max_length=32)),
                ("diagnosis", models.CharField(blank=True, max_length=16)),
                ("place_of_service", models.CharField(blank=True, max_length=4)),
                ("rendering_npi", models.CharField(blank=True, max_length=10)),
                ("frequency_code", models.CharField(default="1", max_length=1)),
                ("payer_order", models.SmallIntegerField(default=1)),
                ("submitted_date", models.DateField()),
                ("service_date", models.DateField(null=True)),
                ("billed_cents", models.BigIntegerField()),
                ("known_from", models.DateTimeField()),
                ("known_until", models.DateTimeField()),
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
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.site",
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
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                ("raw_payer_id", models.BigIntegerField(null=True)),
                (
                    "modifiers",
                    models.CharField(
                        blank=True, db_default="", help_text="Those of its procedure's line.", max_length=20
                    ),
                ),
                ("position", models.IntegerField(db_default=0, default=0)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "claim", "known_from"), name="revision_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Adjudication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("event_bidx", models.BinaryField(max_length=16)),
                ("position", models.IntegerField()),
                ("payer_order", models.SmallIntegerField(default=1)),
                (
                    "outcome",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Not decided"),
                            (1, "Paid"),
                            (2, "Denied"),
                            (3, "Partly denied"),
                            (4, "Paid nothing, not denied"),
                            (5, "Reversed"),
                        ]
                    ),
                ),
                ("claim_status_code", models.CharField(blank=True, max_length=2)),
                ("denial_group", models.CharField(blank=True, max_length=2)),
                ("denial_carc", models.CharField(blank=True, max_length=8)),
                ("denial_category", models.CharField(blank=True, max_length=16)),
                ("check_number", models.CharField(blank=True, max_length=50)),
                ("control_bidx", models.BinaryField(max_length=16, null=True)),
                ("decided_date", models.DateField(null=True)),
                ("received_date", models.DateField(null=True)),
                ("payment_date", models.DateField(null=True)),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField(null=True)),
                ("paid_cents", models.BigIntegerField()),
                ("patient_cents", models.BigIntegerField(default=0)),
                ("balance_cents", models.BigIntegerField(default=0)),
                ("known_at", models.DateTimeField()),
                (
                    "reverses",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.adjudication",
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
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                ("raw_payer_id", models.BigIntegerField(null=True)),
                ("sealed_identity", upstream.core.phi.fields.SealedField(null=True)),
                ("interest_cents", models.BigIntegerField(db_default=0, default=0)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", 5), ("reverses", None)),
                        fields=["tenant", "claim"],
                        name="open_reversal",
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True,
                        fields=["tenant", "batch_id"],
                        name="adjudication_by_file",
                        pages_per_range=32,
                    ),
                    models.Index(
                        condition=models.Q(("outcome", 5)), fields=["tenant", "claim"], name="reversal_of_claim"
                    ),
                    models.Index(
                        condition=models.Q(("reverses__isnull", False)),
                        fields=["tenant", "reverses"],
                        name="reversal_of_answer",
                    ),
                    models.Index(
                        condition=models.Q(("control_bidx__isnull", False)),
                        fields=["tenant", "control_bidx"],
                        name="answer_by_control_number",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "claim", "event_bidx"), name="answer_once_per_claim")
                ],
            },
        ),
        migrations.CreateModel(
            name="PayerWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submitted_week", models.DateField()),
                ("known_week", models.DateField()),
                (
                    "outcome",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Not decided"),
                            (1, "Paid"),
                            (2, "Denied"),
                            (3, "Partly denied"),
                            (4, "Paid nothing, not denied"),
                            (5, "Reversed"),
                        ]
                    ),
                ),
                ("claims", models.IntegerField()),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField()),
                ("paid_cents", models.BigIntegerField()),
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
                    models.UniqueConstraint(
                        fields=("tenant", "submitted_week", "payer", "known_week", "outcome"), name="payer_week_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcedureWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submitted_week", models.DateField()),
                ("known_week", models.DateField()),
                (
                    "outcome",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Not decided"),
                            (1, "Paid"),
                            (2, "Denied"),
                            (3, "Partly denied"),
                            (4, "Paid nothing, not denied"),
                            (5, "Reversed"),
                        ]
                    ),
                ),
                ("claims", models.IntegerField()),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField()),
                ("paid_cents", models.BigIntegerField()),
                ("procedure_group", models.CharField(blank=True, max_length=32)),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
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
                    models.UniqueConstraint(
                        fields=(
                            "tenant",
                            "submitted_week",
                            "payer",
                            "procedure_group",
                            "procedure_code",
                            "known_week",
                            "outcome",
                        ),
                        name="procedure_week_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReasonWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submitted_week", models.DateField()),
                ("known_week", models.DateField()),
                (
                    "outcome",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Not decided"),
                            (1, "Paid"),
                            (2, "Denied"),
                            (3, "Partly denied"),
                            (4, "Paid nothing, not denied"),
                            (5, "Reversed"),
                        ]
                    ),
                ),
                ("claims", models.IntegerField()),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField()),
                ("paid_cents", models.BigIntegerField()),
                ("category", models.CharField(blank=True, max_length=16)),
                ("reason", models.CharField(blank=True, max_length=11)),
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
                    models.UniqueConstraint(
                        fields=("tenant", "submitted_week", "payer", "category", "reason", "known_week", "outcome"),
                        name="reason_week_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remittance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("key_bidx", models.BinaryField(max_length=16)),
                ("transaction_bidx", models.BinaryField(max_length=16)),
                ("position", models.IntegerField()),
                ("check_number", models.CharField(blank=True, max_length=50)),
                ("method", models.CharField(blank=True, max_length=3)),
                ("amount_cents", models.BigIntegerField()),
                ("payment_date", models.DateField(null=True)),
                ("claims", models.IntegerField()),
                ("claims_paid_cents", models.BigIntegerField()),
                ("difference_cents", models.BigIntegerField()),
                ("complete", models.BooleanField(default=True)),
                (
                    "superseded",
                    models.BooleanField(
                        default=False, help_text="A cut-off delivery whose whole transaction came later."
                    ),
                ),
                ("known_at", models.DateTimeField()),
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
                ("raw_payer_id", models.BigIntegerField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "key_bidx"), name="remittance_once")],
            },
        ),
        migrations.CreateModel(
            name="ProviderAdjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.SmallIntegerField()),
                ("reason", models.CharField(max_length=8)),
                ("reference_bidx", models.BinaryField(max_length=16, null=True)),
                ("cents", models.BigIntegerField()),
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
                    "remittance",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.remittance",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "remittance", "ordinal"), name="provider_adjustment_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.SmallIntegerField()),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("modifiers", models.CharField(blank=True, max_length=20)),
                ("revenue_code", models.CharField(blank=True, max_length=8)),
                ("units", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                ("service_date", models.DateField(null=True)),
                ("billed_cents", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
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
                ("control_bidx", models.BinaryField(max_length=16, null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "claim", "number"), name="line_once_per_claim")
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submitted_week", models.DateField()),
                ("known_week", models.DateField()),
                (
                    "outcome",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Not decided"),
                            (1, "Paid"),
                            (2, "Denied"),
                            (3, "Partly denied"),
                            (4, "Paid nothing, not denied"),
                            (5, "Reversed"),
                        ]
                    ),
                ),
                ("claims", models.IntegerField()),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField()),
                ("paid_cents", models.BigIntegerField()),
                ("site_id", models.BigIntegerField(default=0)),
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
                    models.UniqueConstraint(
                        fields=("tenant", "submitted_week", "payer", "site_id", "known_week", "outcome"),
                        name="site_week_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.SmallIntegerField()),
                ("line", models.SmallIntegerField(default=0)),
                ("group_code", models.CharField(blank=True, max_length=2)),
                ("carc", models.CharField(max_length=8)),
                ("remark_codes", models.CharField(blank=True, max_length=60)),
                ("cents", models.BigIntegerField()),
                (
                    "adjudication",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.adjudication",
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
                    models.UniqueConstraint(fields=("tenant", "adjudication", "ordinal"), name="adjustment_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimIdentity",
            fields=[
                ("number_bidx", models.BinaryField(max_length=16)),
                ("account_bidx", models.BinaryField(max_length=16, null=True)),
                ("control_bidx", models.BinaryField(max_length=16, null=True)),
                ("sealed", upstream.core.phi.fields.SealedField()),
                ("fingerprint", models.BinaryField(max_length=16)),
                (
                    "claim",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="claims.claim",
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
            },
        ),
        migrations.CreateModel(
            name="LineAdjudication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.SmallIntegerField()),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField(null=True)),
                ("paid_cents", models.BigIntegerField(null=True)),
                (
                    "adjudication",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.adjudication",
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
                ("billed_code", models.CharField(blank=True, max_length=16)),
                ("control_bidx", models.BinaryField(max_length=16, null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "adjudication", "number"), name="line_adjudication_once")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("billed_code__gt", "")),
                        fields=["tenant", "adjudication"],
                        name="answered_otherwise",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Authorization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("event_bidx", models.BinaryField(max_length=16)),
                ("known_at", models.DateTimeField()),
                ("sealed", upstream.core.phi.fields.SealedField()),
                ("number_bidx", models.BinaryField(max_length=16, null=True)),
                ("member_bidx", models.BinaryField(max_length=16, null=True)),
                ("action", models.CharField(blank=True, max_length=4)),
                ("reason_code", models.CharField(blank=True, max_length=8)),
                ("service_type", models.CharField(blank=True, max_length=8)),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("diagnosis", models.CharField(blank=True, max_length=16)),
                ("provider_npi", models.CharField(blank=True, max_length=10)),
                ("units", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                ("requested_date", models.DateField(null=True)),
                ("decided_date", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
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
                ("raw_payer_id", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("requested_at", models.DateTimeField(null=True)),
                ("requested_units", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                ("trace_bidx", models.BinaryField(max_length=16, null=True)),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[("standard", "Standard"), ("expedited", "Expedited")],
                        db_default="",
                        max_length=9,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "number_bidx"], name="authorization_by_number")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "event_bidx"), name="authorization_once")],
            },
        ),
        migrations.CreateModel(
            name="ClaimStatus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("event_bidx", models.BinaryField(max_length=16)),
                ("known_at", models.DateTimeField()),
                ("sealed", upstream.core.phi.fields.SealedField()),
                ("number_bidx", models.BinaryField(max_length=16, null=True)),
                ("control_bidx", models.BinaryField(max_length=16, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("acknowledgement", "Taken in or turned away"), ("status", "Being worked on")],
                        max_length=16,
                    ),
                ),
                ("rejected", models.BooleanField(default=False)),
                ("category_code", models.CharField(blank=True, max_length=4)),
                ("status_code", models.CharField(blank=True, max_length=8)),
                ("entity_code", models.CharField(blank=True, max_length=8)),
                ("further_codes", models.CharField(blank=True, max_length=60)),
                ("line", models.SmallIntegerField(default=0)),
                ("effective_date", models.DateField(null=True)),
                ("service_date", models.DateField(null=True)),
                ("billed_cents", models.BigIntegerField(null=True)),
                ("paid_cents", models.BigIntegerField(null=True)),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.claim",
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
                ("raw_payer_id", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name_plural": "claim statuses",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "claim"], name="claim_status_by_claim"),
                    models.Index(fields=["tenant", "control_bidx"], name="claim_status_by_control"),
                    models.Index(
                        condition=models.Q(("claim", None)),
                        fields=["tenant", "number_bidx"],
                        name="claim_status_unlinked",
                    ),
                    models.Index(
                        condition=models.Q(("rejected", True)), fields=["tenant", "claim"], name="claim_turned_away"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("tenant", "event_bidx"), name="claim_status_once")],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("event_bidx", models.BinaryField(max_length=16)),
                ("known_at", models.DateTimeField()),
                ("sealed", upstream.core.phi.fields.SealedField()),
                ("member_bidx", models.BinaryField(max_length=16, null=True)),
                ("plan_code", models.CharField(blank=True, max_length=50)),
                ("plan", models.CharField(blank=True, max_length=80)),
                ("insurance_type", models.CharField(blank=True, max_length=4)),
                ("active", models.BooleanField(null=True)),
                ("reject_code", models.CharField(blank=True, max_length=4)),
                ("on_date", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
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
                ("raw_payer_id", models.BigIntegerField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "member_bidx"], name="coverage_by_member")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "event_bidx"), name="coverage_once")],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "payer", "name"), name="product_once")],
            },
        ),
        migrations.CreateModel(
            name="RawPayer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("source_system", models.CharField(blank=True, max_length=20)),
                ("raw_name", models.CharField(blank=True, max_length=200)),
                ("raw_id", models.CharField(blank=True, max_length=80)),
                ("name_key", models.CharField(blank=True, max_length=200)),
                ("id_key", models.CharField(blank=True, max_length=80)),
                ("first_seen", models.DateTimeField()),
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
                        fields=("tenant", "source_system", "name_key", "id_key"), name="raw_payer_once"
                    ),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="raw_payer_public_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayerAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
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
                    "raw",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="claims.rawpayer",
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
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("first", "first seen under this name"),
                            ("identifier", "by its identifier"),
                            ("name", "by its name"),
                            ("likeness", "by likeness"),
                            ("person", "decided by a person"),
                        ],
                        max_length=12,
                    ),
                ),
                ("confidence", models.DecimalField(decimal_places=2, max_digits=3)),
                ("confirmed_by", models.CharField(blank=True, max_length=80)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)), fields=("tenant", "raw"), name="alias_one_now"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayerDoubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("blues", "related Blue names: more than thirty companies share them"),
                            ("product", "the same name, but one does not say which product it speaks of"),
                            ("state", "the same name, but only one of them names a state"),
                            ("identifier", "the same identifier in another source"),
                            ("near", "the names are much alike"),
                            ("name", "the same name as payers that a person has kept apart"),
                        ],
                        max_length=12,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "is the same payer"),
                            ("own", "is a payer of its own"),
                            ("moved", "belongs to another payer"),
                            ("split", "was made a payer of its own"),
                            ("united", "turned out to be the same payer"),
                            ("undone", "was taken back"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.rawpayer",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.rawpayer",
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "first", "second"), name="doubt_once")],
            },
        ),
        migrations.CreateModel(
            name="PayerMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "decided",
                    models.CharField(
                        choices=[
                            ("same", "is the same payer"),
                            ("own", "is a payer of its own"),
                            ("moved", "belongs to another payer"),
                            ("split", "was made a payer of its own"),
                            ("united", "turned out to be the same payer"),
                            ("undone", "was taken back"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Claims are being moved"), ("done", "Done")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("raws", models.JSONField(default=list)),
                ("answered", models.JSONField(default=list)),
                ("actor", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("claims", models.IntegerField(default=0)),
                ("billed_cents", models.BigIntegerField(default=0)),
                ("first_week", models.DateField(null=True)),
                ("last_week", models.DateField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
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
                        to="claims.payermove",
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
                ("first_decision", models.DateField(null=True)),
                ("last_decision", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="payer_move_public_id"),
                    models.UniqueConstraint(fields=("tenant", "undoes"), name="payer_move_undone_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("matched", "Matched"), ("undone", "Taken apart by a person")],
                        default="matched",
                        max_length=7,
                    ),
                ),
                ("agreed", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField()),
                ("undone_by", models.CharField(blank=True, max_length=80)),
                ("undone_at", models.DateTimeField(null=True)),
                ("family_before", models.BinaryField(max_length=16)),
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
                    "remitted",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.claim",
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
                "verbose_name_plural": "claim matches",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "claim"], name="match_by_claim")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "remitted", "claim"), name="match_once"),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="match_public_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RemarkRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("remark", models.CharField(max_length=8)),
                ("category", models.CharField(max_length=16)),
                ("carcs", models.CharField(help_text="Adjustment codes, separated by spaces.", max_length=80)),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("remark", "valid_from"), name="remark_rule_once")],
            },
        ),
        migrations.CreateModel(
            name="CarcOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carc", models.CharField(max_length=8)),
                ("category", models.CharField(max_length=16)),
                ("adjustment_class", models.CharField(max_length=16)),
                ("valid_from", models.DateField()),
                ("author", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("tenant", "carc", "made_at"), name="carc_override_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NewCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carc", models.CharField(max_length=8)),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("times", models.IntegerField()),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "payer", "carc"), name="new_code_once")],
            },
        ),
        migrations.CreateModel(
            name="ClaimReplacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("number_bidx", models.BinaryField(max_length=16)),
                ("control_bidx", models.BinaryField(max_length=16)),
                (
                    "original",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.claim",
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
                    models.UniqueConstraint(fields=("tenant", "number_bidx", "control_bidx"), name="replacement_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                ("changes", models.BigIntegerField(default=1)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "week"), name="submission_week_once")],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("answer", "A payer's answer"), ("facts", "What was billed")], max_length=6
                    ),
                ),
                ("event_bidx", models.BinaryField(max_length=16, null=True)),
                ("said", models.JSONField()),
                ("known_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField()),
                ("withdrawn_by", models.CharField(max_length=80)),
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
                "indexes": [models.Index(fields=["tenant", "claim"], name="withdrawn_by_claim")],
            },
        ),
        migrations.CreateModel(
            name="ClaimAuthorization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch_id", models.BigIntegerField()),
                ("number_bidx", models.BinaryField(max_length=16)),
                ("authorization_bidx", models.BinaryField(max_length=16)),
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
                "indexes": [models.Index(fields=["tenant", "authorization_bidx"], name="sent_under_by_number")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "number_bidx", "authorization_bidx"), name="sent_under_once"
                    )
                ],
            },
        ),
        TenantWall("claims_payer"),
        TenantWall("claims_payeralias", {"payer_id": "claims_payer"}),
        TenantWall("claims_patient"),
        TenantWall(
            "claims_claim", {"payer_id": "claims_payer", "site_id": "tenants_site", "patient_id": "claims_patient"}
        ),
        TenantWall(
            "claims_claimrevision", {"claim_id": "claims_claim", "payer_id": "claims_payer", "site_id": "tenants_site"}
        ),
        TenantWall("claims_serviceline", {"claim_id": "claims_claim"}),
        TenantWall("claims_claimidentity", key="claim_id", parents={"claim_id": "claims_claim"}),
        TenantWall("claims_remittance", {"payer_id": "claims_payer"}),
        TenantWall("claims_provideradjustment", {"remittance_id": "claims_remittance"}),
        TenantWall(
            "claims_adjudication",
            {"claim_id": "claims_claim", "payer_id": "claims_payer", "reverses_id": "claims_adjudication"},
        ),
        TenantWall("claims_lineadjudication", {"adjudication_id": "claims_adjudication"}),
        TenantWall("claims_adjustment", {"adjudication_id": "claims_adjudication"}),
        TenantWall("claims_payerweek", {"payer_id": "claims_payer"}),
        TenantWall("claims_procedureweek", {"payer_id": "claims_payer"}),
        TenantWall("claims_reasonweek", {"payer_id": "claims_payer"}),
        TenantWall("claims_siteweek", {"payer_id": "claims_payer"}),
        TenantWall("claims_authorization", {"payer_id": "claims_payer"}),
        TenantWall("claims_claimstatus", {"payer_id": "claims_payer", "claim_id": "claims_claim"}),
        TenantWall("claims_coverage", {"payer_id": "claims_payer"}),
        TenantWall("claims_payerorg"),
        TenantWall("claims_product", {"payer_id": "claims_payer"}),
        TenantWall("claims_rawpayer"),
        TenantWall("claims_payerdoubt", {"first_id": "claims_rawpayer", "second_id": "claims_rawpayer"}),
        TenantWall(
            "claims_payermove",
            {"source_id": "claims_payer", "target_id": "claims_payer", "undoes_id": "claims_payermove"},
        ),
        TenantWall("claims_claimmatch", {"remitted_id": "claims_claim", "claim_id": "claims_claim"}),
        TenantWall("claims_carcoverride"),
        TenantWall("claims_newcode", {"payer_id": "claims_payer"}),
        TenantWall("claims_claimreplacement", {"original_id": "claims_claim"}),
        TenantWall("claims_submissionweek"),
        TenantWall("claims_withdrawal", {"claim_id": "claims_claim"}),
        TenantWall("claims_claimauthorization"),
        TenantTie("claims_payer", "org_id", "claims_payerorg"),
        TenantTie("claims_payer", "counted_with_id", "claims_payer"),
        TenantTie("claims_payeralias", "raw_id", "claims_rawpayer"),
        TenantTie("claims_payeralias", "product_id", "claims_product"),
        KnownByItsPlace("claims_serviceline", "line_once_per_claim"),
        KnownByItsPlace("claims_lineadjudication", "line_adjudication_once"),
        KnownByItsPlace("claims_adjustment", "adjustment_once"),
    ]
