"""A packet of evidence as an Excel workbook: every claim, numbers as numbers, sums by formula."""

from collections.abc import Iterator

from upstream.appeals.evidence import Evidence
from upstream.appeals.packet_pdf import base_of, late_rows
from upstream.appeals.wording import UNVERIFIED, remedy
from upstream.core.documents.sheets import new_sheet, packed, streaming_book, write_lines, write_table
from upstream.core.documents.tables import Column, Table

CLAIMS = Table(
    "Claims",
    (
        Column("Number", "count", 9), Column("Claim", width=22), Column("Served", "date", 12),
        Column("Submitted", "date", 12), Column("Decided", "date", 12), Column("Procedure", width=11),
        Column("Code", width=10), Column("Outcome", width=16), Column("Billed", "money", 13, total=True),
        Column("Paid", "money", 13, total=True), Column("Expected", "money", 13, total=True),
    ),
    "No claim.",
)  # fmt: skip
LATE = Table(
    "Late payment",
    (
        Column("Number", "count", 9), Column("Claim", width=22), Column("Due", "date", 12),
        Column("Days late", "count", 11), Column("Amount", "money", 13), Column("Interest", "money", 13, total=True),
    ),
    "No claim was late.",
)  # fmt: skip
WEEKS = Table(
    "Weeks", (Column("Week", width=16), Column("Claims", width=10), Column("Rate", width=10),
              Column("Interval", width=18), Column("Status", width=24)), "No weeks.",
)  # fmt: skip
REMITS = Table(
    "Remits", (Column("Decided", "date", 12), Column("Check or payment", width=24), Column("Claims", "count", 10)),
    "No answer.",
)  # fmt: skip


def packet_xlsx(found: Evidence) -> bytes:
    """The workbook's bytes, the same for the same packet."""
    about = f"{found.practice} to {found.payer}, packet {found.number} as of {found.as_of.isoformat()}"
    with streaming_book(title=f"Evidence for {found.payer}", made_on=found.as_of) as book:
        write_lines(new_sheet(book, "README", [22, 110]), _lines(found))
        write_table(book, CLAIMS, f"Claims. {about}", (
            (row.number, row.reference, row.service_date, row.submitted_date, row.decided_date, row.procedure_code,
             row.code, row.outcome, row.billed_cents, row.paid_cents, row.expected_cents)
            for row in found.rows
        ))  # fmt: skip
        if found.interest_days is not None:
            write_table(book, LATE, f"Late payment, unverified. {about}", (
                (row.number, row.reference, row.due, row.days_late, base_of(row), row.interest_cents)
                for row in late_rows(found)
            ))  # fmt: skip
        write_table(book, WEEKS, f"Weeks. {about}", found.chart.rows())
        write_table(book, REMITS, f"Remits. {about}", (
            (remit.decided, remit.check_number, remit.claims) for remit in found.remits
        ))  # fmt: skip
        return packed(book)


def _lines(found: Evidence) -> Iterator[tuple[str, str]]:
    yield "Practice", found.practice
    yield "Payer", found.payer
    yield "Incident", found.incident
    yield "Packet", str(found.number)
    yield "As of", found.as_of.isoformat()
    yield "Content SHA-256", found.content_hash
    yield from (("What we see", text) for text in found.statement)
    yield from (("What was agreed", text) for text in found.clause)
    if found.clause_source:
        yield "From", found.clause_source
    if found.interest_days is not None:
        yield "Late payment", remedy(found.interest_days, f"{found.interest_percent}", found.interest_cents)
        yield "Rate from", f"{found.interest_source} (confidence: {found.interest_confidence})"
        yield "Unverified", UNVERIFIED
    yield "Privacy", "No patient is named. Claims are named as the payer knows them, where that is stored."
