"""How a payer's claims were sent and answered: place, provider, file, and the name that the file gave the payer. Pure.

Facts that were corrected later are there in every version, so that a past week is seen with those known then.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Weeks = NDArray[np.datetime64]
NOBODY = -1


@dataclass(frozen=True)
class Labelled:
    """One name a row, as `names[index]`; "" is none."""

    names: tuple[str, ...]
    index: Ints

    @classmethod
    def of(cls, values: Sequence[str]) -> "Labelled":
        names, index = np.unique(np.array(values, dtype=object).astype(str), return_inverse=True)
        return cls(tuple(str(name) for name in names), index.astype(np.int64).reshape(-1))

    def at(self, rows: Ints) -> "Labelled":
        """Of these rows; "" for a row of -1."""
        index = np.append(self.index, len(self.names))
        return Labelled((*self.names, ""), index[rows])

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have a name."""
        return np.array([bool(name) for name in self.names], dtype=np.bool_)[self.index]


@dataclass(frozen=True)
class Sent:
    """One row a version of a claim, valid for looks from the week `since` on and before `until`.

    `batch` and `raw` are ids, -1 for none.
    """

    claim: Ints
    since: Weeks
    until: Weeks
    place: Labelled
    provider: Labelled
    batch: Ints
    raw: Ints

    def of(self, claim: Ints, week: np.datetime64) -> "Kinds":
        """How these claims were sent, as known at the end of the week; blanks for a claim that is not there."""
        then = np.flatnonzero((self.since <= week) & (self.until > week))
        order = then[np.argsort(self.claim[then], kind="stable")]
        found = self.claim[order]
        at = np.minimum(np.searchsorted(found, claim), max(len(found) - 1, 0))
        rows = np.where(found[at] == claim, order[at], NOBODY) if len(found) else np.full(len(claim), NOBODY)
        rows = rows.astype(np.int64)
        return Kinds(self.place.at(rows), self.provider.at(rows), _ids(self.batch, rows), _ids(self.raw, rows))


@dataclass(frozen=True)
class Kinds:
    """Place of service, rendering provider, file and raw payer name of each claim of a look."""

    place: Labelled
    provider: Labelled
    batch: Ints
    raw: Ints

    def content(self) -> str:
        """SHA-256, equal exactly when all of it is."""
        digest = hashlib.sha256()
        for part in (self.place, self.provider):
            digest.update("\0".join(np.array(part.names)[part.index].tolist()).encode())
        digest.update(self.batch.tobytes() + self.raw.tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class Answers:
    """By claim, the file and the payment in which its first answer came; -1 for none."""

    batch: Mapping[int, int] = field(default_factory=dict)
    payment: Mapping[int, int] = field(default_factory=dict)

    def batches(self, claim: Ints) -> Ints:
        return np.array([self.batch.get(number, NOBODY) for number in claim.tolist()], dtype=np.int64)

    def payments(self, claim: Ints) -> Ints:
        return np.array([self.payment.get(number, NOBODY) for number in claim.tolist()], dtype=np.int64)


@dataclass(frozen=True)
class File:
    """A file by its day and by what read it: a format, or the version of a mapping."""

    day: str
    reader: str


@dataclass(frozen=True)
class Books:
    """Where the causes look things up, each kept once it was asked: by payer, by claims, by files, by raw names."""

    sent: Callable[[int], Sent]
    answers: Callable[[Ints], Answers]
    files: Callable[[Ints], Mapping[int, File]]
    raws: Callable[[Ints], Mapping[int, str]]


def _ids(values: Ints, rows: Ints) -> Ints:
    """Of these rows; NOBODY, which comes last, for a row of -1."""
    return np.append(values, NOBODY)[rows].astype(np.int64)
