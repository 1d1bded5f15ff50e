"""The service lines of FHIR claims and answers."""

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.fhir_adjudication import Slices, slices_of
from upstream.ingestion.formats.fhir_neighbours import Subject
from upstream.ingestion.formats.fhir_values import (
    Node,
    cents_of,
    codings,
    day_at,
    node_at,
    nodes,
    text_at,
    units_of,
)
from upstream.ingestion.formats.values import LARGEST_CENTS
from upstream.ingestion.records import ClaimRecord, LineRecord

MAX_LINES = 9_999
CODE_WIDTH, MODIFIER_WIDTH, MAX_MODIFIERS, REVENUE_WIDTH = 16, 4, 4, 8
PROCEDURE_SYSTEMS = ("ama-assn.org/go/cpt", "hcpcs", "HCPCS", "ada.org/cdt", "HIPPS")
PLACES = ("place-of-service", "Place_of_Service", "ex-serviceplace", "line_place_of_srvc_cd", "clm_poslctn")


def procedure_of(concept: object) -> str:
    """The procedure code: of CPT, HCPCS or CDT where one stands, else the first one there is."""
    found = codings(concept)
    known = [one.code for one in found if any(mark in one.system for mark in PROCEDURE_SYSTEMS)]
    code = next(iter(known or [one.code for one in found]), "")
    return code.upper() if len(code) <= CODE_WIDTH else ""


def lines_of(subject: Subject) -> list[tuple[LineRecord, Slices]]:
    """Every item (and what the payer added) as a line with its adjudication, numbered from 1."""
    items = [*subject.each("item"), *subject.each("addItem")]
    if len(items) > MAX_LINES:
        raise Unreadable("too_many_lines", "a claim has more lines than any real one", field="item")
    return [_line(subject, item, number) for number, item in enumerate(items, start=1)]


def _line(subject: Subject, item: Node, number: int) -> tuple[LineRecord, Slices]:
    slices = slices_of([*nodes(item, "adjudication"), *nodes(item, "reviewOutcome")])
    if slices.unreadable:
        subject.note("item.adjudication", "bad_amount")
    allowed = slices.amounts.get("eligible")
    line = LineRecord(
        number=number,
        procedure_code=procedure_of(item.get("productOrService") or item.get("service")),
        modifiers=_modifiers(item),
        revenue_code=_revenue(item),
        units=units_of(node_at(item, "quantity").get("value")),
        service_date=day_at(item, "servicedDate") or day_at(item, "servicedPeriod", "start"),
        billed_cents=_billed(item, slices),
        allowed_cents=allowed,
        paid_cents=slices.paid,
        remark_codes=tuple(slices.remarks),
    )
    return line, slices


def _billed(item: Node, slices: Slices) -> int:
    if "submitted" in slices.amounts:
        return slices.amounts["submitted"]
    net = cents_of(item.get("net"))
    if net is None:
        price = cents_of(item.get("unitPrice"))
        units = units_of(node_at(item, "quantity").get("value"))
        net = None if price is None else int(price * (1 if units is None else units))
    return net if net is not None and abs(net) <= LARGEST_CENTS else 0


def _modifiers(item: Node) -> str:
    codes = [one.code.upper() for concept in nodes(item, "modifier") for one in codings(concept)[:1]]
    return ":".join(code for code in codes if len(code) <= MODIFIER_WIDTH)[: (MODIFIER_WIDTH + 1) * MAX_MODIFIERS - 1]


def _revenue(item: Node) -> str:
    code = next((one.code for one in codings(item.get("revenue"))), "")
    return code if len(code) <= REVENUE_WIDTH else ""


def place_of(subject: Subject) -> str:
    """The two digits of the place of service of the first line that has them."""
    for item in subject.each("item"):
        for system, code in codings(item.get("locationCodeableConcept")):
            if len(code) == 2 and code.isalnum() and any(mark in system for mark in PLACES):
                return code
    return ""


def diagnosis_of(subject: Subject) -> str:
    """The principal diagnosis, else the first."""
    found = sorted(subject.each("diagnosis"), key=_rank)
    for diagnosis in found:
        for one in codings(diagnosis.get("diagnosisCodeableConcept")):
            if len(one.code) <= CODE_WIDTH:
                return one.code.upper()
    return ""


def _rank(diagnosis: Node) -> bool:
    return not any(one.code == "principal" for kind in nodes(diagnosis, "type") for one in codings(kind))


def authorization_of(subject: Subject) -> str:
    """The authorization that the claim was sent under."""
    return next(filter(None, (text_at(one, "preAuthRef") for one in subject.each("insurance"))), "")


def as_sent(subject: Subject, record: ClaimRecord) -> None:
    """A ClaimResponse names its lines by number alone: what they are stands in the Claim, where that is here."""
    resource = subject.resource
    claim = subject.neighbours.find(resource, node_at(resource, "request"))
    if not claim:
        return
    sent = {text_at(item, "sequence"): item for item in nodes(claim, "item")}
    asked = Subject({**claim, "item": []}, subject.position, subject.neighbours)
    for line, item in zip(record.lines, subject.each("item"), strict=False):
        asked.resource["item"] = [sent.get(text_at(item, "itemSequence"), {})]
        ((told, _),) = lines_of(asked)
        line.procedure_code, line.modifiers, line.revenue_code = told.procedure_code, told.modifiers, told.revenue_code
        line.units, line.service_date = told.units, told.service_date
        line.billed_cents = line.billed_cents or told.billed_cents
