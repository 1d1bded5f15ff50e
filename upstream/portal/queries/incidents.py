"""Incidents as the pages list them and open them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When

from upstream.alerts.choices import IncidentState
from upstream.alerts.models import Incident, IncidentClaim, Transition
from upstream.claims.models import CarcRule, PayerWeek
from upstream.core.charts import NowcastChart, Sparkline
from upstream.portal import charts, words
from upstream.tenants.models import Membership

CLOSED = (IncidentState.RESOLVED, IncidentState.FALSE)
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
    """Open ones, those with a deadline within seven days first, then by money at stake."""
    urgent = Case(When(deadline__lte=today + timedelta(days=URGENT_DAYS), then=Value(0)), default=Value(1))
    return _with_names().exclude(state__in=CLOSED).order_by(urgent, "-at_stake_cents", "pk")


def closed_incidents() -> QuerySet[Incident]:
    """Closed ones, newest first."""
    return _with_names().filter(state__in=CLOSED).order_by("-changed_at", "-pk")


def incidents_in_state(state: str) -> QuerySet[Incident]:
    return _with_names().filter(state=state).order_by("-changed_at", "-pk")


def _with_names() -> QuerySet[Incident]:
    rows: QuerySet[Incident] = Incident.objects.select_related("payer", "assigned_to__user", "last_run")
    return rows


def incidents() -> QuerySet[Incident]:
    """All, with the names that the incident page shows."""
    return _with_names()


def row_of(incident: Incident) -> IncidentRow:
    return IncidentRow(incident, charts.spark(incident.title, incident.finding.get("series", []), incident.onset_week))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Before and after, as the detector saw it."""

    wide: NowcastChart
    narrow: NowcastChart
    checked: list[str]


def evidence_of(incident: Incident) -> Evidence:
    series, title = incident.finding.get("series", []), f"Weekly denial rate, {incident.payer.name}"
    usual, onset = incident.usual_rate, incident.onset_week
    return Evidence(
        wide=charts.nowcast(title, series, usual, onset, charts.WIDE_WEEKS),
        narrow=charts.nowcast(title, series, usual, onset, charts.NARROW_WEEKS),
        checked=[str(line) for line in incident.finding.get("checked") or incident.last_run.ruled_out],
    )


def claims_behind(incident: Incident) -> QuerySet[IncidentClaim]:
    """The claims whose amounts are the incident's, largest first."""
    rows: QuerySet[IncidentClaim] = IncidentClaim.objects.filter(incident=incident)
    return rows.select_related("claim__payer", "claim__site").order_by("-expected_cents", "pk")


def sum_behind(incident: Incident) -> dict[str, int]:
    """How many claims stand behind it and what they add up to, in cents, counted now."""
    return dict(IncidentClaim.objects.filter(incident=incident).aggregate(
        claims=Count("pk"), cents=Sum("expected_cents", default=0)
    ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do first about the commonest reason, in our own words; `clock` says what runs out."""

    reason: str
    action: str
    clock: str


def advice_for(incident: Incident) -> Advice | None:
    """By the incident's own reason, else by the commonest one among its claims; None when no code is known."""
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


def history_of(incident: Incident) -> QuerySet[Transition]:
    """Steps, newest first, each with the step that it took back."""
    rows: QuerySet[Transition] = Transition.objects.filter(incident=incident)
    return rows.select_related("undoes").order_by("-at", "-pk")


def names_of_actors(actors: set[str]) -> dict[str, str]:
    """`user:<public id>` to the person's name, for members of this practice alone."""
    ids = {actor.removeprefix("user:") for actor in actors if actor.startswith("user:")}
    if not ids:
        return {}
    members = Membership.objects.filter(user__public_id__in=ids).select_related("user")
    return {f"user:{m.user.public_id}": m.user.get_full_name() or m.user.email for m in members}


def newest_week() -> date | None:
    """The newest submission week that holds claims."""
    row = PayerWeek.objects.order_by("-submitted_week").values("submitted_week").first()
    return row["submitted_week"] if row else None


def open_count_by_payer() -> dict[int, int]:
    rows = Incident.objects.filter(~Q(state__in=CLOSED)).values_list("payer_id").annotate(n=Count("pk")).order_by()
    return dict(rows)
