from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0009_files_read_again")]

    operations = [
        migrations.AddField("source", "ended_at", models.DateTimeField(null=True)),
    ]
