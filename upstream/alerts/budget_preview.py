"""What another budget of false incidents would have meant on the practice's own history, before anybody saves it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from upstream.alerts import replay_queries
from upstream.alerts.choices import ReplayState
from upstream.alerts.comparing import Pair, paired
from upstream.alerts.models import Replay, ReplayFinding
from upstream.alerts.replays import request_replay, whole_history
from upstream.claims.payer_queries import decided_since
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.detection.choices import Direction, Metric
from upstream.detection.method_choices import method_on
from upstream.detection.models import CalendarEvent
from upstream.detection.queries import known_weeks, latest_run, payer_names
from upstream.detection.rules import Budget
from upstream.tenants.queries import bound_organization

Found = Pair[ReplayFinding, ReplayFinding]
WITHIN_4_WEEKS = 1


@dataclass(frozen=True)
class Smallest:
    """The smallest rise of a payer's denial rate that is noticed within four weeks, as a share; None for none."""

    payer: str
    now: float | None
    other: float | None


@dataclass(frozen=True)
class Preview:
    """The replay with the budget in force, that with the other one, and their changes to the worse side by side.

    `is_current`: no file, name or event has come since it was asked for.
    """

    now: Replay
    other: Replay
    pairs: list[Found]
    smallest: list[Smallest]
    is_current: bool

    @property
    def is_done(self) -> bool:
        return self.now.state == self.other.state == ReplayState.DONE

    @property
    def weeks(self) -> int:
        return int((self.now.last - self.now.first).days // 7 + 1)

    @property
    def raised_now(self) -> int:
        return sum(pair.one is not None for pair in self.pairs)

    @property
    def raised_other(self) -> int:
        return sum(pair.other is not None for pair in self.pairs)

    @property
    def gone(self) -> list[ReplayFinding]:
        """What is told with the budget in force alone."""
        return [pair.one for pair in self.pairs if pair.one and pair.other is None]

    @property
    def new(self) -> list[ReplayFinding]:
        """What is told with the other budget alone."""
        return [pair.other for pair in self.pairs if pair.other and pair.one is None]

    @property
    def moved(self) -> list[Found]:
        """What both tell, on another day."""
        return [pair for pair in self.pairs if pair.one and pair.other and pair.one.as_of != pair.other.as_of]


@transaction.atomic
def request_preview(per_quarter: Decimal, *, actor: str) -> None:
    """Replays of the whole history, week by week, with the budget in force and with this one, stand or wait.

    What was replayed on the same data stands. Invalid for the budget in force itself, one that cannot be kept, and
    without claims.
    """
    Budget(float(per_quarter))
    in_force = bound_organization().false_incidents_per_quarter
    if per_quarter == in_force:
        raise Invalid("budget", "this is the budget in force already")
    for budget, found in _newest(in_force, per_quarter).items():
        if not _is_current(found):
            request_replay(actor=actor, per_quarter=budget)


def preview(per_quarter: Decimal) -> Preview | None:
    """The newest replays of the whole history with both budgets; None before there are any."""
    in_force = bound_organization().false_incidents_per_quarter
    found = _newest(in_force, per_quarter) if known_weeks() else {}
    now, other = found.get(in_force), found.get(per_quarter)
    if now is None or other is None:
        return None
    pairs = paired(_worse(now), _worse(other))
    return Preview(now, other, pairs, list(_smallest(now.visible, other.visible)), _is_current(now, other))


def _newest(*budgets: Decimal) -> dict[Decimal, Replay | None]:
    """By budget the newest replay of the whole history by the method in force; None where it was stopped or failed."""
    method = method_on(clock.today(bound_organization().time_zone)).name
    first, last = whole_history()
    rows = replay_queries.replays().filter(
        method=method, days=7, first=first, last=last, budget_per_quarter__in=budgets
    )
    found: dict[Decimal, Replay] = {row.budget_per_quarter: row for row in reversed(rows)}
    return {budget: _standing(found.get(budget)) for budget in budgets}


def _standing(replay: Replay | None) -> Replay | None:
    return None if replay is None or replay.state == ReplayState.FAILED else replay


def _is_current(*replays: Replay | None) -> bool:
    """Whether all are there and nothing that detection reads has come since they were asked for."""
    moments = [replay.requested_at for replay in replays if replay]
    if len(moments) < len(replays):
        return False
    asked, run = min(moments), latest_run()
    newer = run is not None and run.finished_at is not None and run.finished_at > asked
    return not (newer or decided_since(asked) or CalendarEvent.objects.filter(entered_at__gt=asked).exists())


def _worse(replay: Replay) -> list[ReplayFinding]:
    return list(replay_queries.findings_of(replay).filter(direction=Direction.ADVERSE))


Visible = Mapping[str, Mapping[str, list[float | None]]]


def _smallest(now: Visible, other: Visible) -> Iterator[Smallest]:
    """By the payers' names."""
    names = payer_names() if now else {}
    metric = Metric.DENIAL_RATE.value
    for name, key in sorted((names[int(key)], key) for key in now.keys() & other.keys()):
        yield Smallest(name, now[key][metric][WITHIN_4_WEEKS], other[key][metric][WITHIN_4_WEEKS])
