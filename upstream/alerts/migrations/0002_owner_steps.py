import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantTie


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial"), ("tenants", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="transition",
            name="owner_before",
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.membership"),
        ),
        migrations.AddField(
            model_name="transition",
            name="owner_after",
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.membership"),
        ),
        TenantTie("alerts_transition", "owner_before_id", "tenants_membership"),
        TenantTie("alerts_transition", "owner_after_id", "tenants_membership"),
    ]
