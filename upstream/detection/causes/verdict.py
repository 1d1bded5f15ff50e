"""What is said of one innocent cause. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST, SOME = 0.6, 0.2


class Ruling(StrEnum):
    """How far a cause accounts for an incident."""

    RULED_OUT = "ruled_out"
    POSSIBLE = "possible"
    EXPLAINS = "explains"
    UNKNOWN = "cannot_tell"


class Cause(StrEnum):
    """In the order in which people are shown them: what hides a change of ours first."""

    LATE = "late_posting"
    FILES = "missing_or_double_files"
    BATCH = "one_batch"
    NAMES = "payer_names"
    PROCEDURES = "procedure_mix"
    PLACES = "place_mix"
    PROVIDERS = "new_provider"
    SITES = "new_site"
    CALENDAR = "calendar"
    SCHEDULE = "fee_schedule"
    RELEASE = "our_release"
    CODES = "new_meaning"


@dataclass(frozen=True)
class Verdict:
    """`share` of the change that the cause accounts for (0 to 1), None where that cannot be counted.

    `numbers` is short and for a table; `words` is one sentence.
    """

    cause: Cause
    ruling: Ruling
    share: float | None
    numbers: str
    words: str

    def kept(self) -> dict[str, Any]:
        """As a finding keeps it."""
        return {
            "cause": str(self.cause), "verdict": str(self.ruling),
            "share": None if self.share is None else round(self.share, 4), "numbers": self.numbers, "words": self.words,
        }  # fmt: skip


def ruling_of(share: float) -> Ruling:
    """By the share of the change that is explained: most of it, some of it, or next to nothing."""
    if share >= MOST:
        return Ruling.EXPLAINS
    return Ruling.POSSIBLE if share >= SOME else Ruling.RULED_OUT


def winner(verdicts: Iterable[Verdict]) -> Cause | None:
    """The cause that explains most, the first of those that explain as much; None where none explains it."""
    every = [verdict for verdict in verdicts if verdict.ruling is Ruling.EXPLAINS]
    best = max(every, key=lambda verdict: verdict.share or 0.0, default=None)
    return best.cause if best else None


def ruled_out(cause: Cause, numbers: str, words: str, share: float | None = 0.0) -> Verdict:
    return Verdict(cause, Ruling.RULED_OUT, share, numbers, words)


def unknown(cause: Cause, words: str, numbers: str = "") -> Verdict:
    return Verdict(cause, Ruling.UNKNOWN, None, numbers, words)


def listed(names: Sequence[str]) -> str:
    """ "Main Street, North and West"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
