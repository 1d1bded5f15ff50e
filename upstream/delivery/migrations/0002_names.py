from django.db import migrations


class Migration(migrations.Migration):
    """The plural under which staff read of these rows; no column changes."""

    dependencies = [("delivery", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="outbox",
            options={"base_manager_name": "objects", "verbose_name": "message", "verbose_name_plural": "messages"},
        ),
    ]
