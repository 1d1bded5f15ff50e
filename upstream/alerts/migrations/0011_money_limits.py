"""What a practice says of money, from a date on."""

import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall

KINDS = [
    ("much", "Much money, in dollars"),
    ("some", "Some money, in dollars"),
    ("much_share", "Much of a payer's month, in percent"),
    ("some_share", "Some of a payer's month, in percent"),
    ("capital", "What late cash costs a year, in percent"),
]


class Migration(migrations.Migration):
    dependencies = [("alerts", "0010_money_of_claims")]
    operations = [
        migrations.CreateModel(
            name="MoneyLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("source", models.CharField(blank=True, max_length=80)),
                ("valid_from", models.DateField()),
                ("said_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("tenant", models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.organization")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "valid_from"], name="money_limit_by_day")],
            },
        ),
        TenantWall("alerts_moneylimit"),
    ]
