import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall

# Names and identifiers stood apart from one another; each becomes a raw name of its payer, of no source. The wall of a
# table lets its owner see rows again only while it is not forced.
OURS = "ALTER TABLE claims_payeralias NO FORCE ROW LEVEL SECURITY"
WALLED = "ALTER TABLE claims_payeralias FORCE ROW LEVEL SECURITY"
KEEP = """
INSERT INTO claims_rawpayer (tenant_id, public_id, source_system, raw_name, raw_id, name_key, id_key, first_seen)
SELECT tenant_id, gen_random_uuid(), '', CASE kind WHEN 'name' THEN value ELSE '' END,
    CASE kind WHEN 'id' THEN left(value, 80) ELSE '' END, CASE kind WHEN 'name' THEN value ELSE '' END,
    CASE kind WHEN 'id' THEN left(replace(value, ' ', ''), 80) ELSE '' END, now()
FROM claims_payeralias ON CONFLICT DO NOTHING;
UPDATE claims_payeralias a SET raw_id = r.id FROM claims_rawpayer r WHERE r.tenant_id = a.tenant_id
    AND CASE a.kind WHEN 'name' THEN r.name_key = a.value ELSE r.raw_id = left(a.value, 80) AND r.name_key = '' END;
DELETE FROM claims_payeralias WHERE raw_id IS NULL;
"""


def key(to, **kwargs):
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **kwargs)


class Migration(migrations.Migration):
    dependencies = [("claims", "0008_payer_orgs_products_types")]
    operations = [
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
                ("tenant", models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.organization")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "source_system", "name_key", "id_key"), name="raw_payer_once"),
                    models.UniqueConstraint(fields=("tenant", "public_id"), name="raw_payer_public_id"),
                ],
            },
        ),
        migrations.AddField("payeralias", "raw", models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="claims.rawpayer")),
        migrations.AlterField("payeralias", "payer", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="claims.payer")),
        migrations.AddField("payeralias", "product", key("claims.product", null=True)),
        migrations.AddField("payeralias", "valid_from", models.DateTimeField(default=django.utils.timezone.now), preserve_default=False),
        migrations.AddField("payeralias", "valid_until", models.DateTimeField(null=True)),
        migrations.AddField("payeralias", "how", models.CharField(choices=[('first', 'first seen under this name'), ('identifier', 'by its identifier'), ('name', 'by its name'), ('likeness', 'by likeness'), ('person', 'decided by a person')], default="name", max_length=12), preserve_default=False),
        migrations.AddField("payeralias", "confidence", models.DecimalField(decimal_places=2, default=1, max_digits=3), preserve_default=False),
        migrations.AddField("payeralias", "confirmed_by", models.CharField(blank=True, default="", max_length=80), preserve_default=False),
        migrations.AddField("payeralias", "confirmed_at", models.DateTimeField(null=True)),
        migrations.RunSQL(OURS, WALLED),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(WALLED, OURS),
        migrations.RemoveConstraint("payeralias", "alias_once"),
        migrations.RemoveField("payeralias", "kind"),
        migrations.RemoveField("payeralias", "value"),
        migrations.AlterField("payeralias", "raw", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="claims.rawpayer")),
        migrations.AddConstraint("payeralias", models.UniqueConstraint(condition=models.Q(("valid_until", None)), fields=("tenant", "raw"), name="alias_one_now")),
        TenantWall("claims_rawpayer"),
        TenantTie("claims_payeralias", "raw_id", "claims_rawpayer"),
        TenantTie("claims_payeralias", "product_id", "claims_product"),
        # Backwards, older code learns names anew from its payers' own.
        migrations.RunSQL(migrations.RunSQL.noop, [OURS, "DELETE FROM claims_payeralias", WALLED]),
    ]
