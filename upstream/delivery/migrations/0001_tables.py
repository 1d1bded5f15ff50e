import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall


class Migration(migrations.Migration):
    replaces = [
        ("delivery", "0001_initial"),
        ("delivery", "0002_names"),
        ("delivery", "0003_endpoints"),
        ("delivery", "0004_words_of_mail_providers"),
    ]

    initial = True

    dependencies = [
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("webhook", "Signed webhook"), ("slack", "Slack"), ("teams", "Microsoft Teams")],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "host",
                    models.CharField(
                        help_text="The address's host alone, for people to recognise it by.", max_length=255
                    ),
                ),
                ("sealed_url", upstream.core.phi.fields.SealedField()),
                ("sealed_secrets", upstream.core.phi.fields.SealedField(null=True)),
                ("former_until", models.DateTimeField(null=True)),
                ("events", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Working"), ("paused", "Paused"), ("stopped", "Stopped by Upstream")],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("stopped_because", models.CharField(blank=True, max_length=60)),
                ("failures", models.SmallIntegerField(default=0)),
                ("resting_until", models.DateTimeField(null=True)),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="endpoint_public_id"),
                    models.UniqueConstraint(fields=("tenant", "name"), name="endpoint_name_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mail", "Mail"),
                            ("webhook", "Signed webhook"),
                            ("slack", "Slack"),
                            ("teams", "Microsoft Teams"),
                        ],
                        default="mail",
                        max_length=10,
                    ),
                ),
                ("template", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=80)),
                ("context", models.JSONField(default=dict)),
                ("attachment_sha256", models.CharField(blank=True, max_length=64)),
                ("attachment_name", models.CharField(blank=True, max_length=120)),
                ("message_id", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("preparing", "Being written"),
                            ("submitting", "Being handed over"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("unknown", "Outcome unknown, parked"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.SmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("queued_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
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
                (
                    "endpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="delivery.endpoint",
                    ),
                ),
                ("provider_id", models.CharField(blank=True, db_default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "state", "not_before"], name="outbox_by_state"),
                    models.Index(
                        condition=models.Q(("provider_id__gt", "")),
                        fields=["tenant", "provider_id"],
                        name="outbox_by_provider_id",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "kind", "template", "about", "recipient"), name="message_once"
                    ),
                    models.UniqueConstraint(fields=("tenant", "endpoint", "template", "about"), name="told_once"),
                    models.CheckConstraint(
                        condition=models.Q(("recipient__isnull", True), ("endpoint__isnull", True), _connector="XOR"),
                        name="one_receiver",
                    ),
                ],
                "verbose_name": "message",
                "verbose_name_plural": "messages",
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("result", models.CharField(max_length=10)),
                ("detail", models.CharField(blank=True, max_length=60)),
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
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="delivery.outbox",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stopped_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("delivered", "Delivered"),
                            ("deferred", "Put off, or turned away for now"),
                            ("bounced", "Came back for good"),
                            ("complained", "Called unwanted by its reader"),
                            ("failed", "Not sent by the provider"),
                        ],
                        max_length=10,
                    ),
                ),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "was_stopped_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("delivered", "Delivered"),
                            ("deferred", "Put off, or turned away for now"),
                            ("bounced", "Came back for good"),
                            ("complained", "Called unwanted by its reader"),
                            ("failed", "Not sent by the provider"),
                        ],
                        max_length=10,
                    ),
                ),
                ("soft_in_a_row", models.SmallIntegerField(default=0)),
                ("last_word_at", models.DateTimeField(null=True)),
                ("lifted_because", models.CharField(blank=True, max_length=200)),
                ("lifted_by", models.CharField(blank=True, max_length=80)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "recipient",
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
                "verbose_name_plural": "addresses",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "recipient"), name="address_once")],
            },
        ),
        migrations.CreateModel(
            name="MailWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("delivered", "Delivered"),
                            ("deferred", "Put off, or turned away for now"),
                            ("bounced", "Came back for good"),
                            ("complained", "Called unwanted by its reader"),
                            ("failed", "Not sent by the provider"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=30)),
                ("at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="delivery.outbox",
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "key"), name="word_once")],
            },
        ),
        migrations.CreateModel(
            name="StrayWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("provider", models.CharField(max_length=20)),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("delivered", "Delivered"),
                            ("deferred", "Put off, or turned away for now"),
                            ("bounced", "Came back for good"),
                            ("complained", "Called unwanted by its reader"),
                            ("failed", "Not sent by the provider"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        TenantWall("delivery_outbox", {"recipient_id": "tenants_membership"}),
        TenantWall("delivery_attempt", {"message_id": "delivery_outbox"}),
        TenantWall("delivery_endpoint"),
        TenantWall("delivery_mailword", {"message_id": "delivery_outbox"}),
        TenantWall("delivery_address", {"recipient_id": "tenants_membership"}),
        TenantTie("delivery_outbox", "endpoint_id", "delivery_endpoint"),
    ]
