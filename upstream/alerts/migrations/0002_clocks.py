"""The clocks of each type of payer, in days. Where the state, the plan or the host plan decides, the row says so and
holds the shortest window that is usual anywhere; a payer of unknown type may be any, and has the shortest of all."""

from datetime import date

from django.db import migrations

LISTS = "usual in public lists: check contract"
MEDICARE, FEDERAL = "Medicare rules", "federal rules"
UNKNOWN = "payer type unknown: check contract"
STATE = "the state decides: check contract"
PLAN = "the plan decides: check contract"
HOST = "host plan decides, by member prefix: check contract"
CONTRACT = "contract decides: check contract"
FROM = date(2024, 1, 1)
# Payer type, clock, days, source, confidence.
ROWS = (
    ("unknown", "filing", 90, UNKNOWN, "low"),
    ("unknown", "refile", 90, UNKNOWN, "low"),
    ("unknown", "appeal", 30, UNKNOWN, "low"),
    ("unknown", "document", 30, UNKNOWN, "low"),
    ("unknown", "dispute", 180, UNKNOWN, "low"),
    ("medicare_ffs", "filing", 365, FEDERAL, "high"),
    ("medicare_ffs", "payment", 30, FEDERAL, "high"),
    ("medicare_ffs", "refile", 365, MEDICARE, "high"),
    ("medicare_ffs", "appeal", 120, MEDICARE, "high"),
    ("medicare_ffs", "document", 30, LISTS, "high"),
    ("medicare_advantage", "filing", 180, LISTS, "low"),
    ("medicare_advantage", "payment", 30, LISTS, "low"),
    ("medicare_advantage", "refile", 180, LISTS, "low"),
    ("medicare_advantage", "appeal", 60, LISTS, "low"),
    ("medicare_advantage", "document", 30, LISTS, "low"),
    ("medicare_advantage_other", "filing", 365, FEDERAL, "medium"),
    ("medicare_advantage_other", "payment", 30, FEDERAL, "medium"),
    ("medicare_advantage_other", "refile", 365, LISTS, "medium"),
    ("medicare_advantage_other", "appeal", 60, LISTS, "medium"),
    ("medicare_advantage_other", "document", 30, LISTS, "medium"),
    ("medicaid_ffs", "filing", 365, FEDERAL, "low"),
    ("medicaid_ffs", "payment", 30, FEDERAL, "low"),
    ("medicaid_ffs", "refile", 95, LISTS, "low"),
    ("medicaid_ffs", "appeal", 30, LISTS, "low"),
    ("medicaid_ffs", "document", 30, LISTS, "low"),
    ("medicaid_mco", "filing", 120, LISTS, "low"),
    ("medicaid_mco", "refile", 120, LISTS, "low"),
    ("medicaid_mco", "appeal", 60, LISTS, "low"),
    ("medicaid_mco", "document", 30, LISTS, "low"),
    ("commercial", "filing", 90, LISTS, "low"),
    ("commercial", "payment", 30, LISTS, "low"),
    ("commercial", "refile", 90, LISTS, "low"),
    ("commercial", "appeal", 180, LISTS, "low"),
    ("commercial", "document", 30, LISTS, "low"),
    ("self_funded", "filing", 90, PLAN, "unknown"),
    ("self_funded", "refile", 90, LISTS, "medium"),
    ("self_funded", "appeal", 180, LISTS, "medium"),
    ("self_funded", "document", 30, LISTS, "medium"),
    ("marketplace", "filing", 90, PLAN, "unknown"),
    ("marketplace", "refile", 90, LISTS, "medium"),
    ("marketplace", "appeal", 180, LISTS, "medium"),
    ("marketplace", "document", 30, LISTS, "medium"),
    ("bluecard", "filing", 90, HOST, "unknown"),
    ("bluecard", "refile", 90, HOST, "unknown"),
    ("bluecard", "appeal", 60, HOST, "unknown"),
    ("bluecard", "document", 30, LISTS, "low"),
    ("tricare", "filing", 365, FEDERAL, "medium"),
    ("tricare", "payment", 30, FEDERAL, "medium"),
    ("tricare", "refile", 365, LISTS, "medium"),
    ("tricare", "appeal", 90, LISTS, "medium"),
    ("tricare", "document", 30, LISTS, "medium"),
    ("va", "filing", 180, FEDERAL, "low"),
    ("va", "payment", 30, FEDERAL, "low"),
    ("va", "refile", 90, CONTRACT, "unknown"),
    ("va", "appeal", 60, CONTRACT, "unknown"),
    ("va", "document", 30, LISTS, "low"),
    ("workers_comp", "filing", 90, STATE, "unknown"),
    ("workers_comp", "refile", 90, STATE, "unknown"),
    ("workers_comp", "appeal", 60, STATE, "unknown"),
    ("workers_comp", "document", 30, LISTS, "low"),
)
# A dispute of an amount runs as the contract says, and 180 days from the remittance where nothing is said.
DISPUTES = tuple((kind, "dispute", 180, CONTRACT, "low") for kind in dict.fromkeys(row[0] for row in ROWS[5:]))


def load(apps, schema_editor):
    clock = apps.get_model("alerts", "Clock")
    clock.objects.using(schema_editor.connection.alias).bulk_create(
        clock(payer_type=payer_type, action=action, days=days, source=source, confidence=confidence, valid_from=FROM)
        for payer_type, action, days, source, confidence in (*ROWS, *DISPUTES)
    )


def unload(apps, schema_editor):
    apps.get_model("alerts", "Clock").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    replaces = [
        ("alerts", "0003_clocks"),
        ("alerts", "0006_payer_clocks"),
        ("alerts", "0012_every_type_has_clocks"),
        ("alerts", "0016_unknown_appeals_are_short"),
    ]
    dependencies = [("alerts", "0001_tables")]
    operations = [migrations.RunPython(load, unload)]
