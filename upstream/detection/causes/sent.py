"""How a payer's claims were sent: place, provider, file, and the name that the file gave the payer. Pure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.claimrows import Claims

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Labelled:
    """One name a row, as `names[index]`; "" is none."""

    names: tuple[str, ...]
    index: Ints

    @classmethod
    def of(cls, names: tuple[str, ...], index: Ints) -> "Labelled":
        """Of names of which the last is "", for rows of -1 too."""
        return cls(names, np.where(index < 0, len(names) - 1, index))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have a name."""
        return np.array([bool(name) for name in self.names], dtype=np.bool_)[self.index]


@dataclass(frozen=True)
class Kinds:
    """Place of service, rendering provider, file and raw payer name of each claim of a look."""

    place: Labelled
    provider: Labelled
    batch: Ints
    raw: Ints

    @classmethod
    def of(cls, claims: Claims) -> "Kinds":
        """How these claims were sent, as known at the end of their week."""
        place = Labelled.of(claims.labels.service_places, claims.service_place)
        return cls(place, Labelled.of(claims.labels.providers, claims.provider), claims.batch, claims.raw)

    def content(self) -> str:
        """SHA-256, equal exactly when all of it is."""
        digest = hashlib.sha256()
        for part in (self.place, self.provider):
            digest.update("\0".join(np.array(part.names, dtype=object)[part.index].tolist()).encode())
        digest.update(self.batch.tobytes() + self.raw.tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class File:
    """A file by its day and by what read it: a format, or the version of a mapping."""

    day: str
    reader: str


@dataclass(frozen=True)
class Books:
    """Where the causes look things up, each kept once it was asked: by files, by raw names."""

    files: Callable[[Ints], Mapping[int, File]]
    raws: Callable[[Ints], Mapping[int, str]]
