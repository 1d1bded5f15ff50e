import csv
from datetime import date
from pathlib import Path

from django.db import migrations

SOURCE = "Upstream denial map 2026-11; our own words; confirm against the published code list"
MAP = Path(__file__).parent.parent / "data" / "carc_map.csv"
RETIRED_SOURCE = "Upstream denial map 2026-11; retired codes that old guides and reversals still carry"
RETIRED = ("41", "42", "43", "A2")  # reductions by contract or law, all of before 2008
SINCE = date(1995, 1, 1)


def load(apps, schema_editor):
    rule = apps.get_model("claims", "CarcRule")
    with MAP.open(newline="") as file:
        listed = [
            rule(
                carc=row["carc"],
                category=row["category"],
                adjustment_class=row["class"],
                first_action=row["first_action"],
                clock=row["clock"],
                valid_from=SINCE,
                source=SOURCE,
            )
            for row in csv.DictReader(file)
        ]
    retired = [
        rule(
            carc=code,
            category="PRICE",
            adjustment_class="CONTRACT",
            first_action="not a denial; feeds underpayment and take-back checks",
            clock="none",
            valid_from=SINCE,
            source=RETIRED_SOURCE,
        )
        for code in RETIRED
    ]
    rule.objects.using(schema_editor.connection.alias).bulk_create(listed + retired)


def unload(apps, schema_editor):
    apps.get_model("claims", "CarcRule").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    replaces = [("claims", "0002_carc_rules"), ("claims", "0021_retired_contract_codes")]
    dependencies = [("claims", "0001_tables")]
    operations = [migrations.RunPython(load, unload)]
