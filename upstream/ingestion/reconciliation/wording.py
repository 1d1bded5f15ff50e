"""The reconciliation as lines of text and as plain facts, for the command and the API. Pure: values in, values out."""

from collections.abc import Sequence
from typing import Any

from upstream.core.money import dollars_of, show_dollars
from upstream.ingestion.reconciliation.choices import Basis
from upstream.ingestion.reconciliation.queries import ClaimSums, Row
from upstream.ingestion.reconciliation.rules import Match, Range

MONEY = ("amount", "claims_paid", "adjustments", "difference", "loaded", "not_loaded")
COUNTS = (
    "files", "payments", "cut_off", "superseded", "out_of_balance", "matched", "unmatched", "reversals",
)  # fmt: skip
STATES = {
    "matched": "matched", "differs": "of another amount", "no_deposit": "without a deposit",
    "no_payment": "deposits without a payment",
}  # fmt: skip
SUMS = ("billed", "allowed", "paid", "patient")


def facts_of(row: Row) -> dict[str, Any]:
    """One row with money in dollars; `start` and `payer` are left out of a total."""
    place = {"from": row.start, "payer": row.payer} if row.start else {}
    return {
        **place,
        "expected": None if row.expected is None else round(row.expected, 2),
        **{name: getattr(row, name) for name in COUNTS},
        **{name: dollars_of(getattr(row, name)) for name in MONEY},
        "reversed": dollars_of(row.reversed_cents),
    }


def facts_of_claims(row: ClaimSums) -> dict[str, Any]:
    place = {"from": row.start, "payer": row.payer} if row.start else {}
    return {
        **place,
        **{name: getattr(row, name) for name in ("claims", "answers", "denied")},
        **{name: dollars_of(getattr(row, name)) for name in SUMS},
    }


def text_of(
    wanted: Range, basis: Basis, rows: Sequence[Row], total: Row, sums: Sequence[ClaimSums], sum_total: ClaimSums
) -> str:
    """Two tables, each with its sum."""
    head = ("from", "payer", "exp.", "pays", "amount", "on claims", "provider", "difference", "loaded", "missing")
    lines = [head, *(_cells(row) for row in rows), _cells(total)]
    claims = [("from", "payer", "claims", "answers", "denied", "billed", "paid"), *map(_sum_cells, [*sums, sum_total])]
    return "\n".join(
        [
            f"Payments from {wanted.first} to {wanted.last} by {wanted.by.label.lower()}", *_table(lines), "",
            f"Claims by {basis.label.lower()}", *_table(claims),
        ]
    )  # fmt: skip


def _cells(row: Row) -> tuple[str, ...]:
    expected = "-" if row.expected is None else f"{row.expected:.1f}"
    start = row.start.isoformat() if row.start else ""
    return (start, row.payer, expected, f"{row.payments:,}", *(show_dollars(getattr(row, name)) for name in MONEY))


def _sum_cells(row: ClaimSums) -> tuple[str, ...]:
    counts = (f"{number:,}" for number in (row.claims, row.answers, row.denied))
    start = row.start.isoformat() if row.start else ""
    return (start, row.payer, *counts, show_dollars(row.billed), show_dollars(row.paid))


def _table(lines: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as they must be; names to the left, numbers to the right."""
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return [
        "  ".join(cell.ljust(width) if place < 2 else cell.rjust(width) for place, (cell, width) in
                  enumerate(zip(line, widths, strict=True))).rstrip()
        for line in lines
    ]  # fmt: skip


def facts_of_deposits(matches: Sequence[Match]) -> dict[str, Any]:
    """How many payments and deposits stand in each state, and what they differ by."""
    counts = {state: sum(match.state == state for match in matches) for state in STATES}
    return {**counts, "difference": dollars_of(sum(match.difference_cents for match in matches))}


def deposit_words(matches: Sequence[Match] | None) -> str:
    """One sentence on the bank."""
    if matches is None:
        return "No list of bank deposits was brought yet."
    facts = facts_of_deposits(matches)
    said = ", ".join(f"{facts[state]:,} {words}" for state, words in STATES.items())
    return f"Bank: {said}; deposited less paid {show_dollars(sum(match.difference_cents for match in matches))}."
