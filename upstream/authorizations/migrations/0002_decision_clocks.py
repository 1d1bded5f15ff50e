from datetime import date

from django.db import migrations

RULE = "CMS-0057-F (89 FR 8758), from 1 January 2026; drugs are excluded"
ADVANTAGE, PLAN = "42 CFR 422.568 and 422.572, before CMS-0057-F", "42 CFR 438.210(d), before CMS-0057-F"
BEFORE, FROM = date(2000, 1, 1), date(2026, 1, 1)
DAY = 24
# Payer type, hours to decide a standard and an expedited request, from when, source. Other types have no clock that
# binds them everywhere: marketplace plans are exempt from this one, states and contracts decide for the rest.
ROWS = (
    ("medicare_advantage", 14 * DAY, 72, BEFORE, ADVANTAGE),
    ("medicare_advantage_other", 14 * DAY, 72, BEFORE, ADVANTAGE),
    ("medicaid_mco", 14 * DAY, 72, BEFORE, PLAN),
    ("medicare_advantage", 7 * DAY, 72, FROM, RULE),
    ("medicare_advantage_other", 7 * DAY, 72, FROM, RULE),
    ("medicaid_ffs", 7 * DAY, 72, FROM, RULE),
    ("medicaid_mco", 7 * DAY, 72, FROM, RULE),
)


def load(apps, schema_editor):
    clock = apps.get_model("authorizations", "DecisionClock")
    rows = []
    for payer_type, standard, expedited, valid_from, source in ROWS:
        for urgency, hours in (("standard", standard), ("expedited", expedited)):
            rows.append(
                clock(payer_type=payer_type, urgency=urgency, hours=hours, valid_from=valid_from, source=source)
            )
    clock.objects.using(schema_editor.connection.alias).bulk_create(rows)


def unload(apps, schema_editor):
    apps.get_model("authorizations", "DecisionClock").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    """The hours in which payers have to decide, with their sources."""

    dependencies = [("authorizations", "0001_tables")]
    operations = [migrations.RunPython(load, unload)]
