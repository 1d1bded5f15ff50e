"""Small simulated practices: what each claim would do, and the triangles and facts that detection sees of it."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from upstream.detection import triangle
from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.triangle import ONE_WEEK, Rows, Triangle

Ints = NDArray[np.int64]
START = np.datetime64("2024-01-01", "D")
CODES = ("99213", "72148", "45378")
REASONS = ("CO-16", "CO-197", "CO-50")
PLACES = ("Main", "North")
PAYERS = 3


@dataclass
class World:
    """Claims of three payers with 10 % denials and decisions two to four weeks after submission, one row each."""

    weeks: int = 80
    a_week: int = 120
    seed: int = 1
    payer: Ints = field(init=False)
    code: Ints = field(init=False)
    reason: Ints = field(init=False)
    place: Ints = field(init=False)
    submitted: Ints = field(init=False)
    lag: Ints = field(init=False)
    denied: NDArray[np.bool_] = field(init=False)
    billed: NDArray[np.float64] = field(init=False)
    allowed: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        counts = self.rng.poisson(self.a_week, (self.weeks, PAYERS))
        self.submitted = np.repeat(np.repeat(np.arange(self.weeks), PAYERS), counts.ravel())
        self.payer = np.repeat(np.tile(np.arange(PAYERS), self.weeks), counts.ravel())
        size = len(self.payer)
        self.code = self.rng.choice(3, size, p=[0.5, 0.3, 0.2])
        self.place = self.rng.choice(2, size, p=[0.6, 0.4])
        self.reason = self.rng.choice(3, size, p=[0.4, 0.3, 0.3])
        self.lag = self.rng.choice([1, 2, 3, 4], size, p=[0.2, 0.4, 0.3, 0.1])
        self.denied = self.rng.random(size) < 0.10
        self.billed = 20_000 * np.exp(self.rng.normal(0, 0.3, size))
        self.allowed = self.billed / 2 * np.exp(self.rng.normal(0, 0.1, size))

    @property
    def decided(self) -> Ints:
        """The week in which each claim's decision becomes known."""
        return self.submitted + self.lag

    def deny_more(self, chosen: NDArray[np.bool_], share: float, reason: int | None = None) -> None:
        """That share of the chosen claims that were paid is denied instead."""
        newly = chosen & ~self.denied & (self.rng.random(len(self.denied)) < share)
        self.denied = self.denied | newly
        if reason is not None:
            self.reason = np.where(newly, reason, self.reason)

    def drop(self, gone: NDArray[np.bool_]) -> None:
        """Those claims were never made."""
        for name in ("payer", "code", "reason", "place", "submitted", "lag", "denied", "billed", "allowed"):
            setattr(self, name, getattr(self, name)[~gone])

    def seen(self, week: int) -> list[Triangle]:
        """All levels at the end of a week."""
        as_of = START + week * ONE_WEEK
        payers = triangle.build("payer", self.rows(np.zeros_like(self.payer), ("",)), as_of)
        codes = triangle.build("procedure", self.rows(self.code, CODES), as_of)
        pairs = tuple(f"{code}|{reason}" for code in CODES for reason in REASONS)
        reasons = self.rows(self.reason, REASONS, only=self.denied)
        cross = self.rows(self.code * 3 + self.reason, pairs, only=self.denied)
        own = tuple(label.split("|")[0] for label in pairs)
        return [
            payers,
            codes,
            triangle.build("location", self.rows(self.place, PLACES), as_of),
            triangle.build("reason", reasons, as_of, base=payers),
            triangle.build("procedure_reason", cross, as_of, base=codes, key_of_base=own),
        ]

    def rows(self, key: Ints, labels: tuple[str, ...], only: NDArray[np.bool_] | None = None) -> Rows:
        """One long row a claim and event: submitted, decided."""
        decided = np.arange(len(key)) if only is None else np.flatnonzero(only)
        submitted = np.arange(len(key)) if only is None else np.array([], dtype=np.int64)
        at = np.concatenate([submitted, decided])
        known = np.concatenate([self.submitted[submitted], self.decided[decided]])
        outcome = np.concatenate([np.zeros_like(submitted), np.where(self.denied[decided], 2, 1)])
        ones = np.ones(len(at), dtype=np.int64)
        return Rows(
            self.payer[at], key[at], labels, START + self.submitted[at] * ONE_WEEK, START + known * ONE_WEEK, outcome,
            ones, ones * 20_000, ones * 10_000, ones * 8_000,
        )  # fmt: skip

    def facts(self, payer: int) -> ClaimFacts:
        """All claims of one payer, with every decision they will ever have."""
        mine = self.payer == payer
        denied, size = self.denied[mine], int(mine.sum())
        return ClaimFacts(
            payer, CODES, REASONS, PLACES, self.code[mine], np.where(denied, self.reason[mine], -1), self.place[mine],
            START + self.submitted[mine] * ONE_WEEK, START + self.decided[mine] * ONE_WEEK, np.where(denied, 2, 1),
            self.billed[mine].astype(np.int64), np.where(denied, 0, self.allowed[mine]).astype(np.int64),
            np.zeros(size, dtype=np.bool_),
        )  # fmt: skip


def cut(rows: Rows, kept: NDArray[np.bool_]) -> Rows:
    """The chosen rows."""
    columns = ("payer", "key", "submitted_week", "known_week", "outcome", "claims", "billed_cents", "allowed_cents",
               "paid_cents")  # fmt: skip
    return replace(rows, **{name: getattr(rows, name)[kept] for name in columns})
