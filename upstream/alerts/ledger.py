"""The value ledger: worked out from claims and answers as they stand, whenever steps, looks or files came."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Avg, Exists, Max, OuterRef, Q, QuerySet, Subquery

from upstream.alerts.choices import IncidentState, ResolutionOutcome, StepKind, ValueKind
from upstream.alerts.ledger_models import ValueBook, ValueLine
from upstream.alerts.ledger_rules import AVOIDED_WITHIN, Answer, avoided_cents, lines_of
from upstream.alerts.models import Incident, IncidentClaim, Transition
from upstream.alerts.rules import FALSE_OUTCOMES
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim
from upstream.core import clock, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.detection.choices import Direction
from upstream.detection.models import DetectionRun
from upstream.detection.rules import DENIAL, DOWN_CODING, UNDERPAYMENT
from upstream.ingestion.models import Batch
from upstream.tenants.queries import bound_organization

# Of what is only late, or was taken back, nothing counts as recovered.
FAMILIES = (DENIAL, UNDERPAYMENT, DOWN_CODING)
ADDED = 2000

# Payments on each claim, or on one that replaces it, and what took them back.
ANSWERS = """
WITH asked AS MATERIALIZED (SELECT id FROM unnest(%(claims)s::bigint[]) AS id),
replacing AS MATERIALIZED (SELECT id, family_key FROM claims_claim
    WHERE tenant_id = %(tenant)s AND family_key <> number_bidx),
family AS (SELECT id AS first, id AS claim FROM asked
    UNION SELECT f.id, r.id FROM replacing r
        JOIN claims_claim f ON f.tenant_id = %(tenant)s AND f.number_bidx = r.family_key
        JOIN asked a ON a.id = f.id)
SELECT f.first, j.id, j.known_at, abs(j.paid_cents), j.outcome = %(reversed)s, j.reverses_id FROM family f
JOIN claims_adjudication j ON j.tenant_id = %(tenant)s AND j.claim_id = f.claim
WHERE j.payer_order = 1 AND j.paid_cents <> 0
"""


@dataclass(frozen=True)
class Key:
    """What makes a line the one it is."""

    kind: str
    incident: int
    claim: int
    answer: int
    day: date
    paid: int
    counted: int


def stands_at() -> str:
    """What the ledger is worked out from, as it stands: the last step, look and file."""
    step = Transition.objects.aggregate(last=Max("pk"))["last"]
    run = DetectionRun.objects.aggregate(last=Max("looked_at"))["last"]
    file = Batch.objects.aggregate(last=Max("loaded_at"))["last"]
    return f"{step or 0}/{run or ''}/{file or ''}"


def unsettled() -> bool:
    """Whether anything came since the ledger was settled."""
    book = ValueBook.objects.first()
    return (book.upto if book else "0//") != stands_at()


def settle() -> bool:
    """The lines are what claims and answers come to now; False when nothing came since."""
    with transaction.atomic():
        one_at_a_time("value", tenancy.required())
        upto = stands_at()
        if not unsettled():
            return False
        wanted = {*_recovered(), *_avoided()}
        _keep(wanted)
        ValueBook.objects.update_or_create(defaults={"upto": upto, "settled_at": clock.now()})
    return True


def _keep(wanted: set[Key]) -> None:
    """Exactly these lines stand; those that did before stay as they are."""
    columns = ("kind", "incident_id", "claim_id", "adjudication_id", "day", "paid_cents", "counted_cents")
    kept = {Key(*values): pk for pk, *values in ValueLine.objects.values_list("pk", *columns)}
    ValueLine.objects.filter(pk__in=[pk for key, pk in kept.items() if key not in wanted]).delete()
    new = sorted(wanted - kept.keys(), key=lambda key: (key.day, key.answer, key.kind))
    ValueLine.objects.bulk_create(
        (
            ValueLine(
                kind=key.kind, incident_id=key.incident, claim_id=key.claim, adjudication_id=key.answer, day=key.day,
                paid_cents=key.paid, counted_cents=key.counted,
            )
            for key in new
        ),
        batch_size=ADDED,
    )  # fmt: skip


def _counting() -> QuerySet[Incident]:
    """Incidents whose money counts: changes to the worse that nobody found to be noise or a fault of data."""
    rows = Incident.objects.filter(direction=Direction.ADVERSE, merged_into=None, finding__family__in=FAMILIES)
    found: QuerySet[Incident] = rows.exclude(outcome__in=FALSE_OUTCOMES)
    return found


def _recovered() -> Iterator[Key]:
    """Each claim counts at the incident that was told first."""
    zone = ZoneInfo(bound_organization().time_zone)
    rows = IncidentClaim.objects.filter(incident__in=_counting(), lost_cents__gt=0)
    told = rows.order_by("incident__first_as_of", "incident_id").values_list(
        "claim_id", "incident_id", "incident__first_as_of", "claim__decision_known_at", "lost_cents"
    )
    first: dict[int, tuple[int, datetime, int]] = {}
    for claim, incident, as_of, decided, lost in told:
        since = datetime(as_of.year, as_of.month, as_of.day, tzinfo=zone) + timedelta(days=1)
        first.setdefault(claim, (incident, max(since, decided or since), lost))
    answers, used = _answers(first), set[int]()
    for claim, (incident, since, lost) in first.items():
        # An answer to a claim that replaces another counts for one of the two.
        mine = [answer for answer in answers[claim] if answer.number not in used]
        used |= {answer.number for answer in mine}
        for line in lines_of(mine, since, lost):
            day = line.at.astimezone(zone).date()
            yield Key(
                ValueKind.RECOVERED, incident, claim, line.number, day, line.paid_cents, line.counted_cents
            )  # fmt: skip


def _answers(claims: dict[int, Any]) -> dict[int, list[Answer]]:
    values: dict[str, Any] = {
        "tenant": tenancy.required(), "claims": list(claims), "reversed": int(Outcome.REVERSED),
    }  # fmt: skip
    found: dict[int, list[Answer]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, values)
        for claim, *answer in cursor.fetchall():
            found[claim].append(Answer(*answer))
    return found


def _avoided() -> Iterator[Key]:
    """Claims sent after the practice had put its own process right; each counts at one incident."""
    zone, used = ZoneInfo(bound_organization().time_zone), set[int]()
    ours = _counting().filter(state=IncidentState.RESOLVED, outcome=ResolutionOutcome.OUR_PROCESS)
    for incident in ours.filter(finding__family=DENIAL).order_by("first_as_of", "pk"):
        moves = Transition.objects.filter(incident=incident, kind=StepKind.MOVED, to_state=IncidentState.RESOLVED)
        closed = moves.latest("pk").at.astimezone(zone).date()
        price = IncidentClaim.objects.filter(incident=incident).aggregate(mean=Avg("expected_cents"))["mean"] or 0
        back = (incident.finding.get("money", {}).get("recovery") or {}).get("share", 0.0)
        for claim, answer, known, outcome, paid in _sent_after(incident, closed):
            if answer is None or answer in used:
                continue
            used.add(answer)
            denied = outcome == Outcome.DENIED
            counted = avoided_cents(int(price) if denied else paid, incident.rate_low, back, denied=denied)
            yield Key(
                ValueKind.AVOIDED, incident.pk, claim, answer, known.astimezone(zone).date(), paid, counted
            )  # fmt: skip


def _sent_after(incident: Incident, closed: date) -> Iterator[tuple[int, int | None, datetime, int, int]]:
    """Claims of the scope sent in the weeks after the day, with their first answer; none that was taken back since."""
    answers = Adjudication.objects.filter(claim=OuterRef("pk"), payer_order=1)
    rows = Claim.objects.filter(
        payer_id=incident.payer_id, payer_order=1, submitted_date__gt=closed,
        submitted_date__lte=closed + AVOIDED_WITHIN, decision_known_at__isnull=False,
    ).exclude(Exists(answers.filter(outcome=Outcome.REVERSED)))  # fmt: skip
    if incident.procedure_code:
        rows = rows.filter(procedure_code=incident.procedure_code)
    if incident.location:
        rows = rows.filter(site__name=incident.location)
    reason = incident.denial_reason.rpartition("-")[2]
    denied = {"outcome": Outcome.DENIED, **({"denial_carc": reason} if reason else {})}
    told = rows.filter(Q(outcome__in=(Outcome.PAID, Outcome.PARTIAL)) | Q(**denied))
    first = Subquery(answers.order_by("known_at", "pk").values("pk")[:1])
    columns = ("pk", "answer", "decision_known_at", "outcome", "paid_cents")
    yield from told.annotate(answer=first).order_by("pk").values_list(*columns)
