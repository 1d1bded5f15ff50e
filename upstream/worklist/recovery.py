"""How much of a denial usually comes back: by payer and category, drawn to ever wider circles where history is thin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upstream.alerts.recoveries import DRAWS, PAYER_CLAIMS
from upstream.alerts.rules import PRIOR_CLAIMS, PRIOR_WON
from upstream.detection.bootstrap import INSIDE, generator, seed_of
from upstream.worklist.models import Recovery

Tally = tuple[int, int]
# Categories differ more than payers do within one: a category leans on all denials as on this many claims.
CATEGORY_CLAIMS = 5.0


@dataclass(frozen=True)
class Circle:
    """Of `tally` (settled, won): the share that usually comes back, draws of it, and what it leans on."""

    tally: Tally
    share: float
    draws: NDArray[np.float64]
    leans_on: float

    @classmethod
    def weak(cls) -> "Circle":
        """Before anything is known one in ten comes back; how unsure that is, is said where it is leant on."""
        share = PRIOR_WON / PRIOR_CLAIMS
        return cls((0, 0), share, np.full(DRAWS, share), share)

    def inner(self, tally: Tally, weight: float) -> "Circle":
        """A circle within this one, which counts as `weight` claims of its own; it is as unsure as both are."""
        settled, won = tally
        rng = generator(seed_of("circle", settled, won, round(self.share, 9), weight))
        usual = np.clip(self.draws, 1e-6, 1 - 1e-6)
        draws = rng.beta(won + weight * usual, settled - won + weight * (1.0 - usual))
        return Circle(tally, (won + weight * self.share) / (settled + weight), draws, self.share)

    def row(self, payer: int | None, category: str, as_of: date) -> Recovery:
        """Unsaved, with its central 80 %."""
        low, high = np.quantile(self.draws, ((1 - INSIDE) / 2, (1 + INSIDE) / 2))
        return Recovery(
            payer_id=payer, category=category, claims=self.tally[0], won=self.tally[1], share=round(self.share, 4),
            low=round(min(float(low), self.share), 4), high=round(max(float(high), self.share), 4),
            from_share=round(self.leans_on, 4), as_of=as_of,
        )  # fmt: skip


def recoveries_of(tallies: Mapping[tuple[int, str], Tally], as_of: date) -> list[Recovery]:
    """One unsaved row for all denials, one a category, one a payer and category; `tallies` are (settled, won).

    All denials lean on the weak prior, a category on all denials, a payer's on the category.
    """
    by_name: dict[str, list[Tally]] = defaultdict(list)
    for (_, name), tally in sorted(tallies.items()):
        by_name[name].append(tally)
    whole = Circle.weak().inner(_together(tallies.values()), PRIOR_CLAIMS)
    category = {name: whole.inner(_together(found), CATEGORY_CLAIMS) for name, found in by_name.items()}
    own = {key: category[key[1]].inner(tally, PAYER_CLAIMS) for key, tally in sorted(tallies.items())}
    rows = [whole.row(None, "", as_of)]
    rows += [circle.row(None, name, as_of) for name, circle in category.items()]
    return rows + [circle.row(payer, name, as_of) for (payer, name), circle in own.items()]


def _together(tallies: Iterable[Tally]) -> Tally:
    found = list(tallies)
    return sum(settled for settled, _ in found), sum(won for _, won in found)
