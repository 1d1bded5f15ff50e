from django.db import migrations


class Migration(migrations.Migration):
    """The plural under which staff read of these rows; no column changes."""

    dependencies = [("ingestion", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="batch",
            options={"base_manager_name": "objects", "verbose_name": "file", "verbose_name_plural": "files"},
        ),
    ]
