"""The claims and the incidents of the bound practice as tables."""

from collections.abc import Iterable, Iterator
from itertools import islice

from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.queries import incidents, members_of
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, Patient
from upstream.claims.queries import claims, identities_of
from upstream.core.money import dollars_of
from upstream.operations.exporting.shapes import Column, Kind, Row, Table, Value
from upstream.tenants.services import tenant_keys

AT_ONCE = 2000
STATUS = {
    Outcome.PENDING: "pending",
    Outcome.PAID: "paid",
    Outcome.DENIED: "denied",
    Outcome.PARTIAL: "partial",
    Outcome.ZERO_OTHER: "paid_nothing",
    Outcome.REVERSED: "reversed",
}
CLAIM = (
    Column("reference"), Column("payer"), Column("procedure_code"), Column("procedure_group"), Column("diagnosis"),
    Column("location"), Column("place_of_service"), Column("rendering_npi"), Column("frequency_code"),
    Column("payer_order", Kind.NUMBER), Column("service_date", Kind.DATE), Column("submitted_date", Kind.DATE),
    Column("decided_date", Kind.DATE), Column("status"), Column("denial_reason"), Column("denial_category"),
    Column("billed", Kind.MONEY), Column("allowed", Kind.MONEY), Column("paid", Kind.MONEY),
    Column("known_at", Kind.MOMENT),
)  # fmt: skip
# In the names of the canonical claims CSV.
IDENTITY = {
    "claim_id": "claim_number",
    "payer_control_number": "payer_control_number",
    "authorization_number": "authorization_number",
}
PERSON = {
    "patient_first_name": "first_name",
    "patient_last_name": "last_name",
    "patient_birth_date": "birth_date",
    "member_id": "member_id",
    "patient_account": "account",
}
WHO = tuple(Column(name) for name in (*IDENTITY, *PERSON))
INCIDENT = (
    Column("incident_id"), Column("title"), Column("state"), Column("outcome"), Column("metric"), Column("direction"),
    Column("payer"), Column("procedure_code"), Column("denial_reason"), Column("location"), Column("severity"),
    Column("strength"), Column("evidence", Kind.REAL), Column("onset_week", Kind.DATE),
    Column("usual_rate", Kind.REAL), Column("rate_low", Kind.REAL), Column("rate", Kind.REAL),
    Column("rate_high", Kind.REAL), Column("decided", Kind.NUMBER), Column("observed", Kind.NUMBER),
    Column("expected", Kind.REAL), Column("lost_low", Kind.MONEY), Column("lost", Kind.MONEY),
    Column("lost_high", Kind.MONEY), Column("at_stake", Kind.MONEY), Column("expected_annual_dollars", Kind.MONEY),
    Column("deadline", Kind.DATE), Column("owner"), Column("opened_at", Kind.MOMENT), Column("changed_at", Kind.MOMENT),
)  # fmt: skip


def claims_table(*, with_phi: bool) -> Table:
    """Every claim, the newest first."""
    if with_phi:
        return Table("claims", CLAIM + WHO, lambda: _with_who(_all_claims()), lambda: claims().count())
    return Table("claims", CLAIM, lambda: map(claim_row, _all_claims()), lambda: claims().count())


def incidents_table(*, with_phi: bool) -> Table:
    """One row an incident; with identifying values one row for each claim behind it."""
    if with_phi:
        columns = (INCIDENT[0], *CLAIM, *WHO)
        return Table("incident_claims", columns, _claims_of_incidents, lambda: IncidentClaim.objects.count())
    return Table("incidents", INCIDENT, lambda: map(incident_row, incidents()), lambda: incidents().count())


def claim_row(claim: Claim) -> list[Value]:
    decided = claim.outcome != Outcome.PENDING
    reason = "-".join(part for part in (claim.denial_group, claim.denial_carc) if part)
    return [
        str(claim.public_id), claim.payer.name, claim.procedure_code, claim.procedure_group, claim.diagnosis,
        claim.site.name if claim.site else "", claim.place_of_service, claim.rendering_npi, claim.frequency_code,
        claim.payer_order, claim.service_date, claim.submitted_date, claim.decided_date,
        STATUS[Outcome(claim.outcome)], reason, claim.denial_category, dollars_of(claim.billed_cents),
        dollars_of(claim.allowed_cents) if decided else None, dollars_of(claim.paid_cents) if decided else None,
        claim.known_at,
    ]  # fmt: skip


def incident_row(incident: Incident) -> Row:
    owner = incident.assigned_to.user.email if incident.assigned_to else ""
    return [
        str(incident.public_id), incident.title, incident.state, incident.outcome, incident.metric, incident.direction,
        incident.payer.name, incident.procedure_code, incident.denial_reason, incident.location, incident.severity,
        incident.strength, incident.evidence, incident.onset_week, incident.usual_rate, incident.rate_low,
        incident.rate, incident.rate_high, incident.decided, incident.observed, incident.expected,
        dollars_of(incident.lost_low_cents), dollars_of(incident.lost_cents), dollars_of(incident.lost_high_cents),
        dollars_of(incident.at_stake_cents), dollars_of(incident.annual_cents), incident.deadline, owner,
        incident.opened_at, incident.changed_at,
    ]  # fmt: skip


def _all_claims() -> Iterator[Claim]:
    return claims().iterator(chunk_size=AT_ONCE)


def _claims_of_incidents() -> Iterator[Row]:
    for incident in incidents():
        members = members_of(incident).iterator(chunk_size=AT_ONCE)
        for row in _with_who(member.claim for member in members):
            yield [str(incident.public_id), *row]


def _with_who(found: Iterable[Claim]) -> Iterator[Row]:
    """Each claim's row and whom it is about, opened a few thousand at a time."""
    keys, rest = tenant_keys(), iter(found)
    while held := list(islice(rest, AT_ONCE)):
        identities = identities_of(claim.pk for claim in held)
        people = {
            patient.pk: patient.opened(keys)
            for patient in Patient.objects.filter(pk__in={claim.patient_id for claim in held})
        }
        for claim in held:
            identity, person = identities.get(claim.pk, {}), people.get(claim.patient_id, {})
            yield [
                *claim_row(claim),
                *(identity.get(key, "") for key in IDENTITY.values()),
                *(
                    person.get(key, "") or (identity.get(key, "") if key == "account" else "")
                    for key in PERSON.values()
                ),
            ]
