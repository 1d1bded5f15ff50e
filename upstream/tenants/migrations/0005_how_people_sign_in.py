"""Who needs a second factor, how long a page may rest, and what ends every session of a person."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0004_clinicians_have_a_provider_number'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='idle_minutes',
            field=models.SmallIntegerField(help_text='Blank: as long as the installation says.', null=True),
        ),
        migrations.AddField(
            model_name='organization',
            name='second_factor',
            field=models.CharField(choices=[('optional', 'Whoever wants to'), ('phi', "Everybody who may see patients' values"), ('all', 'Everybody')], db_default='optional', default='optional', max_length=10),
        ),
        migrations.AddField(
            model_name='user',
            name='session_epoch',
            field=models.IntegerField(db_default=0, default=0, help_text='Counts up to end every session at once.'),
        ),
    ]
