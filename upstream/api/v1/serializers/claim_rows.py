"""One row of claims, for the document: the reader of the canonical CSV judges what stands in it."""

from rest_framework import serializers

from upstream.api.shapes import Shape
from upstream.ingestion.formats.csv_header import BASE, OPTIONAL

NEEDED = frozenset({"claim_id", "payer", "submitted_date", "status", "billed"})
HELP = {
    "claim_id": "The same id again updates that claim.",
    "status": "paid, denied, partial, pending or reversed.",
    "denial_reason": "Group and code such as CO-197; several as a list, or separated by semicolons.",
    "billed": "Dollars, as text or a number: \"120.00\".",
    "line_id": "Filled, the row is one line of the claim; rows of one claim follow each other.",
    "submitted_date": "ISO date.",
    "decided_date": "ISO date; left out while pending.",
}  # fmt: skip


def _field(name: str) -> serializers.CharField:
    return serializers.CharField(required=name in NEEDED, allow_null=name not in NEEDED, help_text=HELP.get(name))


SentClaim: type[Shape] = type("SentClaim", (Shape,), {name: _field(name) for name in (*BASE, *OPTIONAL)})
