import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall


class Migration(migrations.Migration):
    replaces = [
        ("alerts", "0001_initial"),
        ("alerts", "0002_owner_steps"),
        ("alerts", "0004_claim_deadlines"),
        ("alerts", "0005_sealed_notes"),
        ("alerts", "0007_metrics_of_answers"),
        ("alerts", "0008_openings"),
        ("alerts", "0009_replays"),
        ("alerts", "0010_money_of_claims"),
        ("alerts", "0011_money_limits"),
        ("alerts", "0013_life_of_incidents"),
        ("alerts", "0014_merged_and_split"),
        ("alerts", "0015_value_ledger"),
    ]

    initial = True

    dependencies = [
        ("claims", "0001_tables"),
        ("detection", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("acknowledged", "Acknowledged"),
                            ("working", "Working"),
                            ("waiting", "Waiting on payer"),
                            ("monitoring", "Monitoring"),
                            ("resolved", "Resolved"),
                            ("false", "False alarm"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("payer_change", "The payer changed"),
                            ("our_process", "Our own process"),
                            ("data_fault", "A data fault"),
                            ("noise", "Noise"),
                            ("returned", "Returned to usual"),
                            ("merged", "Part of another incident"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=300)),
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
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=8,
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        choices=[("strong", "Strong"), ("moderate", "Moderate"), ("watch", "Watch")], max_length=8
                    ),
                ),
                ("evidence", models.FloatField()),
                ("onset_week", models.DateField()),
                ("usual_rate", models.FloatField()),
                ("rate_low", models.FloatField()),
                ("rate", models.FloatField()),
                ("rate_high", models.FloatField()),
                ("decided", models.IntegerField()),
                ("observed", models.IntegerField()),
                ("expected", models.FloatField()),
                ("lost_low_cents", models.BigIntegerField()),
                ("lost_cents", models.BigIntegerField()),
                ("lost_high_cents", models.BigIntegerField()),
                ("at_stake_cents", models.BigIntegerField()),
                ("annual_cents", models.BigIntegerField()),
                (
                    "claims_cents",
                    models.BigIntegerField(default=0, help_text="Expected allowed of the claims behind it: their sum."),
                ),
                ("finding", models.JSONField(default=dict)),
                ("deadline", models.DateField(null=True)),
                ("deadline_source", models.CharField(blank=True, max_length=80)),
                ("first_as_of", models.DateField()),
                ("last_as_of", models.DateField()),
                ("quiet_weeks", models.SmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "assigned_to",
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
                    "last_run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="detection.detectionrun",
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
                ("version", models.IntegerField(default=1)),
                ("snoozed_until", models.DateField(null=True)),
                ("snooze_money_cents", models.BigIntegerField(null=True)),
                ("snooze_rate", models.FloatField(null=True)),
                (
                    "return_by",
                    models.DateField(help_text="By when the rate of a monitored one should be as usual.", null=True),
                ),
                ("mark_rate", models.FloatField(null=True)),
                ("mark_annual_cents", models.BigIntegerField(null=True)),
                (
                    "said_recovered_cents",
                    models.BigIntegerField(help_text="What a person said came back; no evidence.", null=True),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="alerts.incident",
                    ),
                ),
                (
                    "split_from",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="split_off",
                        to="alerts.incident",
                    ),
                ),
                (
                    "split_axis",
                    models.CharField(
                        blank=True,
                        choices=[("procedure", "Procedure"), ("reason", "Reason"), ("location", "Location")],
                        max_length=10,
                    ),
                ),
                ("split_key", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "state"], name="incident_by_state")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="incident_public_id")],
            },
        ),
        migrations.CreateModel(
            name="IncidentClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("expected_cents", models.BigIntegerField()),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
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
                ("due", models.DateField(null=True)),
                ("internal_due", models.DateField(null=True)),
                ("due_source", models.CharField(blank=True, max_length=80)),
                (
                    "lost_cents",
                    models.BigIntegerField(default=0, help_text="Its part of what the incident has cost so far."),
                ),
                (
                    "recoverable_cents",
                    models.BigIntegerField(default=0, help_text="What of that usually comes back in time."),
                ),
                ("paid_on", models.DateField(help_text="When it was known to be paid after all.", null=True)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerts.incident",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("source__isnull", False)),
                        fields=["tenant", "source"],
                        name="member_by_source",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("tenant", "incident", "claim"), name="member_once")],
            },
        ),
        migrations.CreateModel(
            name="Transition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("acknowledged", "Acknowledged"),
                            ("working", "Working"),
                            ("waiting", "Waiting on payer"),
                            ("monitoring", "Monitoring"),
                            ("resolved", "Resolved"),
                            ("false", "False alarm"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("acknowledged", "Acknowledged"),
                            ("working", "Working"),
                            ("waiting", "Waiting on payer"),
                            ("monitoring", "Monitoring"),
                            ("resolved", "Resolved"),
                            ("false", "False alarm"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("payer_change", "The payer changed"),
                            ("our_process", "Our own process"),
                            ("data_fault", "A data fault"),
                            ("noise", "Noise"),
                            ("returned", "Returned to usual"),
                            ("merged", "Part of another incident"),
                        ],
                        max_length=12,
                    ),
                ),
                ("actor", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transitions",
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
                (
                    "undoes",
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
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sealed_note", upstream.core.phi.fields.SealedField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("moved", "Moved"),
                            ("assigned", "Assigned"),
                            ("commented", "Commented"),
                            ("snoozed", "Snoozed"),
                            ("woken", "Woken"),
                            ("merged", "Merged"),
                            ("split", "Split"),
                            ("undone", "Taken back"),
                        ],
                        default="moved",
                        max_length=10,
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                ("changes", models.JSONField(default=dict)),
                ("bulk", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "incident"], name="transition_by_incident"),
                    models.Index(
                        condition=models.Q(("bulk__isnull", False)),
                        fields=["tenant", "bulk"],
                        name="transition_by_bulk",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("tenant", "undoes"), name="undone_once")],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payer_type", models.CharField(max_length=24)),
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
                ("days", models.SmallIntegerField()),
                ("source", models.CharField(max_length=80)),
                ("confidence", models.CharField(max_length=8)),
                ("valid_from", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("payer_type", "action", "valid_from"), name="clock_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PayerClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "basis",
                    models.CharField(
                        choices=[("contract", "the contract"), ("setting", "what this practice was told")],
                        max_length=10,
                    ),
                ),
                ("days", models.SmallIntegerField(null=True)),
                ("source", models.CharField(blank=True, max_length=80)),
                ("valid_from", models.DateField()),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
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
                "indexes": [models.Index(fields=["tenant", "payer"], name="payer_clock_by_payer")],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("again", models.BooleanField(default=False)),
                ("family", models.CharField(max_length=12)),
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
                ("onset_week", models.DateField()),
                (
                    "strength",
                    models.CharField(
                        choices=[("strong", "Strong"), ("moderate", "Moderate"), ("watch", "Watch")], max_length=8
                    ),
                ),
                ("evidence", models.FloatField()),
                ("observed", models.IntegerField()),
                ("expected", models.FloatField()),
                ("lost_low_cents", models.BigIntegerField()),
                ("lost_cents", models.BigIntegerField()),
                ("lost_high_cents", models.BigIntegerField()),
                ("annual_cents", models.BigIntegerField()),
                ("title", models.CharField(max_length=300)),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
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
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "incident", "run"), name="opened_once")],
            },
        ),
        migrations.CreateModel(
            name="Replay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="due",
                        max_length=6,
                    ),
                ),
                ("method", models.CharField(max_length=20)),
                ("budget_per_quarter", models.DecimalField(decimal_places=2, max_digits=4)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("days", models.SmallIntegerField(default=7)),
                ("at", models.DateField(null=True)),
                ("incidents", models.JSONField(default=list)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("requested_by", models.CharField(max_length=80)),
                ("requested_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
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
                "indexes": [models.Index(fields=["tenant", "state"], name="replay_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="replay_public_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "due")),
                        fields=("tenant", "method", "budget_per_quarter", "first", "last", "days"),
                        name="replay_waits_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplayFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("again", models.BooleanField(default=False)),
                ("family", models.CharField(max_length=12)),
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
                ("onset_week", models.DateField()),
                (
                    "strength",
                    models.CharField(
                        choices=[("strong", "Strong"), ("moderate", "Moderate"), ("watch", "Watch")], max_length=8
                    ),
                ),
                ("evidence", models.FloatField()),
                ("observed", models.IntegerField()),
                ("expected", models.FloatField()),
                ("lost_low_cents", models.BigIntegerField()),
                ("lost_cents", models.BigIntegerField()),
                ("lost_high_cents", models.BigIntegerField()),
                ("annual_cents", models.BigIntegerField()),
                ("title", models.CharField(max_length=300)),
                ("number", models.IntegerField()),
                ("report_date", models.DateField()),
                ("report_lost_cents", models.BigIntegerField()),
                ("report_seen", models.BooleanField(default=False)),
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
                    "replay",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="alerts.replay",
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
                    models.UniqueConstraint(fields=("tenant", "replay", "number", "as_of"), name="replay_raised_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MoneyLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("much", "Much money, in dollars"),
                            ("some", "Some money, in dollars"),
                            ("much_share", "Much of a payer's month, in percent"),
                            ("some_share", "Some of a payer's month, in percent"),
                            ("capital", "What late cash costs a year, in percent"),
                        ],
                        max_length=12,
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("source", models.CharField(blank=True, max_length=80)),
                ("valid_from", models.DateField()),
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
                "indexes": [models.Index(fields=["tenant", "valid_from"], name="money_limit_by_day")],
            },
        ),
        migrations.CreateModel(
            name="ValueLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("recovered", "Recovered"), ("avoided", "Avoided")], max_length=9)),
                ("adjudication_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("paid_cents", models.BigIntegerField()),
                ("counted_cents", models.BigIntegerField()),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="value_lines",
                        to="alerts.incident",
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
                    models.UniqueConstraint(fields=("tenant", "adjudication_id", "kind"), name="value_once_an_answer")
                ],
                "indexes": [
                    models.Index(fields=["tenant", "day"], name="value_by_day"),
                    models.Index(fields=["tenant", "incident"], name="value_by_incident"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValueBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upto", models.CharField(max_length=120)),
                ("settled_at", models.DateTimeField()),
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
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="one_value_book")],
            },
        ),
        TenantWall(
            "alerts_incident",
            {
                "payer_id": "claims_payer",
                "assigned_to_id": "tenants_membership",
                "last_run_id": "detection_detectionrun",
            },
        ),
        TenantWall("alerts_incidentclaim", {"incident_id": "alerts_incident", "claim_id": "claims_claim"}),
        TenantWall("alerts_transition", {"incident_id": "alerts_incident", "undoes_id": "alerts_transition"}),
        TenantWall("alerts_payerclock", {"payer_id": "claims_payer"}),
        TenantWall(
            "alerts_opening",
            {"incident_id": "alerts_incident", "run_id": "detection_detectionrun", "payer_id": "claims_payer"},
        ),
        TenantWall("alerts_replay"),
        TenantWall("alerts_replayfinding", {"replay_id": "alerts_replay", "payer_id": "claims_payer"}),
        TenantWall("alerts_moneylimit"),
        TenantWall("alerts_valueline", {"incident_id": "alerts_incident", "claim_id": "claims_claim"}),
        TenantWall("alerts_valuebook"),
        TenantTie("alerts_transition", "owner_before_id", "tenants_membership"),
        TenantTie("alerts_transition", "owner_after_id", "tenants_membership"),
        TenantTie("alerts_incident", "merged_into_id", "alerts_incident"),
        TenantTie("alerts_incident", "split_from_id", "alerts_incident"),
        TenantTie("alerts_incidentclaim", "source_id", "alerts_incident"),
    ]
