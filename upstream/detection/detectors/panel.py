"""All metrics at once."""

from collections.abc import Mapping, Sequence

from upstream.detection.detectors import denial_rate, payment_delay, underpayment
from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.detectors.findings import Finding
from upstream.detection.detectors.masks import NO_MASKS, Masks
from upstream.detection.rules import Budget
from upstream.detection.triangle import Triangle


def judge(
    triangles: Sequence[Triangle],
    budget: Budget,
    calendar: Masks = NO_MASKS,
    facts: Mapping[int, ClaimFacts] | None = None,
) -> list[Finding]:
    """Findings of every metric, strongest first; underpayment only of the payers whose `facts` are given."""
    found = denial_rate.judge(triangles, budget, calendar) + payment_delay.judge(triangles, budget, calendar)
    if facts:
        as_of = next(t.as_of for t in triangles if t.level == "payer")
        found += underpayment.judge(facts, as_of, budget, calendar)
    return sorted(found, key=lambda f: -f.evidence)
