from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_raw_payer_of_what_is_told")]
    operations = [
        migrations.AddField("payermove", "first_decision", models.DateField(null=True)),
        migrations.AddField("payermove", "last_decision", models.DateField(null=True)),
    ]
