"""What is told of an incident on the day it opens: the same values for the live system and for a replay."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from upstream.alerts.models import Raised
from upstream.alerts.wording import doubted
from upstream.core.money import dollars_of

if TYPE_CHECKING:
    from upstream.detection.grouping import IncidentDraft  # its arithmetic is 15 MB

COLUMNS = (
    "tenant", "payer", "procedure_code", "denial_reason", "location", "metric", "direction", "week", "incident_id",
    "evidence", "expected_annual_dollars", "title",
)  # fmt: skip
KEPT = (
    "metric", "onset_week", "strength", "evidence", "observed", "expected", "lost_low_cents", "lost_cents",
    "lost_high_cents", "annual_cents",
)  # fmt: skip
BEFORE_A_REPORT = timedelta(weeks=4)


def raised_values(
    draft: "IncidentDraft", fields: Mapping[str, Any], as_of: date, *, again: bool, doubt: str
) -> dict[str, Any]:
    """Fields of a Raised row from an incident's own.

    `doubt`, the words that begin the title, is detection's alone: caveats of files that were looked at later would make
    two replays of a day differ.
    """
    return {
        **{name: fields[name] for name in KEPT},
        "title": doubted(fields["title"], doubt=doubt),
        "as_of": as_of,
        "again": again,
        "family": draft.family,
        "direction": draft.direction,
        "payer_id": draft.scope.payer,
        "procedure_code": draft.scope.procedure_code,
        "denial_reason": draft.scope.denial_reason,
        "location": draft.scope.location,
    }


def row_of(raised: Raised, number: int, tenant: str, names: Mapping[int, str]) -> dict[str, Any]:
    """One line of a replay's file; `number` counts the tenant's incidents from 1, `names` are those of payers."""
    return {
        "tenant": tenant,
        "payer": names[raised.payer_id],
        "procedure_code": raised.procedure_code,
        "denial_reason": raised.denial_reason,
        "location": raised.location,
        "metric": raised.metric,
        "direction": raised.direction,
        "week": raised.as_of.isoformat(),
        "incident_id": number,
        "evidence": round(raised.evidence, 2),
        "expected_annual_dollars": dollars_of(raised.annual_cents),
        "title": raised.title,
    }


def month_end_report(onset: date) -> date:
    """The first month's end at least four weeks after the onset: by then a month's decisions are mostly new ones."""
    day = onset + BEFORE_A_REPORT
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
