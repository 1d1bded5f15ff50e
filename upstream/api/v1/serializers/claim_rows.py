"""One row of claims or authorizations, for the document: the reader of the table judges what stands in it."""

from collections.abc import Container, Iterable, Mapping

from rest_framework import serializers

from upstream.api.shapes import Shape
from upstream.ingestion.formats.csv_header import AUTHORIZATION, AUTHORIZATION_NEEDED, BASE, OPTIONAL

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


AUTHORIZATION_HELP = {
    "authorization_number": "What claims are sent under; left out while the payer has given none.",
    "status": "approved, partial, denied, requested, modified, cancelled or not needed; or HCR01 of the 278.",
    "procedure_code": "One row for each service of a request.",
    "requested_at": "ISO date, or an instant with its offset.",
    "decided_at": "ISO date, or an instant with its offset; left out while undecided.",
    "urgency": "standard or expedited.",
    "valid_until": "The last day that is covered.",
}


def _fields(names: Iterable[str], needed: Container[str], words: Mapping[str, str]) -> dict[str, serializers.CharField]:
    return {
        name: serializers.CharField(required=name in needed, allow_null=name not in needed, help_text=words.get(name))
        for name in names
    }


SentClaim: type[Shape] = type("SentClaim", (Shape,), _fields((*BASE, *OPTIONAL), NEEDED, HELP))
SentAuthorization: type[Shape] = type(
    "SentAuthorization", (Shape,), _fields(AUTHORIZATION, AUTHORIZATION_NEEDED, AUTHORIZATION_HELP)
)
