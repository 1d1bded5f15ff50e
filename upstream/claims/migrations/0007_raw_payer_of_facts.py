from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_statuses_authorizations_coverages")]
    operations = [
        migrations.AddField(model, "raw_payer_id", models.BigIntegerField(null=True))
        for model in ("claim", "claimrevision", "adjudication", "remittance")
    ]
