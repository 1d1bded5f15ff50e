from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_runs_of_definitions")]
    operations = [
        migrations.AlterField("artifact", "format", models.CharField(max_length=4)),
        migrations.AddField("artifact", "removed_at", models.DateTimeField(null=True)),
        migrations.AddIndex("artifact", models.Index(fields=["tenant", "sha256"], name="artifact_by_content")),
    ]
