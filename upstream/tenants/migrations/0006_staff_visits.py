"""A practice knows that our staff look at it, until when and why."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0005_how_people_sign_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='visited_because',
            field=models.CharField(blank=True, db_default='', max_length=80),
        ),
        migrations.AddField(
            model_name='organization',
            name='visited_until',
            field=models.DateTimeField(null=True),
        ),
    ]
