"""The numbers behind a payer's charts, as CSV files."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from upstream.claims import payer_queries
from upstream.portal.access import PortalRequest, existing, needs
from upstream.portal.files import csv_answer
from upstream.portal.queries.behaviour import DAY_COLUMNS, WEEK_COLUMNS, Behaviour, behaviour_of, day_rows, week_rows
from upstream.tenants.choices import Right


@needs(Right.READ)
@require_safe
def weeks(_request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Denial rate and expected dollars by the week of submission."""
    found = _found(public_id)
    return _table("weeks", found, WEEK_COLUMNS, week_rows(found.baseline.series))


@needs(Right.READ)
@require_safe
def days(_request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Shares decided and paid by days since submission."""
    found = _found(public_id)
    return _table("days", found, DAY_COLUMNS, day_rows(found.baseline.lag))


def _found(public_id: UUID) -> Behaviour:
    payer = payer_queries.payer(public_id)
    return existing(None if payer is None else behaviour_of(payer.pk, payer.name))


def _table(name: str, found: Behaviour, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows, each with the day that they are of and the method."""
    run = found.run
    told = ((*row, run.as_of, run.method) for row in rows)
    return csv_answer(f"payer-{name}-{run.as_of}.csv", (*titles, "as_of", "method"), told)
