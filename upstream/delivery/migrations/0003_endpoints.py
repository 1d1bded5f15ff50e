import django.db.models.deletion
import upstream.core.phi.fields
import uuid
from django.db import migrations, models

from upstream.core.db.wall import TenantTie, TenantWall


class Migration(migrations.Migration):
    """Messages go to other systems too, not to people alone."""

    dependencies = [
        ('delivery', '0002_names'),
        ('tenants', '0002_api_answers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outbox',
            name='kind',
            field=models.CharField(choices=[('mail', 'Mail'), ('webhook', 'Signed webhook'), ('slack', 'Slack'), ('teams', 'Microsoft Teams')], default='mail', max_length=10),
        ),
        migrations.AlterField(
            model_name='outbox',
            name='recipient',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.membership'),
        ),
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('webhook', 'Signed webhook'), ('slack', 'Slack'), ('teams', 'Microsoft Teams')], max_length=10)),
                ('name', models.CharField(max_length=80)),
                ('host', models.CharField(help_text="The address's host alone, for people to recognise it by.", max_length=255)),
                ('sealed_url', upstream.core.phi.fields.SealedField()),
                ('sealed_secrets', upstream.core.phi.fields.SealedField(null=True)),
                ('former_until', models.DateTimeField(null=True)),
                ('events', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('active', 'Working'), ('paused', 'Paused'), ('stopped', 'Stopped by Upstream')], default='active', max_length=8)),
                ('stopped_because', models.CharField(blank=True, max_length=60)),
                ('failures', models.SmallIntegerField(default=0)),
                ('resting_until', models.DateTimeField(null=True)),
                ('last_sent_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='outbox',
            name='endpoint',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='delivery.endpoint'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.UniqueConstraint(fields=('tenant', 'endpoint', 'template', 'about'), name='told_once'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(('recipient__isnull', True), ('endpoint__isnull', True), _connector='XOR'), name='one_receiver'),
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.UniqueConstraint(fields=('tenant', 'public_id'), name='endpoint_public_id'),
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='endpoint_name_once'),
        ),
        TenantWall("delivery_endpoint"),
        TenantTie("delivery_outbox", "endpoint_id", "delivery_endpoint"),
    ]
