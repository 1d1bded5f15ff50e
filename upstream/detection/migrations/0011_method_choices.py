import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):

    dependencies = [
        ('detection', '0010_claim_blocks'),
        ('tenants', '0002_api_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='MethodChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(max_length=20)),
                ('valid_from', models.DateField()),
                ('chosen_by', models.CharField(max_length=80)),
                ('chosen_at', models.DateTimeField()),
                ('undone_by', models.CharField(blank=True, max_length=80)),
                ('undone_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        TenantWall("detection_methodchoice"),
    ]
