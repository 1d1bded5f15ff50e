import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [("appeals", "0001_letters"), ("appeals", "0002_packets")]

    initial = True

    dependencies = [
        ("alerts", "0001_tables"),
        ("claims", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("fingerprint", models.CharField(max_length=64)),
                ("subject", models.CharField(blank=True, max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Being made"), ("done", "Done"), ("failed", "Failed")],
                        default="due",
                        max_length=6,
                    ),
                ),
                ("claims", models.JSONField(default=list)),
                ("letters", models.JSONField(default=list)),
                ("position", models.IntegerField(default=0)),
                ("made", models.IntegerField(default=0)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("requested_by", models.CharField(max_length=80)),
                ("requested_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "files_state",
                    models.CharField(
                        blank=True,
                        choices=[("due", "Being made"), ("done", "Done"), ("failed", "Failed")],
                        max_length=6,
                    ),
                ),
                ("files_attempts", models.SmallIntegerField(default=0)),
                ("zip_sha256", models.CharField(blank=True, max_length=64)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("files_at", models.DateTimeField(null=True)),
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
                    models.Index(
                        condition=models.Q(("state", "due")), fields=["tenant", "id"], name="letter_batch_due"
                    ),
                    models.Index(
                        condition=models.Q(("files_state", "due")), fields=["tenant", "id"], name="letter_files_due"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="letter_batch_public_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "due")),
                        fields=("tenant", "fingerprint"),
                        name="letter_batch_waits_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("AUTH", "Missing authorization"),
                            ("ELIG", "Coverage not active"),
                            ("COB", "Another payer is responsible"),
                            ("TIMELY", "Filed too late"),
                            ("CRED", "Provider not set up"),
                            ("MEDNEC", "Medical necessity"),
                            ("LIMIT", "Benefit limit reached"),
                            ("NONCOV", "Service not covered"),
                            ("BUNDLE", "Included in another service"),
                            ("CODING", "Coding conflict"),
                            ("DOC", "Records missing"),
                            ("DATA", "Information missing or wrong"),
                            ("DUP", "Taken for a duplicate"),
                            ("UNSPEC", "Reason not given"),
                            ("UNDERPAID", "Paid less than agreed"),
                            ("TAKEBACK", "Payment taken back"),
                            ("LATE", "Not answered in time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.SmallIntegerField()),
                ("valid_from", models.DateField()),
                ("sealed_words", upstream.core.phi.fields.SealedField()),
                ("layout_sha256", models.CharField(blank=True, max_length=64)),
                ("layout_size", models.IntegerField(default=0)),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("taken_back_by", models.CharField(blank=True, max_length=80)),
                ("taken_back_at", models.DateTimeField(null=True)),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "subject", "payer", "version"),
                        name="template_version_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="template_public_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("AUTH", "Missing authorization"),
                            ("ELIG", "Coverage not active"),
                            ("COB", "Another payer is responsible"),
                            ("TIMELY", "Filed too late"),
                            ("CRED", "Provider not set up"),
                            ("MEDNEC", "Medical necessity"),
                            ("LIMIT", "Benefit limit reached"),
                            ("NONCOV", "Service not covered"),
                            ("BUNDLE", "Included in another service"),
                            ("CODING", "Coding conflict"),
                            ("DOC", "Records missing"),
                            ("DATA", "Information missing or wrong"),
                            ("DUP", "Taken for a duplicate"),
                            ("UNSPEC", "Reason not given"),
                            ("UNDERPAID", "Paid less than agreed"),
                            ("TAKEBACK", "Payment taken back"),
                            ("LATE", "Not answered in time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("level", models.SmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("review", "In review"),
                            ("ready", "Ready to send"),
                            ("sent", "Sent"),
                            ("overturned", "Overturned"),
                            ("partly", "Partly overturned"),
                            ("upheld", "Upheld"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                ("amount_cents", models.BigIntegerField()),
                ("deadline", models.DateField(null=True)),
                ("sealed_text", upstream.core.phi.fields.SealedField()),
                ("drafted_by", models.CharField(max_length=80)),
                ("drafted_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mail", "Mail"),
                            ("certified", "Certified mail"),
                            ("fax", "Fax"),
                            ("portal", "Payer's portal"),
                            ("electronic", "With an electronic claim"),
                            ("other", "Another way"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sent_on", models.DateField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("sealed_tracking", upstream.core.phi.fields.SealedField(null=True)),
                ("docx_sha256", models.CharField(blank=True, max_length=64)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("looked_at", models.DateTimeField(null=True)),
                ("answered_on", models.DateField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                ("recovered_cents", models.BigIntegerField(default=0)),
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
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="appeals.letterbatch",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="appeals.lettertemplate",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "state", "-changed_at"], name="letter_by_state"),
                    models.Index(fields=["tenant", "claim"], name="letter_by_claim"),
                    models.Index(fields=["tenant", "incident"], name="letter_by_incident"),
                    models.Index(fields=["tenant", "payer", "subject"], name="letter_by_payer"),
                    models.Index(
                        condition=models.Q(("pdf_sha256", ""), ("sent_on__isnull", False)),
                        fields=["tenant", "id"],
                        name="letter_to_keep",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="letter_public_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("tenant", "claim", "subject", "level"),
                        name="letter_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.IntegerField()),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Draft"),
                            ("review", "In review"),
                            ("ready", "Ready to send"),
                            ("sent", "Sent"),
                            ("overturned", "Overturned"),
                            ("partly", "Partly overturned"),
                            ("upheld", "Upheld"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("review", "In review"),
                            ("ready", "Ready to send"),
                            ("sent", "Sent"),
                            ("overturned", "Overturned"),
                            ("partly", "Partly overturned"),
                            ("upheld", "Upheld"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("edited", models.BooleanField(default=False)),
                ("actor", models.CharField(max_length=80)),
                ("sealed_before", upstream.core.phi.fields.SealedField(null=True)),
                ("sealed_note", upstream.core.phi.fields.SealedField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "letter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="appeals.letter",
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
                        to="appeals.letterevent",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "letter", "number"), name="letter_event_once"),
                    models.UniqueConstraint(fields=("tenant", "undoes"), name="letter_event_undone_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_cents", models.BigIntegerField(null=True)),
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
                "indexes": [models.Index(fields=["tenant", "-id"], name="review_limit_newest")],
            },
        ),
        migrations.CreateModel(
            name="PromptPayRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=2)),
                ("days", models.SmallIntegerField()),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("note", models.CharField(blank=True, max_length=120)),
                ("source", models.CharField(max_length=120)),
                (
                    "confidence",
                    models.CharField(choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")], max_length=8),
                ),
                ("valid_from", models.DateField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("place", "valid_from"), name="prompt_pay_rate_once")],
            },
        ),
        migrations.CreateModel(
            name="Packet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.SmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Being made"), ("done", "Done"), ("failed", "Failed")],
                        default="due",
                        max_length=6,
                    ),
                ),
                ("sealed_words", upstream.core.phi.fields.SealedField()),
                ("interest_days", models.SmallIntegerField(null=True)),
                ("interest_percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("interest_source", models.CharField(blank=True, max_length=120)),
                (
                    "interest_confidence",
                    models.CharField(
                        blank=True, choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")], max_length=8
                    ),
                ),
                ("as_of", models.DateField()),
                ("claims", models.IntegerField(default=0)),
                ("total_cents", models.BigIntegerField(default=0)),
                ("interest_cents", models.BigIntegerField(default=0)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("files", models.JSONField(default=dict)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("requested_by", models.CharField(max_length=80)),
                ("requested_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerts.incident",
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
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="packet_public_id"),
                    models.UniqueConstraint(fields=("tenant", "incident", "number"), name="packet_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "due")), fields=("tenant", "incident"), name="packet_waits_once"
                    ),
                ],
            },
        ),
        TenantWall("appeals_letterbatch", {"incident_id": "alerts_incident"}),
        TenantWall("appeals_lettertemplate", {"payer_id": "claims_payer"}),
        TenantWall(
            "appeals_letter",
            {
                "claim_id": "claims_claim",
                "payer_id": "claims_payer",
                "incident_id": "alerts_incident",
                "batch_id": "appeals_letterbatch",
                "template_id": "appeals_lettertemplate",
            },
        ),
        TenantWall("appeals_letterevent", {"letter_id": "appeals_letter", "undoes_id": "appeals_letterevent"}),
        TenantWall("appeals_reviewlimit"),
        TenantWall("appeals_packet", {"incident_id": "alerts_incident"}),
    ]
