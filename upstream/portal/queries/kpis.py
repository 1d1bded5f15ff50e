"""Measures as their page, and their file, show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from upstream.core.charts import percent
from upstream.core.money import show_dollars
from upstream.kpis.behind import BEHIND
from upstream.kpis.choices import Basis, Unit
from upstream.kpis.measures import Measures
from upstream.kpis.rules import Definition, Measure

COLUMNS = (
    "measure", "name", "value", "unit", "low_95", "high_95", "numerator", "denominator", "n", "basis", "first_day",
    "last_day", "payer", "as_of", "maturity", "method", "formula", "note", "unknown",
)  # fmt: skip
# Where what is counted stands one by one, of measures that count no claims.
OWN_LISTS = {
    "take_back_rate": ("portal:ledger", "Provider adjustments"),
    "cash_lag": ("portal:reconciliation", "Payments and deposits"),
}


@dataclass(frozen=True)
class Row:
    """One line of the page: the measure in words, and the list behind it ("" where there is none)."""

    measure: Measure
    value: str
    range: str
    counted: str
    link: str
    link_words: str

    @property
    def definition(self) -> Definition:
        return self.measure.definition

    @property
    def basis(self) -> str:
        return str(Basis(self.definition.basis).label)


@dataclass(frozen=True)
class Section:
    name: str
    rows: list[Row]


def sections(found: Measures) -> list[Section]:
    return [
        Section(name, [row_of(measure, *_list_of(measure, found)) for measure in group]) for name, group in found.groups
    ]


def row_of(measure: Measure, link: str = "", link_words: str = "") -> Row:
    """A measure in words."""
    kind = measure.definition.unit
    ends = (measure.low, measure.high)
    known = None not in ends
    return Row(
        measure, shown(kind, measure.value), " to ".join(shown(kind, end) for end in ends) if known else "",
        _counted(measure), link, link_words,
    )  # fmt: skip


def _list_of(measure: Measure, found: Measures) -> tuple[str, str]:
    """The address of exactly what is counted in these weeks, and what it is; "" where nothing is, or no list tells."""
    key, days = measure.definition.key, {"first": found.span.first, "last": found.span.end}
    payer = {"payer": found.payer.public_id} if found.payer else {}
    if not measure.n:
        return "", ""
    if key in BEHIND:
        query = urlencode({"measure": key, **days, **payer})
        return f"{reverse('portal:measure_behind')}?{query}", BEHIND[key].words
    name, said = OWN_LISTS.get(key, ("", ""))
    return (f"{reverse(name)}?{urlencode({**days, 'by': 'month', **payer})}", said) if name else ("", "")


def shown(kind: Unit, value: float | None) -> str:
    """A value as people read it: 12.3%, 21 days, $1,250; "unknown" where there is none."""
    if value is None:
        return "unknown"
    if kind == Unit.SHARE:
        return percent(value, 1)
    if kind == Unit.CENTS:
        return show_dollars(round(value), whole=True)
    days = f"{value:.1f}".removesuffix(".0")
    return f"{days} day{'' if days == '1' else 's'}"


def _counted(measure: Measure) -> str:
    """ "121 of 1,760", in dollars where the measure is of money; "" without both."""
    if measure.numerator is None or measure.denominator is None:
        return ""
    money = measure.definition.of_money
    halves = (
        show_dollars(round(half), whole=True) if money else f"{half:,.0f}"
        for half in (measure.numerator, measure.denominator)
    )
    return " of ".join(halves)


def file_rows(found: Measures) -> Iterator[tuple[object, ...]]:
    """One row a measure, in the order of COLUMNS."""
    for measure in found:
        said = measure.definition
        value = measure.value
        if value is not None and said.unit == Unit.CENTS:
            value = value / 100
        yield (
            said.key, said.name, value, "dollars" if said.unit == Unit.CENTS else said.unit.value, measure.low,
            measure.high, measure.half(measure.numerator), measure.half(measure.denominator), measure.n,
            said.basis.value, found.span.first, found.span.end, found.payer.name if found.payer else "all",
            measure.as_of, measure.maturity, measure.method, said.formula, measure.note, measure.unknown,
        )  # fmt: skip
