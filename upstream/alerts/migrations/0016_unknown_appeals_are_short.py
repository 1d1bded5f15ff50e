"""A payer of unknown type may be any: the shortest appeal of all types stands in for its own, and says so."""

from datetime import date

from django.db import migrations

FROM = date(2024, 1, 1)


def _set(days):
    def change(apps, schema_editor):
        clocks = apps.get_model("alerts", "Clock").objects.using(schema_editor.connection.alias)
        clocks.filter(payer_type="unknown", action="appeal", valid_from=FROM).update(days=days)

    return change


class Migration(migrations.Migration):
    dependencies = [("alerts", "0015_value_ledger")]
    operations = [migrations.RunPython(_set(30), _set(60))]
