"""Two versions of the method over the practice's own history: what each would have raised, when, and the money."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from upstream.alerts import replay_queries
from upstream.alerts.choices import ReplayState
from upstream.alerts.comparing import Pair, paired
from upstream.alerts.models import Replay, ReplayFinding
from upstream.alerts.replays import request_replay
from upstream.core import clock
from upstream.detection.choices import Direction
from upstream.detection.method_choices import method_on
from upstream.detection.methods import named
from upstream.tenants.queries import bound_organization

Found = Pair[ReplayFinding, ReplayFinding]


@dataclass(frozen=True)
class Comparison:
    """The replay of the version in force, that of the other one, and their changes to the worse side by side."""

    now: Replay
    other: Replay
    pairs: list[Found]

    @property
    def is_done(self) -> bool:
        return self.now.state == self.other.state == ReplayState.DONE

    @property
    def both(self) -> list[Found]:
        return [pair for pair in self.pairs if pair.one and pair.other]

    @property
    def now_alone(self) -> list[Found]:
        return [pair for pair in self.pairs if pair.other is None]

    @property
    def other_alone(self) -> list[Found]:
        return [pair for pair in self.pairs if pair.one is None]


@transaction.atomic
def request_comparison(name: str, *, actor: str, against: str = "") -> tuple[Replay, Replay]:
    """Replays of the whole history by the version in force (or `against`) and by the other one, waiting or new."""
    other = named(name)
    now = named(against) if against else method_on(clock.today(bound_organization().time_zone))
    return request_replay(actor=actor, method=now.name), request_replay(actor=actor, method=other.name)


def comparison(name: str, *, against: str = "") -> Comparison | None:
    """The newest replays of both over the same days with the same budget; None before there are any."""
    now = against or method_on(clock.today(bound_organization().time_zone)).name
    rows = list(replay_queries.replays().filter(method__in=(name, now)).exclude(state=ReplayState.FAILED)[:50])
    for mine in (row for row in rows if row.method == now):
        for other in (row for row in rows if row.method == name):
            if _asked(mine) == _asked(other):
                return Comparison(mine, other, paired(_worse(mine), _worse(other)))
    return None


def _asked(replay: Replay) -> tuple[date, date, int, object]:
    return replay.first, replay.last, replay.days, replay.budget_per_quarter


def _worse(replay: Replay) -> list[ReplayFinding]:
    return list(replay_queries.findings_of(replay).filter(direction=Direction.ADVERSE))
