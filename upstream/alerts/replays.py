"""Replays that a person asked for: days done one commit each, in slices, so that nobody waits behind a long one."""

import time
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction

from upstream.alerts.amounts import fields_of
from upstream.alerts.choices import ReplayState
from upstream.alerts.limits import limits_on
from upstream.alerts.models import Replay, ReplayFinding
from upstream.alerts.raising import month_end_report
from upstream.alerts.replay import Past, Step, days_between, load_past
from upstream.core import clock, crash, stages
from upstream.core.errors import Conflict, DomainError, Invalid
from upstream.detection import queries as detection
from upstream.detection.grouping import Scope, Tracked
from upstream.detection.method_choices import method_on
from upstream.detection.methods import named
from upstream.detection.payer_state import states_of
from upstream.detection.record import measured
from upstream.detection.rules import Budget
from upstream.detection.world import last_complete_week
from upstream.tenants.queries import bound_organization

SLICE = 90.0
MAX_ATTEMPTS = 5
STOPPED = "stopped"
STEPS = (7, 1)
WEEKS = ("onset", "raised", "last_seen")
WEEK = timedelta(days=7)


def request_replay(
    *, actor: str, first: date | None = None, last: date | None = None, days: int = 7, method: str = "",
    per_quarter: Decimal | None = None,
) -> Replay:  # fmt: skip
    """The replay that is waiting for these days, or a new one; by default of the whole history, week by week, by the
    version of the method and with the budget (false incidents a quarter) that are in force.

    Invalid when the practice has no claims yet, for a span that holds no day, a step of neither week nor day, or an
    unknown method.
    """
    with transaction.atomic():
        practice, (begin, end) = bound_organization(), whole_history()
        chosen = named(method) if method else method_on(clock.today(practice.time_zone))
        first, last = max(first or begin, begin), min(last or end, end)
        if first > last or days not in STEPS:
            raise Invalid("no_days", "no day of the history lies in this span")
        found: Replay
        found, _ = Replay.objects.get_or_create(
            state=ReplayState.DUE, method=chosen.name, first=first, last=last, days=days,
            budget_per_quarter=practice.false_incidents_per_quarter if per_quarter is None else per_quarter,
            defaults={"requested_by": actor[:80], "requested_at": clock.now()},
        )  # fmt: skip
        stages.nudge()
    return found


def whole_history() -> tuple[date, date]:
    """The first and the last day that a replay can be of. Invalid when the practice has no claims yet."""
    span = detection.known_weeks()
    if span is None:
        raise Invalid("no_claims", "there are no claims yet to look back on")
    today = clock.today(bound_organization().time_zone)
    return span[0] + timedelta(days=6), min(span[1] + timedelta(days=6), today)


def stop_replay(replay: Replay) -> None:
    """The replay ends with the day that is being done; Conflict when it has ended."""
    due = Replay.objects.filter(pk=replay.pk, state=ReplayState.DUE)
    if not due.update(state=ReplayState.FAILED, error_code=STOPPED, finished_at=clock.now()):
        raise Conflict("replay_ended", "this replay has ended already")


def take_replay(replay_id: int) -> bool:
    """Days of a DUE replay for about a minute and a half, each in a commit of its own; DONE after the last.

    False when it is not due. A worker that is killed is followed by one that goes on; after five tries in which not
    one day came to its end it is FAILED.
    """
    replay = _claim(replay_id)
    if replay is None:
        return False
    crash.point("after_claim")
    try:
        with transaction.atomic():
            past = _past(replay)
        _go_on(replay, past, time.monotonic() + SLICE)
    except DomainError as exc:
        with transaction.atomic():
            due = Replay.objects.filter(pk=replay.pk, state=ReplayState.DUE)
            due.update(state=ReplayState.FAILED, error_code=exc.code[:60], finished_at=clock.now())
    return True


def _claim(replay_id: int) -> Replay | None:
    """The replay with one more try counted; None when it is not due or its tries are used up."""
    with transaction.atomic():
        replay: Replay = Replay.objects.get(pk=replay_id)
        if replay.state != ReplayState.DUE:
            return None
        if replay.attempts >= MAX_ATTEMPTS:
            replay.state, replay.error_code, replay.finished_at = ReplayState.FAILED, "too_many_attempts", clock.now()
        replay.attempts += 1
        replay.save(update_fields=["state", "error_code", "finished_at", "attempts"])
        return replay if replay.state == ReplayState.DUE else None


def _past(replay: Replay) -> Past:
    past = load_past(bound_organization(), named(replay.method), replay.budget_per_quarter)
    past.incidents = [_tracked(kept) for kept in replay.incidents]
    past.week = last_complete_week(replay.at) if replay.at else None
    return past


def _go_on(replay: Replay, past: Past, until: float) -> None:
    for as_of in days_between(replay.first, replay.last, replay.days):
        if replay.at is not None and as_of <= replay.at:
            continue
        with transaction.atomic():
            step = past.step(as_of)
            stands: dict[str, Any] = {"at": as_of, "attempts": 0}
            if step is not None:
                _keep(replay, step)
                if replay.last - as_of < WEEK:
                    stands["visible"] = _visible(step, past.budget)
            stands["incidents"] = [_kept(tracked) for tracked in past.incidents]
            if not Replay.objects.filter(pk=replay.pk, state=ReplayState.DUE).update(**stands):
                transaction.set_rollback(True)
                return
        crash.point("after_replayed_day")
        if time.monotonic() > until:
            return
    with transaction.atomic():
        due = Replay.objects.filter(pk=replay.pk, state=ReplayState.DUE)
        due.update(state=ReplayState.DONE, finished_at=clock.now())


def _keep(replay: Replay, step: Step) -> None:
    """What the day raised, and what earlier findings have cost by now, until their month-end report is out."""
    for found in ReplayFinding.objects.filter(replay=replay, report_seen=False):
        draft = step.seen.get(found.number)
        if draft is not None:
            since = np.datetime64(found.onset_week, "D")
            measure = measured(step.view, draft, since, limits_on(step.as_of).cost_of_capital)
            amounts = fields_of(draft, measure, since, "")
            found.report_lost_cents = max(amounts["lost_cents"], found.lost_cents)
        found.report_seen = step.as_of >= found.report_date
        found.save(update_fields=["report_lost_cents", "report_seen"])
    for alert in step.alerts:
        report = month_end_report(alert.values["onset_week"])
        ReplayFinding.objects.create(
            replay=replay, number=alert.number, report_date=report, report_lost_cents=alert.values["lost_cents"],
            report_seen=step.as_of >= report, **alert.values,
        )  # fmt: skip


def _visible(step: Step, budget: Budget) -> dict[str, dict[str, list[float | None]]]:
    return {str(state.view.payer): state.visible for state in states_of(step.view, budget)}


def _kept(tracked: Tracked) -> dict[str, Any]:
    values = asdict(tracked)
    return {**values, **{name: str(values[name]) for name in WEEKS}}


def _tracked(kept: dict[str, Any]) -> Tracked:
    weeks = {name: np.datetime64(kept[name], "D") for name in WEEKS}
    return Tracked(**{**kept, **weeks, "scope": Scope(**kept["scope"])})
