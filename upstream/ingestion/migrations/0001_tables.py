import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall


class Migration(migrations.Migration):
    replaces = [
        ("ingestion", "0001_initial"),
        ("ingestion", "0002_names"),
        ("ingestion", "0003_acknowledgements"),
        ("ingestion", "0004_sources"),
        ("ingestion", "0005_mapping_profiles"),
        ("ingestion", "0006_archive_members"),
        ("ingestion", "0007_corrections"),
        ("ingestion", "0008_repeated_files"),
        ("ingestion", "0009_files_read_again"),
        ("ingestion", "0010_ended_sources"),
    ]

    initial = True

    dependencies = [
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=12)),
                ("settings", models.JSONField(default=dict)),
                ("sealed_secrets", upstream.core.phi.fields.SealedField(null=True)),
                ("sealed_checkpoint", upstream.core.phi.fields.SealedField(null=True)),
                ("schedule", models.CharField(max_length=100)),
                ("time_zone", models.CharField(max_length=64)),
                ("enabled", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("next_run_at", models.DateTimeField()),
                (
                    "circuit",
                    models.CharField(
                        choices=[
                            ("closed", "Working"),
                            ("open", "Resting after failures"),
                            ("half_open", "Being tried again"),
                        ],
                        default="closed",
                        max_length=9,
                    ),
                ),
                ("failures", models.SmallIntegerField(default=0)),
                ("last_success_at", models.DateTimeField(null=True)),
                ("last_failure_at", models.DateTimeField(null=True)),
                ("last_file_at", models.DateTimeField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("error_message", models.CharField(blank=True, max_length=300)),
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
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "name"), name="source_name_once"),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="source_public_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "At work"),
                            ("succeeded", "Done"),
                            ("failed", "Failed"),
                            ("interrupted", "Ended by a restart"),
                        ],
                        default="running",
                        max_length=12,
                    ),
                ),
                ("listed", models.IntegerField(default=0)),
                ("received", models.IntegerField(default=0)),
                ("known", models.IntegerField(default=0)),
                ("growing", models.IntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("error_message", models.CharField(blank=True, max_length=300)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="ingestion.source",
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
                "indexes": [models.Index(fields=["tenant", "source", "-started_at"], name="run_by_source")],
            },
        ),
        migrations.CreateModel(
            name="MappingProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80)),
                ("version", models.SmallIntegerField(default=1)),
                ("active", models.BooleanField(default=True)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("layout_bidx", models.BinaryField(max_length=16, null=True)),
                ("columns", models.SmallIntegerField()),
                ("sealed_profile", upstream.core.phi.fields.SealedField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
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
                        condition=models.Q(("active", True)), fields=["tenant", "layout_bidx"], name="mapping_by_layout"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="mapping_public_id"),
                    models.UniqueConstraint(fields=("tenant", "name", "version"), name="mapping_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)), fields=("tenant", "name"), name="mapping_one_active"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("format", models.CharField(blank=True, max_length=8)),
                ("sealed_name", upstream.core.phi.fields.SealedField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("landed", "Received, waiting to be read"),
                            ("mapping", "Waiting for somebody to match its columns"),
                            ("loaded", "Read, waiting to be analysed"),
                            ("analysed", "Read and analysed"),
                            ("rejected", "Refused"),
                        ],
                        default="landed",
                        max_length=10,
                    ),
                ),
                ("known_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("loaded_at", models.DateTimeField(null=True)),
                ("received_from", models.CharField(max_length=40)),
                ("claims", models.IntegerField(default=0)),
                ("lines", models.IntegerField(default=0)),
                ("adjudications", models.IntegerField(default=0)),
                ("new_adjudications", models.IntegerField(default=0)),
                ("rejected", models.IntegerField(default=0)),
                ("paid_cents", models.BigIntegerField(default=0)),
                ("notices", models.JSONField(default=dict)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("error_message", models.CharField(blank=True, max_length=300)),
                ("attempts", models.SmallIntegerField(default=0)),
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
                ("acknowledgements", models.IntegerField(default=0)),
                ("authorizations", models.IntegerField(default=0)),
                ("coverages", models.IntegerField(default=0)),
                ("refusals", models.IntegerField(default=0, help_text="Claims turned away before they were judged.")),
                ("statuses", models.IntegerField(default=0)),
                ("layout_bidx", models.BinaryField(max_length=16, null=True)),
                (
                    "mapping",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="ingestion.mappingprofile",
                    ),
                ),
                ("archived_at", models.DateTimeField(null=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ingestion.batch",
                    ),
                ),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "repeats",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ingestion.batch",
                    ),
                ),
                (
                    "mapping_before",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ingestion.mappingprofile",
                    ),
                ),
                ("reread_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "state"], name="batch_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "sha256"), name="file_once_per_tenant"),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="batch_public_id"),
                ],
                "verbose_name": "file",
                "verbose_name_plural": "files",
            },
        ),
        migrations.CreateModel(
            name="Rejection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField()),
                ("field", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be fixed"),
                            ("fixed", "Fixed and loaded"),
                            ("discarded", "Left out for good"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("sealed_raw", upstream.core.phi.fields.SealedField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rejections",
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
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_a_claim", "It is no claim"),
                            ("elsewhere", "It came in another file"),
                            ("not_ours", "It belongs to another practice"),
                            ("beyond_repair", "It cannot be put right"),
                        ],
                        max_length=13,
                    ),
                ),
                (
                    "replayed_in",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ingestion.batch",
                    ),
                ),
                ("sealed_correction", upstream.core.phi.fields.SealedField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "batch", "position", "field", "code"), name="rejection_once"
                    ),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="rejection_public_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField()),
                ("event_bidx", models.BinaryField(max_length=16)),
                ("kind", models.CharField(max_length=4)),
                ("sender", models.CharField(blank=True, max_length=20)),
                ("control_number", models.CharField(blank=True, max_length=50)),
                ("transaction_type", models.CharField(blank=True, max_length=4)),
                ("code", models.CharField(max_length=2)),
                ("accepted", models.BooleanField()),
                ("error_codes", models.CharField(blank=True, max_length=80)),
                ("acknowledged_date", models.DateField(null=True)),
                ("known_at", models.DateTimeField()),
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
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "event_bidx"), name="acknowledgement_once")],
            },
        ),
        migrations.CreateModel(
            name="SourceObject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_bidx", models.BinaryField(max_length=16)),
                ("sealed_name", upstream.core.phi.fields.SealedField()),
                ("version", models.CharField(max_length=64)),
                ("size", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "Seen, not fetched yet"),
                            ("fetching", "Being fetched"),
                            ("landed", "Received"),
                            ("acknowledged", "Received, and the sender's side is settled"),
                            ("failed", "Given up"),
                        ],
                        default="listed",
                        max_length=12,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                ("landed_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ingestion.batch",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objects_seen",
                        to="ingestion.source",
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
                "indexes": [models.Index(fields=["tenant", "source", "state"], name="object_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "source", "name_bidx", "version"), name="object_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchiveMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.IntegerField()),
                ("new", models.BooleanField(default=False)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("sealed_name", upstream.core.phi.fields.SealedField()),
                (
                    "archive",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="ingestion.batch",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
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
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "batch"], name="archives_of_batch")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "archive", "ordinal"), name="archive_member_once")
                ],
            },
        ),
        TenantWall("ingestion_batch"),
        TenantWall("ingestion_rejection", {"batch_id": "ingestion_batch"}),
        TenantWall("ingestion_acknowledgement", {"batch_id": "ingestion_batch"}),
        TenantWall("ingestion_source"),
        TenantWall("ingestion_sourcerun", {"source_id": "ingestion_source"}),
        TenantWall("ingestion_sourceobject", {"source_id": "ingestion_source", "batch_id": "ingestion_batch"}),
        TenantWall("ingestion_mappingprofile"),
        TenantWall("ingestion_archivemember", {"archive_id": "ingestion_batch", "batch_id": "ingestion_batch"}),
        TenantTie("claims_claimrevision", "batch_id", "ingestion_batch"),
        TenantTie("claims_remittance", "batch_id", "ingestion_batch"),
        TenantTie("claims_authorization", "batch_id", "ingestion_batch"),
        TenantTie("claims_claimstatus", "batch_id", "ingestion_batch"),
        TenantTie("claims_coverage", "batch_id", "ingestion_batch"),
        TenantTie("ingestion_batch", "mapping_id", "ingestion_mappingprofile"),
        TenantTie("ingestion_batch", "corrects_id", "ingestion_batch"),
        TenantTie("ingestion_rejection", "replayed_in_id", "ingestion_batch"),
        TenantTie("ingestion_batch", "repeats_id", "ingestion_batch"),
        TenantTie("ingestion_batch", "mapping_before_id", "ingestion_mappingprofile"),
    ]
