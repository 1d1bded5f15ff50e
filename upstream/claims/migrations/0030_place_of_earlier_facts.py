from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0029_interest_of_answers")]

    operations = [
        migrations.AddField("claimrevision", "position", models.IntegerField(db_default=0, default=0)),
    ]
