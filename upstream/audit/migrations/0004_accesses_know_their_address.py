"""An entry of the access log says from which address it was asked; older entries have none and stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_accesses_are_never_changed")]

    operations = [
        migrations.AddField(
            model_name="phiaccess",
            name="address",
            field=models.CharField(db_default="", default="", max_length=45),
        ),
    ]
