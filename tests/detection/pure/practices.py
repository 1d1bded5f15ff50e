"""Simulated practices with all that innocent causes look up: how every claim was sent, and in which file answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tests.detection.pure.worlds import CODES, PLACES, REASONS, START, World
from upstream.detection.causes.context import Context
from upstream.detection.causes.judge import Judged, judge
from upstream.detection.causes.sent import Books, File
from upstream.detection.causes.verdict import Verdict
from upstream.detection.claimrows import Claims, Labels
from upstream.detection.detectors.masks import NO_MASKS, Masks
from upstream.detection.events import Events
from upstream.detection.grouping import IncidentDraft
from upstream.detection.layout import NOBODY
from upstream.detection.record import measured
from upstream.detection.rules import DENIAL, Budget
from upstream.detection.triangle import ONE_WEEK
from upstream.detection.world import View

Ints = NDArray[np.int64]
BUDGET = Budget(0.2)
PAYER, OTHER_NAME = 1, 77
ONSET, NOW = 62, 66
LABELS = Labels((*CODES, ""), (*REASONS, ""), (*PLACES, ""))
ANSWER_FILES = 10_000


def named(values: NDArray[np.object_]) -> tuple[tuple[str, ...], Ints]:
    """The names that occur and "" for none, and the place of each among them."""
    names, index = np.unique(np.append(values, "").astype(str), return_inverse=True)
    order = (*(str(name) for name in names[1:]), "")
    return order, np.where(index == 0, len(order) - 1, index - 1)[:-1]


@dataclass
class Practice:
    """A world with offices and hospitals, four providers, a file of claims a week and a file of answers a day.

    `readers` names what reads the files of a kind; `lag_days` is how many days after the payer's own date we learn.
    """

    world: World = field(default_factory=lambda: World(a_week=200))
    context: Context = field(default_factory=Context)
    masks: Masks = NO_MASKS
    readers: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.world
        size = len(world.payer)
        self.service_place = np.where(world.rng.random(size) < 0.7, "11", "22").astype(object)
        self.provider = np.array([f"100000000{i}" for i in world.rng.integers(0, 4, size)], dtype=object)
        self.raw = world.payer + 10
        self.file = world.submitted + 1
        self.day = world.rng.integers(0, 5, size)
        self.payment = np.zeros(size, dtype=np.int64)
        self.posting = np.zeros(size, dtype=np.int64)

    @property
    def mine(self) -> NDArray[np.bool_]:
        return np.asarray(self.world.payer == PAYER)

    @property
    def late(self) -> NDArray[np.bool_]:
        """The payer's claims that are decided since the onset."""
        return np.asarray(self.mine & (self.world.decided >= ONSET))

    @property
    def answer_file(self) -> Ints:
        return ANSWER_FILES + self.world.decided * 10 + self.day

    def claims(self) -> Claims:
        world = self.world
        size = len(world.payer)
        sent, known = START + world.submitted * ONE_WEEK, START + world.decided * ONE_WEEK
        brings = np.where(world.denied, 0, world.allowed).astype(np.int64)
        (providers, provider), (places, place) = named(self.provider), named(self.service_place)
        return Claims.of(
            replace(LABELS, providers=providers, service_places=places), provider=provider, service_place=place,
            batch=self.file, raw=self.raw, answer_batch=self.answer_file,
            payment=np.where(self.payment > 0, self.payment, NOBODY), claim=np.arange(size),
            payer=world.payer, procedure=world.code, location=world.place,
            reason=np.where(world.denied, world.reason, -1), outcome=np.where(world.denied, 2, 1),
            submitted_date=sent.astype(np.int64) + self.day, known_week=sent.astype(np.int64),
            decision_week=known.astype(np.int64), decided_date=known.astype(np.int64) + self.day - self.posting,
            billed=world.billed.astype(np.int64), allowed=brings, paid=brings, terms=np.zeros(size, dtype=np.int64),
        )  # fmt: skip

    def view(self, week: int = NOW) -> View:
        now = START + week * ONE_WEEK
        return View.of(now, self.world.seen(week), self.claims().known_by(now), self.masks, Events.none())

    def books(self) -> Books:
        return Books(self._files, self._raws)

    def _files(self, batches: Ints) -> Mapping[int, File]:
        return {n: File("12 May 2025", self.readers.get(n, "x12")) for n in batches.tolist()}

    def _raws(self, raws: Ints) -> Mapping[int, str]:
        return {n: f"Payer {n}" for n in raws.tolist() if n >= 0}

    def draft(self, family: str = DENIAL, week: int = NOW) -> IncidentDraft:
        """The payer's cause of this family; fails the test where there is none."""
        found = [d for d in self.view(week).drafts(BUDGET) if d.scope.payer == PAYER and d.family == family]
        return next(draft for draft in found if draft.direction == "adverse")

    def judged(self, family: str = DENIAL, week: int = NOW) -> Judged:
        view, draft = self.view(week), self.draft(family, week)
        return judge(view, draft, measured(view, draft, draft.onset).claim, self.context, self.books())

    def verdicts(self, family: str = DENIAL, week: int = NOW) -> dict[str, Verdict]:
        return {str(verdict.cause): verdict for verdict in self.judged(family, week).verdicts}
