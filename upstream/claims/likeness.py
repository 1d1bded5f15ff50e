"""Whether a remittance's claim is one of the practice's under a number that somebody changed. Pure.

Payers upper-case, pad, cut or replace the practice's claim number (X12 RFI 504, 1945 and as found). So a number that is
merely alike is never enough, and two claims are the same only when nothing else would fit as well.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

FEWEST_KEPT = 6  # characters of a cut number that still tell claims apart
ALL_FACTS = 3  # beside the service date, on which every pair agrees
NOT_IN_A_NUMBER = re.compile(r"[^0-9A-Z]+")


class Likeness(IntEnum):
    """How much a remitted number is like ours: not at all, a part of it, or the same but for case, marks and zeros."""

    NONE = 0
    PART = 1
    SAME = 2


class Pair(NamedTuple):
    """Two claims of one payer and service date, and what else they agree on."""

    remitted: int
    claim: int
    number: Likeness
    member: bool
    charge: bool
    npi: bool

    @property
    def agreed(self) -> str:
        """What the two have in common, in words."""
        named = {"number": self.number > 0, "member": self.member, "charge": self.charge, "provider": self.npi}
        return ", ".join(["service date", *(name for name, agrees in named.items() if agrees)])


def likeness(remitted: str, ours: Iterable[str]) -> Likeness:
    """How much the remitted number is like the claim's number or the patient's account."""
    told = _bare(remitted)
    return max((_like(told, _bare(number)) for number in ours), default=Likeness.NONE)


def _bare(number: str) -> str:
    return NOT_IN_A_NUMBER.sub("", number.upper()).lstrip("0")


def _like(told: str, number: str) -> Likeness:
    if not told or not number:
        return Likeness.NONE
    if told == number:
        return Likeness.SAME
    short, long = sorted((told, number), key=len)
    cut = len(short) >= FEWEST_KEPT and (long.startswith(short) or long.endswith(short))
    return Likeness.PART if cut else Likeness.NONE


def rank(pair: Pair) -> int:
    """How well a pair fits: 0 is not acceptable. A like number needs one more fact, another number all of them."""
    facts = pair.member + pair.charge + pair.npi
    if pair.number and facts:
        return 1 + pair.number
    return int(facts == ALL_FACTS)


def accepted(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs that fit best for both of their claims and leave no doubt; the others stay apart."""
    ranked = [(rank(pair), pair) for pair in pairs]
    by_claim: dict[tuple[str, int], list[int]] = defaultdict(list)
    for fit, pair in ranked:
        if fit:
            by_claim[("remitted", pair.remitted)].append(fit)
            by_claim[("claim", pair.claim)].append(fit)

    def only(key: tuple[str, int], fit: int) -> bool:
        best = max(by_claim[key])
        return fit == best and by_claim[key].count(best) == 1

    return [
        pair
        for fit, pair in ranked
        if fit and only(("remitted", pair.remitted), fit) and only(("claim", pair.claim), fit)
    ]
