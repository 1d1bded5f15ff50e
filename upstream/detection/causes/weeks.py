"""The calendar: holidays, new plan years, outages, and the weeks that are left out. Pure."""

import numpy as np

from upstream.detection.calendar.rules import Event
from upstream.detection.causes.case import Bools
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.parts import concentration
from upstream.detection.causes.verdict import MOST, Cause, Ruling, Verdict, listed, ruled_out
from upstream.detection.choices import EventEffect, EventKind
from upstream.detection.claimrows import FAR
from upstream.detection.rules import DELAY, SILENCE
from upstream.detection.triangle import ONE_WEEK

BEFORE = 13
WAITING = (DELAY, SILENCE)


def calendar(evidence: Evidence) -> Verdict:
    """Events that touch the weeks of the change, and how much of it falls into theirs."""
    events = [event for event in evidence.context.events if _matters(event, evidence)]
    left_out = sum(e.effect == EventEffect.MASK and e.is_about(evidence.payer) for e in evidence.context.events)
    masked = f"{left_out} event{'s' * (left_out != 1)} left out of the count" if left_out else ""
    if not events:
        said = "Nothing that the calendar tells of these weeks moves this count."
        return ruled_out(Cause.CALENDAR, masked or "no event that matters", said)
    names = listed(sorted({event.name for event in events}))
    share = _share_in_weeks(evidence, events)
    numbers = f"{names}: {share:.0%} of the change is in their weeks" + (f"; {masked}" if masked else "")
    if share >= MOST and any(_may_explain(event) for event in events):
        return Verdict(Cause.CALENDAR, Ruling.EXPLAINS, share, numbers, f"Most of it falls into the weeks of {names}.")
    if share < MOST and _outside_told(evidence, events):
        return ruled_out(Cause.CALENDAR, numbers, f"It goes on outside the weeks of {names}.", share)
    return Verdict(Cause.CALENDAR, Ruling.POSSIBLE, share, numbers, f"It began about {names}.")


def _matters(event: Event, evidence: Evidence) -> bool:
    """Holidays make answers late; plan years and Medicaid's July change what is covered; the rest may do anything."""
    touches = event.touches(evidence.first_day, evidence.last_day, evidence.payer)
    if event.effect == EventEffect.MASK or not touches:
        return False
    if event.kind == EventKind.HOLIDAY:
        return evidence.case.draft.family in WAITING
    if event.kind == EventKind.MEDICAID:
        return evidence.payer in evidence.context.medicaid and evidence.case.draft.family not in WAITING
    return event.kind != EventKind.PLAN_YEAR or evidence.case.draft.family not in WAITING


def _may_explain(event: Event) -> bool:
    """A new year's rules are the payer's own: they make a change likely, not innocent."""
    return event.kind not in (EventKind.PLAN_YEAR, EventKind.MEDICAID)


def _weeks_of(events: list[Event], evidence: Evidence) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Mondays of the events' weeks; after a holiday answers are late in the next week too."""
    found = set()
    for event in events:
        for monday in event.mondays(evidence.last_day):
            week = np.datetime64(monday, "D")
            found |= {week, week + ONE_WEEK} if event.kind == EventKind.HOLIDAY else {week}
    return np.array(sorted(found), dtype="datetime64[D]")


def _share_in_weeks(evidence: Evidence, events: list[Event]) -> float:
    case, weeks = evidence.case, _weeks_of(events, evidence)
    if case.draft.family not in WAITING:
        return case.share_of(_inside(evidence, events))
    shortage = _shortage(evidence)
    whole = sum(shortage.values())
    return sum(missing for week, missing in shortage.items() if week in weeks) / whole if whole > 0 else 0.0


def _inside(evidence: Evidence, events: list[Event]) -> Bools:
    return np.asarray(np.isin(evidence.case.when, _weeks_of(events, evidence)), dtype=np.bool_)


def _outside_told(evidence: Evidence, events: list[Event]) -> bool:
    if evidence.case.draft.family in WAITING:
        return True
    return concentration(evidence.case, _inside(evidence, events)).told


def _shortage(evidence: Evidence) -> dict[np.datetime64, float]:
    """By week since the onset, how many answers fewer than usual came."""
    case = evidence.case
    weeks = case.claims.decision_week[case.claims.decision_week < FAR]
    usual = ((weeks < case.draft.onset) & (weeks >= case.draft.onset - BEFORE * ONE_WEEK)).sum() / BEFORE
    every = np.arange(case.draft.onset, case.week + ONE_WEEK, ONE_WEEK)
    return {week: max(float(usual - (weeks == week).sum()), 0.0) for week in every}
