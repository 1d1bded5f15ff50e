"""Which incidents hang together by hand: those merged into one, and those split off one.

A claim belongs to the incident that it was found or picked for (its component), and stands where that one's claims
stand: at the incident that it was merged into, if any. A part that was split off is measured with the one it came from.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from upstream.alerts.models import Incident


@dataclass(frozen=True)
class Kin:
    """One incident that was merged or split off, by ids; `axis` and `key` say which claims it holds, if a rule does."""

    pk: int
    merged_into: int | None
    split_from: int | None
    axis: str = ""
    key: str = ""


class Families:
    """Every merged or split incident of a practice. An incident that is not among them stands alone."""

    def __init__(self, kin: Iterable[Kin]) -> None:
        self._kin = {one.pk: one for one in kin}

    def root(self, pk: int) -> int:
        """Where its claims stand."""
        while (one := self._kin.get(pk)) is not None and one.merged_into is not None:
            pk = one.merged_into
        return pk

    def measured_by(self, pk: int) -> int:
        """Whose cause its claims are measured with."""
        while (one := self._kin.get(pk)) is not None and one.split_from is not None:
            pk = one.split_from
        return pk

    def split_off(self, pk: int) -> list[Kin]:
        """What is measured with it besides itself, the newest first."""
        found = (one for one in self._kin.values() if one.pk != pk and self.measured_by(one.pk) == pk)
        return sorted(found, key=lambda one: -one.pk)

    def parts(self, pk: int) -> set[int]:
        """Itself, and what was merged into it."""
        return {pk, *(one for one in self._kin if self.root(one) == pk)}

    def is_plain(self, pk: int) -> bool:
        """Whether nothing was ever joined to it, or taken from it."""
        return pk not in self._kin and not any(
            pk in {one.merged_into, one.split_from} for one in self._kin.values()
        )  # fmt: skip


def families() -> Families:
    """One query."""
    rows = Incident.objects.filter(Q(merged_into__isnull=False) | Q(split_from__isnull=False))
    columns = ("pk", "merged_into_id", "split_from_id", "split_axis", "split_key")
    return Families(Kin(*row) for row in rows.values_list(*columns))
