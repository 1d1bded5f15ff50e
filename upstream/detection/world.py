"""Everything detection reads of one practice, and how it looked at the end of any week."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from upstream.core.clock import monday_of
from upstream.detection import grouping, triangle
from upstream.detection.claimrows import Claims
from upstream.detection.detectors import panel
from upstream.detection.detectors.masks import NO_MASKS, Masks
from upstream.detection.events import Events, answered_of
from upstream.detection.grouping import IncidentDraft
from upstream.detection.rules import Budget
from upstream.detection.triangle import DECIDED, PENDING, Known, Triangle

Ints = NDArray[np.int64]


def last_complete_week(as_of: date) -> date:
    """The Monday of the newest week whose Sunday is not after `as_of`."""
    return monday_of(as_of + timedelta(days=1)) - timedelta(days=7)


@dataclass(frozen=True)
class World:
    """The claims in every version."""

    claims: Claims
    events: Events = field(default_factory=Events.none)

    def at(self, week: np.datetime64, masks: Masks = NO_MASKS) -> "View":
        """The practice as known at the end of the week that begins on Monday `week`; masked weeks are not judged."""
        known = self.claims.known_by(week)
        return View.of(week, triangles_of(known, week), known, masks, self.events)


def triangles_of(claims: Claims, week: np.datetime64) -> list[Triangle]:
    """Of every level, from what was known of these claims at the end of the week."""
    known, names = known_of(claims, week), claims.labels
    codes, reasons, places = names.procedures[:-1], names.reasons[:-1], names.locations[:-1]
    people = names.providers[:-1]
    none = np.zeros(len(claims.claim), dtype=np.int64)
    code, reason = _named(claims.procedure, codes), _named(claims.reason, reasons)
    pairs = tuple(f"{code}|{reason}" for code in codes for reason in reasons)
    pair = np.where((code >= 0) & (reason >= 0), code * len(reasons) + reason, -1)
    whole, procedures = known.count("payer", none, ("",)), known.count("procedure", code, codes)
    return [
        whole,
        procedures,
        known.count("location", _named(claims.location, places), places),
        known.count("provider", _named(claims.provider, people), people),
        known.count("price_band", np.where(claims.dear, 0, -1), ("dear",)),
        known.denials("reason", reason, reasons, whole, {}),
        known.denials("procedure_reason", pair, pairs, procedures, {label: label.split("|")[0] for label in pairs}),
    ]


def _named(key: Ints, names: tuple[str, ...]) -> Ints:
    """The key, and -1 where there is none."""
    return np.asarray(np.where(key < len(names), key, -1), dtype=np.int64)


def known_of(claims: Claims, week: np.datetime64) -> Known:
    """Submissions and first decisions of claims as known at the end of the week."""
    weeks = triangle.window(claims.submitted_week, week)
    submitted = np.flatnonzero(claims.known_week >= claims.submitted_week)
    decided = np.flatnonzero(
        (claims.decision_week <= week) & (claims.decision_week >= claims.submitted_week)
        & np.isin(claims.outcome, DECIDED)
    )  # fmt: skip
    row, (numbers, payer) = np.concatenate([submitted, decided]), claims.payers
    known = np.concatenate([claims.known_week[submitted], claims.decision_week[decided]])
    cell = triangle.cells(weeks[0], claims.submitted_week[row], known)
    is_refusal = claims.denied[row] & (np.arange(len(row)) >= len(submitted))
    return Known(numbers, weeks, row, payer[row], cell, len(submitted), is_refusal)


@dataclass(frozen=True)
class View:
    """One week: triangles of every level, and one version of each claim that was known, but for those of masked weeks.

    Triangles hold masked weeks too, since charts show them; `held` are their claims, None for none.
    """

    week: np.datetime64
    triangles: list[Triangle]
    claims: Claims
    masks: Masks = NO_MASKS
    events: Events = field(default_factory=Events.none)
    held: Claims | None = None

    @classmethod
    def of(cls, week: np.datetime64, triangles: list[Triangle], known: Claims, masks: Masks, events: Events) -> "View":
        """From all claims known at the end of the week; masks of later weeks and later events are dropped."""
        told, past = masks.until(week), events.known_by(week)
        held = told.hold(known.payer, known.submitted_week, known.decision_week)
        if not held.any():
            return cls(week, triangles, known, told, past)
        return cls(week, triangles, known.only(~held), told, past, known.only(held))

    def drafts(self, budget: Budget) -> list[IncidentDraft]:
        """One draft a cause, strongest first."""
        facts = {payer: self.claims.facts_of(payer) for payer in self.claims.payers[0].tolist()}
        answered = answered_of(self.events, self.claims, self.week)
        return grouping.group(panel.judge(self.triangles, budget, self.masks, facts, answered, self._waiting()), facts)

    def _waiting(self) -> list[Triangle] | None:
        """Triangles without the claims that were turned away and get no answer; None where there are none."""
        gone = np.isin(self.claims.claim, self.events.statuses.turned_away()) & (self.claims.outcome == PENDING)
        return triangles_of(self.claims.only(~gone), self.week) if gone.any() else None

    def fingerprint(self) -> str:
        """SHA-256 over all that judging reads: equal exactly when the inputs are."""
        digest = hashlib.sha256(str(self.week).encode())
        if self.masks:
            digest.update(self.masks.content().encode())
        for claims in filter(None, (self.claims, self.held)):
            for part in claims.content():
                digest.update(part)
        for part in self.events.content(self.claims):
            digest.update(part)
        return digest.hexdigest()
