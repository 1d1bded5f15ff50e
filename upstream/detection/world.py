"""Everything detection reads of one practice, loaded once, and how it looked at the end of any week."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from upstream.core.clock import monday_of
from upstream.detection import grouping, triangle
from upstream.detection.claimrows import Claims, corrected, rollup
from upstream.detection.detectors import panel
from upstream.detection.detectors.findings import ADVERSE, IMPROVE
from upstream.detection.detectors.masks import NO_MASKS, Masks
from upstream.detection.events import Events, payments_of
from upstream.detection.grouping import IncidentDraft
from upstream.detection.rules import DENIAL, Budget
from upstream.detection.triangle import Rows, Triangle

Ints = NDArray[np.int64]
METHOD = "two-clock 1"
LEAST_CLAIMS = 4.0


def last_complete_week(as_of: date) -> date:
    """The Monday of the newest week whose Sunday is not after `as_of`."""
    return monday_of(as_of + timedelta(days=1)) - timedelta(days=7)


@dataclass(frozen=True)
class World:
    """Rollups by level under the present facts, and the claims in every version."""

    rows: Mapping[str, Rows]
    claims: Claims
    events: Events = field(default_factory=Events.none)

    @classmethod
    def of(cls, rollups: Mapping[str, Rows], claims: Claims, events: Events | None = None) -> "World":
        """Adds the levels that are counted from claims."""
        counted = {level: _count(claims, level, _present(claims)) for level in ("price_band", "procedure_reason")}
        return cls({**rollups, **counted}, claims, events or Events.none())

    def at(self, week: np.datetime64, masks: Masks = NO_MASKS) -> "View":
        """The practice as known at the end of the week that begins on Monday `week`; masked weeks are not judged."""
        rows = {level: self._as_known(level, found, week) for level, found in self.rows.items()}
        return View.of(week, _triangles(rows, week), self.claims, masks, self.events)

    def _as_known(self, level: str, rows: Rows, week: np.datetime64) -> Rows:
        """Rows with the claims that were corrected since taken off and put back under the facts of that week."""
        claims = self.claims
        present = _present(claims)
        later = present & (claims.since > week)
        if not later.any():
            return rows
        then = ~present & (claims.since <= week) & (claims.until > week)
        return corrected(rows, _count(claims, level, later), _count(claims, level, then))


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


def _present(claims: Claims) -> NDArray[np.bool_]:
    return np.arange(len(claims.claim)) < claims.present


def _count(claims: Claims, level: str, kept: NDArray[np.bool_]) -> Rows:
    names, none = claims.labels, np.zeros(len(claims.claim), dtype=np.int64)
    reasons = names.reasons[:-1]
    if level == "payer":
        return rollup(claims, none, ("",), kept, submissions=True)
    if level == "price_band":
        return rollup(claims, none, ("dear",), kept & claims.dear, submissions=True)
    if level == "reason":
        named = kept & (claims.reason >= 0) & (claims.reason < len(reasons))
        return rollup(claims, claims.reason, reasons, named, submissions=False)
    if level == "procedure_reason":
        pairs = tuple(f"{code}|{reason}" for code in names.procedures[:-1] for reason in reasons)
        named = kept & (claims.reason >= 0) & (claims.reason < len(reasons))
        named &= claims.procedure < len(names.procedures) - 1
        return rollup(claims, claims.procedure * len(reasons) + claims.reason, pairs, named, submissions=False)
    key, every = (claims.procedure, names.procedures) if level == "procedure" else (claims.location, names.locations)
    return rollup(claims, key, every[:-1], kept & (key < len(every) - 1), submissions=True)


def _triangles(rows: Mapping[str, Rows], week: np.datetime64) -> list[Triangle]:
    payers = triangle.build("payer", rows["payer"], week)
    codes = triangle.build("procedure", rows["procedure"], week)
    own = tuple(label.split("|")[0] for label in rows["procedure_reason"].labels)
    return [
        payers,
        codes,
        triangle.build("location", rows["location"], week),
        triangle.build("price_band", rows["price_band"], week),
        triangle.build("reason", rows["reason"], week, base=payers),
        triangle.build("procedure_reason", rows["procedure_reason"], week, base=codes, key_of_base=own),
    ]


@dataclass(frozen=True)
class View:
    """One week: triangles of every level, and one version of each claim that was known, but for those of masked weeks.

    Triangles hold masked weeks too, since charts show them.
    """

    week: np.datetime64
    triangles: list[Triangle]
    claims: Claims
    masks: Masks = NO_MASKS
    events: Events = field(default_factory=Events.none)

    @classmethod
    def of(cls, week: np.datetime64, triangles: list[Triangle], every: Claims, masks: Masks, events: Events) -> "View":
        """From claims in every version; masks of later weeks are dropped."""
        known, told = every.known_by(week), masks.until(week)
        held = told.hold(known.payer, known.submitted_week, known.decision_week)
        return cls(week, triangles, known.only(~held) if held.any() else known, told, events.known_by(week))

    def drafts(self, budget: Budget) -> list[IncidentDraft]:
        """One draft a cause, strongest first."""
        facts = {payer: self.claims.facts_of(payer) for payer in np.unique(self.claims.payer).tolist()}
        answered = panel.Answered(self.events.paid(self.claims), self.events.taken(self.week), payments_of(self.claims))
        found = grouping.group(panel.judge(self.triangles, budget, self.masks, facts, answered), facts)
        return [draft for draft in found if _is_told(draft, found)]

    def fingerprint(self) -> str:
        """SHA-256 over all that judging reads: equal exactly when the inputs are."""
        digest = hashlib.sha256(str(self.week).encode())
        if self.masks:
            digest.update(self.masks.content().encode())
        for made in self.triangles:
            digest.update(repr((made.level, made.keys)).encode())
            for f in fields(made):
                if isinstance(value := getattr(made, f.name), np.ndarray):
                    digest.update(np.ascontiguousarray(value).tobytes())
        for part in (*self.claims.content(), *self.events.content()):
            digest.update(part)
        return digest.hexdigest()
