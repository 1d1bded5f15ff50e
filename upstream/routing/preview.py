"""What a scope would have meant in the last year: of the practice's own openings, and of its newest replay's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.alerts.models import Opening, Replay, ReplayFinding
from upstream.alerts.rules import severity_of
from upstream.claims.rules import CarcMap
from upstream.claims.services import carc_map
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.routing import conditions, queries
from upstream.routing.rules import Facts, Scope

YEAR = timedelta(days=365)
MOST = 1000


@dataclass(frozen=True)
class Past:
    """Something that was raised once; `incident` is its public id, "" for what a replay found."""

    on: date
    title: str
    facts: Facts
    incident: str = ""


@dataclass(frozen=True)
class Preview:
    """How much was raised in a year and what of it fits; `trouble` is what could not be worked out, in words."""

    raised: int
    found: list[Past]
    replayed: int
    found_again: list[Past]
    trouble: str = ""


def preview(scope: Scope, condition: str) -> Preview:
    """What would have fitted in the last year. A few queries whatever there is."""
    meanings = carc_map(clock.now().date())
    own, replayed = list(_own(meanings)), list(_replayed(meanings))
    trouble: list[str] = []
    return Preview(
        len(own), _fitting(own, scope, condition, trouble), len(replayed),
        _fitting(replayed, scope, condition, trouble), trouble[0] if trouble else "",
    )  # fmt: skip


def _fitting(past: list[Past], scope: Scope, condition: str, trouble: list[str]) -> list[Past]:
    found = []
    for one in past:
        try:
            if scope.fits(one.facts) and conditions.holds(condition, one.facts):
                found.append(one)
        except Invalid as exc:
            trouble.append(exc.message)
    return found


def _own(meanings: CarcMap) -> Iterator[Past]:
    for opening in queries.openings_since(clock.now() - YEAR)[:MOST]:
        incident = opening.incident
        innocent = str(incident.finding.get("innocent") or "")
        facts = _facts(opening, meanings, incident.severity, innocent)
        yield Past(opening.as_of, opening.title, facts, str(incident.public_id))


def _replayed(meanings: CarcMap) -> Iterator[Past]:
    """Severity is that of the money alone: a replay keeps no dates."""
    newest = Replay.objects.filter(state="done").order_by("-finished_at", "-pk").first()
    if newest is None:
        return
    rows = ReplayFinding.objects.filter(replay=newest, as_of__gte=(clock.now() - YEAR).date()).select_related("payer")
    for finding in rows.order_by("-as_of", "-pk")[:MOST]:
        facts = _facts(finding, meanings, severity_of(finding.lost_low_cents, 0, None))
        yield Past(finding.as_of, finding.title, facts)


def _facts(raised: Opening | ReplayFinding, meanings: CarcMap, severity: str, innocent: str = "") -> Facts:
    carc = raised.denial_reason.partition("-")[2]
    return Facts(
        payer_id=raised.payer_id, payer=raised.payer.name, location=raised.location, metric=raised.metric,
        category=meanings.category(carc) if carc else "", direction=raised.direction, severity=severity,
        strength=raised.strength, procedure=raised.procedure_code, reason=raised.denial_reason, claims=raised.observed,
        lost_cents=raised.lost_cents, annual_cents=raised.annual_cents, evidence=raised.evidence, innocent=innocent,
    )  # fmt: skip
