"""Where innocent causes look things up: files, and raw names of payers."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from upstream.claims.models import RawPayer
from upstream.detection.causes.sent import Books, File
from upstream.ingestion.models import Batch

Ints = NDArray[np.int64]


def books(time_zone: str) -> Books:
    """Of the bound practice; used inside the transaction in which it was made."""
    return Books(_files(ZoneInfo(time_zone)), _raws)


def _files(zone: ZoneInfo) -> Callable[[Ints], Mapping[int, File]]:
    known: dict[int, File] = {}

    def files(batches: Ints) -> Mapping[int, File]:
        missing = set(batches.tolist()) - set(known)
        for batch in Batch.objects.filter(pk__in=missing).select_related("mapping") if missing else ():
            day = (batch.known_at or batch.received_at).astimezone(zone).date()
            mapping = batch.mapping
            reader = f"mapping {mapping.name}, version {mapping.version}" if mapping else batch.format
            known[batch.pk] = File(f"{day.day} {day:%B %Y}", reader)
        return {number: known[number] for number in batches.tolist() if number in known}

    return files


def _raws(raws: Ints) -> Mapping[int, str]:
    wanted = [number for number in raws.tolist() if number >= 0]
    return dict(RawPayer.objects.filter(pk__in=wanted).values_list("pk", "raw_name")) if wanted else {}
