"""Reads what stands beside the payers' weeks: what came back, authorizations, and decisions that move figures."""

from datetime import date, datetime, timedelta
from uuid import UUID

from upstream.alerts import ledger_queries
from upstream.authorizations import queries as register
from upstream.authorizations.queries import Asked
from upstream.claims.models import CarcOverride, PayerMove
from upstream.claims.rules import denial_words
from upstream.contracts import queries as contracts
from upstream.contracts.models import ShortLine
from upstream.reports.facts import Authorizations, Decision, Recovered

MOST_ROWS = 10_000


def recovered(as_of: date) -> Recovered:
    """Three queries; the quarter is the calendar's."""
    began = quarter_of(as_of)
    before = quarter_of(began - timedelta(days=1))
    until = min(before + (as_of - began), began - timedelta(days=1))
    spans = ((began, as_of), (before, until), (date.min, as_of))
    return Recovered(*(ledger_queries.value_of(ledger_queries.lines(*days)).recovered for days in spans))


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def authorizations(as_of: date) -> Authorizations:
    """Two queries."""
    near = register.entries(Asked(show="near"), as_of)[:MOST_ROWS]
    return Authorizations(list(near), list(register.risks()[:MOST_ROWS]))


def short_lines(first: date, last: date, payer: UUID | None = None) -> list[ShortLine]:
    """Lines that were allowed less than their contract says and still wait for it, of answers of these days, the
    oldest first. One query."""
    asked = contracts.Asked(payer=payer, first=first, last=last)
    return list(contracts.underpaid(asked).order_by("decided_on", "pk")[:MOST_ROWS])


def decisions(since: datetime, until: datetime) -> list[Decision]:
    """Of names of payers and of meanings of codes, in the period. Two queries."""
    moves = PayerMove.objects.filter(done_at__gte=since, done_at__lt=until).select_related("source", "target")
    said = CarcOverride.objects.filter(made_at__gte=since, made_at__lt=until)
    return [
        *(
            Decision(
                row.at.date(), "Mapping", f"{row.source.name} {row.get_decided_display()}: {row.target.name}",
                f"{row.claims:,} claims moved",
            )
            for row in moves.order_by("at", "pk")
        ),
        *(
            Decision(row.made_at.date(), "Codes", f"CARC {row.carc} means: {denial_words(row.category)}", row.reason)
            for row in said.order_by("made_at", "pk")
        ),
    ]  # fmt: skip
