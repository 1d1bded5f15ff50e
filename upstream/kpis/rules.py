"""What a measure is, what its value carries, and its arithmetic. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt

from upstream.core.errors import Invalid
from upstream.core.money import dollars_of
from upstream.kpis.choices import Basis, Better, Unit

METHOD = "kpi-1"
Z = 1.959964
WEEK = timedelta(days=7)
MOST_WEEKS = 104


@dataclass(frozen=True)
class Definition:
    """One measure: its words, formula, basis, unit, which way is good, what to beware of, and where it comes from.

    With `of_money` numerator and denominator are cents, else they count claims, payments, letters or incidents.
    """

    key: str
    name: str
    numerator: str
    denominator: str
    basis: Basis
    unit: Unit
    better: Better
    caveat: str
    source: str
    of_money: bool = False

    @property
    def formula(self) -> str:
        """Both halves in words; a measure that is no quotient says what it is."""
        return f"{self.numerator}, divided by {self.denominator}" if self.denominator else self.numerator


@dataclass(frozen=True)
class Measure:
    """One value of a definition: counts or cents, the value with its 95 % interval, and how sure it may be taken.

    `n` counts the claims (or incidents, letters) that it is of; `maturity` is the share of their answers expected by
    `as_of`, None where the basis makes that no question. `unknown` says why there is no value, "" where there is one.
    """

    definition: Definition
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    as_of: date | None = None
    maturity: float | None = None
    unknown: str = ""
    note: str = ""
    method: str = METHOD

    @property
    def is_known(self) -> bool:
        return self.value is not None

    def half(self, value: float | None) -> str | None:
        """Numerator or denominator as files and programs get it: a number, or dollars and cents; None for none."""
        if value is None:
            return None
        return str(dollars_of(round(value))) if self.definition.of_money else f"{value:.6f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Span:
    """Whole weeks by their Mondays, the first and the last one."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Invalid when the weeks run backwards, are more than two years, or do not begin on Mondays."""
        if self.last < self.first:
            raise Invalid("last", "the last week is before the first one")
        if self.weeks > MOST_WEEKS:
            raise Invalid("first", f"ask for at most {MOST_WEEKS} weeks")
        if self.first.weekday() or self.last.weekday():
            raise Invalid("first", "weeks begin on Mondays")

    @classmethod
    def of_days(cls, first: date, last: date) -> "Span":
        """The weeks in which these days lie."""
        return cls(first - timedelta(days=first.weekday()), last - timedelta(days=last.weekday()))

    @property
    def weeks(self) -> int:
        return (self.last - self.first).days // 7 + 1

    @property
    def end(self) -> date:
        """The Sunday that ends it."""
        return self.last + timedelta(days=6)

    def back(self, weeks: int) -> "Span":
        """As many weeks, so many earlier."""
        return replace(self, first=self.first - weeks * WEEK, last=self.last - weeks * WEEK)


def unknown(definition: Definition, why: str) -> Measure:
    return Measure(definition, unknown=why)


def share(definition: Definition, some: float, of: float, n: int | None = None) -> Measure:
    """Some of so many of the same things, with Wilson's interval (1927); unknown of nothing."""
    if of <= 0:
        return unknown(definition, "nothing of the kind in this period")
    mid = some / of
    middle, room = mid + Z * Z / (2 * of), Z * sqrt(max(mid * (1 - mid), 0.0) / of + Z * Z / (4 * of * of))
    whole = 1 + Z * Z / of
    low, high = max((middle - room) / whole, 0.0), min((middle + room) / whole, 1.0)
    return Measure(definition, some, of, mid, low, high, int(of) if n is None else n)


def ratio(definition: Definition, some: float, of: float, n: int | None = None) -> Measure:
    """One sum by another, such as dollars by dollars, without an interval; unknown of nothing."""
    if of <= 0:
        return unknown(definition, "nothing of the kind in this period")
    return Measure(definition, some, of, some / of, n=n)


def amount(definition: Definition, cents: float, n: int) -> Measure:
    """A sum of money over so many things."""
    return Measure(definition, cents, None, float(cents), n=n)


def reached(ended: Mapping[int, int], left: Mapping[int, int]) -> dict[int, float]:
    """Share ended by the end of each day on which something ended (Kaplan and Meier 1958).

    What has `left` without ending counts as long as it was watched, so that the newest do not make a payer look slow
    or fast.
    """
    at_risk = sum(ended.values()) + sum(left.values())
    still, found = 1.0, {}
    for day in sorted(set(ended) | set(left)):
        number = ended.get(day, 0)
        if number:
            still *= 1 - number / at_risk
            found[day] = round(1 - still, 6)
        at_risk -= number + left.get(day, 0)
    return found


def days_to(curve: Mapping[int, float], of: float) -> int | None:
    """The first day by which this share has ended; None when that is not yet known."""
    return next((day for day in sorted(curve) if curve[day] >= of), None)


def endings(ended: Sequence[Mapping[int, int]], open_for: Mapping[int, int], day: int) -> list[float] | None:
    """Shares that came to each of several ends by a day, while what is still open counts as long as it was watched.

    Aalen and Johansen (1978); None where nothing was watched for so long.
    """
    at_risk = float(sum(sum(kind.values()) for kind in ended) + sum(open_for.values()))
    longest = max((*open_for, *(at for kind in ended for at in kind)), default=-1)
    if longest < day:
        return None
    still, shares = 1.0, [0.0] * len(ended)
    for at in sorted({*open_for, *(at for kind in ended for at in kind)}):
        if at > day or at_risk <= 0:
            break
        numbers = [kind.get(at, 0) for kind in ended]
        for place, number in enumerate(numbers):
            shares[place] += still * number / at_risk
        still *= 1 - sum(numbers) / at_risk
        at_risk -= sum(numbers) + open_for.get(at, 0)
    return shares


def middle(counts: Mapping[int, int], of: float) -> int | None:
    """The value that this share of the counted lies at or below; None of nothing."""
    whole, so_far = sum(counts.values()), 0
    for value in sorted(counts):
        so_far += counts[value]
        if so_far >= of * whole:
            return value
    return None


@dataclass(frozen=True)
class Cohort:
    """One payer's claims of one submission week as the last look saw them: rate when all is decided, with its range."""

    payer: int
    week: date
    submitted: float
    low: float
    mid: float
    high: float
    maturity: float
    is_young: bool


def nowcast(definition: Definition, cohorts: Iterable[Cohort]) -> Measure:
    """The cohorts' rates by their claims.

    Errors of one payer's young weeks go together, as its speed is one unknown; those of settled weeks and of different
    payers do not.
    """
    every = [cohort for cohort in cohorts if cohort.submitted > 0]
    whole = sum(cohort.submitted for cohort in every)
    if not whole:
        return unknown(definition, "the last look of detection has seen no claims of these weeks")
    mid = sum(cohort.submitted * cohort.mid for cohort in every) / whole
    down, up = (_room(every, side) / whole for side in ("low", "high"))
    maturity = sum(cohort.submitted * cohort.maturity for cohort in every) / whole
    return Measure(
        definition, mid * whole, whole, mid, max(mid - down, 0.0), min(mid + up, 1.0), round(whole), maturity=maturity
    )


def _room(cohorts: Iterable[Cohort], side: str) -> float:
    apart, together = 0.0, dict[int, float]()
    for cohort in cohorts:
        room = cohort.submitted * abs(getattr(cohort, side) - cohort.mid)
        if cohort.is_young:
            together[cohort.payer] = together.get(cohort.payer, 0.0) + room
        else:
            apart += room * room
    return sqrt(apart + sum(room * room for room in together.values()))


def noted(measure: Measure, note: str) -> Measure:
    """The same with a word beside it."""
    return replace(measure, note=note)
