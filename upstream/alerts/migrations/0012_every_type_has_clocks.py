"""Every type of payer says each of its clocks itself. Where the state, the plan or the host plan decides, the row says
so, and holds the shortest window that is usual anywhere."""

from datetime import date

from django.db import migrations

LISTS = "usual in public lists: check contract"
STATE = "the state decides: check contract"
PLAN = "the plan decides: check contract"
HOST = "host plan decides, by member prefix: check contract"
CONTRACT = "contract decides: check contract"
FROM = date(2024, 1, 1)
# Payer type, clock, days, source, confidence.
ROWS = (
    ("self_funded", "filing", 90, PLAN, "unknown"),
    ("marketplace", "filing", 90, PLAN, "unknown"),
    ("bluecard", "filing", 90, HOST, "unknown"),
    ("bluecard", "refile", 90, HOST, "unknown"),
    ("bluecard", "appeal", 60, HOST, "unknown"),
    ("va", "refile", 90, CONTRACT, "unknown"),
    ("va", "appeal", 60, CONTRACT, "unknown"),
    ("workers_comp", "filing", 90, STATE, "unknown"),
    ("workers_comp", "refile", 90, STATE, "unknown"),
    ("workers_comp", "appeal", 60, STATE, "unknown"),
    ("bluecard", "document", 30, LISTS, "low"),
    ("va", "document", 30, LISTS, "low"),
    ("workers_comp", "document", 30, LISTS, "low"),
)
# A dispute of an amount runs as the contract says, and 180 days from the remittance where nothing is said.
TYPES = (
    "medicare_ffs", "medicare_advantage", "medicare_advantage_other", "medicaid_ffs", "medicaid_mco", "commercial",
    "self_funded", "bluecard", "marketplace", "tricare", "va", "workers_comp",
)
DISPUTES = tuple((payer_type, "dispute", 180, CONTRACT, "low") for payer_type in TYPES)


def load(apps, schema_editor):
    clock = apps.get_model("alerts", "Clock")
    clock.objects.using(schema_editor.connection.alias).bulk_create(
        clock(payer_type=payer_type, action=action, days=days, source=source, confidence=confidence, valid_from=FROM)
        for payer_type, action, days, source, confidence in (*ROWS, *DISPUTES)
    )


def unload(apps, schema_editor):
    rows = apps.get_model("alerts", "Clock").objects.using(schema_editor.connection.alias)
    for payer_type, action, *_ in (*ROWS, *DISPUTES):
        rows.filter(payer_type=payer_type, action=action, valid_from=FROM).delete()


class Migration(migrations.Migration):
    dependencies = [("alerts", "0011_money_limits")]
    operations = [migrations.RunPython(load, unload)]
