import django.db.models.deletion
from django.db import migrations, models

from upstream.core.db.wall import TenantWall


class Migration(migrations.Migration):
    replaces = [("forecast", "0001_what_is_expected")]

    initial = True

    dependencies = [
        ("claims", "0001_tables"),
        ("tenants", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of_week", models.DateField()),
                ("method", models.CharField(max_length=20)),
                ("inputs", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-as_of_week", "-id"], name="forecast_newest")],
            },
        ),
        migrations.CreateModel(
            name="Expected",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("span", models.SmallIntegerField()),
                ("cash_low", models.BigIntegerField()),
                ("cash", models.BigIntegerField()),
                ("cash_high", models.BigIntegerField()),
                ("denials_low", models.FloatField()),
                ("denials", models.FloatField()),
                ("denials_high", models.FloatField()),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "forecast",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expected",
                        to="forecast.forecast",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "forecast", "payer", "span"), name="expected_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reckoned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.BigIntegerField()),
                ("changes", models.BigIntegerField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="reckoned_once")],
            },
        ),
        migrations.CreateModel(
            name="Came",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                ("cash", models.BigIntegerField()),
                ("denials", models.IntegerField()),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payer",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "week", "payer"), name="came_once")],
            },
        ),
        TenantWall("forecast_forecast"),
        TenantWall("forecast_expected", {"payer_id": "claims_payer", "forecast_id": "forecast_forecast"}),
        TenantWall("forecast_came", {"payer_id": "claims_payer"}),
        TenantWall("forecast_reckoned"),
    ]
