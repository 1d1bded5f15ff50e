"""The practice that every sample shows: a year of an invented orthopedic office, and two payers that change."""

from dataclasses import replace

from upstream.samples.invented.people import npi_of
from upstream.samples.invented.practices import LAKESIDE, PlantedChange

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
    changes=(
        PlantedChange(
            payer="Summit Mutual",
            procedure_code="73721",
            denial_reason="CO-197",
            remark="M62",
            factor=6.0,
            weeks_back=10,
            title="Summit Mutual denies knee MRI for missing authorization",
        ),
        PlantedChange(
            payer="Northstar Health",
            location="Westgate",
            denial_reason="CO-16",
            remark="MA114",
            factor=4.6,
            weeks_back=7,
            title="Northstar Health denies Westgate claims for missing information",
        ),
    ),
)
