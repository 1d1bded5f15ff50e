"""Incidents as the pages list them and open them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, F, QuerySet, Sum, Value, When

from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.queries import SNOOZED, incidents
from upstream.alerts.rules import CLOSED
from upstream.claims.models import CarcRule
from upstream.contracts.queries import Coverage, coverage
from upstream.core.charts import NowcastChart, Sparkline
from upstream.detection import charts
from upstream.detection.choices import Metric
from upstream.portal import words
from upstream.portal.measures import measure_of
from upstream.portal.queries.calendar import Beside, beside
from upstream.portal.verdicts import VerdictRow, explained_by, verdicts_of
from upstream.reports.wording import onset_label

URGENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident in a list."""

    incident: Incident
    spark: Sparkline

    @property
    def money(self) -> str:
        return words.money_range(self.incident.lost_low_cents, self.incident.lost_high_cents)


def open_incidents(today: date) -> QuerySet[Incident]:
    """Open ones that do not sleep, those with a deadline within seven days first, then by money at stake."""
    urgent = Case(When(deadline__lte=today + timedelta(days=URGENT_DAYS), then=Value(0)), default=Value(1))
    return incidents().exclude(state__in=CLOSED).exclude(SNOOZED).order_by(urgent, "-at_stake_cents", "pk")


def snoozed_incidents() -> QuerySet[Incident]:
    """Those that sleep, the first to wake by its day first."""
    return incidents().filter(SNOOZED).order_by(F("snoozed_until").asc(nulls_last=True), "pk")


def closed_incidents() -> QuerySet[Incident]:
    """Closed ones, newest first."""
    return incidents().filter(state__in=CLOSED)


def incidents_in_state(state: str) -> QuerySet[Incident]:
    """Those in one state, newest first."""
    return incidents().filter(state=state)


def row_of(incident: Incident) -> IncidentRow:
    return IncidentRow(incident, charts.spark(incident.title, incident.finding.get("series", []), incident.onset_week))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Before and after, as the detector saw it."""

    wide: NowcastChart
    narrow: NowcastChart
    checked: list[str]
    verdicts: list[VerdictRow]
    explained_by: str
    events: list[Beside]
    internal_due: date | None
    against_contract: Coverage | None


def evidence_of(incident: Incident) -> Evidence:
    series = incident.finding.get("series", [])
    title = f"{measure_of(incident).series} by week, {incident.payer.name}"
    usual = None if incident.metric == Metric.PAYMENT_DELAY else incident.usual_rate
    told = NowcastChart(title, (), usual, incident.onset_week, onset_label(incident.finding))
    return Evidence(
        wide=charts.nowcast(told, series, charts.WIDE_WEEKS),
        narrow=charts.nowcast(told, series, charts.NARROW_WEEKS),
        checked=[str(line) for line in incident.finding.get("checked") or incident.last_run.ruled_out],
        verdicts=verdicts_of(incident.finding),
        explained_by=explained_by(incident.finding),
        events=beside(incident),
        internal_due=date.fromisoformat(due) if (due := incident.finding.get("internal_due")) else None,
        against_contract=_against_contract(incident),
    )


def _against_contract(incident: Incident) -> Coverage | None:
    """What contracts say of the answers to the incident's payer and procedure since its onset, at every place, as they
    are priced now; None for an incident of another kind."""
    if incident.metric != Metric.UNDERPAYMENT:
        return None
    codes = [incident.procedure_code] if incident.procedure_code else []
    return coverage(incident.payer.counted_with_id or incident.payer_id, incident.onset_week, None, codes)


def sum_behind(incident: Incident) -> dict[str, int]:
    """How many claims stand behind it, what they add up to and what of that is lost, in cents, counted now."""
    return dict(IncidentClaim.objects.filter(incident=incident).aggregate(
        claims=Count("pk"), cents=Sum("expected_cents", default=0), lost=Sum("lost_cents", default=0)
    ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do first about the commonest reason, in our own words; `clock` says what runs out."""

    reason: str
    action: str
    clock: str


def advice_for(incident: Incident) -> Advice | None:
    """By what the payer does, else by the incident's own reason or the commonest one among its claims.

    None when no code is known.
    """
    if incident.metric in words.FIRST_STEPS:
        return Advice("", words.FIRST_STEPS[incident.metric], words.WHAT_RUNS[incident.metric])
    carc = incident.denial_reason.rpartition("-")[2] or _commonest_carc(incident)
    rule = CarcRule.objects.filter(carc=carc).order_by("-valid_from").first() if carc else None
    if rule is None:
        return None
    return Advice(rule.category, rule.first_action, words.CLOCKS.get(rule.clock, ""))


def _commonest_carc(incident: Incident) -> str:
    found = (
        IncidentClaim.objects.filter(incident=incident).exclude(claim__denial_carc="")
        .values("claim__denial_carc").annotate(n=Count("pk")).order_by("-n", "claim__denial_carc").first()
    )  # fmt: skip
    return str(found["claim__denial_carc"]) if found else ""
