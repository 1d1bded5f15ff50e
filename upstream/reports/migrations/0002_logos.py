"""The practice's logo on what it prints, from a moment on."""

import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Logo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("width", models.SmallIntegerField(default=0)),
                ("height", models.SmallIntegerField(default=0)),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("tenant", models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.organization")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-id"], name="logo_newest")],
            },
        ),
        TenantWall("reports_logo"),
    ]
