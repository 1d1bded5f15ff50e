"""What two names of payers say of one another. Pure: two names in, a verdict out.

The verdict depends on those two alone, so that any order of files gives the same payers. Order of the rules: identifier
within a source, normalised name, cautious likeness; never the Blues by likeness, never two product classes in one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from upstream.claims.choices import Doubt, ProductClass, Tie
from upstream.claims.payer_names import PayerName

ALIKE, NEAR, REST_ALIKE = 0.92, 0.85, 0.85
SHORTEST, FRONT = 6, 6
SHORTEST_SHARED_ID = 5
# An 835's originator: the tax number of whoever pays, which may be a service that pays for many payers.
TAX_NUMBER = re.compile(r"1\d{9}")
C = ProductClass
# What a name that says Medicare without saying which may turn out to be.
MAY_BE = {
    C.MEDICARE_UNCLEAR: frozenset({C.MEDICARE_ADVANTAGE, C.SUPPLEMENT, C.MEDICARE, C.COMMERCIAL}),
    C.MEDICAID: frozenset({C.MEDICAID_PLAN}),
}


@dataclass(frozen=True)
class Raw:
    """A payer as one source names it: `name` taken apart, and its identifier as compared, "" for none."""

    source: str
    name: PayerName
    identifier: str


def compare(a: Raw, b: Raw) -> Tie | Doubt | None:
    """Whether two names surely mean one payer, may do so, or do not; the same for (b, a)."""
    same_product = a.name.product is b.name.product
    if a.identifier and a.identifier == b.identifier:
        verdict = _by_identifier(a, b, same_product=same_product)
        if verdict:
            return verdict
    if not same_product:
        unclear = _may_be(a.name, b.name) or _may_be(b.name, a.name)
        return Doubt.PRODUCT if unclear and a.name.words == b.name.words and a.name.base else None
    if a.name.words == b.name.words:
        return Tie.NAME if a.name.state == b.name.state else _other_state(a.name, b.name)
    return _by_likeness(a.name, b.name)


def _by_identifier(a: Raw, b: Raw, *, same_product: bool) -> Tie | Doubt | None:
    if TAX_NUMBER.fullmatch(a.identifier) and not _share_a_root(a.name, b.name):
        return None
    if a.source == b.source or "" in (a.source, b.source):
        if same_product:
            return Tie.IDENTIFIER
        unclear = _may_be(a.name, b.name) or _may_be(b.name, a.name)
        return Doubt.PRODUCT if unclear else None
    elsewhere = same_product and len(a.identifier) >= SHORTEST_SHARED_ID and a.name.words != b.name.words
    return Doubt.IDENTIFIER if elsewhere else None


def _share_a_root(a: PayerName, b: PayerName) -> bool:
    return bool(set(a.root.split()) & set(b.root.split())) or (a.blue and b.blue)


def _by_likeness(a: PayerName, b: PayerName) -> Tie | Doubt | None:
    if a.marks != b.marks or (a.state != b.state and a.state and b.state):
        return None
    whole, rest = _alike(a, b)
    if rest >= REST_ALIKE and whole >= ALIKE and min(len(a.sorted), len(b.sorted)) >= SHORTEST:
        if a.blue or b.blue:
            return Doubt.BLUES
        return Tie.LIKENESS if a.state == b.state else Doubt.STATE
    if _within(a, b) or _within(b, a) or (rest >= REST_ALIKE and whole >= NEAR):
        return Doubt.BLUES if a.blue or b.blue else Doubt.NEAR
    return None


def _alike(a: PayerName, b: PayerName) -> tuple[float, float]:
    """Likeness of the whole names, and of what they do not share: BETA HEALTH and DELTA HEALTH share too much."""
    whole = max(likeness(a.sorted, b.sorted), likeness("".join(a.base), "".join(b.base)))
    own = ("".join(word for word in x.base if word not in y.words) for x, y in ((a, b), (b, a)))
    return whole, likeness(*own)


def _within(a: PayerName, b: PayerName) -> bool:
    """Whether all words of `a` stand in `b`, and they are more than what every second payer is called."""
    return a.words < b.words and (bool(a.root) or (a.blue and b.blue))


def _other_state(a: PayerName, b: PayerName) -> Doubt | None:
    if a.state and b.state:
        return None
    return Doubt.BLUES if a.blue else Doubt.STATE


def _may_be(a: PayerName, b: PayerName) -> bool:
    return b.product in MAY_BE.get(a.product, ())


def likeness(a: str, b: str) -> float:
    """Twice the longest common subsequence over both lengths, 0 to 1; the same for (b, a). By bits (Hyyro 2004)."""
    if not a or not b:
        return 0.0
    places: dict[str, int] = {}
    for place, letter in enumerate(a):
        places[letter] = places.get(letter, 0) | 1 << place
    row = all_ones = (1 << len(a)) - 1
    for letter in b:
        found = row & places.get(letter, 0)
        row = (row + found | row - found) & all_ones
    return 2 * (len(a) - row.bit_count()) / (len(a) + len(b))


def blocks(raw: Raw) -> Iterator[tuple[str, ...]]:
    """Keys of which two names share one wherever `compare` says anything of them: where to look, instead of all.

    But for a slip in the first three letters of every telling word and the first six of the whole.
    """
    if raw.identifier:
        yield ("id", raw.identifier)
    name = raw.name
    yield ("words", name.sorted)
    marks = " ".join(sorted(name.marks))
    yield ("front", "".join(name.base)[:FRONT], marks, name.product)
    for word in name.root.split():
        yield ("start", word[:3], marks, name.product)
    if name.blue:
        yield ("blue", name.product)
