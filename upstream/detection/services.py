"""One look at the bound practice: triangles read, judged, grouped and written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import transaction

from upstream.core import clock, crash, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.stages import nudge
from upstream.detection import blocks, event_queries, queries
from upstream.detection.books import books
from upstream.detection.causes.context import Context
from upstream.detection.causes.judge import judge
from upstream.detection.causes.practice import besides, ruled_out
from upstream.detection.causes.sent import Books
from upstream.detection.choices import SignalState
from upstream.detection.detectors.masks import Masks
from upstream.detection.grouping import IncidentDraft
from upstream.detection.knowledge import knowledge
from upstream.detection.method_choices import method_on
from upstream.detection.methods import Method, named
from upstream.detection.models import Baseline, DetectionRun, Signal
from upstream.detection.payer_state import PayerState, states_of
from upstream.detection.record import amounts_of, finding_of, measured
from upstream.detection.rules import Budget
from upstream.detection.triangle import HISTORY
from upstream.detection.world import View, World, last_complete_week
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.ingestion.quality import services as quality
from upstream.tenants.models import Organization
from upstream.tenants.queries import bound_organization


def load_world(practice: Organization, *, only: date | None = None) -> World:
    """The claims of the bound practice: of all time, or as many as are seen at the end of the week of one Monday.

    Inside a transaction.
    """
    first = None if only is None else only - timedelta(weeks=HISTORY - 1)
    claims = blocks.claims(time_zone=practice.time_zone, first=first, last=only)
    return World(claims, event_queries.events(time_zone=practice.time_zone))


def masks_of(made: DetectionRun) -> Masks:
    """The weeks that a run has left out."""
    return Context.of(made.context).masks(last_complete_week(made.as_of))


def view_of(made: DetectionRun, *, payers: Iterable[int]) -> View:
    """The claims of these payers as a run has seen them, without triangles."""
    practice = bound_organization()
    week = last_complete_week(made.as_of)
    first = week - timedelta(weeks=HISTORY - 1)
    claims = blocks.claims(time_zone=practice.time_zone, first=first, last=week, payers=payers)
    monday = np.datetime64(week, "D")
    events = event_queries.events(time_zone=practice.time_zone)
    return View.of(monday, [], claims.known_by(monday), masks_of(made), events)


def budget_of(practice: Organization, method: Method) -> Budget:
    """The practice's budget, to be kept by this version of the method."""
    return Budget(float(practice.false_incidents_per_quarter), method.parameters)


@dataclass(frozen=True)
class Looked:
    """A view of one week with what was found in it, and what else was known."""

    view: View
    drafts: list[IncidentDraft]
    context: Context

    def signals(self, made: DetectionRun) -> list[Signal]:
        """One unsaved signal a draft, strongest first. Inside a transaction."""
        kept = books(bound_organization().time_zone)
        by_payer = sorted(self.drafts, key=lambda draft: draft.scope.payer)
        signals = {id(draft): _signal(self, draft, made, kept) for draft in by_payer}
        return [signals[id(draft)] for draft in self.drafts]


def look_again(made: DetectionRun) -> Looked:
    """What a past run finds now, from what was known then; nothing is written. In a transaction."""
    monday = last_complete_week(made.as_of)
    view = load_world(bound_organization(), only=monday).at(np.datetime64(monday, "D"), masks_of(made))
    budget = Budget(float(made.budget_per_quarter), named(made.method).parameters)
    return Looked(view, view.drafts(budget), Context.of(made.context))


@transaction.atomic
def run(as_of: date) -> DetectionRun:
    """The run of the weeks complete by the end of `as_of`, from what was known by then, with its baselines and signals.

    The same date, input, method, budget, naming and context give the run that is there; only its `looked_at` is new.
    """
    one_at_a_time("detection", tenancy.required())
    practice = bound_organization()
    week, method = last_complete_week(as_of), method_on(as_of)
    budget = budget_of(practice, method)
    context = knowledge(practice.time_zone).at(as_of, method.name)
    view = load_world(practice, only=week).at(np.datetime64(week, "D"), context.masks(week))
    naming = queries.naming(practice.time_zone)
    same = {
        "as_of": as_of,
        "input_hash": view.fingerprint(),
        "method": method.name,
        "budget_per_quarter": practice.false_incidents_per_quarter,
        "naming": naming.kept(),
        "context": context.kept(),
    }
    found: DetectionRun | None = DetectionRun.objects.filter(**same).order_by("-pk").first()
    if found is not None:
        found.looked_at = clock.now()
        found.save(update_fields=["looked_at"])
        return found
    found_drafts, names = view.drafts(budget), queries.payer_names()
    looked = Looked(view, naming.told(found_drafts), context)
    made: DetectionRun = DetectionRun.objects.create(
        **same,
        last_week=week,
        series=sum(len(triangle.keys) for triangle in view.triangles),
        claims=len(view.claims.claim),
        ruled_out=[*ruled_out(view, looked.drafts, names), *naming.left_out(found_drafts, names)],
        finished_at=(now := clock.now()),
        looked_at=now,
    )
    # One at a time: in arrays of them all, documents of many thousand quotes would be quoted twice.
    Baseline.objects.bulk_create((_baseline(made, payer) for payer in states_of(view, budget)), batch_size=1)
    Signal.objects.bulk_create(looked.signals(made), batch_size=1)
    nudge()
    return made


def _baseline(made: DetectionRun, payer: PayerState) -> Baseline:
    seen = payer.view
    two, four, eight = payer.visible["denial_rate"]
    return Baseline(
        run=made,
        payer_id=seen.payer,
        usual_rate=seen.usual_rate,
        rate_low=seen.rate_low,
        rate=seen.rate,
        rate_high=seen.rate_high,
        maturity=round(seen.maturity, 5),
        weekly_claims=seen.weekly_claims,
        visible_in_2_weeks=two,
        visible_in_4_weeks=four,
        visible_in_8_weeks=eight,
        median_days=payer.median_days,
        series=payer.series,
        lag=payer.lag,
        visible=payer.visible,
    )


def _signal(looked: Looked, draft: IncidentDraft, made: DetectionRun, kept: Books) -> Signal:
    view = looked.view
    found = measured(view, draft, draft.onset)
    judged = judge(view, draft, found.claim, looked.context, kept)
    finding = finding_of(draft, besides(view, draft, looked.drafts), judged)
    return Signal(
        run=made,
        metric=draft.metric,
        direction=draft.direction,
        payer_id=draft.scope.payer,
        procedure_code=draft.scope.procedure_code,
        denial_reason=draft.scope.denial_reason,
        location=draft.scope.location,
        strength=str(draft.strength),
        evidence=draft.evidence,
        onset_week=draft.onset.astype(date),
        finding={**finding, **amounts_of(found)},
    )


def analyse(batch_id: int) -> bool:
    """Look at the data, run detection over what was loaded, and mark every loaded file as analysed, in one commit.

    As of today, or of the newest week in which anything became known. False when the batch is no longer waiting and
    today's look was made.
    """
    with transaction.atomic():
        one_at_a_time("detection", tenancy.required())
        waiting = list(Batch.objects.filter(state=BatchState.LOADED).values_list("pk", flat=True))
        if batch_id not in waiting and not queries.look_is_due():
            return False
        quality.measure_new()
        known = queries.known_weeks()
        if known is not None:
            today = clock.today(bound_organization().time_zone)
            run(min(today, known[1] + timedelta(days=6)))
        crash.point("after_detection")
        Batch.objects.filter(pk__in=waiting, state=BatchState.LOADED).update(state=BatchState.ANALYSED)
        nudge()
    return True


def take_run(run_id: int) -> DetectionRun | None:
    """The run with its signals, now TAKEN by the open transaction; None when they were taken before."""
    if not DetectionRun.objects.filter(pk=run_id, state=SignalState.OPEN).update(state=SignalState.TAKEN):
        return None
    Signal.objects.filter(run_id=run_id, state=SignalState.OPEN).update(state=SignalState.TAKEN)
    taken: DetectionRun = DetectionRun.objects.get(pk=run_id)
    return taken
