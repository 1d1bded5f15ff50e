"""All metrics at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upstream.detection.detectors import (
    denial_rate,
    down_coding,
    new_reasons,
    payment_delay,
    silence,
    take_backs,
    underpayment,
)
from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.detectors.findings import Finding
from upstream.detection.detectors.masks import NO_MASKS, Masks
from upstream.detection.rules import Budget
from upstream.detection.triangle import Triangle


@dataclass(frozen=True)
class Answered:
    """What payers did beside first decisions, as known at the end of the week, without masked claims."""

    paid: down_coding.Paid
    taken: take_backs.Taken
    payments: take_backs.Payments


def judge(
    triangles: Sequence[Triangle],
    budget: Budget,
    calendar: Masks = NO_MASKS,
    facts: Mapping[int, ClaimFacts] | None = None,
    answered: Answered | None = None,
    waiting: Sequence[Triangle] | None = None,
) -> list[Finding]:
    """Findings of every metric, strongest first.

    Underpayment, new reasons and silence only of the payers whose `facts` are given; down-coding and take-backs only
    where it is known what was `answered` beside first decisions. `waiting` are triangles without the claims that were
    turned away, where there are such claims.
    """
    found = denial_rate.judge(triangles, budget, calendar) + payment_delay.judge(triangles, budget, calendar)
    if facts:
        as_of = next(t.as_of for t in triangles if t.level == "payer")
        found += underpayment.judge(facts, as_of, budget, calendar)
        found += new_reasons.judge(facts, as_of, budget, calendar)
        found += silence.judge(waiting or triangles, facts, budget, calendar)
        if answered:
            found += down_coding.judge(answered.paid, as_of, budget)
            found += take_backs.judge(answered.taken, answered.payments, as_of, budget, calendar)
    return sorted(found, key=lambda f: -f.evidence)
