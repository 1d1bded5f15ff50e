"""Signals of one detection run become incidents, or news of incidents: all of a run in one commit."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from django.db import transaction

from upstream.alerts import queries, services, upkeep
from upstream.alerts.amounts import Amounts, Known, amounts_of
from upstream.alerts.choices import IncidentState, ResolutionOutcome, StepKind
from upstream.alerts.families import Families, families
from upstream.alerts.keeping import keep_claims, retell
from upstream.alerts.life_rules import USUALLY_WATCHED, Mark, Seen, WeekSeen, comes_back, is_off, weeks_to_judge
from upstream.alerts.models import Incident, Opening
from upstream.alerts.raising import KEPT, raised_values
from upstream.alerts.replay import TOLD
from upstream.alerts.rules import BY_ITSELF, SYSTEM
from upstream.alerts.steps import AWAKE, UNMARKED, write_step
from upstream.alerts.wording import doubt_of, evidence
from upstream.core import clock, crash, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import Conflict
from upstream.detection import grouping
from upstream.detection.causes.ends import own_causes
from upstream.detection.grouping import LEAST_CLAIMS, Change, IncidentDraft, Move, Tracked
from upstream.detection.models import DetectionRun, Signal
from upstream.detection.queries import signals_of
from upstream.detection.record import draft_of, measured
from upstream.detection.rules import DELAY, DENIAL, UNDERPAYMENT
from upstream.detection.services import take_run, view_of
from upstream.detection.triangle import ONE_WEEK
from upstream.detection.world import View, last_complete_week
from upstream.ingestion.quality import queries as quality
from upstream.ingestion.quality.queries import Fault
from upstream.tenants.queries import bound_organization

SEEN_AGAIN = "seen again after it had closed"
TAKEN_OVER = "a later and much stronger change"
GONE_QUIET = f"not seen for {grouping.QUIET_WEEKS} weeks"
NOT_RETURNED = "the rate has not returned"
RAISED_FIELDS = (*KEPT, "title")


def take_signals(run_id: int) -> bool:
    """Open, update, close and re-open incidents by one run; False when it was taken before.

    A run older than one that incidents know already changes nothing: history is not written backwards.
    """
    with transaction.atomic():
        one_at_a_time("incidents", tenancy.required())
        run = take_run(run_id)
        if run is None:
            return False
        if not queries.known_after(run.as_of):
            _advance(run)
        crash.point("after_incidents")
    return True


def _advance(run: DetectionRun) -> None:
    incidents = {incident.pk: incident for incident in queries.incidents_that_may_change(run.as_of)}
    kin, week = families(), np.datetime64(last_complete_week(run.as_of), "D")
    signals = {(s.payer_id, s.finding["family"], s.direction): s for s in signals_of(run)}
    tracked = [
        replace(tracked_of(incident), closed=not incidents[kin.root(pk)].is_open)
        for pk, incident in incidents.items()
        if kin.measured_by(pk) == pk and kin.root(pk) in incidents
    ]
    drafts = own_causes(tracked, [draft_of(signal) for signal in signals.values()])
    changes = grouping.advance(tracked, drafts, week)
    payers = {draft.scope.payer for draft in drafts}
    view, quiet = view_of(run, payers=payers), _quiet(tracked, changes, kin, week)
    look = Look(run, view, signals, Known.of(view, run, payers), quality.faults(), incidents, kin, quiet)
    # Measured by payer, since the claims of one payer at a time are at hand; written in the order of the changes.
    by_payer = sorted(changes, key=lambda change: change.incident.scope.payer)
    amounts = {id(change): _amounts(change, change.draft, look) for change in by_payer if change.draft is not None}
    for change in changes:
        _apply(change, amounts.get(id(change)), look)
    _looked_at([incident for incident in incidents.values() if incident.is_open], run, week)
    upkeep.tell_caveats(run.as_of)


def _looked_at(standing: Iterable[Incident], run: DetectionRun, week: np.datetime64) -> None:
    """These incidents know the run, and for how many weeks nothing was seen of them."""
    by_weeks: dict[int, list[int]] = {}
    for incident in standing:
        weeks = int((week - tracked_of(incident).last_seen) // ONE_WEEK)
        by_weeks.setdefault(max(weeks, 0), []).append(incident.pk)
    for weeks, found in by_weeks.items():
        Incident.objects.filter(pk__in=found).update(last_run=run, quiet_weeks=weeks)


@dataclass(frozen=True)
class Look:
    """One run on its way into incidents: those it may change by id, which are quiet with all parts; what all ask."""

    run: DetectionRun
    view: View
    signals: Mapping[tuple[int, str, str], Signal]
    known: Known
    faults: list[Fault]
    incidents: Mapping[int, Incident]
    kin: Families
    quiet: Set[int]

    def home(self, component: int) -> Incident:
        """The incident at which the claims of this one stand."""
        return self.incidents[self.kin.root(component)]


def _quiet(tracked: list[Tracked], changes: list[Change], kin: Families, week: np.datetime64) -> set[int]:
    seen = {change.incident.number for change in changes if change.draft is not None}
    heard = {t.number for t in tracked if t.number in seen or week - t.last_seen < grouping.QUIET_WEEKS * ONE_WEEK}
    return {kin.root(t.number) for t in tracked} - {kin.root(number) for number in heard}


def tracked_of(incident: Incident) -> Tracked:
    """The incident as grouping follows it."""
    kept = incident.finding["tracked"]
    scope = grouping.Scope(incident.payer_id, incident.procedure_code, incident.denial_reason, incident.location)
    return Tracked(
        number=incident.pk,
        family=kept["family"],
        direction=incident.direction,
        scope=scope,
        onset=np.datetime64(incident.onset_week, "D"),
        raised=np.datetime64(kept["raised"], "D"),
        last_seen=np.datetime64(kept["last_seen"], "D"),
        peak=kept["peak"],
        closed=not incident.is_open,
    )


def _is_worse(component: Incident, home: Incident, draft: IncidentDraft) -> bool:
    """Whether something a person has closed is told again: only when it exceeds what was closed."""
    mark = queries.mark_of(component)
    if component.pk == home.pk and home.mark_rate is not None and home.mark_annual_cents is not None:
        mark = Mark(home.mark_rate, home.mark_annual_cents)
    falls = queries.figures_of(component).falls
    return comes_back(mark, Seen(draft.current_rate.low, draft.current_rate.high, draft.annual_cents.low, falls))


def _apply(change: Change, amounts: Amounts | None, look: Look) -> None:
    incident = look.incidents.get(change.incident.number)
    if change.draft is None or amounts is None:
        if incident is not None:
            _close(look.home(incident.pk), look)
        return
    if incident is None:
        _raise(change, change.draft, amounts, look)
        return
    home = look.home(incident.pk)
    if not home.is_open and home.mark_rate is not None and not _is_worse(incident, home, change.draft):
        return
    _write(incident, change, amounts, look)
    _live(home, incident, change, change.draft, look)
    if change.move in TOLD and not home.is_snoozed:
        # Once a run, for an incident of several parts too.
        told = _opening(home, change, change.draft, look)
        Opening.objects.get_or_create(incident=home, run=look.run, defaults=told)


def _close(home: Incident, look: Look) -> None:
    """An incident of which nothing is seen any more is closed, and what was split off it with it."""
    if home.pk not in look.quiet or not home.is_open:
        return
    parts = [look.incidents.get(one.pk) for one in look.kin.split_off(home.pk)]
    for incident in (home, *parts):
        if incident is not None and incident.is_open:
            _step(incident, IncidentState.RESOLVED, GONE_QUIET)


def _live(home: Incident, component: Incident, change: Change, draft: IncidentDraft, look: Look) -> None:
    """What the news does to where the incident stands. One that sleeps is only woken, by its own marks."""
    if home.state == IncidentState.MONITORING and _has_not_returned(home, component, draft, look):
        _step(home, IncidentState.WORKING, NOT_RETURNED)
    elif home.is_snoozed:
        services.wake_if_due(home, look.run.as_of)
    elif change.move is Move.REOPEN:
        _step(home, IncidentState.NEW, SEEN_AGAIN if not home.is_open else TAKEN_OVER)


def _raise(change: Change, draft: IncidentDraft, amounts: Amounts, look: Look) -> None:
    now, values = clock.now(), _values(change, amounts, look.run)
    incident: Incident = Incident.objects.create(first_as_of=look.run.as_of, opened_at=now, changed_at=now, **values)
    keep_claims(incident, amounts.members, look.kin)
    Opening.objects.create(incident=incident, run=look.run, **_opening(incident, change, draft, look))
    _step(incident, IncidentState.NEW, f"first seen: {evidence(draft.evidence)}", first=True)


def _amounts(change: Change, draft: IncidentDraft, look: Look) -> Amounts:
    """What the cause amounts to, as known to the run."""
    incident = look.incidents.get(change.incident.number)
    onset = draft.onset if incident is None or change.move is Move.REOPEN else _onset(incident, draft)
    caveats = upkeep.caveats_of(look.faults, draft.scope.payer, onset.astype(date), look.run.as_of)
    return amounts_of(
        look.view, _signal(draft, look), draft, onset, look.run, today=look.run.as_of, caveats=caveats,
        known=look.known,
    )  # fmt: skip


def _signal(draft: IncidentDraft, look: Look) -> Signal:
    return look.signals[(draft.scope.payer, draft.family, draft.direction)]


def _opening(home: Incident, change: Change, draft: IncidentDraft, look: Look) -> dict[str, Any]:
    """What is told today, to be kept as it is told."""
    fields = {name: getattr(home, name) for name in RAISED_FIELDS}
    return raised_values(
        draft, fields, look.run.as_of,
        again=change.move is Move.REOPEN, doubt=doubt_of(_signal(draft, look).finding),
    )  # fmt: skip


def _has_not_returned(home: Incident, component: Incident, draft: IncidentDraft, look: Look) -> bool:
    """Once the day has come by which it should be, the newest weeks under watch are still surely worse than usual."""
    began = queries.watched_since(home, bound_organization().time_zone)
    until = home.return_by or began + USUALLY_WATCHED
    weeks = weeks_to_judge(began, until, look.run.as_of, look.view.week.astype(date))
    if not weeks:
        return False
    if draft.family != DENIAL:
        return is_off(_seen(draft, weeks), falls=draft.family in {DELAY, UNDERPAYMENT})
    changed = np.datetime64(component.onset_week, "D")
    found = measured(look.view, draft, np.datetime64(weeks[0], "D"), changed=changed)
    return found.rate.low > found.usual_rate and found.observed - found.expected >= LEAST_CLAIMS


def _seen(draft: IncidentDraft, weeks: tuple[date, ...]) -> list[WeekSeen]:
    """These weeks of the series, without those that are still filling."""
    told, series = {np.datetime64(week, "D") for week in weeks}, draft.series
    return [
        WeekSeen(float(series.low[i]), float(series.high[i]), float(series.baseline[i]))
        for i, week in enumerate(series.weeks)
        if week in told and not series.immature[i]
    ]


def _onset(incident: Incident, draft: IncidentDraft) -> np.datetime64:
    """The onset told so far while it stays possible, else the best one now."""
    told = np.datetime64(incident.onset_week, "D")
    return told if draft.onset_low <= told <= draft.onset_high else draft.onset


def _write(incident: Incident, change: Change, amounts: Amounts, look: Look) -> None:
    for name, value in {**_values(change, amounts, look.run), "changed_at": clock.now()}.items():
        setattr(incident, name, value)
    incident.save()
    keep_claims(incident, amounts.members, look.kin)
    if look.kin.is_plain(incident.pk):
        return
    changed = {look.kin.root(pk) for pk in (incident.pk, *(one.pk for one in look.kin.split_off(incident.pk)))}
    for home in (look.incidents[pk] for pk in changed if pk in look.incidents):
        home.last_as_of, home.last_run = look.run.as_of, look.run
        home.save(update_fields=["last_as_of", "last_run"])
        retell(home, look.kin, look.run.as_of)


def _values(change: Change, amounts: Amounts, run: DetectionRun) -> dict[str, Any]:
    """What an incident says after this run."""
    after = change.incident
    tracked = {
        "family": after.family,
        "raised": str(after.raised),
        "last_seen": str(after.last_seen),
        "peak": after.peak,
        "run": run.pk,
    }
    return {
        **amounts.fields,
        "payer_id": after.scope.payer,
        "procedure_code": after.scope.procedure_code,
        "denial_reason": after.scope.denial_reason,
        "location": after.scope.location,
        "direction": after.direction,
        "finding": {**amounts.finding, "tracked": tracked},
        "last_as_of": run.as_of,
        "last_run": run,
        "quiet_weeks": 0,
    }


def _step(incident: Incident, state: IncidentState, note: str, *, first: bool = False) -> None:
    """The system's own step, written down; Conflict for one that it never takes by itself."""
    if not first and state not in BY_ITSELF[IncidentState(incident.state)]:
        raise Conflict("not_a_move", f"an incident does not become {state} by itself")
    closing = state == IncidentState.RESOLVED
    values = {"state": state, "outcome": ResolutionOutcome.RETURNED if closing else "", **UNMARKED, "return_by": None}
    kind = StepKind.OPENED if first else StepKind.MOVED
    write_step(
        incident, kind=kind, actor=SYSTEM, values={**values, **AWAKE} if closing else values, note=note, first=first
    )
