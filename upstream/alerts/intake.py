"""Signals of one detection run become incidents, or news of incidents: all of a run in one commit."""

from datetime import date
from typing import Any

import numpy as np
from django.db import transaction

from upstream.alerts import queries, upkeep
from upstream.alerts.amounts import Amounts, amounts_of
from upstream.alerts.choices import IncidentState, ResolutionOutcome
from upstream.alerts.models import Incident, IncidentClaim, Opening, Transition
from upstream.alerts.raising import raised_values
from upstream.alerts.recoveries import Records
from upstream.alerts.replay import TOLD
from upstream.alerts.rules import SYSTEM, comes_back
from upstream.alerts.wording import doubt_of, evidence
from upstream.claims.services import carc_map
from upstream.core import clock, crash, stages, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.detection import grouping
from upstream.detection.causes.ends import own_causes
from upstream.detection.grouping import LEAST_CLAIMS, Change, IncidentDraft, Move, Tracked
from upstream.detection.models import DetectionRun, Signal
from upstream.detection.queries import signals_of
from upstream.detection.record import draft_of, measured
from upstream.detection.rules import DENIAL
from upstream.detection.services import take_run, view_of
from upstream.detection.triangle import ONE_WEEK
from upstream.detection.world import View, last_complete_week
from upstream.tenants.services import tenant_keys

SEEN_AGAIN = "seen again after it had closed"
TAKEN_OVER = "a later and much stronger change"
GONE_QUIET = f"not seen for {grouping.QUIET_WEEKS} weeks"
NOT_RETURNED = "the rate has not returned"
MONITORED_WEEKS, SETTLING_WEEKS = 4, 2


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
        stages.nudge()
    return True


def _advance(run: DetectionRun) -> None:
    incidents = {incident.pk: incident for incident in queries.incidents_that_may_change(run.as_of)}
    signals = {(s.payer_id, s.finding["family"], s.direction): s for s in signals_of(run)}
    week = np.datetime64(last_complete_week(run.as_of), "D")
    tracked = [tracked_of(incident) for incident in incidents.values()]
    drafts = own_causes(tracked, [draft_of(signal) for signal in signals.values()])
    changes = grouping.advance(tracked, drafts, week)
    by_people = queries.closed_by_people(incidents.values())
    view = view_of(run, payers={draft.scope.payer for draft in drafts})
    records = Records(view.claims, view.week, carc_map(run.as_of))
    for change in changes:
        incident = incidents.get(change.incident.number)
        if incident is not None and incident.pk in by_people and not _is_worse(incident, change):
            continue
        _apply(change, incident, run, view, signals, records)
    for incident in incidents.values():
        if incident.is_open:
            weeks = int((week - tracked_of(incident).last_seen) // ONE_WEEK)
            Incident.objects.filter(pk=incident.pk).update(last_run=run, quiet_weeks=max(weeks, 0))
    upkeep.tell_caveats(run.as_of)


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


def _is_worse(incident: Incident, change: Change) -> bool:
    """Whether something a person has closed is told again: only when it exceeds what was closed."""
    draft = change.draft
    return draft is not None and comes_back(incident.rate_high, draft.current_rate.low)


def _apply(
    change: Change,
    incident: Incident | None,
    run: DetectionRun,
    view: View,
    signals: dict[tuple[int, str, str], Signal],
    records: Records,
) -> None:
    if change.draft is None:
        if incident is not None:
            _step(incident, IncidentState.RESOLVED, GONE_QUIET)
        return
    scope = change.draft.scope
    signal = signals[(scope.payer, change.draft.family, change.draft.direction)]
    onset = change.draft.onset if incident is None or change.move is Move.REOPEN else _onset(incident, change.draft)
    caveats = upkeep.caveats_of(scope.payer, onset.astype(date), run.as_of)
    amounts = amounts_of(view, signal, change.draft, onset, run, today=run.as_of, caveats=caveats, records=records)
    if incident is None:
        incident = _open(change, amounts, run)
    else:
        _write(incident, change, amounts, run)
    if change.move in TOLD:
        values = raised_values(
            change.draft, amounts.fields, run.as_of,
            again=change.move is Move.REOPEN, doubt=doubt_of(signal.finding),
        )  # fmt: skip
        Opening.objects.create(incident=incident, run=run, **values)
    if change.move is Move.OPEN:
        _step(incident, IncidentState.NEW, f"first seen: {evidence(change.draft.evidence)}", first=True)
    elif incident.state == IncidentState.MONITORING and _has_not_returned(incident, change.draft, view):
        _step(incident, IncidentState.WORKING, NOT_RETURNED)
    elif change.move is Move.REOPEN:
        _step(incident, IncidentState.NEW, SEEN_AGAIN if not incident.is_open else TAKEN_OVER)


def _has_not_returned(incident: Incident, draft: IncidentDraft, view: View) -> bool:
    """Four weeks after an incident was put under watch, the two newest of them are still surely above the usual."""
    began = Transition.objects.filter(incident=incident, to_state=IncidentState.MONITORING).latest("at").at.date()
    settled = np.datetime64(clock.monday_of(began), "D") + (SETTLING_WEEKS + 1) * ONE_WEEK
    if draft.family != DENIAL or view.week < settled + (MONITORED_WEEKS - SETTLING_WEEKS - 1) * ONE_WEEK:
        return False
    changed = np.datetime64(incident.onset_week, "D")
    found = measured(view, draft, settled, changed=changed)
    return found.rate.low > found.usual_rate and found.observed - found.expected >= LEAST_CLAIMS


def _onset(incident: Incident, draft: IncidentDraft) -> np.datetime64:
    """The onset told so far while it stays possible, else the best one now."""
    told = np.datetime64(incident.onset_week, "D")
    return told if draft.onset_low <= told <= draft.onset_high else draft.onset


def _open(change: Change, amounts: Amounts, run: DetectionRun) -> Incident:
    now = clock.now()
    values = _values(change, amounts, run)
    incident: Incident = Incident.objects.create(first_as_of=run.as_of, opened_at=now, changed_at=now, **values)
    _keep_claims(incident, amounts)
    return incident


def _write(incident: Incident, change: Change, amounts: Amounts, run: DetectionRun) -> None:
    for name, value in {**_values(change, amounts, run), "changed_at": clock.now()}.items():
        setattr(incident, name, value)
    incident.save()
    _keep_claims(incident, amounts)


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


def _keep_claims(incident: Incident, amounts: Amounts) -> None:
    """Exactly these claims stand behind the incident."""
    wanted, kept = amounts.members, queries.members_by_claim(incident)
    gone = [claim for claim, member in kept.items() if wanted.get(claim) != member]
    IncidentClaim.objects.filter(incident=incident, claim_id__in=gone).delete()
    IncidentClaim.objects.bulk_create(
        IncidentClaim(
            incident=incident,
            claim_id=claim,
            expected_cents=member.cents,
            due=member.due.deadline if member.due else None,
            internal_due=member.due.internal if member.due else None,
            due_source=member.due.source if member.due else "",
            lost_cents=member.lost,
            recoverable_cents=member.recoverable,
            paid_on=member.back,
        )
        for claim, member in wanted.items()
        if kept.get(claim) != member
    )


def _step(incident: Incident, state: IncidentState, note: str, *, first: bool = False) -> None:
    """The system's own step, written down."""
    before = "" if first else incident.state
    outcome = ResolutionOutcome.RETURNED if state == IncidentState.RESOLVED else ""
    incident.state, incident.outcome = state, outcome
    incident.changed_at = clock.now()
    incident.save(update_fields=["state", "outcome", "changed_at"])
    made = Transition(
        incident=incident, from_state=before, to_state=state, outcome=outcome, actor=SYSTEM, at=incident.changed_at
    )
    made.write_note(note, tenant_keys())
    made.save()
