"""What detection would have raised, day by day, with only what was known then: the code of the live system."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from upstream.alerts.amounts import fields_of, title_of
from upstream.alerts.limits import limits_on
from upstream.alerts.raising import raised_values
from upstream.alerts.wording import US
from upstream.detection import grouping, queries, services
from upstream.detection.causes.context import Context
from upstream.detection.causes.ends import own_causes
from upstream.detection.causes.judge import judge
from upstream.detection.grouping import Change, IncidentDraft, Move, Tracked
from upstream.detection.knowledge import Knowledge, knowledge
from upstream.detection.methods import Method
from upstream.detection.naming import Naming
from upstream.detection.record import measured
from upstream.detection.rules import Budget
from upstream.detection.world import View, World, last_complete_week
from upstream.tenants.models import Organization

TOLD = (Move.OPEN, Move.REOPEN)


@dataclass(frozen=True)
class Alert:
    """An incident that a day opened or opened again: its number, and what was told as fields of a Raised row."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One day: what it raised, and the causes seen by the number of their incident."""

    as_of: date
    view: View
    alerts: list[Alert]
    seen: Mapping[int, IncidentDraft]


@dataclass
class Past:
    """A practice's history, followed from one day to the next; `incidents` is how they stand, by number less one.

    Payers are named as they are today.
    """

    world: World
    names: Mapping[int, str]
    budget: Budget
    method: str
    naming: Naming
    known: Knowledge
    incidents: list[Tracked] = field(default_factory=list)
    week: date | None = None

    def step(self, as_of: date) -> Step | None:
        """The day's run; None when it completes no new week. In a transaction: titles ask what codes mean."""
        week = last_complete_week(as_of)
        if week == self.week:
            return None
        self.week = week
        context = self.known.at(as_of, self.method)
        view = self.world.at(np.datetime64(week, "D"), context.masks(week))
        drafts = self.naming.told(view.drafts(self.budget))
        changes = grouping.advance(self.incidents, own_causes(self.incidents, drafts), view.week)
        kept = [self._keep(change) for change in changes]
        alerts = [self._alert(change, view, context, as_of) for change in kept if change.move in TOLD]
        return Step(as_of, view, alerts, {c.incident.number: c.draft for c in kept if c.draft is not None})

    def _keep(self, change: Change) -> Change:
        """The change, its incident numbered and kept as it stands now."""
        number = change.incident.number or len(self.incidents) + 1
        incident = replace(change.incident, number=number)
        self.incidents[number - 1 :] = [incident, *self.incidents[number:]]
        return replace(change, incident=incident)

    def _alert(self, change: Change, view: View, context: Context, as_of: date) -> Alert:
        draft = change.draft
        if draft is None:
            raise ValueError("a change without evidence raises nothing")
        found = measured(view, draft, draft.onset, limits_on(as_of).cost_of_capital)
        doubt = US if judge(view, draft, found.claim, context, self.known.books).cause else ""
        title = title_of(self.names[draft.scope.payer], draft, found, draft.onset, doubt=doubt)
        fields = fields_of(draft, found, draft.onset, title)
        again = change.move is Move.REOPEN
        return Alert(change.incident.number, raised_values(draft, fields, as_of, again=again, doubt=doubt))


def load_past(practice: Organization, method: Method, per_quarter: Decimal) -> Past:
    """The bound practice's whole history, to be followed by this version of the method; in a transaction."""
    return Past(
        services.load_world(practice), queries.payer_names(), Budget(float(per_quarter), method.parameters),
        method.name, queries.naming(practice.time_zone), knowledge(practice.time_zone),
    )  # fmt: skip


def days_between(first: date, last: date, step: int) -> Iterator[date]:
    """Every `step`-th day from `first` to `last`."""
    for number in range((last - first).days // step + 1):
        yield first + timedelta(days=number * step)
