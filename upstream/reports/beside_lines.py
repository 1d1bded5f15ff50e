"""Authorizations, claims at risk and prices as the report shows them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from upstream.authorizations.choices import Reason
from upstream.authorizations.models import Entry, Risk
from upstream.contracts.models import ShortLine
from upstream.detection.choices import Metric
from upstream.reports.facts import Facts
from upstream.reports.incident_lines import incident_name
from upstream.reports.side_lines import AuthorizationLine, RiskLine, RiskRow, UnderpaidRow

OWN_PRICES = "the payer's own prices of the year before"


def authorization_line(entry: Entry) -> AuthorizationLine:
    """One of the register, by the start of its public id."""
    return AuthorizationLine(
        id=f"AUTH-{entry.public_id.hex[:8].upper()}",
        payer=entry.payer.name,
        service=entry.procedure_code or entry.service or entry.service_type,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        approved_units=None if entry.approved_units is None else float(entry.approved_units),
        used_units=float(entry.used_units),
    )


def risk_lines(risks: Iterable[Risk]) -> tuple[RiskLine, ...]:
    """Claims and billed cents by reason, in the order of the reasons."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for risk in risks:
        found[risk.reason].append(risk.claim.billed_cents)
    return tuple(RiskLine(str(r.label), len(found[r]), sum(found[r])) for r in Reason if r in found)


def risk_row(risk: Risk) -> RiskRow:
    """One claim at risk, by its public id."""
    claim = risk.claim
    return RiskRow(
        claim=str(claim.public_id),
        payer=claim.payer.name,
        procedure_code=claim.procedure_code,
        service_date=risk.service_date,
        reason=risk.get_reason_display(),
        billed_cents=claim.billed_cents,
    )


def contract_row(line: ShortLine) -> UnderpaidRow:
    """One answered line against the price of its contract."""
    return UnderpaidRow(
        incident_id="",
        claim=str(line.claim.public_id),
        payer=line.payer.name,
        procedure_code=f"{line.procedure_code} {line.modifiers}".strip(),
        decided=line.decided_on,
        reference=line.contract.name,
        billed_cents=line.billed_cents,
        expected_cents=line.expected_cents,
        allowed_cents=line.allowed_cents,
    )


def underpaid_rows(facts: Facts) -> Iterator[UnderpaidRow]:
    """Lines that were allowed less than the contract says, and claims of incidents about prices that were allowed less
    than the payer used to allow."""
    yield from map(contract_row, facts.short_lines)
    about = {incident.pk: incident for incident in facts.incidents if incident.metric == Metric.UNDERPAYMENT}
    for member in facts.members:
        claim = member.claim
        if member.incident_id in about and claim.allowed_cents is not None:
            yield UnderpaidRow(
                incident_id=incident_name(about[member.incident_id]),
                claim=str(claim.public_id),
                payer=facts.payers[claim.payer_id],
                procedure_code=claim.procedure_code,
                decided=claim.decided_date,
                reference=OWN_PRICES,
                billed_cents=claim.billed_cents,
                expected_cents=member.expected_cents,
                allowed_cents=claim.allowed_cents,
            )
