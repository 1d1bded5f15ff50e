"""Lines of the report's smaller tables: measures, late payments, authorizations and prices. No PHI."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure of the register over the period's 13 weeks, as the measures page has it.

    `value` with its 95% range is a share 0..1, days or cents by its `unit`; None where it is `unknown`, which says why.
    """

    key: str
    group: str
    name: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    numerator: str | None
    denominator: str | None
    n: int | None
    basis: str
    as_of: date | None
    maturity: float | None
    formula: str
    method: str
    unknown: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LateLine:
    """Claims of one payer that were due for an answer in the period, and those not answered by then: candidates."""

    payer: str
    late: int
    due: int

    @property
    def share(self) -> float:
        return self.late / self.due if self.due else 0.0


@dataclass(frozen=True, slots=True)
class AuthorizationLine:
    """A granted authorization that ends within 30 days or is nearly used up; units are None where none were granted."""

    id: str
    payer: str
    service: str
    valid_from: date | None
    valid_until: date | None
    approved_units: float | None
    used_units: float


@dataclass(frozen=True, slots=True)
class RiskLine:
    """Claims that nobody has decided, by the first reason for which their authorization may have them denied."""

    reason: str
    claims: int
    cents: int


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One such claim."""

    claim: str
    payer: str
    procedure_code: str
    service_date: date | None
    reason: str
    billed_cents: int


@dataclass(frozen=True, slots=True)
class UnderpaidRow:
    """A claim that was allowed less than `expected_cents`, which `reference` says the price of."""

    incident_id: str
    claim: str
    payer: str
    procedure_code: str
    decided: date | None
    reference: str
    billed_cents: int
    expected_cents: int
    allowed_cents: int


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """What one payer ("" for all together) is expected to bring in the four weeks after `first`'s Monday.

    Cents and claims, low, middle and high of an 80% range; `weeks` are the middles of cash week by week.
    """

    payer: str
    first: date
    weeks: tuple[int, ...]
    cash: tuple[int, int, int]
    denials: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ForecastTold:
    """How right forecasts of single weeks were: of so many, the share inside its range, and the mean error."""

    as_of: date
    method: str
    weeks: int = 0
    inside: float = 0.0
    off: float = 0.0
