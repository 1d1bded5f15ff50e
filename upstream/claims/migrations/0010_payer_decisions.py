import uuid

import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
OPTIONS = {"abstract": False, "base_manager_name": "objects"}


def tenant():
    return ("tenant", models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.organization"))


def key(to, **kwargs):
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **kwargs)


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_payer_names")]
    operations = [
        migrations.CreateModel(
            name="PayerDoubt",
            fields=[
                ID,
                ("reason", models.CharField(blank=True, choices=[('blues', 'related Blue names: more than thirty companies share them'), ('product', 'the same name, but one does not say which product it speaks of'), ('state', 'the same name, but only one of them names a state'), ('identifier', 'the same identifier in another source'), ('near', 'the names are much alike'), ('name', 'the same name as payers that a person has kept apart')], max_length=12)),
                ("raised_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, choices=[('same', 'is the same payer'), ('own', 'is a payer of its own'), ('moved', 'belongs to another payer'), ('split', 'was made a payer of its own'), ('united', 'turned out to be the same payer'), ('undone', 'was taken back')], max_length=8)),
                ("first", key("claims.rawpayer")),
                ("second", key("claims.rawpayer")),
                tenant(),
            ],
            options={**OPTIONS, "constraints": [models.UniqueConstraint(fields=("tenant", "first", "second"), name="doubt_once")]},
        ),
        migrations.CreateModel(
            name="PayerMove",
            fields=[
                ID,
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("decided", models.CharField(choices=[('same', 'is the same payer'), ('own', 'is a payer of its own'), ('moved', 'belongs to another payer'), ('split', 'was made a payer of its own'), ('united', 'turned out to be the same payer'), ('undone', 'was taken back')], max_length=8)),
                ("state", models.CharField(choices=[('waiting', 'Claims are being moved'), ('done', 'Done')], default="waiting", max_length=8)),
                ("raws", models.JSONField(default=list)),
                ("answered", models.JSONField(default=list)),
                ("actor", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("claims", models.IntegerField(default=0)),
                ("billed_cents", models.BigIntegerField(default=0)),
                ("first_week", models.DateField(null=True)),
                ("last_week", models.DateField(null=True)),
                ("source", key("claims.payer")),
                ("target", key("claims.payer")),
                ("undoes", key("claims.payermove", null=True)),
                tenant(),
            ],
            options={
                **OPTIONS,
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="payer_move_public_id"),
                    models.UniqueConstraint(fields=("tenant", "undoes"), name="payer_move_undone_once"),
                ],
            },
        ),
        TenantWall("claims_payerdoubt", {"first_id": "claims_rawpayer", "second_id": "claims_rawpayer"}),
        TenantWall("claims_payermove", {"source_id": "claims_payer", "target_id": "claims_payer", "undoes_id": "claims_payermove"}),
    ]
