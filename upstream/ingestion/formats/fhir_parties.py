"""Who and what a FHIR claim, response or explanation of benefit is about: its numbers, payer, patient, providers."""

from typing import NamedTuple

from upstream.ingestion.formats.fhir_neighbours import Subject
from upstream.ingestion.formats.fhir_values import (
    Node,
    code_of,
    day_at,
    has_code,
    identifier_of,
    node_at,
    nodes,
    npi_of,
    text_at,
)
from upstream.ingestion.records import PatientRecord

UNIQUE_CLAIM = "uc"  # CARIN: the payer's own number of the claim, as CLP07
CLAIM_GROUP = "claim-group"  # CMS gives one to several claims: no number of any of them
PAYER_KINDS = ("payerid", "naiccode", "NIIP")
MEMBER_KINDS = ("MB", "MC", "mc", "um")
RENDERING = ("rendering", "performing", "primary", "attending", "supervisor")
INFORMATION = ("supportingInfo", "information")


class Payer(NamedTuple):
    """As the source names it; `product` is the plan."""

    name: str
    identifier: str
    product: str


def information(resource: Node, kind: str) -> Node:
    """The first supporting information of a kind."""
    for name in INFORMATION:
        for info in nodes(resource, name):
            if kind in _words(info.get("category")):
                return info
    return {}


def _words(category: object) -> list[str]:
    """The codes of a category, as they stand: what is only looked for needs not be cleaned."""
    found = category.get("coding") if isinstance(category, dict) else None
    each = found if isinstance(found, list) else [found]
    return [str(one.get("code")) for one in each if isinstance(one, dict)]


def account_of(resource: Node) -> str:
    """The provider's number of the claim (CLM01)."""
    info = information(resource, "patientaccountnumber")
    return text_at(info, "valueString") or code_of(info.get("code"))


def business_number(resource: Node) -> str:
    """The first number that somebody gave the resource on purpose."""
    for identifier in nodes(resource, "identifier"):
        value = text_at(identifier, "value")
        if value and CLAIM_GROUP not in text_at(identifier, "system"):
            return value
    return ""


def number_of_claim(claim: Node) -> str:
    """What a Claim is called: account number, else the number it was given, else its id."""
    return account_of(claim) or business_number(claim) or text_at(claim, "id")


def number_of_answer(subject: Subject) -> str:
    """The number of the claim that an ExplanationOfBenefit or a ClaimResponse answers; "" when it names none."""
    resource = subject.resource
    request = node_at(resource, "request") or node_at(resource, "claim")
    claim = subject.neighbours.find(resource, request)
    asked = text_at(request, "identifier", "value")
    last = text_at(request, "reference").rpartition("/")[2] if "request" in resource else ""
    return (
        account_of(resource)
        or (asked if "request" in resource else "")
        or identifier_of(resource, UNIQUE_CLAIM)
        or (number_of_claim(claim) if claim else "")
        or asked
        or last
        or business_number(resource)
        or text_at(resource, "id")
    )


def control_number(resource: Node) -> str:
    """The payer's number of the claim (CLP07)."""
    return identifier_of(resource, UNIQUE_CLAIM) or business_number(resource)


def identity_of(resource: Node) -> str:
    """System and value of the identifier that tells the resource from all others, else its id."""
    identifiers = list(nodes(resource, "identifier"))
    unique = [one for one in identifiers if has_code(one.get("type"), UNIQUE_CLAIM)] or identifiers
    for identifier in unique:
        if text_at(identifier, "value"):
            return f"{text_at(identifier, 'system')}|{text_at(identifier, 'value')}"
    return f"{text_at(resource, 'resourceType')}|{text_at(resource, 'id')}"


def insurance_of(subject: Subject) -> Node:
    """The insurance that the resource is about, else the first."""
    insurances = list(subject.each("insurance"))
    return next((one for one in insurances if one.get("focal") in (True, "true")), insurances[0] if insurances else {})


def payer_of(subject: Subject) -> Payer:
    """Who pays: the insurer, else whoever stands behind the coverage."""
    reference = node_at(subject.resource, "insurer")
    insurer = subject.follow(reference)
    reference_of_coverage = node_at(insurance_of(subject), "coverage")
    coverage = subject.follow(reference_of_coverage)
    name = text_at(reference, "display") or text_at(insurer, "name")
    identifier = _payer_number(insurer) or text_at(reference, "identifier", "value")
    plan = _plan(coverage) or text_at(reference_of_coverage, "display")
    if not name and not identifier:
        payor = node_at(coverage, "payor")
        behind = subject.follow(payor)
        name = text_at(payor, "display") or text_at(behind, "name")
        identifier = _payer_number(behind) or text_at(payor, "identifier", "value")
    if not name and not identifier:
        name, plan = plan or text_at(reference_of_coverage, "identifier", "value"), ""
    return Payer(name or identifier, identifier if name else "", plan if plan != name else "")


def _payer_number(payer: Node) -> str:
    return next(filter(None, (identifier_of(payer, kind) for kind in PAYER_KINDS)), "")


def _plan(coverage: Node) -> str:
    """The plan that a Coverage names."""
    for group in nodes(coverage, "class"):
        if has_code(group.get("type"), "plan"):
            return text_at(group, "name") or text_at(group, "value")
    return text_at(coverage, "type", "text")


def patient_of(subject: Subject, account: str = "") -> PatientRecord:
    """Who was treated, as far as the file says."""
    reference = node_at(subject.resource, "patient")
    patient = subject.follow(reference)
    coverage = subject.follow(node_at(insurance_of(subject), "coverage"))
    name = node_at(patient, "name")
    member = next(filter(None, (identifier_of(patient, kind) for kind in MEMBER_KINDS)), "")
    return PatientRecord(
        first_name=text_at(name, "given"),
        last_name=text_at(name, "family"),
        birth_date=day_at(patient, "birthDate"),
        member_id=member
        or identifier_of(coverage, "MB")
        or text_at(coverage, "subscriberId")
        or text_at(reference, "identifier", "value"),
        account=account,
    )


def billing_npi(subject: Subject) -> str:
    return _npi(subject, node_at(subject.resource, "provider"))


def rendering_npi(subject: Subject) -> str:
    """The provider that gave the service: by the role in the care team that says so most plainly."""
    team = list(subject.each("careTeam"))
    for role in RENDERING:
        for member in team:
            if has_code(member.get("role"), role):
                npi = _npi(subject, node_at(member, "provider"))
                if npi:
                    return npi
    return ""


def _npi(subject: Subject, reference: Node) -> str:
    provider = subject.follow(reference)
    return npi_of(provider) or npi_of(reference) or npi_of(subject.follow(node_at(provider, "practitioner")))


def location_of(subject: Subject) -> str:
    """Where the service was given, by name."""
    facility = node_at(subject.resource, "facility")
    stated = node_at(information(subject.resource, "servicefacility"), "valueReference")
    return next(
        filter(None, (text_at(one, "display") or text_at(subject.follow(one), "name") for one in (facility, stated))),
        "",
    )
