"""Small claims CSVs: a header, three good rows to change, and the records that come of them."""

from upstream.ingestion.formats.canonical_csv import read
from upstream.ingestion.records import ClaimRecord, Record

HEADER = (
    "claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,"
    "billed,allowed,paid"
)
STATED = frozenset(
    [
        "payer_id",
        "raw_payer_id",
        "site_id",
        "procedure_code",
        "procedure_group",
        "diagnosis",
        "submitted_date",
        "billed_cents",
    ]
)  # what a file with these columns tells of the facts of a claim
PAID = "C1,Summit Mutual,99213,M54.50,Main,2025-01-05,2025-01-20,paid,,120.00,80.00,70.00"
DENIED = "C2,Summit Mutual,99213,M54.50,Main,2025-01-05,2025-01-20,denied,CO-197;CO-16,120,0,0"
PENDING = "C3,Summit Mutual,99213,M54.50,Main,2025-01-05,,pending,,120,,"


def rows(*lines: str, header: str = HEADER) -> list[Record]:
    return list(read(["\n".join([header, *lines]).encode()]))


def one(line: str, header: str = HEADER) -> ClaimRecord:
    (record,) = rows(line, header=header)
    assert isinstance(record, ClaimRecord)
    return record
