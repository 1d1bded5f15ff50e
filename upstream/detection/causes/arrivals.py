"""What is new on our side: a provider, a site, a reader of files, a name of the payer. Pure."""

from dataclasses import dataclass

import numpy as np

from upstream.detection.causes.case import Bools, Ints
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.parts import NEW_WEEKS, concentration, first_seen, newcomers
from upstream.detection.causes.sent import Labelled
from upstream.detection.causes.verdict import MOST, SOME, Cause, Ruling, Verdict, ruled_out, unknown
from upstream.detection.triangle import ONE_WEEK


@dataclass(frozen=True)
class Arrival:
    """What one kind of newcomers is called: "provider", and what the files lack where none is named."""

    cause: Cause
    one: str
    lacking: str


PROVIDER = Arrival(Cause.PROVIDERS, "provider", "The files name no provider.")
SITE = Arrival(Cause.SITES, "site", "The files name no place.")


def new_provider(evidence: Evidence) -> Verdict:
    return of_arrivals(evidence, evidence.kinds.provider, PROVIDER)


def new_site(evidence: Evidence) -> Verdict:
    claims = evidence.case.claims
    return of_arrivals(evidence, Labelled(claims.labels.locations, claims.location), SITE)


def of_arrivals(evidence: Evidence, kinds: Labelled, told: Arrival) -> Verdict:
    """Whether the change sits in claims of kinds that were not there before."""
    case = evidence.case
    if not (kinds.known & case.since).any():
        return unknown(told.cause, told.lacking)
    part = newcomers(case, kinds.index, kinds.known)
    names = sorted({kinds.names[i] for i in np.unique(kinds.index[part & case.since]).tolist()})
    if not names:
        return ruled_out(told.cause, f"no new {told.one}", f"Every {told.one} with these claims was there before.")
    what = f"{told.one} {names[0]}" if len(names) == 1 else f"{len(names)} new {told.one}s"
    return judged(evidence, part, told, what)


def judged(evidence: Evidence, part: Bools, told: Arrival, what: str) -> Verdict:
    """Of these claims: they explain the change where it sits in them, or where they came as it began."""
    case, of = evidence.case, concentration(evidence.case, part)
    began = first_seen(case, part & case.since)
    with_it = began is not None and began >= case.draft.onset_low - NEW_WEEKS * ONE_WEEK
    numbers = f"{case.said(part)} with {what}, {of.claims:,} of {int(case.since.sum()):,} claims"
    if of.alone or (of.share >= MOST and not of.told and with_it):
        return Verdict(told.cause, Ruling.EXPLAINS, of.share, numbers, f"The change sits in claims of {what}.")
    if of.share < SOME or of.told:
        return ruled_out(told.cause, numbers, f"Claims of other {told.one}s show the change too.", of.share)
    return Verdict(told.cause, Ruling.POSSIBLE, of.share, numbers, f"Part of the change is in claims of {what}.")


def of_index(values: Ints, words: dict[int, str]) -> Labelled:
    """Kinds known by their number; "" for -1 and for numbers without words."""
    numbers, index = np.unique(values, return_inverse=True)
    return Labelled(tuple(words.get(int(number), "") for number in numbers), index.astype(np.int64).reshape(-1))
