"""Answers to a request for prior authorization: a ClaimResponse or ExplanationOfBenefit with that use."""

from decimal import Decimal

from upstream.ingestion.formats import fhir_parties as parties
from upstream.ingestion.formats.fhir_lines import diagnosis_of, procedure_of
from upstream.ingestion.formats.fhir_neighbours import Subject
from upstream.ingestion.formats.fhir_values import Node, code_of, codings, day_at, node_at, nodes, text_at, units_of
from upstream.ingestion.records import AuthorizationRecord

ACTIONS = frozenset({"A1", "A2", "A3", "A4", "A6", "C", "CT", "NA"})
AFFIRMED = {"A": "A1", "N": "A3"}  # CMS says affirmed or not
SERVICE_TYPE = "/1365"
NUMBER_KINDS = ("Unique-Tracking-Number",)


def authorizations_of(subject: Subject) -> list[AuthorizationRecord]:
    """One record for each item decided, or one for the whole request where no item says anything."""
    items = list(subject.each("item"))
    decided = [item for item in items if _review(item) or extension(item, "PA-DECISION")]
    return [_record(subject, item) for item in decided or [{}]]


def extension(node: Node, *endings: str) -> Node:
    """The first extension whose URL ends so."""
    return next((one for one in nodes(node, "extension") if text_at(one, "url").endswith(endings)), {})


def _review(item: Node) -> Node:
    """The review action of an item, which stands with one of its adjudications."""
    for holder in (*nodes(item, "adjudication"), item):
        found = extension(holder, "reviewAction")
        if found:
            return found
    return {}


def _record(subject: Subject, item: Node) -> AuthorizationRecord:
    resource = subject.resource
    payer = parties.payer_of(subject)
    review = _review(item)
    granted = extension(item, "itemAuthorizedDetail")
    period = node_at(extension(item, "itemPreAuthPeriod"), "valuePeriod")
    period = period or node_at(resource, "preAuthPeriod") or node_at(resource, "preAuthRefPeriod")
    service = extension(granted, "productOrServiceCode").get("valueCodeableConcept") or item.get("productOrService")
    kinds = [one for one in codings(service) if one.system.endswith(SERVICE_TYPE)]
    record = AuthorizationRecord(
        position=subject.position,
        payer_name=payer.name,
        payer_id=payer.identifier,
        action=_action(item, review),
        reason_code=code_of(extension(review, "reasonCode").get("valueCodeableConcept")),
        authorization_number=_number(subject, review),
        trace_number=parties.business_number(resource),
        service_type=kinds[0].code if kinds else "",
        procedure_code="" if kinds else procedure_of(service),
        diagnosis=diagnosis_of(subject),
        units=_units(item, granted),
        requested_date=day_at(extension(item, "PA-REQ-SUB-DT"), "valueDate"),
        decided_date=day_at(extension(item, "itemPreAuthIssueDate", "PA-DECISION-DT"), "valueDate")
        or day_at(resource, "created"),
        valid_from=day_at(period, "start"),
        valid_until=day_at(period, "end") or day_at(extension(item, "PA-DECISION-EXP-DT"), "valueDate"),
        provider_npi=parties.billing_npi(subject),
        patient=parties.patient_of(subject),
    )
    sequence = text_at(item, "itemSequence") or text_at(item, "sequence")
    version = text_at(resource, "meta", "versionId") or text_at(resource, "meta", "lastUpdated")
    record.event_key = "|".join(
        ("fhir-auth", parties.identity_of(resource), version, sequence, record.action, record.authorization_number)
    )
    return record


def _action(item: Node, review: Node) -> str:
    """The action as HCR01 would say it; "" for a word that we do not know."""
    code = code_of(extension(review, "reviewActionCode", "code").get("valueCodeableConcept"))
    if code in ACTIONS:
        return code
    return AFFIRMED.get(text_at(extension(item, "PA-DECISION"), "valueCoding", "code"), "")


def _number(subject: Subject, review: Node) -> str:
    """The number to put on the claim."""
    number = text_at(extension(review, "number"), "valueString") or text_at(subject.resource, "preAuthRef")
    if number:
        return number
    for identifier in subject.each("identifier"):
        if text_at(identifier, "system").endswith(NUMBER_KINDS):
            return text_at(identifier, "value")
    return ""


def _units(item: Node, granted: Node) -> Decimal | None:
    quantity = node_at(extension(granted, "quantity"), "valueQuantity").get("value")
    return units_of(extension(item, "SERVICE-CNTS").get("valueUnsignedInt") if quantity is None else quantity)
