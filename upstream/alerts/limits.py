"""From when on money is much for this practice, and what money costs it: what it said, else the house's proposal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from upstream.alerts.choices import MoneyLimitKind, Severity
from upstream.alerts.models import Incident
from upstream.alerts.money_models import MoneyLimit
from upstream.alerts.rules import LIMITS, SeverityLimits, severity_of
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.tenants.queries import bound_organization

K = MoneyLimitKind
HOUSE_SOURCE = {K.CAPITAL: "house proposal: 8% a year, about what a credit line costs a practice"}
MONEY, SHARES = (K.MUCH, K.SOME), (K.MUCH_SHARE, K.SOME_SHARE, K.CAPITAL)
LOOKED_BACK, MOST_LOOKED_AT = timedelta(days=365), 1000
MOST_DOLLARS, MOST_PERCENT = Decimal(10_000_000), Decimal(50)


@dataclass(frozen=True)
class Said:
    """One limit in force: dollars or percent, since when, and who says so."""

    kind: MoneyLimitKind
    value: Decimal
    source: str
    valid_from: date | None

    @property
    def words(self) -> str:
        """ "$10,000" or "2%"."""
        return f"${self.value:,.0f}" if self.kind in MONEY else f"{self.value.normalize():f}%"


def standing(day: date) -> list[Said]:
    """Every limit in force on the day, in the order of their kinds. One query."""
    rows = MoneyLimit.objects.filter(valid_from__lte=day).order_by("valid_from", "pk")
    newest = {row.kind: row for row in rows}
    return [
        Said(kind, newest[kind].value, newest[kind].source or "set by this practice", newest[kind].valid_from)
        if kind in newest and newest[kind].value is not None
        else Said(kind, _house(kind), HOUSE_SOURCE.get(kind, "house proposal"), None)
        for kind in K
    ]


def limits_on(day: date) -> SeverityLimits:
    """What severity and the price of late cash are decided by on the day. One query."""
    return _limits({said.kind: said.value for said in standing(day)})


def set_limit(
    *, kind: str, value: Decimal | None, source: str = "", actor: str, valid_from: date | None = None
) -> MoneyLimit:
    """From the day on (None: today) the limit is so many dollars or percent; None brings the house's back.

    Invalid for a kind that we do not have, a day that has passed (what was told then stays as it was told), a value out
    of range, or one that puts "some" above "much".
    """
    today = clock.today(bound_organization().time_zone)
    since = valid_from or today
    if since < today:
        raise Invalid("valid_from", "a limit holds from today or a later day on")
    _limits_with(kind, value, since)
    made: MoneyLimit = MoneyLimit.objects.create(
        kind=kind, value=value, source=" ".join(source.split())[:80], said_by=actor, valid_from=since, at=clock.now()
    )
    return made


@dataclass(frozen=True)
class Rejudged:
    """An incident, its severity by money alone under the limits in force, and under others."""

    incident: Incident
    now: Severity
    then: Severity


def last_year_with(*, kind: str, value: Decimal | None) -> list[Rejudged]:
    """The incidents of the last year as this limit would have judged their money, dates left aside, the newest first.

    Invalid as for `set_limit`. Three queries.
    """
    today = clock.today(bound_organization().time_zone)
    now, then = limits_on(today), _limits_with(kind, value, today)
    rows = Incident.objects.filter(opened_at__gte=clock.now() - LOOKED_BACK, merged_into=None).order_by("-opened_at")
    found = []
    for one in rows[:MOST_LOOKED_AT]:
        told = (one.at_stake_cents, int(one.finding.get("payer_monthly_cents") or 0), None)
        found.append(Rejudged(one, severity_of(*told, now), severity_of(*told, then)))
    return found


def _limits_with(kind: str, value: Decimal | None, since: date) -> SeverityLimits:
    """Those of the day with this one changed; Invalid where it cannot be."""
    if kind not in K.values:
        raise Invalid("kind", "there is no such limit")
    if value is not None and not 0 < value <= (MOST_DOLLARS if kind in MONEY else MOST_PERCENT):
        raise Invalid("value", "between 0 and $10,000,000" if kind in MONEY else "between 0 and 50 percent")
    values = {said.kind: said.value for said in standing(since)}
    after = _limits({**values, K(kind): _house(K(kind)) if value is None else value})
    if after.some_cents > after.much_cents or after.some_share > after.much_share:
        raise Invalid("value", "what counts as some money cannot be more than what counts as much")
    return after


def _house(kind: MoneyLimitKind) -> Decimal:
    """The proposal in dollars or percent."""
    cents = {K.MUCH: LIMITS.much_cents, K.SOME: LIMITS.some_cents}
    shares = {K.MUCH_SHARE: LIMITS.much_share, K.SOME_SHARE: LIMITS.some_share, K.CAPITAL: LIMITS.cost_of_capital}
    return Decimal(cents[kind]) / 100 if kind in cents else Decimal(str(shares[kind])) * 100


def _limits(values: Mapping[MoneyLimitKind, Decimal]) -> SeverityLimits:
    return replace(
        LIMITS,
        much_cents=int(values[K.MUCH] * 100),
        some_cents=int(values[K.SOME] * 100),
        much_share=float(values[K.MUCH_SHARE] / 100),
        some_share=float(values[K.SOME_SHARE] / 100),
        cost_of_capital=float(values[K.CAPITAL] / 100),
    )
