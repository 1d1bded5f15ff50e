import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0024_answers_beside_denials'),
        ('tenants', '0002_api_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubmissionWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField()),
                ('changes', models.BigIntegerField(default=1)),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'week'), name='submission_week_once')],
            },
        ),
        TenantWall("claims_submissionweek"),
    ]
