"""What somebody had typed when their session ended."""

import uuid

import django.db.models.deletion
import upstream.core.phi.fields
from django.db import migrations, models

from upstream.core.db.wall import TenantWall



class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0007_feature_switches'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('path', models.CharField(max_length=200)),
                ('sealed_fields', upstream.core.phi.fields.SealedField()),
                ('at', models.DateTimeField()),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.membership')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'member', 'path'), name='draft_once')],
            },
        ),
        TenantWall('tenants_draft', {'member_id': 'tenants_membership'}),
    ]
