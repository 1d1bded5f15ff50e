from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("detection", "0006_event_calendar")]
    operations = [
        migrations.AddField("detectionrun", "context", models.JSONField(default=dict, help_text="What besides claims was known: calendar, files, codes.")),
    ]
