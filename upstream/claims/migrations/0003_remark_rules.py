import csv
from datetime import date
from pathlib import Path

from django.db import migrations

SOURCE = "Upstream remark map 2026-11; our own grouping; confirm against the published code list"
MAP = Path(__file__).parent.parent / "data" / "remark_map.csv"


def load(apps, schema_editor):
    rule = apps.get_model("claims", "RemarkRule")
    with MAP.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rule.objects.using(schema_editor.connection.alias).bulk_create(
        rule(
            remark=row["remark"],
            category=row["category"],
            carcs=row["carcs"],
            valid_from=date(1995, 1, 1),
            source=SOURCE,
        )
        for row in rows
    )


def unload(apps, schema_editor):
    apps.get_model("claims", "RemarkRule").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    replaces = [("claims", "0017_remark_rules"), ("claims", "0034_weeks_before_changes_were_counted")]
    dependencies = [("claims", "0002_carc_map")]
    operations = [migrations.RunPython(load, unload)]
