"""Readers of every file format that we load: bytes in, records out, no database and no clock.

`READERS` is the one place that knows them; `detect.sniff` names the format by content.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from upstream.ingestion.formats import canonical_csv, x12, xlsx
from upstream.ingestion.records import Record

READERS: Mapping[str, Callable[[Iterable[bytes]], Iterator[Record]]] = {
    "csv": canonical_csv.read,
    "x12": x12.read,
    "xlsx": xlsx.read,
}
