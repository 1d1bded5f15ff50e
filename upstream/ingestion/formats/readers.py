"""Every format that we load, by name.

`READERS` is the one place that knows them; `detect.sniff` names the format by content. `TABLES` are those that a
mapping profile may steer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from upstream.ingestion.formats import canonical_csv, fhir, x12, xlsx
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.records import Record

Reader = Callable[[Iterable[bytes]], Iterator[Record]]
TABLES: Mapping[str, Callable[[Iterable[bytes], Profile | None], Iterator[Record]]] = {
    "csv": canonical_csv.read,
    "xlsx": xlsx.read,
}
READERS: Mapping[str, Reader] = {
    "csv": canonical_csv.read,
    "x12": x12.read,
    "xlsx": xlsx.read,
    "fhir": fhir.read,
}


def reader_of(kind: str, profile: Profile | None = None) -> Reader:
    """The reader of a format; of a table with a profile, by that."""
    if profile is None or kind not in TABLES:
        return READERS[kind]
    return partial(_by_profile, TABLES[kind], profile)


def _by_profile(
    read: Callable[[Iterable[bytes], Profile | None], Iterator[Record]], profile: Profile, chunks: Iterable[bytes]
) -> Iterator[Record]:
    return read(chunks, profile)
