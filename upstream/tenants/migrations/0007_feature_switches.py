"""What is switched off for a practice."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0006_staff_visits'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='switched_off',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
