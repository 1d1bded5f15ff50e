"""Members keep choices of rows under names of their own."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0002_api_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('screen', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=40)),
                ('query', models.CharField(max_length=300)),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to='tenants.membership')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'public_id'), name='saved_view_public_id'), models.UniqueConstraint(fields=('tenant', 'member', 'screen', 'name'), name='saved_view_once')],
            },
        ),
        TenantWall('tenants_savedview', {'member_id': 'tenants_membership'}),
    ]
