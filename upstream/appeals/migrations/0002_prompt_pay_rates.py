"""What two public lists say of states' prompt-pay rules; unverified, and the lists disagree for several states."""

import datetime

from django.db import migrations

FROM = datetime.date(2026, 1, 1)
LISTS = "healthcarepromptpay.com, navigatingpayerchallenges.com (read 2026)"
RATES = [
    ("CA", 30, "10.00", "counted in working days; 15 % for emergency services", "low"),
    ("FL", 20, "12.00", "electronic claims", "low"),
    ("GA", 15, "12.00", "electronic claims", "low"),
    ("IL", 30, "9.00", "", "low"),
    ("NY", 30, "12.00", "electronic claims", "low"),
]


def add(apps, schema_editor):
    rate = apps.get_model("appeals", "PromptPayRate")
    rate.objects.using(schema_editor.connection.alias).bulk_create(
        rate(place=place, days=days, percent=percent, note=note, source=LISTS, confidence=confidence, valid_from=FROM)
        for place, days, percent, note, confidence in RATES
    )


def remove(apps, schema_editor):
    rate = apps.get_model("appeals", "PromptPayRate")
    rate.objects.using(schema_editor.connection.alias).filter(source=LISTS).delete()


class Migration(migrations.Migration):
    replaces = [("appeals", "0003_prompt_pay_rates")]
    dependencies = [("appeals", "0001_tables")]
    operations = [migrations.RunPython(add, remove)]
