from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0028_reversals_by_answer")]

    operations = [
        migrations.AddField("adjudication", "interest_cents", models.BigIntegerField(db_default=0, default=0)),
    ]
