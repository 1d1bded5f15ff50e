"""An incident's weeks on the other clock: by the week in which the payer's answer became known."""

from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet, Sum

from upstream.alerts.models import Incident
from upstream.alerts.scoring import share
from upstream.claims.choices import Outcome
from upstream.claims.models import PayerWeek, ProcedureWeek, ReasonWeek, SiteWeek
from upstream.core.charts import NowcastChart, RateWeek
from upstream.detection.choices import Metric
from upstream.tenants.models import Site

WEEKS = timedelta(weeks=26)
REFUSED = Q(outcome__in=(Outcome.DENIED, Outcome.PARTIAL))
Cells = QuerySet[PayerWeek] | QuerySet[ProcedureWeek] | QuerySet[ReasonWeek] | QuerySet[SiteWeek]


def remitted(incident: Incident) -> NowcastChart | None:
    """Refused of answered claims by week, with Wilson's interval; None for what is no denial rate, or without answers.

    Of the incident's procedure, else its reason, else its place, else all of its payer. At most three queries. It
    moves when a payer only hurries or slows down: the other clock does not.
    """
    if incident.metric != Metric.DENIAL_RATE:
        return None
    of, refused, answered = _cells(incident)
    newest = answered.aggregate(week=Max("known_week"))["week"]
    if newest is None:
        return None
    first = newest - WEEKS
    denied, every = (_by_week(rows.filter(known_week__gt=first)) for rows in (refused.filter(REFUSED), answered))
    weeks = []
    for week, claims in sorted(every.items()):
        rate = share(min(denied.get(week, 0), claims), claims)
        weeks.append(RateWeek(week, rate.mid, rate.low, rate.high, claims) if rate else RateWeek(week, None))
    return NowcastChart(f"Refused of answered claims by week of the answer, {of}", tuple(weeks))


def _cells(incident: Incident) -> tuple[str, Cells, Cells]:
    """What is counted in words, the cells of refusals, and those of answers."""
    payer = {"payer": incident.payer_id}
    answers = PayerWeek.objects.filter(**payer).exclude(outcome=Outcome.PENDING)
    if incident.procedure_code:
        code = incident.procedure_code
        rows = ProcedureWeek.objects.filter(**payer).filter(Q(procedure_code=code) | Q(procedure_group=code))
        rows = rows.exclude(outcome=Outcome.PENDING)
        return f"{incident.payer.name}, {code}", rows, rows
    if incident.denial_reason:
        reasons = ReasonWeek.objects.filter(**payer, reason=incident.denial_reason)
        return f"{incident.payer.name}, {incident.denial_reason}", reasons, answers
    site = Site.objects.filter(name=incident.location).first() if incident.location else None
    if site:
        places = SiteWeek.objects.filter(**payer, site_id=site.pk).exclude(outcome=Outcome.PENDING)
        return f"{incident.payer.name}, {site.name}", places, places
    return incident.payer.name, answers, answers


def _by_week(rows: Cells) -> dict[date, int]:
    return dict(rows.values_list("known_week").annotate(n=Sum("claims")).order_by())
