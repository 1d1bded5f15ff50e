import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):

    dependencies = [
        ('detection', '0009_lag_and_horizon'),
        ('tenants', '0002_api_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField()),
                ('changes', models.BigIntegerField()),
                ('layout', models.CharField(max_length=16)),
                ('first_week', models.DateField(null=True)),
                ('last_week', models.DateField(null=True)),
                ('content', models.BinaryField()),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'week'), name='claim_block_once')],
            },
        ),
        TenantWall("detection_claimblock"),
    ]
