from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0001_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='window',
            name='planned_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='window',
            name='planned_until',
            field=models.DateTimeField(null=True),
        ),
    ]
