"""What a packet holds, read from the incident as it stands: the same claims and sums as its page and the API show."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from upstream.alerts.models import Incident, IncidentClaim
from upstream.appeals.models import Packet
from upstream.appeals.rules import Interest, LateClaim, interest_of
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication
from upstream.claims.queries import identities_of
from upstream.core.charts import NowcastChart
from upstream.detection import charts
from upstream.tenants.queries import bound_organization

WEEKS = 39
LATE_TO = (Outcome.PENDING, Outcome.PAID, Outcome.PARTIAL)


@dataclass(frozen=True)
class Row:
    """One claim as the payer knows it; money in cents. No name, no member, no date of birth."""

    number: int
    reference: str
    service_date: date | None
    submitted_date: date
    decided_date: date | None
    procedure_code: str
    code: str
    outcome: str
    billed_cents: int
    paid_cents: int
    expected_cents: int
    due: date | None = None
    days_late: int = 0
    interest_cents: int = 0


@dataclass(frozen=True)
class Remit:
    """One payment or answer in which claims of the list stand."""

    decided: date | None
    check_number: str
    claims: int


@dataclass(frozen=True)
class Evidence:
    """Everything that a packet shows."""

    practice: str
    payer: str
    incident: str
    number: int
    as_of: date
    onset: date
    until: date
    statement: list[str]
    clause: list[str]
    clause_source: str
    rows: list[Row]
    remits: list[Remit]
    interest_days: int | None
    interest_percent: Decimal | None
    interest_source: str
    interest_confidence: str
    chart: NowcastChart

    @property
    def total_cents(self) -> int:
        return sum(row.expected_cents for row in self.rows)

    @property
    def billed_cents(self) -> int:
        return sum(row.billed_cents for row in self.rows)

    @property
    def interest_cents(self) -> int:
        return sum(row.interest_cents for row in self.rows)

    @property
    def content_hash(self) -> str:
        """SHA-256 of all that is shown, so that a page of another packet is known."""
        kept = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(kept.encode()).hexdigest()


def evidence_of(packet: Packet, words: dict[str, str]) -> Evidence:
    """What the packet shows as of its day. PHI (claim numbers): the caller keeps it sealed."""
    incident = packet.incident
    members = list(
        IncidentClaim.objects.filter(incident=incident).select_related("claim").order_by("claim__submitted_date", "pk")
    )
    numbers = identities_of([member.claim_id for member in members])
    late = _interest(packet, members)
    return Evidence(
        practice=bound_organization().name, payer=incident.payer.name, incident=str(incident.public_id),
        number=packet.number, as_of=packet.as_of, onset=incident.onset_week, until=incident.last_as_of,
        statement=_split(words.get("statement", "")), clause=_split(words.get("clause", "")),
        clause_source=words.get("clause_source", ""),
        rows=[
            _row(place, member, numbers.get(member.claim_id, {}), late.get(place))
            for place, member in enumerate(members, 1)
        ],
        remits=_remits([member.claim_id for member in members]),
        interest_days=packet.interest_days, interest_percent=packet.interest_percent,
        interest_source=packet.interest_source, interest_confidence=packet.interest_confidence,
        chart=_chart(incident),
    )  # fmt: skip


def _split(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _row(place: int, member: IncidentClaim, told: dict[str, str], late: Interest | None) -> Row:
    claim = member.claim
    return Row(
        number=place, reference=told.get("payer_control_number") or told.get("claim_number", ""),
        service_date=claim.service_date, submitted_date=claim.submitted_date, decided_date=claim.decided_date,
        procedure_code=claim.procedure_code, code="-".join(filter(None, (claim.denial_group, claim.denial_carc))),
        outcome=str(Outcome(claim.outcome).label), billed_cents=claim.billed_cents, paid_cents=claim.paid_cents,
        expected_cents=member.expected_cents, due=late.due if late else None, days_late=late.days_late if late else 0,
        interest_cents=late.cents if late else 0,
    )  # fmt: skip


def _interest(packet: Packet, members: Sequence[IncidentClaim]) -> dict[int, Interest]:
    """By place in the list; claims that were denied have none, as no payment of them was late."""
    if packet.interest_days is None or packet.interest_percent is None:
        return {}
    found = {}
    for place, member in enumerate(members, 1):
        claim = member.claim
        if claim.outcome in LATE_TO:
            paid = claim.decided_date if claim.outcome != Outcome.PENDING else None
            cents = claim.paid_cents if paid else member.expected_cents
            late = LateClaim(place, claim.submitted_date, paid, cents)
            found[place] = interest_of(
                late, days=packet.interest_days, percent=packet.interest_percent, until=packet.as_of
            )
    return found


def _remits(claims: list[int]) -> list[Remit]:
    rows = Adjudication.objects.filter(claim__in=claims).values_list("decided_date", "check_number", "claim_id")
    counted = Counter((decided, check) for decided, check, _ in set(rows))
    found = [Remit(decided, check, claims) for (decided, check), claims in counted.items()]
    return sorted(found, key=lambda remit: (remit.decided or date.min, remit.check_number))


def _chart(incident: Incident) -> NowcastChart:
    told = NowcastChart(f"By week, {incident.payer.name}", (), incident.usual_rate, incident.onset_week)
    return charts.nowcast(told, incident.finding.get("series", []), WEEKS)
