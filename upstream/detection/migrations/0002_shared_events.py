import csv
from pathlib import Path

from django.db import migrations

ROWS = Path(__file__).parent.parent / "data" / "shared_events.csv"


def load(apps, schema_editor):
    event = apps.get_model("detection", "SharedEvent")
    with ROWS.open(newline="") as file:
        event.objects.using(schema_editor.connection.alias).bulk_create(event(**row) for row in csv.DictReader(file))


def unload(apps, schema_editor):
    apps.get_model("detection", "SharedEvent").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    replaces = [("detection", "0008_shared_events"), ("detection", "0011_method_choices")]
    dependencies = [("detection", "0001_tables")]
    operations = [migrations.RunPython(load, unload)]
