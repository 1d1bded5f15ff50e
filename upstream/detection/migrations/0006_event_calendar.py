import uuid

import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    dependencies = [("detection", "0005_metrics_of_answers"), ("tenants", "0002_api_answers")]
    operations = [
        migrations.CreateModel(
            name='SharedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('holiday', 'Holiday'), ('plan_year', 'New plan year'), ('medicaid', 'Medicaid'), ('outage', 'Outage'), ('other', 'Other')], default='other', max_length=9)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(null=True)),
                ('effect', models.CharField(choices=[('mask', 'These weeks are left out'), ('note', 'Only shown'), ('none', 'Taken back')], max_length=4)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('known_from', models.DateField()),
                ('key', models.CharField(max_length=140, unique=True)),
            ],
            options={'abstract': False},
        ),
        migrations.CreateModel(
            name='CalendarEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('holiday', 'Holiday'), ('plan_year', 'New plan year'), ('medicaid', 'Medicaid'), ('outage', 'Outage'), ('other', 'Other')], default='other', max_length=9)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(null=True)),
                ('effect', models.CharField(choices=[('mask', 'These weeks are left out'), ('note', 'Only shown'), ('none', 'Taken back')], max_length=4)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('known_from', models.DateField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('payers', models.JSONField(default=list)),
                ('shared', models.CharField(blank=True, max_length=140)),
                ('author', models.CharField(max_length=80)),
                ('entered_at', models.DateTimeField()),
                ('replaces', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='detection.calendarevent')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'public_id'), name='event_public_id'), models.UniqueConstraint(fields=('tenant', 'replaces'), name='event_replaced_once')],
            },
        ),
        TenantWall("detection_calendarevent", {"replaces_id": "detection_calendarevent"}),
    ]
