"""A member may be a provider: what waits for that provider is shown to them alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_saved_views")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="provider_npi",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
