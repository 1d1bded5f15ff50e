"""What FHIR files come as: Bundles, lines, arrays, XML, older versions, and what stands between the claims."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingestion.formats.fhir import (
    PAID,
    adjusted,
    amount,
    bundle,
    concept,
    eob,
    item,
    lines,
    one,
    records,
)
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.fhir import read
from upstream.ingestion.records import AuthorizationRecord, ClaimRecord, Notice, Record, RejectedRow

PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Lovelace", "given": ["Ada"]}]}
COVERAGE = {"resourceType": "Coverage", "id": "v1", "subscriberId": "M9", "payor": [{"reference": "Organization/o1"}]}
PAYER = {"resourceType": "Organization", "id": "o1", "name": "Harbor Advantage"}
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}
CLAIM = {
    "resourceType": "Claim", "id": "c1", "status": "active", "use": "claim", "created": "2026-03-04",
    "identifier": [{"value": "C1"}], "insurer": {"display": "Summit Mutual"}, "total": {"value": 100},
    "item": [item(amount("submitted", 1))],
}  # fmt: skip


def of(content: bytes) -> list[Record]:
    return list(read([content]))


def claims(found: list[Record]) -> list[ClaimRecord]:
    return [record for record in found if isinstance(record, ClaimRecord)]


@pytest.mark.parametrize("indent", [None, 1])
def test_one_resource_an_array_a_bundle_and_lines_hold_the_same(indent: int | None):
    first, second = eob(item(*PAID)), eob(item(*PAID), supportingInfo=None)
    for content in ([first, second], bundle(first, second)):
        found = claims(of(json.dumps(content, indent=indent).encode()))
        assert [(record.position, record.claim_number) for record in found] == [(1, "C1"), (2, "ICN1")]
    assert [record.claim_number for record in claims(records(first, second))] == ["C1", "ICN1"]
    assert [record.claim_number for record in claims(of(json.dumps(first, indent=indent).encode()))] == ["C1"]


def test_a_bundle_is_read_whatever_the_order_of_its_names():
    text = json.dumps({"entry": [{"resource": eob(item(*PAID))}], "total": 1, "resourceType": "Bundle"})
    assert len(claims(of(text.encode()))) == 1


def test_references_are_followed_inside_the_bundle_even_to_later_entries():
    told = eob(item(*PAID), insurer=None)
    for resources in ((PATIENT, COVERAGE, PAYER, told), (told, PAYER, COVERAGE, PATIENT)):
        (record,) = claims(records(bundle(*resources)))
        assert record.patient is not None
        assert (record.payer_name, record.patient.last_name, record.patient.member_id) == (
            "Harbor Advantage", "Lovelace", "M9",
        )  # fmt: skip


def test_references_are_not_followed_into_another_bundle():
    told = eob(item(*PAID), patient={"reference": "urn:uuid:p1"})
    inside, outside = claims(records(bundle(PATIENT, told, urls=True), bundle(told, urls=True)))
    assert inside.patient is not None
    assert outside.patient is not None
    assert (inside.patient.last_name, outside.patient.last_name) == ("Lovelace", "")


def test_a_response_takes_its_lines_from_the_claim_beside_it():
    response = eob(
        {"itemSequence": 1, "adjudication": [amount("eligible", 80), amount("benefit", 80)]},
        resourceType="ClaimResponse", supportingInfo=None, payment=None, request={"reference": "urn:uuid:c1"},
        identifier=[{"value": "R1"}],
    )  # fmt: skip
    sent, answered = claims(records(bundle(CLAIM, response, urls=True)))
    assert (sent.claim_number, answered.claim_number, answered.lines[0].procedure_code) == ("C1", "C1", "99213")
    assert (answered.billed_cents, answered.paid_cents, adjusted(answered)) == (10_000, 8_000, [])


def test_a_claim_is_read_like_an_837():
    record = one(CLAIM)
    assert (record.decision, record.submitted_date, record.billed_cents, record.frequency_code) == (
        False, date(2026, 3, 4), 10_000, "1",
    )  # fmt: skip
    (line,) = record.lines
    assert (line.procedure_code, line.billed_cents, line.paid_cents) == ("99213", 100, None)
    replaces = [{"relationship": concept("x", "prior"), "claim": {"reference": "Claim/c0"}}]
    record = one(CLAIM | {"related": replaces, "status": "cancelled"})
    assert (record.frequency_code, record.original_claim_number) == ("8", "c0")


def test_what_stands_between_the_claims():
    found = records(eob(item(*PAID)), OUTCOME, PATIENT, [], "x", {"no": "type"}, bundle({}, PATIENT))
    assert isinstance(found[0], ClaimRecord)
    assert found[1:] == [
        Notice(2, "resourceType", "operation_outcome"),
        Notice(3, "resourceType", "other_resource"),
        RejectedRow(4, "resourceType", "not_a_resource", b"[]"),
        RejectedRow(5, "resourceType", "not_a_resource", b'"x"'),
        RejectedRow(6, "resourceType", "not_a_resource", b'{"no": "type"}'),
        RejectedRow(7, "entry[1].resourceType", "not_a_resource", b'{"resource": {}}'),
    ]


def test_a_bad_line_is_set_aside_by_its_number_and_the_rest_loads():
    good = lines(eob(item(*PAID)))
    found = of(b"\r\n".join([good, good[:200], b"", b"{" * 5000, good]))
    assert [type(record) for record in found] == [ClaimRecord, RejectedRow, RejectedRow, ClaimRecord]
    assert [(row.position, row.code, row.raw) for row in found if isinstance(row, RejectedRow)] == [
        (2, "bad_json", good[:200]),
        (4, "bad_json", b"{" * 5000),
    ]


def test_a_file_that_ends_early_keeps_what_was_whole():
    content = json.dumps(bundle(eob(item(*PAID)), eob(item(*PAID)))).encode()
    cut, kept = of(content[:-300])
    assert isinstance(kept, ClaimRecord)
    assert isinstance(cut, RejectedRow)
    assert (cut.position, cut.code) == (2, "cut_off")
    assert of(content[:-1])[:1] == [RejectedRow(3, "resource", "cut_off", b"")]


def test_what_was_set_aside_can_be_read_alone():
    nameless = eob(item(*PAID), supportingInfo=None, identifier=None, id=None)
    for content in (bundle(nameless), [nameless], nameless):
        (row,) = of(json.dumps(content, indent=1).encode())
        assert isinstance(row, RejectedRow)
        assert (row.code, b"\n" in row.raw) == ("missing_value", False)
        (again,) = of(row.raw)
        assert again == row._replace(position=1, raw=again.raw)  # the same fault
        put_right = row.raw.replace(b'"use"', b'"id": "e9", "use"')
        assert [record.claim_number for record in claims(of(put_right + b"\n" + put_right))] == ["e9", "e9"]


def test_deep_nesting_is_set_aside():
    deep = b'{"resourceType": "Claim", "id": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    (row,) = of(deep)
    assert isinstance(row, RejectedRow)
    assert (row.code, deep.startswith(row.raw), len(row.raw) > 500) == ("too_deep", True, True)


def test_an_older_version_is_told_apart_resource_by_resource():
    older = eob(
        {"sequence": 1, "service": concept("x", "99213"), "adjudication": list(PAID)}, use=None, outcome=None,
        supportingInfo=None, totalCost={"value": 100, "code": "USD"},
    )  # fmt: skip
    notice, record, plain = records(older, eob(item(*PAID)))
    assert notice == Notice(1, "resourceType", "older_version")
    assert isinstance(record, ClaimRecord)
    assert (record.claim_number, record.billed_cents, record.paid_cents) == ("ICN1", 10_000, 6_400)
    assert record.lines[0].procedure_code == "99213"
    assert isinstance(plain, ClaimRecord)
    (row,) = records(older | {"item": [], "totalCost": None, "information": []})
    assert isinstance(row, RejectedRow)
    assert (row.position, row.code) == (1, "unsupported_version")


def test_a_prior_authorization_that_was_decided():
    system = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
    action = {"url": f"{system}/extension-reviewActionCode", "valueCodeableConcept": concept("x/306", "A3")}
    review = {
        "url": f"{system}/extension-reviewAction",
        "extension": [{"url": "number", "valueString": "AUTH1"}, action],
    }
    decided = item(code="73721") | {"adjudication": [{"extension": [review], "category": concept("x", "submitted")}]}
    response = eob(
        decided, resourceType="ClaimResponse", use="preauthorization", payment=None,
        preAuthPeriod={"start": "2026-03-18", "end": "2026-06-18"},
    )  # fmt: skip
    (record,) = records(response)
    assert isinstance(record, AuthorizationRecord)
    assert (record.action, record.authorization_number, record.procedure_code, record.payer_name) == (
        "A3", "AUTH1", "73721", "Summit Mutual",
    )  # fmt: skip
    assert (record.valid_from, record.valid_until, record.decided_date) == (
        date(2026, 3, 18), date(2026, 6, 18), date(2026, 3, 18),
    )  # fmt: skip
    assert records(CLAIM | {"use": "preauthorization"}) == [Notice(1, "use", "authorization_request")]


XML = """<?xml version="1.0" encoding="UTF-8"?>
<!-- sent by a test -->
<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>
 <entry><fullUrl value="urn:uuid:p1"/><resource><Patient><id value="p1"/>
  <text><div xmlns="http://www.w3.org/1999/xhtml"><Patient>Ada</Patient></div></text>
  <name><family value="Lovelace"/><given value="Ada"/></name></Patient></resource></entry>
 <entry><resource><ExplanationOfBenefit><id value="e1"/><meta><versionId value="1"/></meta>
  <contained><Organization><id value="o"/><name value="Summit Mutual"/></Organization></contained>
  <identifier><value value="ICN1"/></identifier><status value="active"/><use value="claim"/>
  <patient><reference value="urn:uuid:p1"/></patient><created value="2026-03-18"/>
  <insurer><reference value="#o"/></insurer><outcome value="complete"/>
  <item><sequence value="1"/><productOrService><coding><code value="99213"/></coding></productOrService>
   <adjudication><category><coding><code value="submitted"/></coding></category><amount><value value="100.00"/></amount>
   </adjudication><adjudication><category><coding><code value="benefit"/></coding></category>
   <amount><value value="80"/></amount></adjudication><adjudication><category><coding><code value="copay"/></coding>
   </category><amount><value value="20.00"/></amount></adjudication></item>
 </ExplanationOfBenefit></resource></entry></Bundle>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml_means_what_its_json_means(encoding: str):
    text = XML if encoding != "utf-16" else XML.replace("UTF-8", "UTF-16")
    (record,) = claims(of(text.encode(encoding)))
    assert record.patient is not None
    assert (record.position, record.claim_number, record.payer_name, record.patient.first_name) == (
        2, "ICN1", "Summit Mutual", "Ada",
    )  # fmt: skip
    assert (record.billed_cents, record.paid_cents, adjusted(record)) == (10_000, 8_000, [(1, "PR", "3", 2_000)])
    assert (record.lines[0].procedure_code, record.event_key.startswith("fhir||ICN1|1|")) == ("99213", True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (XML[:900], "bad_xml"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><Bundle xmlns="http://hl7.org/fhir">&b;</Bundle>', "forbidden_xml"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><Bundle xmlns="http://hl7.org/fhir"/>', "forbidden_xml"),
        ("<a>" * 101, "xml_too_deep"),
        ("<a>" + "<b/>" * 200_001, "too_long"),
    ],
)
def test_xml_that_is_not_read(text: str, code: str):
    with pytest.raises(Unreadable) as caught:
        of(text.encode())
    assert caught.value.code == code


@given(st.lists(st.integers(1, 4000), max_size=12), st.sampled_from(["lines", "bundle", "pretty", "xml", "utf16"]))
def test_any_split_into_chunks_reads_the_same(sizes: list[int], shape: str):
    resources = (PATIENT, eob(item(*PAID)), OUTCOME, eob(item(*PAID), id='quoted " \\ " é', supportingInfo=None))
    content = {
        "lines": lines(*resources) + b"\n" + lines(bundle(*resources)),
        "bundle": json.dumps(bundle(*resources)).encode(),
        "pretty": json.dumps(bundle(*resources), indent=2, ensure_ascii=False).encode(),
        "xml": XML.encode(),
        "utf16": json.dumps(bundle(*resources)).encode("utf-16"),
    }[shape]
    chunks = []
    for size in sizes:
        chunks.append(content[:size])
        content = content[size:]
    assert list(read([*chunks, content])) == of(b"".join([*chunks, content]))


@given(
    st.binary(max_size=400) | st.text(alphabet='{}[]",:\\ \n"entryresourceType1.5eE-null', max_size=300).map(str.encode)
)
def test_nothing_but_unreadable_is_raised(content: bytes):
    with suppress(Unreadable):
        for record in read([content]):
            assert isinstance(record, RejectedRow | Notice | ClaimRecord)


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.decimals(allow_nan=False).map(float),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["coding", "code", "value"]), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(sorted(eob(item()).keys() - {"resourceType"})), SHAPES),
    st.sampled_from(["ExplanationOfBenefit", "Claim", "ClaimResponse"]),
)
def test_a_resource_may_hold_anything_anywhere(changed, kind: str):
    for record in records(eob(item(*PAID)) | changed | {"resourceType": kind}):
        assert record.position == 1


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "9" * 5000, "-1e30", "NaN", "1e21"])
def test_numbers_of_no_real_size_are_left_out(number: str):
    claim = json.dumps(
        CLAIM | {"total": {"value": "N"}, "item": [item(amount("submitted", 1)) | {"quantity": {"value": "N"}}]}
    )
    found = of(claim.replace('"N"', number).encode())
    assert len(found) <= 2
    for record in claims(found):
        assert (record.billed_cents, record.lines[0].units) == (100, None)


def test_amounts_are_exact_whatever_their_notation():
    for value, cents in ((Decimal("0.1"), 10), ("1e2", 10_000), (495.35200000000003, 49_535), (-5, -500)):
        told = {
            "category": concept("x", "submitted"),
            "amount": {"value": float(value) if isinstance(value, Decimal) else value},
        }
        assert one(CLAIM | {"item": [item(told)], "total": None}).billed_cents == cents
