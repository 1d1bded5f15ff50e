"""Each payer's present figures against its own usual ones, from what the last look and the weekly sums left."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models.fields.json import KeyTransform
from django.urls import reverse
from django.utils.http import urlencode

from upstream.alerts.models import Incident
from upstream.alerts.queries import incidents
from upstream.alerts.rules import CLOSED
from upstream.claims.models import Payer
from upstream.contracts.short_sums import Short, short_by_payer
from upstream.core import clock
from upstream.core.charts import Sparkline
from upstream.core.money import dollars_of
from upstream.detection import charts
from upstream.detection.choices import Direction, Metric, Strength
from upstream.detection.models import Baseline, DetectionRun
from upstream.kpis.choices import Fact
from upstream.kpis.definitions import DENIED_DOLLARS, HORIZONS, RESOLVED
from upstream.kpis.measures import USUAL_WEEKS, usual_span
from upstream.kpis.rules import WEEK, Span
from upstream.kpis.sums import by_payer
from upstream.portal import words

RATE_WEEKS, LONGEST = 8, HORIZONS[-1]
TELLING = (Strength.STRONG, Strength.MODERATE)
REFUSED = (Fact.DENIED, Fact.PARTLY)
FIRST_DENIALS = (Fact.DENIED_PAID, Fact.DENIED_PATIENT, Fact.DENIED_OPEN)
FEW_CLAIMS = 30
COLUMNS = (
    "payer", "denial_rate", "low_95", "high_95", "usual_rate", "refused_so_far", "days_to_half_paid",
    "usual_days_to_half_paid", "denied", "denied_before", "underpaid_open", "open_incidents",
    "smallest_rise_seen_in_4_weeks", "as_of",
)  # fmt: skip


class Verdict(NamedTuple):
    """What an open incident of moderate or strong evidence says of a cell: a style, a sign and a word; blank for none.

    The sign and the word say all that the colour does.
    """

    style: str = ""
    sign: str = ""
    word: str = ""


WORSE, BETTER, SAME = Verdict("worse", "▲", "worse"), Verdict("better", "▼", "better"), Verdict()


@dataclass(frozen=True, slots=True)
class Figures:
    """One payer in numbers: shares 0..1, days, cents of 13 whole weeks and of the 13 before; None where unknown.

    `refused`: claims of the last 8 of these weeks whose first answer refuses them, as far as it is known. `few`: too
    few claims in 8 weeks for its rate to mean much.
    """

    payer: Payer
    span: Span
    baseline: Baseline | None
    spark: Sparkline | None
    refused: int
    half_paid: float | None
    half_paid_usually: float | None
    denied_cents: int
    denied_before_cents: int
    short: Short | None
    open_incidents: int
    rate_verdict: Verdict
    days_verdict: Verdict
    short_verdict: Verdict

    @property
    def few(self) -> bool:
        return self.baseline is None or self.baseline.weekly_claims * RATE_WEEKS < FEW_CLAIMS

    @property
    def points(self) -> str:
        return words.points(self.baseline.rate - self.baseline.usual_rate) if self.baseline else ""

    @property
    def blind_below(self) -> str:
        """ "9 points" of a rise that would be seen within four weeks; "" where claims are too few for any."""
        size = self.baseline.visible_in_4_weeks if self.baseline else None
        return "" if size is None else words.points(size).removeprefix("+")

    @property
    def refused_claims(self) -> str:
        """The address of the claims that `refused` counts."""
        return self._behind(RESOLVED[LONGEST].key, _rate_weeks(self.span)) if self.refused else ""

    @property
    def denied_claims(self) -> str:
        """The address of the claims whose refused charges add up to `denied_cents`."""
        return self._behind(DENIED_DOLLARS.key, self.span) if self.denied_cents else ""

    def _behind(self, measure: str, span: Span) -> str:
        weeks = {"first": str(span.first), "last": str(span.end)}
        asked = {"measure": measure, **weeks, "payer": str(self.payer.public_id)}
        return f"{reverse('portal:measure_behind')}?{urlencode(asked)}"


def figures_of(payers: Sequence[Payer], run: DetectionRun | None, time_zone: str) -> list[Figures]:
    """In the order of the payers. Seven queries, six without a look; no claim is read."""
    keys = [payer.pk for payer in payers]
    span = usual_span(run, run.as_of if run else clock.today(time_zone))
    before = span.back(USUAL_WEEKS)
    baselines = {one.payer_id: one for one in _baselines(run, keys)} if run else {}
    denied, denied_before = (_sums(REFUSED, weeks, "cents") for weeks in (span, before))
    refused = _sums(FIRST_DENIALS, _rate_weeks(span), "number")
    short, standing = short_by_payer(keys), _standing(keys)
    return [
        Figures(
            payer=payer, span=span, baseline=base, spark=_spark(payer, base), refused=refused[payer.pk],
            half_paid=_day(base, "now"), half_paid_usually=_day(base, "usual"),
            denied_cents=denied[payer.pk], denied_before_cents=denied_before[payer.pk], short=short.get(payer.pk),
            open_incidents=len(own),
            rate_verdict=_verdict(own, Metric.DENIAL_RATE), days_verdict=_verdict(own, Metric.PAYMENT_DELAY),
            short_verdict=_verdict(own, Metric.UNDERPAYMENT),
        )
        for payer in payers
        for base, own in [(baselines.get(payer.pk), [one for one in standing if one.payer_id == payer.pk])]
    ]  # fmt: skip


def cells_of(rows: Sequence[Figures], run: DetectionRun | None) -> Iterator[tuple[object, ...]]:
    """One row a payer in the order of COLUMNS: shares, days, dollars."""
    for row in rows:
        base = row.baseline
        rates = (base.rate, base.rate_low, base.rate_high, base.usual_rate) if base else (None,) * 4
        yield (
            row.payer.name, *rates, row.refused, row.half_paid, row.half_paid_usually, dollars_of(row.denied_cents),
            dollars_of(row.denied_before_cents), dollars_of(row.short.cents) if row.short else None,
            row.open_incidents, base.visible_in_4_weeks if base else None, run.as_of if run else None,
        )  # fmt: skip


def _baselines(run: DetectionRun, keys: list[int]) -> Iterator[Baseline]:
    """Without the curves by day, which are long; with the days by which half is paid."""
    rows = Baseline.objects.filter(run=run, payer_id__in=keys).defer("lag", "visible")
    paid = {when: KeyTransform("50", KeyTransform(when, KeyTransform("payment", "lag"))) for when in ("now", "usual")}
    yield from rows.annotate(paid_now=paid["now"], paid_usual=paid["usual"])


def _day(base: Baseline | None, when: str) -> float | None:
    """The likely day of [earliest, likely, latest]."""
    ends: list[float | None] | None = getattr(base, f"paid_{when}", None)
    return ends[1] if ends else None


def _rate_weeks(span: Span) -> Span:
    return replace(span, first=span.last - (RATE_WEEKS - 1) * WEEK)


def _sums(facts: Iterable[Fact], span: Span, of: str) -> Counter[int]:
    """`of` ("number" or "cents") of these facts of the weeks together, by payer. One query."""
    found: Counter[int] = Counter()
    for totals in by_payer(facts, span, None).values():
        found.update({payer: getattr(total, of) for payer, total in totals.items()})
    return found


def _standing(keys: list[int]) -> list[Incident]:
    rows = incidents().exclude(state__in=CLOSED).filter(payer_id__in=keys)
    return list(rows.only("payer_id", "metric", "direction", "strength").select_related(None).order_by("pk"))


def _spark(payer: Payer, base: Baseline | None) -> Sparkline | None:
    return charts.spark(f"{payer.name}: weekly denial rate", base.series) if base and base.series else None


def _verdict(own: Sequence[Any], metric: Metric) -> Verdict:
    """Worse wins over better."""
    told = {one.direction for one in own if one.metric == metric and one.strength in TELLING}
    if Direction.ADVERSE in told:
        return WORSE
    return BETTER if Direction.IMPROVE in told else SAME
