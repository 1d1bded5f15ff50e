"""Packets of evidence for payers, and what lists say that states ask for late payment."""

import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0011_money_limits'),
        ('appeals', '0001_letters'),
        ('tenants', '0002_api_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='PromptPayRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=2)),
                ('days', models.SmallIntegerField()),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5)),
                ('note', models.CharField(blank=True, max_length=120)),
                ('source', models.CharField(max_length=120)),
                ('confidence', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=8)),
                ('valid_from', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('place', 'valid_from'), name='prompt_pay_rate_once')],
            },
        ),
        migrations.CreateModel(
            name='Packet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('number', models.SmallIntegerField()),
                ('state', models.CharField(choices=[('due', 'Being made'), ('done', 'Done'), ('failed', 'Failed')], default='due', max_length=6)),
                ('sealed_words', upstream.core.phi.fields.SealedField()),
                ('interest_days', models.SmallIntegerField(null=True)),
                ('interest_percent', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('interest_source', models.CharField(blank=True, max_length=120)),
                ('interest_confidence', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=8)),
                ('as_of', models.DateField()),
                ('claims', models.IntegerField(default=0)),
                ('total_cents', models.BigIntegerField(default=0)),
                ('interest_cents', models.BigIntegerField(default=0)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('files', models.JSONField(default=dict)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('requested_by', models.CharField(max_length=80)),
                ('requested_at', models.DateTimeField()),
                ('made_at', models.DateTimeField(null=True)),
                ('incident', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.incident')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'public_id'), name='packet_public_id'), models.UniqueConstraint(fields=('tenant', 'incident', 'number'), name='packet_number_once'), models.UniqueConstraint(condition=models.Q(('state', 'due')), fields=('tenant', 'incident'), name='packet_waits_once')],
            },
        ),
        TenantWall("appeals_packet", {"incident_id": "alerts_incident"}),
    ]
