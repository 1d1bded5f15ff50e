from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("detection", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="detectionrun",
            name="state",
            field=models.CharField(choices=[("open", "Waiting to become or join an incident"), ("taken", "Part of an incident's history")], default="open", max_length=5),
        ),
    ]
