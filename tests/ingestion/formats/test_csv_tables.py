"""Lists that pure readers repeat, against the data that they repeat."""

import csv

from django.conf import settings

from upstream.claims.choices import AdjustmentClass
from upstream.claims.staging import FACTS
from upstream.ingestion.formats.columns import FIELDS, PROFILE_ONLY
from upstream.ingestion.formats.csv_claim import NO_REFUSAL
from upstream.ingestion.formats.csv_header import BASE, KNOWN, OPTIONAL
from upstream.ingestion.records import FACTS_OF_COLUMNS


def test_codes_that_refuse_nothing_are_those_of_the_map():
    with (settings.BASE_DIR / "upstream/claims/data/carc_map.csv").open() as shipped:
        rows = list(csv.DictReader(shipped))
    assert {row["carc"] for row in rows if row["class"] != AdjustmentClass.DENIAL} == NO_REFUSAL


def test_every_fact_of_a_claim_has_its_column():
    assert {fact for facts in FACTS_OF_COLUMNS.values() for fact in facts} == set(FACTS)
    assert set(FACTS_OF_COLUMNS) <= KNOWN


def test_every_column_can_be_matched():
    assert set(FIELDS) == set(BASE + OPTIONAL) | PROFILE_ONLY
