"""Small FHIR resources to change, and what the reader makes of them."""

import json
from typing import Any

from upstream.claims.choices import Outcome
from upstream.claims.rules import CarcMap, Decision, outcome_of
from upstream.ingestion.formats.fhir import read
from upstream.ingestion.records import ClaimRecord, Record

Node = dict[str, Any]

CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem"
STANDARD = "http://terminology.hl7.org/CodeSystem/adjudication"
X12 = "https://x12.org/codes"
CARCS = CarcMap.of(
    [
        ("1", "PATRESP", "PATIENT"), ("2", "PATRESP", "PATIENT"), ("3", "PATRESP", "PATIENT"),
        ("23", "COBADJ", "COBADJ"), ("45", "CONTRACT", "CONTRACT"), ("197", "AUTH", "DENIAL"),
        ("16", "DATA", "DENIAL"), ("120", "UNSPEC", "DENIAL"),
    ]
)  # fmt: skip


def concept(system: str, code: str) -> Node:
    return {"coding": [{"system": system, "code": code}]}


def amount(category: str, dollars: float | None) -> Node:
    system = STANDARD if category in ("submitted", "eligible", "deductible", "copay", "benefit") else f"{CARIN}/x"
    return {"category": concept(system, category), "amount": {"value": dollars, "currency": "USD"}}


def reason(group: str, carc: str, dollars: float | None = None) -> Node:
    node: Node = {
        "category": concept(f"{CARIN}/C4BBAdjudicationDiscriminator", "adjustmentreason"),
        "reason": {
            "coding": [
                {"system": f"{X12}/claim-adjustment-group-codes", "code": group},
                {"system": f"{X12}/claim-adjustment-reason-codes", "code": carc},
            ]
        },
    }
    return node if dollars is None else node | {"amount": {"value": dollars}}


def status(word: str) -> Node:
    return {
        "category": concept(f"{CARIN}/C4BBAdjudicationDiscriminator", "benefitpaymentstatus"),
        "reason": concept(f"{CARIN}/C4BBPayerAdjudicationStatus", word),
    }


def item(*adjudications: Node, number: int = 1, code: str = "99213") -> Node:
    return {
        "sequence": number,
        "productOrService": concept("http://www.ama-assn.org/go/cpt", code),
        "servicedDate": "2026-03-02",
        "quantity": {"value": 1},
        "adjudication": list(adjudications),
    }


def eob(*items: Node, **changed: Any) -> Node:
    """A whole explanation of benefit; `changed` replaces elements, None removes them."""
    resource = {
        "resourceType": "ExplanationOfBenefit",
        "id": "e1",
        "meta": {"versionId": "1", "lastUpdated": "2026-03-20T10:00:00Z"},
        "identifier": [
            {"type": concept(f"{CARIN}/Types", "uc"), "system": "https://plan.example/eob", "value": "ICN1"}
        ],
        "status": "active",
        "use": "claim",
        "patient": {"reference": "Patient/p1"},
        "created": "2026-03-18",
        "insurer": {"display": "Summit Mutual"},
        "outcome": "complete",
        "supportingInfo": [
            {"category": concept(f"{CARIN}/C4BBSupportingInfoType", "patientaccountnumber"), "valueString": "C1"},
            {"category": concept(f"{CARIN}/C4BBSupportingInfoType", "clmrecvddate"), "timingDate": "2026-03-05"},
        ],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept("http://hl7.org/fhir/sid/icd-10", "M54.50")}],
        "insurance": [{"focal": True, "coverage": {"reference": "Coverage/v1"}}],
        "item": list(items),
        "payment": {"date": "2026-03-20", "amount": {"value": 64, "currency": "USD"}},
        **changed,
    }  # fmt: skip
    return {name: value for name, value in resource.items() if value is not None}


PAID = (amount("submitted", 100), amount("eligible", 80), amount("coinsurance", 16), amount("benefit", 64))


def bundle(*resources: Node, urls: bool = False) -> Node:
    """A Bundle of the resources; with `urls` each is known by a urn:uuid of its id."""
    entries = [{"resource": r} | ({"fullUrl": f"urn:uuid:{r['id']}"} if urls else {}) for r in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def lines(*resources: object) -> bytes:
    return b"\n".join(json.dumps(r).encode() for r in resources)


def records(*resources: object) -> list[Record]:
    """What is read of one resource, or of several as NDJSON."""
    return list(read([lines(*resources)]))


def one(resource: Node) -> ClaimRecord:
    (record,) = records(resource)
    assert isinstance(record, ClaimRecord)
    return record


def decided(resource: Node) -> Decision:
    return outcome_of(one(resource), CARCS)


def adjusted(record: ClaimRecord) -> list[tuple[int, str, str, int]]:
    return [(each.line, each.group, each.carc, each.cents) for each in record.adjustments]


UNKNOWN_DENIAL = Decision(Outcome.DENIED, "UNSPEC")
