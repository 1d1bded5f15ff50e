from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("detection", "0003_looked_at")]
    operations = [
        migrations.AddField("detectionrun", "naming", models.JSONField(default=dict, help_text="Payers left out, and weeks in which names changed.")),
    ]
