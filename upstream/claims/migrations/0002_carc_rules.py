import csv
from datetime import date
from pathlib import Path

from django.db import migrations

SOURCE = "Upstream denial map 2026-11; our own words; confirm against the published code list"
MAP = Path(__file__).parent.parent / "data" / "carc_map.csv"


def load(apps, schema_editor):
    rule = apps.get_model("claims", "CarcRule")
    with MAP.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rule.objects.using(schema_editor.connection.alias).bulk_create(
        rule(
            carc=row["carc"],
            category=row["category"],
            adjustment_class=row["class"],
            first_action=row["first_action"],
            clock=row["clock"],
            valid_from=date(1995, 1, 1),
            source=SOURCE,
        )
        for row in rows
    )


def unload(apps, schema_editor):
    apps.get_model("claims", "CarcRule").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
