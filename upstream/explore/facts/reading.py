"""Facts of the bound practice as open files in memory, for a question to be put to."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from upstream.core import storage
from upstream.core.errors import Unreadable
from upstream.core.phi.keyring import TenantKeys
from upstream.explore.asking import Facts
from upstream.explore.choices import Basis
from upstream.explore.facts.columns import KINDS
from upstream.explore.facts.writing import KEPT_AS, in_memory
from upstream.explore.models import FactPart
from upstream.tenants.services import tenant_keys

TRIES = 3


@dataclass(frozen=True)
class Standing:
    """Of when facts are: the newest file's time (None: there is none), claims in them, and whether newer ones wait."""

    as_of: datetime | None
    claims: int
    waiting: bool


def standing() -> Standing:
    """How the bound practice's facts stand. One query."""
    parts = list(FactPart.objects.only("made_at", "rows", "stale"))
    made = [part.made_at for part in parts if part.made_at]
    waiting = any(part.stale for part in parts) or not parts
    return Standing(max(made, default=None), sum(part.rows for part in parts), waiting)


@dataclass(frozen=True)
class Period:
    """Days of one basis: files without any of them need not be read."""

    basis: Basis
    first: date
    last: date

    def touches(self, part: FactPart) -> bool:
        low, high = part.days.get(self.basis.value) or ("", "")
        return bool(low and high) and low <= self.last.isoformat() and high >= self.first.isoformat()


@contextmanager
def opened(period: Period | None = None) -> Iterator[dict[str, Facts]]:
    """The tables of the bound practice, with the files that have a day of the period. They are gone after the block."""
    with ExitStack() as held:
        yield {"claims": Facts(KINDS, _files(period, held))}


def _files(period: Period | None, held: ExitStack) -> list[int]:
    """A file that was written anew since its name was read is looked up again."""
    for left in reversed(range(TRIES)):
        with transaction.atomic():
            keys = tenant_keys()
            parts = FactPart.objects.exclude(rows=0).exclude(sha256="").order_by("month")
            wanted = [part.sha256 for part in parts if period is None or period.touches(part)]
        try:
            return [held.enter_context(_unsealed(sha256, keys)) for sha256 in wanted]
        except Unreadable as exc:
            if exc.code != "file_missing" or not left:
                raise
    return []


@contextmanager
def _unsealed(sha256: str, keys: TenantKeys) -> Iterator[int]:
    with in_memory("facts") as descriptor:
        for piece in storage.read(KEPT_AS, sha256, keys):
            os.write(descriptor, piece)
        yield descriptor
