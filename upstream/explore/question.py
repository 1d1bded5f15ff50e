"""An own report's definition: what stands in its JSON, and what may stand there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from upstream.core.errors import Invalid
from upstream.explore.choices import Basis, Kind
from upstream.explore.terms import DIMENSION, MEASURE, Dimension, Term

MOST_MEASURES, MOST_DIMENSIONS, MOST_FILTERS, MOST_VALUES, MOST_WEEKS = 6, 3, 14, 50, 260
LONGEST_VALUE = 200
T = TypeVar("T")
FIELDS = {"measures", "by", "filters", "basis", "first", "last", "weeks", "sort"}


@dataclass(frozen=True)
class Filter:
    """Claims with one of the values, or, left out, with none of them."""

    dimension: Dimension
    values: tuple[str, ...]
    leave_out: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked: measures by dimensions, of claims whose day lies in a period.

    The period is `first` to `last`, both included, or the last `weeks` complete weeks. `sort` is a measure whose
    largest values come first, or "" for the order of the dimensions.
    """

    measures: tuple[Term, ...]
    by: tuple[Dimension, ...] = ()
    filters: tuple[Filter, ...] = ()
    basis: Basis = Basis.SENT
    first: date | None = None
    last: date | None = None
    weeks: int | None = None
    sort: str = ""

    def as_json(self) -> dict[str, Any]:
        """What `question_of` makes this of again."""
        return {
            "measures": [term.key for term in self.measures],
            "by": [dimension.key for dimension in self.by],
            "filters": [
                {"dimension": one.dimension.key, "values": list(one.values), "leave_out": one.leave_out}
                for one in self.filters
            ],
            "basis": self.basis.value,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "weeks": self.weeks,
            "sort": self.sort,
        }


def question_of(data: Any) -> Question:
    """The definition that the JSON says; Invalid, with the field as its code, for anything else."""
    if not isinstance(data, Mapping):
        raise Invalid("definition", "a definition is an object with measures, by, filters, basis and a period")
    strange = set(data) - FIELDS
    if strange:
        raise Invalid("definition", f"a definition has no {', '.join(sorted(map(str, strange)))[:80]}")
    measures = tuple(_known("measures", key, MEASURE) for key in _list("measures", data.get("measures"), MOST_MEASURES))
    by = tuple(_known("by", key, DIMENSION) for key in _list("by", data.get("by", []), MOST_DIMENSIONS))
    if not measures:
        raise Invalid("measures", "choose at least one measure")
    if len(set(measures)) < len(measures) or len(set(by)) < len(by):
        raise Invalid("by", "choose each measure and each dimension once")
    basis = _basis(data.get("basis") or Basis.SENT.value)
    first, last, weeks = _period(data)
    sort = data.get("sort") or ""
    if sort and sort not in {term.key for term in measures}:
        raise Invalid("sort", "sort by one of the measures of the report")
    filters = tuple(_filter(one) for one in _list("filters", data.get("filters", []), MOST_FILTERS))
    if len({one.dimension.key for one in filters}) < len(filters):
        raise Invalid("filters", "give one filter for a dimension")
    return Question(measures, by, filters, basis, first, last, weeks, sort)


def _list(field: str, given: Any, most: int) -> Sequence[Any]:
    if not isinstance(given, list | tuple):
        raise Invalid(field, f"{field} is a list")
    if len(given) > most:
        raise Invalid(field, f"choose at most {most}")
    return given


def _known(field: str, key: Any, known: Mapping[str, T]) -> T:
    if not isinstance(key, str) or key not in known:
        raise Invalid(field, f"choose of: {', '.join(known)}")
    return known[key]


def _basis(given: Any) -> Basis:
    if given not in Basis.values:
        raise Invalid("basis", f"choose of: {', '.join(Basis.values)}")
    return Basis(given)


def _period(data: Mapping[str, Any]) -> tuple[date | None, date | None, int | None]:
    first, last, weeks = _day("first", data.get("first")), _day("last", data.get("last")), data.get("weeks")
    if weeks is not None:
        if first or last:
            raise Invalid("weeks", "say either days or how many weeks")
        if not isinstance(weeks, int) or isinstance(weeks, bool) or not 1 <= weeks <= MOST_WEEKS:
            raise Invalid("weeks", f"say a number of weeks from 1 to {MOST_WEEKS}")
        return None, None, weeks
    if first is None or last is None:
        raise Invalid("first", "say the first and the last day, or how many weeks")
    if last < first:
        raise Invalid("last", "the last day is before the first one")
    return first, last, None


def _day(field: str, given: Any) -> date | None:
    if given in (None, ""):
        return None
    try:
        return given if isinstance(given, date) else date.fromisoformat(given)
    except (TypeError, ValueError):
        raise Invalid(field, "say a day as YYYY-MM-DD") from None


def _filter(given: Any) -> Filter:
    if not isinstance(given, Mapping) or set(given) - {"dimension", "values", "leave_out"}:
        raise Invalid("filters", "a filter has a dimension, values and leave_out")
    dimension = _known("filters", given.get("dimension"), DIMENSION)
    values = _list("filters", given.get("values"), MOST_VALUES)
    if not values or not all(isinstance(value, str) and len(value) <= LONGEST_VALUE for value in values):
        raise Invalid("filters", f"{dimension.name}: give one to {MOST_VALUES} values as text")
    if dimension.kind == Kind.DAY:
        raise Invalid("filters", "say days as the period of the report")
    if not all(_fits(dimension, value) for value in values):
        raise Invalid("filters", f"{dimension.name}: that is no value of it")
    leave_out = given.get("leave_out", False)
    if not isinstance(leave_out, bool):
        raise Invalid("filters", "leave_out is true or false")
    return Filter(dimension, tuple(values), leave_out)


def _fits(dimension: Dimension, value: str) -> bool:
    """Names of the practice are looked up where the question is put."""
    if dimension.of_practice:
        return True
    return value in dict(dimension.names) if dimension.names else re.fullmatch(dimension.pattern, value) is not None
