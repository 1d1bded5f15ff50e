"""Every X12 transaction type that we read, each ST..SE of a file given to the reader of its type.

The one place where types are registered; all others (270, 276, 820, 834, 850, ...) are passed over with a Notice.
"""

from collections.abc import Iterable, Iterator, Mapping

from upstream.ingestion.formats import x12_271, x12_277, x12_278, x12_835, x12_837, x12_999
from upstream.ingestion.formats.envelope import read_transactions
from upstream.ingestion.formats.transaction import ReaderType
from upstream.ingestion.records import Record

KINDS: Mapping[str, ReaderType] = {
    **x12_271.KINDS, **x12_277.KINDS, **x12_278.KINDS, **x12_835.KINDS, **x12_837.KINDS, **x12_999.KINDS,
}  # fmt: skip
"""ST01 (or "TA1") -> reader."""


def read(chunks: Iterable[bytes]) -> Iterator[Record]:
    """The records of every transaction, in file order; Notices as each reader and `read_transactions` name them.

    Raises Unreadable: no_interchange, segment_too_long, claim_too_large.
    """
    return read_transactions(chunks, KINDS)
