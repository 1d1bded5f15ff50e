from datetime import date

from django.db import migrations

SOURCE = "Upstream denial map 2026-11; retired codes that old guides and reversals still carry"
CODES = ("41", "42", "43", "A2")  # reductions by contract or law, all of before 2008


def load(apps, schema_editor):
    rule = apps.get_model("claims", "CarcRule")
    rule.objects.using(schema_editor.connection.alias).bulk_create(
        rule(
            carc=code,
            category="PRICE",
            adjustment_class="CONTRACT",
            first_action="not a denial; feeds underpayment and take-back checks",
            clock="none",
            valid_from=date(1995, 1, 1),
            source=SOURCE,
        )
        for code in CODES
    )


def unload(apps, schema_editor):
    rule = apps.get_model("claims", "CarcRule")
    rule.objects.using(schema_editor.connection.alias).filter(carc__in=CODES, source=SOURCE).delete()


class Migration(migrations.Migration):
    dependencies = [("claims", "0020_line_numbers_are_indexed_blindly")]
    operations = [migrations.RunPython(load, unload)]
