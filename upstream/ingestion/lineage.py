"""From a row of ours back to the file, and the place in it, that it came from. What stands there is PHI."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from upstream.core import storage
from upstream.core.errors import Unreadable
from upstream.ingestion import services
from upstream.ingestion.formats.excerpt import excerpt
from upstream.ingestion.models import Batch
from upstream.tenants.services import tenant_keys

SHOWN = frozenset({"csv", "xlsx", "x12"})


MOST_SOURCES = 20


@dataclass(frozen=True)
class Source:
    """What a file says at one place: `parts`, the rows or segments there, else `why` they cannot be shown.

    `cells` pairs a table's titles with what stands under them, `envelope` names what is around a segment.
    """

    batch: Batch
    position: int
    why: str = ""
    parts: tuple[str, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    envelope: dict[str, str] = field(default_factory=dict)


def sources_at(places: Iterable[tuple[int, int]]) -> list[Source]:
    """What files say at each (id of a batch, position). PHI, as of `source_of`."""
    wanted = list(places)[:MOST_SOURCES]
    batches = Batch.objects.select_related("mapping").in_bulk({batch_id for batch_id, _ in wanted})
    return [source_of(batches[batch_id], position) for batch_id, position in wanted if batch_id in batches]


def source_of(batch: Batch, position: int) -> Source:
    """What stands at a place of a file. PHI: the caller records the access and shows it to those who may."""
    if batch.removed_at:
        return Source(batch, position, "The raw file was removed when its time was over.")
    if batch.format not in SHOWN or position < 1:
        return Source(batch, position, "The place in this file cannot be shown by itself.")
    try:
        keys = tenant_keys()
        profile = batch.mapping.profile(keys) if batch.mapping else None
        cut = excerpt(batch.format, storage.read(services.LANDING, batch.sha256, keys), position, profile)
    except Unreadable as exc:
        return Source(batch, position, f"{exc.message[:1].upper()}{exc.message[1:]}.")
    return Source(batch, position, "", tuple(cut.parts), tuple(cut.cells), cut.envelope)
