"""What own reports are made of: measures, dimensions and date bases, each in one place.

Measures of the page Measures keep its names, formulas and caveats; only those are here that add up over claims.
Expressions are plain SQL that DuckDB and Spark both run.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from upstream.claims.choices import DenialCategory, PayerType, ProductClass
from upstream.explore.choices import Basis, Kind, Unit
from upstream.explore.facts.columns import OUTCOMES
from upstream.kpis import definitions as kpis
from upstream.kpis.choices import Basis as KpiBasis
from upstream.kpis.choices import Unit as KpiUnit
from upstream.kpis.rules import Definition

OF_KPI = {KpiBasis.SUBMISSION: Basis.SENT, KpiBasis.REMIT: Basis.ANSWER, KpiBasis.SERVICE: Basis.SERVICE}


@dataclass(frozen=True)
class Term:
    """A measure: the sum of `some` over claims, divided by the sum of `of` where it is a share.

    `counts` holds for the claims behind a value; `basis` is the day that the measure is defined by, None for any.
    """

    key: str
    name: str
    words: str
    unit: Unit
    some: str
    of: str = ""
    counts: str = ""
    basis: Basis | None = None
    kpi: Definition | None = None

    @property
    def of_money(self) -> bool:
        return self.unit == Unit.CENTS or bool(self.kpi and self.kpi.of_money)


def _kpi(definition: Definition, some: str, of: str, counts: str) -> Term:
    unit = {KpiUnit.SHARE: Unit.SHARE, KpiUnit.CENTS: Unit.CENTS}[definition.unit]
    words = f"{definition.formula}. {definition.caveat}"
    return Term(
        definition.key, definition.name, words, unit, some, of, counts, OF_KPI[definition.basis], definition
    )  # fmt: skip


REFUSED = "denied + partly_denied"
UNSPECIFIED = f"CASE WHEN category = '{DenialCategory.UNSPEC.value}' THEN {REFUSED} ELSE 0 END"
NUMBER, CENTS, SHARE = Unit.NUMBER, Unit.CENTS, Unit.SHARE

MEASURES: tuple[Term, ...] = (
    Term("claims", "Claims", "Families of claims with their first payer", NUMBER, "1"),
    Term("answered_claims", "Answered", "Claims with a first answer", NUMBER, "answered", counts="answered = 1"),
    Term("open_claims", "Not answered yet", "Claims without a first answer", NUMBER, "1 - answered",
        counts="answered = 0"),
    Term("denied_claims", "Denied", "First answers that refuse the whole claim", NUMBER, "denied", counts="denied = 1"),
    Term("partly_denied_claims", "Partly denied, claims", "First answers that refuse some lines", NUMBER,
        "partly_denied", counts="partly_denied = 1"),
    Term("overturned_claims", "Denied first, paid later", "Claims refused by their first answer and paid since", NUMBER,
        "overturned", counts="overturned = 1"),
    Term("times_sent_again", "Sent again", "Times that claims were sent again", NUMBER, "sent_again",
        counts="sent_again > 0"),
    Term("billed", "Billed", "Charges", CENTS, "billed_cents"),
    Term("refused", "Refused, billed", "Charges of what first answers refuse", CENTS, "refused_cents",
        counts="refused_cents > 0"),
    Term("allowed", "Allowed", "Allowed by first answers", CENTS, "allowed_cents", counts="allowed_cents <> 0"),
    Term("paid", "Paid by first answers", "Paid by first answers", CENTS, "paid_cents", counts="paid_cents <> 0"),
    Term("collected", "Collected", "Paid by first payers to this day, less what they took back", CENTS,
        "collected_cents", counts="collected_cents <> 0"),
    _kpi(kpis.DENIAL_RATE_REMITTED, "denied", "answered", "denied = 1"),
    _kpi(kpis.PARTIAL_RATE, "partly_denied", "answered", "partly_denied = 1"),
    _kpi(kpis.DENIED_DOLLARS, "refused_cents", "CASE WHEN answered = 1 THEN billed_cents ELSE 0 END",
        "refused_cents > 0"),
    _kpi(kpis.UNSPEC_RATE, UNSPECIFIED, REFUSED, f"{UNSPECIFIED} > 0"),
    _kpi(kpis.DOWN_CODED, "down_coded", "answered", "down_coded = 1"),
    _kpi(kpis.CLEAN, "acknowledged - turned_away", "acknowledged", "acknowledged - turned_away > 0"),
)  # fmt: skip
MEASURE = {term.key: term for term in MEASURES}


@dataclass(frozen=True)
class Dimension:
    """What claims are told apart or chosen by. `column` has {basis} in it where it follows the report's date basis.

    Values are codes that `pattern` fits, those of `names` alone where there are some, or, with `of_practice`, names
    that the practice has: a filter never keeps what somebody types freely.
    """

    key: str
    name: str
    column: str
    kind: Kind = Kind.TEXT
    names: tuple[tuple[str, str], ...] = ()
    pattern: str = r"[A-Za-z0-9.:]{0,20}"
    of_practice: bool = False

    def of(self, basis: Basis) -> str:
        return self.column.format(basis=basis.value)

    def shown(self, value: str | None) -> str:
        """A value in words."""
        return dict(self.names).get(value or "", value or "not told")


def _words(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("payer", "Payer", "payer", of_practice=True),
    Dimension("payer_type", "Payer's type", "payer_type", names=_words(PayerType.labels)),
    Dimension("product", "Product", "product", names=_words(ProductClass.labels)),
    Dimension("site", "Site", "site", of_practice=True),
    Dimension("provider", "Rendering provider (NPI)", "provider", pattern=r"[0-9]{10}|"),
    Dimension("procedure_group", "Procedure group", "procedure_group", pattern=r"[A-Za-z0-9_ ,/-]{0,32}"),
    Dimension("procedure_code", "Procedure", "procedure_code"),
    Dimension("modifiers", "Modifiers", "modifiers"),
    Dimension("diagnosis", "First diagnosis", "diagnosis"),
    Dimension("place_of_service", "Place of service", "place_of_service"),
    Dimension("outcome", "First answer", "outcome", names=_words(OUTCOMES.values())),
    Dimension("category", "Reason of refusal", "category", names=(*DenialCategory.choices, ("", "not refused"))),
    Dimension("carc", "Reason code (CARC)", "carc"),
    Dimension("reason_group", "Group code", "reason_group"),
    Dimension("week", "Week", "{basis}_week", Kind.DAY),
    Dimension("month", "Month", "{basis}_month", Kind.DAY),
)
DIMENSION = {dimension.key: dimension for dimension in DIMENSIONS}
