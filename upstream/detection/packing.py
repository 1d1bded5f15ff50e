"""Claims of some weeks packed into bytes, and put together again into arrays of them all."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upstream.detection.claimrows import COLUMNS, Claims, Labels, canonical, narrow
from upstream.detection.layout import UNNAMED, Kind

Ints = NDArray[np.int64]
Weeks = NDArray[np.datetime64]
QUICKLY = 1


@dataclass(frozen=True)
class Part:
    """Versions of the claims whose present facts were submitted in `week` (a Monday), in canonical order.

    Columns are whole numbers by title; one of names holds places in its own `names`, UNNAMED for NULL.
    """

    week: date
    columns: Mapping[str, NDArray[Any]]
    names: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.columns["claim"])

    def only(self, payers: Iterable[int]) -> "Part":
        """Versions of these payers."""
        kept = np.isin(self.columns["payer"], list(payers))
        return replace(self, columns={title: values[kept] for title, values in self.columns.items()})


def pack(part: Part) -> bytes:
    """The part as bytes, each column in the fewest that hold it."""
    narrowed = {title: narrow(np.asarray(values, dtype=np.int64)) for title, values in part.columns.items()}
    kinds = [[title, values.dtype.str, len(values)] for title, values in narrowed.items()]
    head = json.dumps({"columns": kinds, "names": part.names}).encode()
    body = b"".join(values.tobytes() for values in narrowed.values())
    return zlib.compress(len(head).to_bytes(4, "big") + head + body, QUICKLY)


def unpack(week: date, packed: bytes | memoryview) -> Part:
    """What `pack` was given, of that week."""
    content = zlib.decompress(packed)
    at = 4 + int.from_bytes(content[:4], "big")
    head, columns = json.loads(content[4:at]), {}
    for title, kind, size in head["columns"]:
        columns[title] = np.frombuffer(content, np.dtype(kind), size, at)
        at += columns[title].nbytes
    return Part(week, columns, {title: tuple(names) for title, names in head["names"].items()})


def joined(parts: Sequence[Part], places: Mapping[int, str]) -> Claims:
    """Claims of all parts in canonical order, each part being so; `places` names the sites by id."""
    names = _names(parts)
    columns = {title: _column(title, parts, names) for title in COLUMNS}
    labels = Labels(**{**names, "locations": tuple(_place(text, places) for text in names.get("locations", ("",)))})
    weeks = np.repeat(np.array([part.week for part in parts], dtype="datetime64[D]"), [len(part) for part in parts])
    return _in_order(Claims.of(labels, **columns), weeks)


def _place(text: str, places: Mapping[int, str]) -> str:
    return places[int(text)] if text else ""


def _names(parts: Sequence[Part]) -> dict[str, tuple[str, ...]]:
    """All names of each kind of label, "" for none last."""
    found: dict[str, set[str]] = {}
    for title, column in COLUMNS.items():
        if column.kind == Kind.NAME:
            found.setdefault(column.labels, set()).update(*(part.names[title] for part in parts))
    return {labels: ranked(names) for labels, names in found.items()}


def ranked(names: Iterable[str]) -> tuple[str, ...]:
    """In alphabetical order, "" for none last, whether or not it occurs."""
    return (*sorted(set(names) - {""}), "")


def _column(title: str, parts: Sequence[Part], names: Mapping[str, tuple[str, ...]]) -> Ints:
    column = COLUMNS[title]
    values = [part.columns[title] for part in parts]
    if column.kind == Kind.NAME:
        place = {label: i for i, label in enumerate(names[column.labels])}
        own = [np.array([*(place[label] for label in part.names[title]), UNNAMED]) for part in parts]
        values = [lookup[found] for lookup, found in zip(own, values, strict=True)]
    return np.concatenate([*values, np.zeros(0, dtype=np.int64)], dtype=np.int64)


def _in_order(claims: Claims, kept_under: Weeks) -> Claims:
    """The rows of every week in canonical order, also those whose part is another week's, as their claim has moved.

    Only weeks with such rows are sorted anew.
    """
    weeks = claims.submitted_week
    moved = np.unique(weeks[weeks != kept_under])
    if not len(moved):
        return claims
    order = np.argsort(weeks, kind="stable")
    sorted_weeks = weeks[order]
    for first, after in zip(*(np.searchsorted(sorted_weeks, moved, side) for side in ("left", "right")), strict=True):
        order[first:after] = order[first:after][canonical(claims.at(order[first:after]))]
    return claims.at(order)
