"""From many findings to one incident per cause, and an incident's life from week to week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from upstream.detection.detectors.drafts import FAMILY, IncidentDraft, Interval, draft_of
from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.detectors.findings import ADVERSE, IMPROVE, Finding
from upstream.detection.detectors.scope import Scope
from upstream.detection.rules import DENIAL, Strength
from upstream.detection.triangle import ONE_WEEK

__all__ = ["FAMILY", "Change", "IncidentDraft", "Interval", "Move", "Scope", "Tracked", "advance", "group"]

QUIET_WEEKS = 6
REOPEN_WEEKS = 26
ESCALATION = 1.5
LEAST_CLAIMS = 4.0


def group(findings: Sequence[Finding], facts: Mapping[int, ClaimFacts]) -> list[IncidentDraft]:
    """At most one draft per payer, family and direction, strongest first; payers without facts are left out.

    Denials that tell of no cause of their own are left out too.
    """
    groups: dict[tuple[int, str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: -f.evidence):
        groups.setdefault((finding.payer, FAMILY[finding.metric], finding.direction), []).append(finding)
    drafts = [draft_of(found, facts[payer]) for (payer, _, _), found in groups.items() if payer in facts]
    return sorted((draft for draft in drafts if _is_told(draft, drafts)), key=lambda d: -d.evidence)


def _is_told(draft: IncidentDraft, found: Sequence[IncidentDraft]) -> bool:
    """Whether denials tell of a cause of their own.

    A handful, which one remittance may hold, does not. Nor do fewer denials for one reason at a payer that denies
    more for another: the new reason stands in the place of the old one.
    """
    if draft.family != DENIAL:
        return True
    replaced = draft.direction == IMPROVE and any(
        other.family == DENIAL and other.direction == ADVERSE and other.scope.payer == draft.scope.payer
        and other.evidence > draft.evidence
        for other in found
    )  # fmt: skip
    return abs(draft.observed - draft.expected) >= LEAST_CLAIMS and not replaced


class Move(StrEnum):
    """What a week does to an incident."""

    OPEN = "open"
    UPDATE = "update"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Tracked:
    """An incident between two weeks; `number` is the caller's id, 0 for one that is not stored yet.

    `raised` is the week it last opened or re-opened, `peak` the highest evidence since.
    """

    number: int
    family: str
    direction: str
    scope: Scope
    onset: np.datetime64
    raised: np.datetime64
    last_seen: np.datetime64
    peak: float
    closed: bool = False


@dataclass(frozen=True)
class Change:
    """One move; `incident` is its state afterwards, `draft` the week's evidence (None when it closes)."""

    move: Move
    incident: Tracked
    draft: IncidentDraft | None


def advance(incidents: Iterable[Tracked], drafts: Sequence[IncidentDraft], week: np.datetime64) -> list[Change]:
    """The moves of one week.

    A draft of at least Moderate strength belongs to the incident of its payer, family and direction whose scope
    overlaps or whose onset is no earlier than the draft's; it updates an open one, re-opens one closed up to 26 weeks
    ago, and opens a new one otherwise. Watch drafts keep an incident alive but open nothing. An open incident unseen
    for 6 weeks closes.
    """
    known = list(incidents)
    changes: list[Change] = []
    met: set[int] = set()
    for draft in drafts:
        at = _home(known, draft, met)
        if at is None:
            if draft.strength is not Strength.WATCH:
                fresh = Tracked(0, draft.family, draft.direction, draft.scope, draft.onset, week, week, draft.evidence)
                changes.append(Change(Move.OPEN, fresh, draft))
            continue
        if known[at].closed and draft.strength is Strength.WATCH:
            continue
        met.add(at)
        changes.append(_seen(known[at], draft, week))
    for i, incident in enumerate(known):
        if i not in met and not incident.closed and week - incident.last_seen >= QUIET_WEEKS * ONE_WEEK:
            changes.append(Change(Move.CLOSE, replace(incident, closed=True), None))
    return changes


def _home(known: Sequence[Tracked], draft: IncidentDraft, met: set[int]) -> int | None:
    """Index of the incident the draft continues: open before closed, latest seen first."""
    candidates = [
        i
        for i, t in enumerate(known)
        if i not in met
        and (t.scope.payer, t.family, t.direction) == (draft.scope.payer, draft.family, draft.direction)
        and (not t.closed or draft.as_of - t.last_seen <= REOPEN_WEEKS * ONE_WEEK)
        and (t.scope.overlaps(draft.scope) or draft.onset_low <= t.last_seen)
    ]
    return max(candidates, key=lambda i: (not known[i].closed, known[i].last_seen), default=None)


def _seen(incident: Tracked, draft: IncidentDraft, week: np.datetime64) -> Change:
    """Updated, or opened again: after a close, or when a far stronger change that began since takes it over."""
    taken_over = draft.onset_low > incident.raised and draft.evidence > incident.peak + ESCALATION
    again = incident.closed or taken_over
    after = replace(
        incident,
        scope=draft.scope,
        last_seen=week,
        closed=False,
        onset=draft.onset if again else min(incident.onset, draft.onset),
        raised=week if again else incident.raised,
        peak=draft.evidence if again else max(incident.peak, draft.evidence),
    )
    return Change(Move.REOPEN if again else Move.UPDATE, after, draft)
