"""The reconciliation as an Excel file: what the page shows, with totals that tie."""

from collections.abc import Iterator, Sequence
from datetime import date

from upstream.core.documents.sheets import packed, streaming_book, write_table
from upstream.core.documents.tables import Column, Table, Value
from upstream.ingestion.reconciliation.choices import Basis
from upstream.ingestion.reconciliation.payments import Payment
from upstream.ingestion.reconciliation.queries import ClaimSums, Row
from upstream.ingestion.reconciliation.rules import Match, Range

Rows = Iterator[Sequence[Value]]
Sheets = tuple[Sequence[Row], Sequence[ClaimSums], Sequence[Payment], Sequence[Match]]

PERIODS = Table(
    "Reconciliation",
    (
        Column("Period from", "date", 13), Column("Payer", width=28), Column("Expected days", "points", 14),
        Column("Files", "count", 8, total=True), Column("Payments", "count", 10, total=True),
        Column("Cut off", "count", 9, total=True), Column("Came whole later", "count", 16, total=True),
        Column("Amount", "money", 16, total=True), Column("Paid on claims", "money", 16, total=True),
        Column("Provider level", "money", 15, total=True), Column("Difference", "money", 14, total=True),
        Column("Loaded", "money", 16, total=True), Column("Not loaded", "money", 14, total=True),
        Column("Answers to our claims", "count", 20, total=True), Column("Other answers", "count", 14, total=True),
        Column("Reversals", "count", 11, total=True), Column("Reversed", "money", 14, total=True),
    ),
    "One row for each payer and period would stand here.",
)  # fmt: skip
CLAIMS = Table(
    "Claims",
    (
        Column("Period from", "date", 13), Column("Payer", width=28), Column("Claims", "count", 10, total=True),
        Column("Answers", "count", 10, total=True), Column("Denied", "count", 10, total=True),
        Column("Billed", "money", 16, total=True), Column("Allowed", "money", 16, total=True),
        Column("Paid", "money", 16, total=True), Column("Patient", "money", 16, total=True),
    ),
    "One row for each payer and period with answers would stand here.",
)  # fmt: skip
PAYMENTS = Table(
    "Payments",
    (
        Column("Paid on", "date", 13), Column("Payer", width=28), Column("Check or trace", width=20),
        Column("Method", width=9), Column("Claims", "count", 9, total=True), Column("Amount", "money", 16, total=True),
        Column("Paid on claims", "money", 16, total=True), Column("Provider level", "money", 15, total=True),
        Column("Difference", "money", 14, total=True), Column("Loaded", "money", 16, total=True),
        Column("Not loaded", "money", 14, total=True), Column("State", width=18),
    ),
    "One row for each payment would stand here.",
)  # fmt: skip
DEPOSITS = Table(
    "Deposits",
    (
        Column("Check or trace", width=20), Column("State", width=14), Column("Day", "date", 13),
        Column("Paid", "money", 16, total=True), Column("Deposited", "money", 16, total=True),
        Column("Difference", "money", 14, total=True),
    ),
    "Payments against the bank's deposits would stand here.",
)  # fmt: skip


def render_reconciliation(practice: str, wanted: Range, basis: Basis, sheets: Sheets, *, made_on: date) -> bytes:
    """The workbook's bytes; the same rows give the same bytes."""
    about = f"{practice}, {wanted.first.isoformat()} to {wanted.last.isoformat()}"
    periods, sums, payments, matches = sheets
    with streaming_book(title=f"{practice}: reconciliation", made_on=made_on) as book:
        write_table(book, PERIODS, f"Payments against what was loaded. {about}", _periods(periods))
        write_table(book, CLAIMS, f"Claims by {basis.label.lower()}. {about}", _claims(sums))
        write_table(book, PAYMENTS, f"Single payments. {about}", _payments(payments))
        write_table(book, DEPOSITS, f"Payments against the bank. {about}", _deposits(matches))
        return packed(book)


def _periods(periods: Sequence[Row]) -> Rows:
    for r in periods:
        yield (
            *(r.start, r.payer, r.expected, r.files, r.payments, r.cut_off, r.superseded, r.amount, r.claims_paid),
            *(r.adjustments, r.difference, r.loaded, r.not_loaded, r.matched, r.unmatched, r.reversals),
            r.reversed_cents,
        )


def _claims(sums: Sequence[ClaimSums]) -> Rows:
    for s in sums:
        yield s.start, s.payer, s.claims, s.answers, s.denied, s.billed, s.allowed, s.paid, s.patient


def _payments(payments: Sequence[Payment]) -> Rows:
    """A delivery that came whole later counts with what was loaded of it alone, as on the page."""
    for p in payments:
        state = "came whole later" if p.superseded else "whole" if p.complete else "cut off"
        money = (None, None, None, None) if p.superseded else (p.amount, p.claims_paid, p.adjustments, p.difference)
        yield (
            *(p.day, p.payer, p.check_number, p.method, None if p.superseded else p.claims, *money, p.loaded.paid),
            *(-p.loaded.paid if p.superseded else p.not_loaded, state),
        )


def _deposits(matches: Sequence[Match]) -> Rows:
    for m in matches:
        paid, came = sum(p.cents for p in m.payments), sum(d.cents for d in m.deposits)
        day = min(one.day for one in (*m.deposits, *m.payments))
        yield m.key, m.state.replace("_", " "), day, paid, came, m.difference_cents
