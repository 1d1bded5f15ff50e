"""Which of two lists of raised incidents tell of the same cause: a replay's, another one's, the live system's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from upstream.alerts.models import Raised
from upstream.detection.detectors.scope import Scope

APART = timedelta(weeks=26)


One = TypeVar("One", bound=Raised)
Other = TypeVar("Other", bound=Raised)


@dataclass(frozen=True)
class Pair(Generic[One, Other]):
    """The same cause in both lists, or in one of them alone."""

    one: One | None
    other: Other | None


def scope_of(told: Raised) -> Scope:
    return Scope(told.payer_id, told.procedure_code, told.denial_reason, told.location)


def is_same_cause(one: Raised, other: Raised) -> bool:
    """Same payer, kind and direction, scopes that overlap, raised at most half a year apart."""
    return (
        (one.payer_id, one.family, one.direction) == (other.payer_id, other.family, other.direction)
        and scope_of(one).overlaps(scope_of(other))
        and abs(one.as_of - other.as_of) <= APART
    )


def paired(ones: Sequence[One], others: Sequence[Other]) -> list[Pair[One, Other]]:
    """Each of both lists exactly once, in the order of their days; of several that fit, the nearest in time."""
    left = list(others)
    pairs: list[Pair[One, Other]] = []
    for one in sorted(ones, key=lambda told: told.as_of):
        fitting = [other for other in left if is_same_cause(one, other)]
        nearest = min(fitting, key=lambda other: (abs(one.as_of - other.as_of), other.as_of), default=None)
        if nearest is not None:
            left.remove(nearest)
        pairs.append(Pair(one, nearest))
    pairs += [Pair(None, other) for other in left]
    return sorted(pairs, key=_day)


def _day(pair: Pair[One, Other]) -> date:
    return min(told.as_of for told in (pair.one, pair.other) if told is not None)
