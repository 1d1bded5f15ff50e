"""A packet of evidence as PDF; its content's hash stands on each page."""

from typing import Any

from upstream.appeals.evidence import Evidence, Row
from upstream.appeals.wording import UNVERIFIED, long_day, remedy
from upstream.core import charts
from upstream.core.documents.pdf import Paper, filled, fonts, write_pdf
from upstream.core.money import show_dollars

# A payer reads a list on paper so far; all of it stands in the workbook.
MOST_ROWS = 400


def packet_pdf(found: Evidence, paper: Paper) -> bytes:
    """The packet on paper; RenderError when it cannot be made."""
    html = filled("letters/packet.html", page(found))
    css = filled("letters/packet.css", {"paper": paper, "hash": found.content_hash, **fonts()})
    return write_pdf(html, css)


def page(found: Evidence) -> dict[str, Any]:
    """What the page says, as text."""
    listed = found.rows[:MOST_ROWS]
    return {
        "found": found,
        "title": f"Evidence for {found.payer}: {found.practice}",
        "as_of": long_day(found.as_of),
        "claims": f"{len(found.rows):,}",
        "billed": show_dollars(found.billed_cents),
        "total": show_dollars(found.total_cents),
        "rows": [_row(row) for row in listed],
        "rest": f"{len(found.rows) - len(listed):,}" if len(listed) < len(found.rows) else "",
        "interest": _interest(found, listed),
        "chart": charts.nowcast_chart(found.chart, width=640, height=220) if found.chart.weeks else "",
        "remits": [
            (long_day(remit.decided) or "day not told", remit.check_number or "not told", f"{remit.claims:,}")
            for remit in found.remits
        ],
        "unverified": UNVERIFIED,
    }


def late_rows(found: Evidence) -> list[Row]:
    """Claims whose lateness comes to something."""
    return [row for row in found.rows if row.days_late]


def _interest(found: Evidence, listed: list[Row]) -> dict[str, Any] | None:
    if found.interest_days is None:
        return None
    late = [row for row in listed if row.days_late]
    return {
        "how": remedy(found.interest_days, f"{found.interest_percent}", found.interest_cents),
        "source": f"{found.interest_source} (confidence: {found.interest_confidence})",
        "rows": [
            (row.number, row.reference, long_day(row.due), f"{row.days_late:,}", show_dollars(base_of(row)),
             show_dollars(row.interest_cents))
            for row in late
        ],
        "total": show_dollars(found.interest_cents),
    }  # fmt: skip


def base_of(row: Row) -> int:
    """What a claim's interest is worked out from: what was paid, or what it should bring while it waits."""
    return row.paid_cents or row.expected_cents


def _row(row: Row) -> tuple[str, ...]:
    return (
        str(row.number), row.reference or "not stored", long_day(row.service_date), long_day(row.submitted_date),
        row.procedure_code, row.code or row.outcome, show_dollars(row.billed_cents), show_dollars(row.expected_cents),
    )  # fmt: skip
