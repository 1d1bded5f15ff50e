"""FHIR Claim, ClaimResponse and ExplanationOfBenefit as ClaimRecords: sent like an 837, answered like an 835.

`cancelled` and `entered-in-error` void what they name: an answer comes back as its own reversal, with its amounts
negated, so that it takes back the answer of the same amounts; a Claim comes as frequency 8.
"""

import hashlib
from dataclasses import replace
from datetime import date

from upstream.core.errors import Unreadable
from upstream.ingestion.formats import fhir_parties as parties
from upstream.ingestion.formats.fhir_adjudication import Slices, adjustments_of, slices_of
from upstream.ingestion.formats.fhir_lines import as_sent, authorization_of, diagnosis_of, lines_of, place_of
from upstream.ingestion.formats.fhir_neighbours import Subject
from upstream.ingestion.formats.fhir_values import cents_of, code_of, day_at, has_code, node_at, nodes, text_at
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord, ClaimStatusRecord, LineRecord

VOID = frozenset({"cancelled", "entered-in-error"})
UNDECIDED = frozenset({"queued", "partial", "error"})
ORDERS = {"primary": 1, "secondary": 2, "tertiary": 3}
TYPE_OF_BILL = frozenset({3, 4})
# Reasons that refuse nothing by themselves: shares, contracts, other payers, bundles of money.
NO_REFUSAL = frozenset({"1", "2", "3", "23", "24", "45", "66", "100", "131", "144", "187", "237", "253"})


def claim_of(subject: Subject) -> ClaimRecord:
    """What a provider sent. Raises Unreadable("missing_value") when it has no number, ("too_many_lines")."""
    resource = subject.resource
    record = _common(subject, parties.number_of_claim(resource))
    record.lines = [line for line, _ in lines_of(subject)]
    _finish_lines(record)
    total = node_at(resource, "total")
    stated = cents_of(total)
    if total and stated is None:
        subject.note("total", "bad_amount")
    record.billed_cents = _charge(record, stated)
    record.service_date = record.service_date or day_at(resource, "billablePeriod", "start")
    record.submitted_date = (
        day_at(resource, "created") or day_at(resource, "billablePeriod", "end") or record.service_date
    )
    for line in record.lines:
        line.allowed_cents = line.paid_cents = None
    if text_at(resource, "status") in VOID:
        record.frequency_code = "8"
    return record


def answer_of(subject: Subject) -> ClaimRecord | ClaimStatusRecord:
    """What a payer answered; a response that is not decided yet, or that could not be processed, is a status.

    Raises Unreadable: missing_value without any number, too_many_lines, unsupported_version when an older version's
    amounts cannot be told.
    """
    resource = subject.resource
    record = _common(subject, parties.number_of_answer(subject))
    record.payer_control_number = parties.control_number(resource)
    record.received_date = day_at(parties.information(resource, "clmrecvddate"), "timingDate")
    record.payment_date = day_at(resource, "payment", "date")
    record.decided_date = record.payment_date or day_at(resource, "created")
    record.check_number = text_at(resource, "payment", "identifier", "value", width=50)
    lines = lines_of(subject)
    record.lines = [line for line, _ in lines]
    as_sent(subject, record)
    whole = slices_of(nodes(resource, "adjudication"))
    totals = slices_of(nodes(resource, "total"), Slices())
    _money(subject, record, lines, whole, totals)
    outcome = _outcome(subject)
    if not record.decision and text_at(resource, "resourceType") == "ClaimResponse" and outcome in UNDECIDED:
        return _status(subject, record, outcome)
    if not record.decision and outcome not in UNDECIDED:
        subject.note("adjudication", "no_amounts")
    _finish_lines(record)
    record.service_date = record.service_date or day_at(resource, "billablePeriod", "start")
    _reverse_if_void(subject, record)
    record.event_key = _event_key(subject, record)
    return record


def _common(subject: Subject, number: str) -> ClaimRecord:
    """What claims and answers tell alike."""
    resource = subject.resource
    if not number:
        raise Unreadable("missing_value", "a claim without any number", field="identifier")
    payer = parties.payer_of(subject)
    record = ClaimRecord(
        position=subject.position,
        claim_number=number,
        payer_name=payer.name,
        payer_id=payer.identifier,
        product=payer.product,
        diagnosis=diagnosis_of(subject),
        location=parties.location_of(subject),
        place_of_service=place_of(subject),
        rendering_npi=parties.rendering_npi(subject),
        billing_npi=parties.billing_npi(subject),
        authorization_number=authorization_of(subject),
        payer_order=_order(subject),
        patient=parties.patient_of(subject),
    )
    bill = code_of(parties.information(resource, "typeofbill").get("code"))
    if len(bill) in TYPE_OF_BILL and bill.isdecimal():
        record.frequency_code = bill[-1]
    _link(subject, record)
    return record


def _link(subject: Subject, record: ClaimRecord) -> None:
    """The claim or answer that this one replaces."""
    for related in subject.each("related"):
        if has_code(related.get("relationship"), "prior", "replaces"):
            earlier = node_at(related, "claim")
            named = subject.neighbours.find(subject.resource, earlier)
            number = parties.number_of_claim(named) if named else text_at(earlier, "identifier", "value")
            record.original_claim_number = number or text_at(earlier, "reference").rpartition("/")[2]
            record.original_control_number = text_at(related, "reference", "value")
            record.original_claim_number = record.original_claim_number or record.original_control_number
            if record.frequency_code not in ("7", "8"):
                record.frequency_code = "7"


def _order(subject: Subject) -> int:
    """Which payer in the row: by the focal insurance's place."""
    focal = parties.insurance_of(subject)
    sequence = text_at(focal, "sequence")
    return int(sequence) if sequence in ("1", "2", "3") else 1


def _finish_lines(record: ClaimRecord) -> None:
    """The facts that the lines tell of the whole claim."""
    days = [line.service_date for line in record.lines if line.service_date]
    record.service_date = min(days, default=None)
    main = max(record.lines, key=lambda line: (bool(line.procedure_code), abs(line.billed_cents)), default=None)
    record.procedure_code = main.procedure_code if main else ""


def _charge(record: ClaimRecord, stated: int | None) -> int:
    """The total charge; one below what the lines add up to is the charge of a part (some servers send that)."""
    lines = sum(line.billed_cents for line in record.lines)
    return lines if stated is None or 0 <= stated < lines else stated


def _money(
    subject: Subject, record: ClaimRecord, lines: list[tuple[LineRecord, Slices]], whole: Slices, totals: Slices
) -> None:
    """Amounts and adjustments, from the lines or from the header, whichever has them; never both."""
    if whole.unreadable or totals.unreadable:
        subject.note("total", "bad_amount")
    claim = subject.neighbours.find(subject.resource, node_at(subject.resource, "request"))
    sent = cents_of(claim.get("total"))
    header = {**({} if sent is None else {"submitted": sent}), **whole.amounts, **totals.amounts}
    _older_totals(subject, header)
    record.billed_cents = _charge(record, header.get("submitted"))
    paid = _paid(subject, header, record.lines)
    in_lines = any(slices.amounts.keys() - {"submitted"} or slices.reasons for _, slices in lines)
    known = paid is not None or in_lines or whole.reasons or whole.status == "denied"
    record.decision = bool(known) and _outcome(subject) != "queued"
    record.paid_cents = paid or 0
    record.remark_codes = tuple(whole.remarks)
    for line, slices in lines if in_lines else []:
        line_paid = 0 if line.paid_cents is None and slices.status == "denied" else line.paid_cents
        record.adjustments += adjustments_of(line.number, slices, billed=line.billed_cents, paid=line_paid)
    if in_lines:
        record.adjustments += _header_reasons(record, whole)
    elif record.decision:
        everything = Slices(header, whole.reasons, whole.remarks, whole.status)
        record.adjustments = adjustments_of(0, everything, billed=record.billed_cents, paid=paid)
    _sums(record, header)
    statuses = {whole.status} - {""} or {slices.status for _, slices in lines}
    if statuses == {"denied"} and record.paid_cents <= 0:
        record.status = "denied"
    told = {each.carc for each in record.adjustments}
    nothing = not record.billed_cents and not any(each.cents for each in record.adjustments)
    if nothing and paid == 0 and (not told or told - NO_REFUSAL):
        record.status = "denied"  # nobody says what was charged: the refusal has no amount
    if subject.older and not record.billed_cents and not in_lines:
        raise Unreadable("unsupported_version", "an older version's amounts that we cannot tell", field="item")


def _outcome(subject: Subject) -> str:
    """R4 says it as a code, STU3 as a concept."""
    outcome = subject.resource.get("outcome")
    return code_of(outcome) if isinstance(outcome, dict) else text_at(subject.resource, "outcome")


def _older_totals(subject: Subject, header: dict[str, int]) -> None:
    """STU3 says its totals by name."""
    for name, meaning in (("totalCost", "submitted"), ("totalBenefit", "benefit")):
        cents = cents_of(subject.resource.get(name))
        if cents is not None:
            header.setdefault(meaning, cents)


def _paid(subject: Subject, header: dict[str, int], lines: list[LineRecord]) -> int | None:
    """What was paid on this claim; the part of a payment that settles other things is not counted (as PLB)."""
    payment = node_at(subject.resource, "payment")
    amount = cents_of(payment.get("amount"))
    if amount is not None:
        return amount + (cents_of(payment.get("adjustment")) or 0)
    if "benefit" in header:
        return header["benefit"]
    paid = [line.paid_cents for line in lines if line.paid_cents is not None]
    return sum(paid) if paid else header.get("paidtoprovider")


def _header_reasons(record: ClaimRecord, whole: Slices) -> list[AdjustmentRecord]:
    """Reasons told for the whole claim beside lines that hold the amounts: one without an amount takes the rest."""
    rest = record.billed_cents - record.paid_cents - sum(each.cents for each in record.adjustments)
    found = []
    for reason in whole.reasons:
        cents = max(rest, 0) if reason.cents is None else reason.cents
        rest -= cents
        found.append(AdjustmentRecord(0, reason.group, reason.carc, cents))
    return found


def _sums(record: ClaimRecord, header: dict[str, int]) -> None:
    """Patient share, allowed amount and balance."""
    shares = sum(each.cents for each in record.adjustments if each.group == "PR")
    earlier = sum(each.cents for each in record.adjustments if (each.group, each.carc) == ("OA", "23"))
    record.patient_cents = shares
    allowed = [line.allowed_cents for line in record.lines if line.allowed_cents is not None]
    if "eligible" in header:
        record.allowed_cents = header["eligible"]
    elif allowed:
        record.allowed_cents = sum(allowed)
    elif record.decision:
        record.allowed_cents = record.paid_cents + shares + earlier
    if record.decision:
        record.balance_cents = record.billed_cents - sum(each.cents for each in record.adjustments) - record.paid_cents


def _status(subject: Subject, record: ClaimRecord, outcome: str) -> ClaimStatusRecord:
    """A response that decides nothing: queued, or refused before adjudication (no denial)."""
    errors = [code_of(error.get("code")) for error in subject.each("error")]
    status = ClaimStatusRecord(
        position=record.position,
        kind="acknowledgement" if outcome == "error" else "status",
        claim_number=record.claim_number,
        payer_name=record.payer_name,
        payer_id=record.payer_id,
        status_code=next(filter(None, errors), outcome)[:16],
        rejected=outcome == "error",
        effective_date=day_at(subject.resource, "created"),
        service_date=record.service_date,
        payer_control_number=record.payer_control_number,
        patient=record.patient,
    )
    status.event_key = "|".join(("fhir-status", *_version(subject), outcome, status.status_code))
    return status


def _reverse_if_void(subject: Subject, record: ClaimRecord) -> None:
    if text_at(subject.resource, "status") not in VOID:
        if record.billed_cents < 0:
            subject.note("total", "implicit_reversal")
            record.reversal = True
        return
    record.reversal, record.decision, record.status = True, True, ""
    record.billed_cents, record.paid_cents = -record.billed_cents, -record.paid_cents
    record.patient_cents, record.balance_cents = -record.patient_cents, -record.balance_cents
    record.allowed_cents = None if record.allowed_cents is None else -record.allowed_cents
    record.adjustments = [replace(each, cents=-each.cents) for each in record.adjustments]
    for line in record.lines:
        line.billed_cents = -line.billed_cents
        line.allowed_cents = None if line.allowed_cents is None else -line.allowed_cents
        line.paid_cents = None if line.paid_cents is None else -line.paid_cents


def _version(subject: Subject) -> tuple[str, str]:
    resource = subject.resource
    meta = node_at(resource, "meta")
    return parties.identity_of(resource), text_at(meta, "versionId") or text_at(meta, "lastUpdated")


def _event_key(subject: Subject, record: ClaimRecord) -> str:
    """The answer's own number and version; its content too, as some servers number nothing."""
    said = [record.status, record.reversal, record.billed_cents, record.paid_cents, record.allowed_cents]
    said += [(each.line, each.group, each.carc, each.cents) for each in record.adjustments]
    said.append(_iso(record.decided_date))
    digest = hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()
    return "|".join(("fhir", *_version(subject), record.claim_number, digest))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
