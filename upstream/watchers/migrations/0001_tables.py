import django.db.models.deletion
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [("watchers", "0001_troubles")]

    initial = True

    dependencies = [
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Trouble",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("detector", "The data were not looked at"),
                            ("source", "A source is silent or fails"),
                            ("file", "Files are refused"),
                            ("stuck", "Files are stuck"),
                            ("mail", "Mail does not go out"),
                            ("address", "A person gets no mail"),
                            ("channel", "A channel does not take messages"),
                            ("mapping", "Claims are not watched"),
                            ("codes", "Codes without a meaning"),
                            ("audit", "The access log does not fit together"),
                            ("storage", "Files or keys cannot be read"),
                            ("watch", "Nobody watched"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("acknowledged", "Somebody is at it"), ("over", "Over")],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("claims", models.IntegerField(default=0)),
                ("rows", models.IntegerField(default=0)),
                ("affects_numbers", models.BooleanField(default=False)),
                ("since", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("over_at", models.DateTimeField(null=True)),
                ("taken_by", models.CharField(blank=True, max_length=80)),
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
                "indexes": [models.Index(fields=["tenant", "state", "since"], name="trouble_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="trouble_public_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "over"), _negated=True),
                        fields=("tenant", "kind", "subject"),
                        name="trouble_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "It began"),
                            ("changed", "It changed"),
                            ("acknowledged", "Somebody took it"),
                            ("handed_back", "It was handed back"),
                            ("over", "It is over"),
                        ],
                        max_length=12,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("actor", models.CharField(blank=True, max_length=80)),
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
                (
                    "trouble",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="watchers.trouble",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "trouble"], name="step_by_trouble")],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="look_once")],
            },
        ),
        migrations.CreateModel(
            name="OwnLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "limit",
                    models.CharField(
                        choices=[
                            ("detector_hours", "Hours without a look at the data"),
                            ("stuck_hours", "Hours that a file may wait to be read or analysed"),
                            ("mail_minutes", "Minutes that mail may wait"),
                            ("unwatched_percent", "Percent of claims under names that nobody has confirmed"),
                            ("watch_minutes", "Minutes in which nobody may have watched"),
                            ("quiet_percent", "Percent chance at which a sender's silence is no accident"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", models.SmallIntegerField(null=True)),
                ("reason", models.CharField(max_length=200)),
                ("valid_from", models.DateField()),
                ("set_by", models.CharField(max_length=80)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "public_id"), name="own_limit_public_id")],
            },
        ),
        TenantWall("watchers_trouble"),
        TenantWall("watchers_step", {"trouble_id": "watchers_trouble"}),
        TenantWall("watchers_look"),
        TenantWall("watchers_ownlimit"),
    ]
