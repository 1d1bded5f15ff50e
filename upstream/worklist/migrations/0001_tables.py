import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall


class Migration(migrations.Migration):
    replaces = [("worklist", "0001_items"), ("worklist", "0002_sent_again"), ("worklist", "0003_put_aside")]

    initial = True

    dependencies = [
        ("claims", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("step", "moved"),
                            ("assign", "gave"),
                            ("snooze", "put aside"),
                            ("note", "wrote a note"),
                            ("undo", "took back"),
                            ("answer", "read an answer of the payer"),
                        ],
                        max_length=8,
                    ),
                ),
                ("actor", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("items", models.IntegerField()),
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
                        to="worklist.act",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "actor", "-id"], name="act_by_actor")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="act_public_id"),
                    models.UniqueConstraint(fields=("tenant", "undoes"), name="act_undone_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("key_hash", models.CharField(max_length=64)),
                (
                    "everybody",
                    models.BooleanField(default=False, help_text="Also what nobody has and what others have."),
                ),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "key_hash"), name="feed_key_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)), fields=("tenant", "member"), name="feed_one_a_member"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("decision_id", models.BigIntegerField()),
                ("decided_date", models.DateField()),
                ("service_date", models.DateField(null=True)),
                ("procedure_code", models.CharField(blank=True, max_length=16)),
                ("partial", models.BooleanField(default=False)),
                ("category", models.CharField(max_length=16)),
                ("denial_group", models.CharField(blank=True, max_length=2)),
                ("denial_carc", models.CharField(blank=True, max_length=8)),
                ("remark_codes", models.CharField(blank=True, max_length=60)),
                ("billed_cents", models.BigIntegerField()),
                ("allowed_cents", models.BigIntegerField(default=0)),
                ("expected_cents", models.BigIntegerField()),
                ("share", models.FloatField(default=0.0)),
                ("recovery_cents", models.BigIntegerField(default=0)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("appeal", "Appeal"),
                            ("refile", "Corrected claim"),
                            ("document", "Records asked for"),
                            ("filing", "First filing"),
                            ("payment", "Payment"),
                            ("dispute", "Dispute of an amount"),
                        ],
                        max_length=10,
                    ),
                ),
                ("deadline", models.DateField()),
                ("internal_due", models.DateField()),
                ("clock_days", models.SmallIntegerField()),
                ("clock_basis", models.CharField(max_length=12)),
                ("clock_source", models.CharField(max_length=80)),
                ("clock_confidence", models.CharField(max_length=8)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("todo", "To do"),
                            ("working", "In work"),
                            ("drafted", "Letter drafted"),
                            ("sent", "Sent"),
                            ("waiting", "Waiting for payer"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("written_off", "Written off"),
                            ("settled", "No longer denied"),
                        ],
                        default="todo",
                        max_length=12,
                    ),
                ),
                ("snoozed_until", models.DateField(null=True)),
                ("version", models.IntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_for", models.CharField(blank=True, max_length=120)),
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
                    "owner",
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
                ("sent_again", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["tenant", "deadline", "-recovery_cents", "id"],
                        name="item_by_deadline",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["tenant", "owner", "deadline", "-recovery_cents", "id"],
                        name="item_by_owner",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["tenant", "payer", "deadline", "-recovery_cents", "id"],
                        name="item_by_payer",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None), _negated=True),
                        fields=["tenant", "-closed_at", "-id"],
                        name="item_closed",
                    ),
                    models.Index(
                        condition=models.Q(("snoozed_until", None), _negated=True),
                        fields=["tenant", "snoozed_until", "id"],
                        name="item_aside",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "claim"), name="item_once_per_claim"),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="item_public_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("version", models.IntegerField()),
                (
                    "from_step",
                    models.CharField(
                        choices=[
                            ("todo", "To do"),
                            ("working", "In work"),
                            ("drafted", "Letter drafted"),
                            ("sent", "Sent"),
                            ("waiting", "Waiting for payer"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("written_off", "Written off"),
                            ("settled", "No longer denied"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_step",
                    models.CharField(
                        choices=[
                            ("todo", "To do"),
                            ("working", "In work"),
                            ("drafted", "Letter drafted"),
                            ("sent", "Sent"),
                            ("waiting", "Waiting for payer"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("written_off", "Written off"),
                            ("settled", "No longer denied"),
                        ],
                        max_length=12,
                    ),
                ),
                ("snoozed_before", models.DateField(null=True)),
                ("snoozed_after", models.DateField(null=True)),
                ("said", models.CharField(blank=True, max_length=120)),
                ("sealed_note", upstream.core.phi.fields.SealedField(null=True)),
                (
                    "act",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="worklist.act",
                    ),
                ),
                (
                    "owner_after",
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
                    "owner_before",
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
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="worklist.item",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "act"], name="event_by_act")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "item", "version"), name="event_once_per_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(blank=True, max_length=16)),
                ("claims", models.IntegerField()),
                ("won", models.IntegerField()),
                ("share", models.FloatField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                ("from_share", models.FloatField()),
                ("as_of", models.DateField()),
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
                "verbose_name_plural": "recoveries",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "payer", "category"), name="recovery_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Taken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("file", "A file that was read"),
                            ("payer", "A payer's clocks as they stand"),
                            ("run", "What one look of detection tells, and what people joined and parted since"),
                        ],
                        max_length=5,
                    ),
                ),
                ("ref", models.BigIntegerField()),
                ("mark", models.CharField(max_length=60)),
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
                "verbose_name_plural": "taken in",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "kind", "ref"), name="taken_once")],
            },
        ),
        TenantWall(
            "worklist_item", {"claim_id": "claims_claim", "payer_id": "claims_payer", "owner_id": "tenants_membership"}
        ),
        TenantWall("worklist_act"),
        TenantWall(
            "worklist_event",
            {
                "act_id": "worklist_act",
                "item_id": "worklist_item",
                "owner_before_id": "tenants_membership",
                "owner_after_id": "tenants_membership",
            },
        ),
        TenantWall("worklist_recovery"),
        TenantWall("worklist_taken"),
        TenantWall("worklist_feed", {"member_id": "tenants_membership"}),
        TenantTie("worklist_act", "undoes_id", "worklist_act"),
        TenantTie("worklist_recovery", "payer_id", "claims_payer"),
    ]
