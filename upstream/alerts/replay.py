"""What detection would have raised, week by week, with only what was known then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from upstream.alerts.amounts import title_of
from upstream.core.money import dollars_of
from upstream.detection import grouping
from upstream.detection.checks import is_data_fault, own_causes
from upstream.detection.grouping import Change, Move, Tracked
from upstream.detection.naming import Naming
from upstream.detection.record import measured
from upstream.detection.rules import Budget
from upstream.detection.world import View, World, last_complete_week

COLUMNS = (
    "tenant", "payer", "procedure_code", "denial_reason", "location", "metric", "direction", "week", "incident_id",
    "evidence", "expected_annual_dollars", "title",
)  # fmt: skip
TOLD = (Move.OPEN, Move.REOPEN)


@dataclass(frozen=True)
class Step:
    """One day: the alerts that its run first raised, and how many causes stood out."""

    as_of: date
    rows: list[dict[str, Any]]
    causes: int


def replay(
    world: World,
    names: Mapping[int, str],
    budget: Budget,
    naming: Naming,
    *,
    tenant: str,
    first: date,
    last: date,
    days: int,
) -> Iterator[Step]:
    """Runs as of every `days`-th day from `first` to `last`; a day that completes no new week repeats nothing.

    Payers are named as they are today.
    """
    incidents: list[Tracked] = []
    seen: date | None = None
    for number in range((last - first).days // days + 1):
        as_of = first + timedelta(days=number * days)
        week = last_complete_week(as_of)
        if week == seen:
            continue
        seen = week
        view = world.at(np.datetime64(week, "D"))
        drafts = naming.told(view.drafts(budget))
        raised = _advance(incidents, grouping.advance(incidents, own_causes(incidents, drafts), view.week))
        yield Step(as_of, [_row(change, view, names, tenant, as_of) for change in raised], len(drafts))


def _advance(incidents: list[Tracked], changes: list[Change]) -> list[Change]:
    """Keep every incident's state under its number; the changes that people would be told of."""
    raised = []
    for change in changes:
        number = change.incident.number or len(incidents) + 1
        kept = replace(change.incident, number=number)
        incidents[number - 1 :] = [kept, *incidents[number:]]
        if change.move in TOLD:
            raised.append(replace(change, incident=kept))
    return raised


def _row(change: Change, view: View, names: Mapping[int, str], tenant: str, as_of: date) -> dict[str, Any]:
    draft = change.draft
    if draft is None:
        raise ValueError("a change without evidence raises nothing")
    payer = names[draft.scope.payer]
    found = measured(view, draft, draft.onset)
    return {
        "tenant": tenant,
        "payer": payer,
        "procedure_code": draft.scope.procedure_code,
        "denial_reason": draft.scope.denial_reason,
        "location": draft.scope.location,
        "metric": draft.metric,
        "direction": draft.direction,
        "week": as_of.isoformat(),
        "incident_id": change.incident.number,
        "evidence": round(draft.evidence, 2),
        "expected_annual_dollars": dollars_of(round(draft.annual_cents.mid)),
        "title": title_of(payer, draft, found, draft.onset, data_fault=is_data_fault(view, draft)),
    }
