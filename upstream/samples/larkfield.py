"""The practice that every sample shows: a year of an invented orthopedic office, and two payers that change."""

from dataclasses import replace

from upstream.samples.invented.people import npi_of
from upstream.samples.invented.practices import KNEE_MRI, LAKESIDE, WESTGATE_CLAIMS

WEEKS = 52

LARKFIELD = replace(
    LAKESIDE,
    slug="sample",
    name="Larkfield Orthopedics",
    prefix="LFO",
    seed=5203,
    npi=npi_of("199000003"),
    tax_id="990005203",
    claims_per_week=240,
    patients=4200,
    clinicians=6,
    changes=(replace(KNEE_MRI, factor=6.0, weeks_back=10), replace(WESTGATE_CLAIMS, factor=4.6)),
)
