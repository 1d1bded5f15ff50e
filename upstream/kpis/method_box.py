"""What must stand beside a number so that nobody takes it for another one: tooltips, pages and documents print it."""

from dataclasses import dataclass
from datetime import date

from upstream.kpis.choices import Basis
from upstream.kpis.rules import Measure


@dataclass(frozen=True)
class MethodBox:
    """Of one value: what is divided by what, by which day, as of when, how complete, and by which method."""

    key: str
    name: str
    numerator: str
    denominator: str
    basis: str
    as_of: date | None
    maturity: float | None
    caveat: str
    source: str
    method: str
    unknown: str

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """(heading, words) as they are printed; headings without words are left out."""
        complete = "" if self.maturity is None else f"{100 * self.maturity:.0f}% of the answers are expected by then"
        day = "" if self.as_of is None else f"{self.as_of.day} {self.as_of:%B %Y}"
        told = (
            ("What", self.numerator), ("Divided by", self.denominator), ("Counted", self.basis), ("As of", day),
            ("How complete", complete), ("Beware", self.caveat), ("After", self.source), ("Method", self.method),
            ("Unknown, because", self.unknown),
        )  # fmt: skip
        return tuple((heading, words) for heading, words in told if words)


def method_box(measure: Measure) -> MethodBox:
    """The box of a measure, known or not."""
    said = measure.definition
    return MethodBox(
        said.key, said.name, said.numerator, said.denominator, str(Basis(said.basis).label), measure.as_of,
        measure.maturity, said.caveat, said.source, measure.method, measure.unknown,
    )  # fmt: skip
