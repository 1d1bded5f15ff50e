from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_payer_decisions")]
    operations = [
        migrations.AddField(model, "raw_payer_id", models.BigIntegerField(null=True))
        for model in ("claimstatus", "authorization", "coverage")
    ]
