"""What an ExplanationOfBenefit or a ClaimResponse means: who answered, what was paid, what was refused and why."""

from datetime import date
from typing import Any

import pytest

from tests.ingestion.formats.fhir import (
    CARIN,
    PAID,
    UNKNOWN_DENIAL,
    X12,
    adjusted,
    amount,
    concept,
    decided,
    eob,
    item,
    one,
    reason,
    records,
    status,
)
from upstream.claims.choices import Outcome
from upstream.claims.rules import Decision
from upstream.ingestion.records import ClaimRecord, ClaimStatusRecord, Notice, PatientRecord, RejectedRow

DENIED_PAYMENT = {"date": "2026-03-20", "amount": {"value": 0}}
NPI = "http://hl7.org/fhir/sid/us-npi"


def test_a_paid_claim():
    record = one(eob(item(*PAID)))
    assert (record.position, record.claim_number, record.payer_control_number, record.payer_name) == (
        1, "C1", "ICN1", "Summit Mutual",
    )  # fmt: skip
    assert (record.billed_cents, record.allowed_cents, record.paid_cents, record.patient_cents) == (
        10_000, 8_000, 6_400, 1_600,
    )  # fmt: skip
    assert adjusted(record) == [(1, "PR", "2", 1_600), (1, "CO", "45", 2_000)]
    assert (record.balance_cents, record.decision, record.status, record.diagnosis) == (0, True, "", "M54.50")
    assert (record.submitted_date, record.received_date, record.service_date, record.payment_date) == (
        None, date(2026, 3, 5), date(2026, 3, 2), date(2026, 3, 20),
    )  # fmt: skip
    (line,) = record.lines
    assert (line.procedure_code, line.billed_cents, line.allowed_cents, line.paid_cents, line.units) == (
        "99213", 10_000, 8_000, 6_400, 1,
    )  # fmt: skip


def test_complete_though_everything_was_denied():
    resource = eob(item(amount("submitted", 100), amount("benefit", 0), reason("CO", "197")), payment=DENIED_PAYMENT)
    assert decided(resource) == Decision(Outcome.DENIED, "AUTH", "CO", "197")
    assert adjusted(one(resource)) == [(1, "CO", "197", 10_000)]


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("https://bluebutton.cms.gov/resources/variables/rev_cntr_1st_ansi_cd", "CO120"),
        (f"{X12}/claim-adjustment-reason-codes", "CO-120"),
        ("", "CO 120"),
    ],
)
def test_group_and_reason_in_one_string(system: str, code: str):
    told = {"category": concept(f"{CARIN}/x", "denialreason"), "reason": concept(system, code)}
    resource = eob(item(amount("submitted", 100), amount("benefit", 0), told), payment=DENIED_PAYMENT)
    assert adjusted(one(resource)) == [(1, "CO", "120", 10_000)]


@pytest.mark.parametrize(
    "adjudications",
    [
        (amount("submitted", 100), amount("benefit", 0), status("denied")),
        (amount("submitted", 100), amount("benefit", 0), amount("noncovered", 100)),
        (amount("submitted", 100), amount("eligible", 0), amount("benefit", 0)),
        (amount("submitted", 100), amount("benefit", 0)),
        (amount("submitted", 100), status("denied")),
    ],
)
def test_a_missing_reason_stays_unknown_and_is_never_paid(adjudications):
    assert decided(eob(item(*adjudications), payment=DENIED_PAYMENT)) == UNKNOWN_DENIAL


@pytest.mark.parametrize(
    "adjudications",
    [
        (amount("submitted", 100), amount("eligible", 80), amount("deductible", 80), amount("benefit", 0)),
        (amount("submitted", 100), amount("priorpayerpaid", 100), amount("benefit", 0)),
        (amount("submitted", 100), amount("discount", 100), amount("benefit", 0)),
        (amount("submitted", 100), amount("eligible", 80), amount("benefit", 0), reason("PR", "1", 80)),
    ],
)
def test_paid_nothing_is_not_always_denied(adjudications):
    assert decided(eob(item(*adjudications), payment=DENIED_PAYMENT)) == Decision(Outcome.ZERO_OTHER)


def test_a_contractual_reduction_is_no_denial_and_a_denial_no_write_off():
    told = (amount("submitted", 100), amount("eligible", 80), amount("benefit", 0), reason("CO", "197"))
    record = one(eob(item(*told), payment=DENIED_PAYMENT))
    assert adjusted(record) == [(1, "CO", "45", 2_000), (1, "CO", "197", 8_000)]
    assert decided(eob(item(*told), payment=DENIED_PAYMENT)).outcome == Outcome.DENIED
    told = (amount("submitted", 100), amount("eligible", 80), amount("benefit", 64), reason("CO", "45"))
    assert decided(eob(item(*told, amount("coinsurance", 16)))) == Decision(Outcome.PAID)


def test_one_line_paid_and_one_denied():
    refused = item(amount("submitted", 50), amount("benefit", 0), reason("CO", "16"), number=2, code="99214")
    assert decided(eob(item(*PAID), refused)) == Decision(Outcome.PARTIAL, "DATA", "CO", "16")


def test_amounts_of_the_lines_are_not_added_to_those_of_the_header():
    header = [amount("coinsurance", 16), amount("noncovered", 0), reason("CO", "45", 20)]
    total = [amount("submitted", 100), amount("coinsurance", 16), amount("benefit", 64)]
    record = one(eob(item(*PAID[:1], PAID[2], PAID[3]), adjudication=header, total=total))
    assert adjusted(record) == [(1, "PR", "2", 1_600), (0, "CO", "45", 2_000)]
    assert record.balance_cents == 0


def test_amounts_at_the_header_alone():
    total = [amount("submitted", 100), amount("eligible", 80), amount("copay", 20), amount("benefit", 60)]
    record = one(eob(item(amount("submitted", 100)), total=total, payment=None))
    assert adjusted(record) == [(0, "PR", "3", 2_000), (0, "CO", "45", 2_000)]
    assert (record.paid_cents, record.decided_date, record.balance_cents) == (6_000, date(2026, 3, 18), 0)


def test_what_a_payment_settles_besides_is_not_the_claims():
    record = one(eob(item(*PAID), payment={"amount": {"value": 14}, "adjustment": {"value": 50}}))
    assert record.paid_cents == 6_400


def test_remarks_stay_with_their_line():
    remark = {"category": concept("x", "y"), "reason": concept(f"{X12}/remittance-advice-remark-codes", "n130")}
    assert one(eob(item(*PAID, remark))).lines[0].remark_codes == ("N130",)


@pytest.mark.parametrize("word", ["cancelled", "entered-in-error"])
def test_a_cancelled_answer_takes_itself_back(word: str):
    active, void = one(eob(item(*PAID))), one(eob(item(*PAID), status=word))
    assert (void.reversal, void.decision, void.claim_number) == (True, True, "C1")
    assert (void.billed_cents, void.paid_cents, void.patient_cents) == (-10_000, -6_400, -1_600)
    assert adjusted(void) == [(1, "PR", "2", -1_600), (1, "CO", "45", -2_000)]
    assert void.event_key != active.event_key


def test_an_answer_is_the_same_event_by_its_identifier_and_version():
    first = one(eob(item(*PAID)))
    assert one(eob(item(*PAID), id="another")).event_key == first.event_key
    assert one(eob(item(*PAID), meta={"versionId": "2"})).event_key != first.event_key
    undated = {"lastUpdated": "2026-04-01T00:00:00Z"}
    assert one(eob(item(*PAID), meta=undated)).event_key != one(eob(item(*PAID), meta=None)).event_key


def test_without_any_amount_nothing_is_decided():
    notice, record = records(eob(item(), payment=None))
    assert notice == Notice(1, "adjudication", "no_amounts")
    assert isinstance(record, ClaimRecord)
    assert (record.decision, record.claim_number, len(record.lines)) == (False, "C1", 1)


def response(**changed: Any) -> dict[str, Any]:
    return eob(
        resourceType="ClaimResponse",
        identifier=[{"system": "https://plan.example/response", "value": "R1"}],
        request={"identifier": {"value": "C7"}},
        supportingInfo=None,
        payment=None,
        item=[],
        **changed,
    )


def test_a_response_that_waits_is_a_status():
    (record,) = records(response(outcome="queued"))
    assert isinstance(record, ClaimStatusRecord)
    assert (record.kind, record.claim_number, record.status_code, record.rejected) == ("status", "C7", "queued", False)


def test_an_error_is_a_rejection_and_no_denial():
    (record,) = records(response(outcome="error", error=[{"code": concept("x", "a001")}]))
    assert isinstance(record, ClaimStatusRecord)
    assert (record.kind, record.status_code, record.rejected) == ("acknowledgement", "a001", True)
    assert (record.effective_date, record.payer_control_number) == (date(2026, 3, 18), "R1")


def test_a_refusal_without_any_charge_is_still_a_denial():
    denied = response(total=[amount("benefit", 0)], adjudication=[reason("CO", "197")])
    assert decided(denied) == Decision(Outcome.DENIED, "AUTH", "CO", "197")
    assert decided(response(total=[amount("benefit", 0)])) == UNKNOWN_DENIAL
    assert decided(response(total=[amount("benefit", 0)], adjudication=[reason("PR", "1")])).outcome == 4


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({}, "C1"),
        ({"supportingInfo": None}, "ICN1"),
        ({"supportingInfo": None, "identifier": [{"system": "x/claim-group", "value": "9"}, {"value": "N2"}]}, "N2"),
        ({"supportingInfo": None, "identifier": None}, "e1"),
    ],
)
def test_what_the_claim_is_called(changed: dict[str, Any], number: str):
    assert one(eob(item(*PAID), **changed)).claim_number == number


def test_a_claim_without_any_number_is_set_aside():
    (row,) = records(eob(item(*PAID), supportingInfo=None, identifier=None, id=None))
    assert isinstance(row, RejectedRow)
    assert (row.position, row.field, row.code) == (1, "identifier", "missing_value")


def test_people_and_providers_inside_the_resource():
    rendering = {"system": NPI, "value": "1" * 10}
    record = one(
        eob(
            item(*PAID),
            contained=[
                {"resourceType": "Patient", "id": "pt", "name": [{"family": "Lovelace", "given": ["Ada"]}],
                 "birthDate": "1990-12-10", "identifier": [{"type": concept("x", "MB"), "value": "M100"}]},
                {"resourceType": "Organization", "id": "org", "identifier": [{"system": NPI, "value": "1234567893"}]},
            ],
            patient={"reference": "#pt"},
            provider={"reference": "#org"},
            careTeam=[{"role": concept("x", "rendering"), "provider": {"identifier": rendering}}],
            insurer={"identifier": {"value": "DSM01"}, "display": "Summit Mutual"},
        )
    )  # fmt: skip
    assert record.patient == PatientRecord("Ada", "Lovelace", date(1990, 12, 10), "M100")
    assert (record.billing_npi, record.rendering_npi, record.payer_id) == ("1234567893", "1" * 10, "DSM01")


def test_a_correction_names_what_it_replaces():
    related = [
        {
            "relationship": concept("x", "prior"),
            "claim": {"identifier": {"value": "C0"}},
            "reference": {"value": "ICN0"},
        }
    ]
    record = one(eob(item(*PAID), related=related))
    assert (record.frequency_code, record.original_claim_number, record.original_control_number) == ("7", "C0", "ICN0")


def test_bad_values_cost_themselves_only():
    notice, record = records(
        eob(
            item(*PAID[:3], {"category": concept("x", "benefit"), "amount": {"value": "lots"}}),
            created="2026-13-45",
            payment={"date": "someday", "amount": {"value": 64}},
            insurer={"display": "Sum\u0000mit\ud800 Mutual"},
        )
    )
    assert notice == Notice(1, "item.adjudication", "bad_amount")
    assert isinstance(record, ClaimRecord)
    assert (record.decided_date, record.paid_cents, record.payer_name) == (None, 6_400, "Summit Mutual")


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"use": "predetermination"}, "predetermination"), ({"status": "draft"}, "draft")],
)
def test_what_is_no_answer_is_noticed_only(changed: dict[str, Any], code: str):
    (notice,) = records(eob(item(*PAID), **changed))
    assert isinstance(notice, Notice)
    assert notice.code == code
