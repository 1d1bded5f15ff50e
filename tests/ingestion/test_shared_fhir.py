"""Every public FHIR, Excel, compressed and strange file of the shared folder has its outcome here.

Claims, lines and paid cents were counted in the raw files: resources by type, their items, and `payment.amount` (less
`payment.adjustment` settled elsewhere), else the benefit total, else the lines' benefits.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.ingestion.world import load
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim
from upstream.ingestion import archives, services
from upstream.ingestion.models import Batch, Rejection

pytestmark = pytest.mark.usefixtures("practice")


class Told(NamedTuple):
    """What a file gave: claims and lines as told, paid cents, denied and partly denied answers, set aside rows."""

    format: str
    status: str
    claims: int = 0
    lines: int = 0
    paid: int = 0
    denied: int = 0
    partial: int = 0
    rejected: int = 0
    authorizations: int = 0
    statuses: int = 0
    code: str = ""


def loaded(claims: int = 0, lines: int = 0, paid: int = 0, **more: int) -> Told:
    return Told("fhir", "partly_loaded" if more.get("rejected") else "loaded", claims, lines, paid, **more)


def refused(code: str) -> Told:
    return Told("", "rejected", code=code)


BULK = "bulk-data-server__"
FILES = {
    "fhir/ab2d__EOB-for-Carrier-R4.json": loaded(1, 1, 19_999),
    "fhir/ab2d__EOB-for-HHA-R4.json": loaded(1, 1, 18_800),
    "fhir/bcda-app__Claim.ndjson": loaded(1),
    "fhir/bcda-app__ClaimResponse.ndjson": loaded(statuses=1),
    # STU3 in one Bundle on one line; one of two zero payments is all deductible, the other has no reason.
    "fhir/bcda-app__test.ndjson": loaded(10, 11, 52_000, denied=1),
    "fhir/bcda-app__test_no_encoding.ndjson": loaded(1),
    "fhir/beneficiary-fhir-data__ExplanationOfBenefit-Carrier.json": loaded(1, 4, 350),
    "fhir/beneficiary-fhir-data__ExplanationOfBenefit-Outpatient.json": loaded(1, 4, 350, partial=1),
    "fhir/beneficiary-fhir-data__ExplanationOfBenefit-PriorAuth.json": loaded(authorizations=3),
    "fhir/beneficiary-fhir-data__claimFissRead.json": loaded(1, 2),
    "fhir/beneficiary-fhir-data__claimResponseFissRead.json": loaded(statuses=1),
    # 13,021.98 in payments, and 126.99 of plan benefit of a pharmacy claim whose payment has a date alone.
    "fhir/beneficiary-fhir-data__eobByPatientIdAll.json": loaded(8, 8, 1_314_897, partial=3),
    "fhir/beneficiary-fhir-data__eobReadCarrier.json": loaded(1, 1, 19_999),
    "fhir/bluebutton-web-server__eob_read_carrier_v2.json": loaded(1, 1, 5_000),
    f"fhir/{BULK}Abram_Lemke_6c5d9ca9-54d7-42f5-bfae-a7c19cd217f2.json": loaded(33, 99, 6_630_363, denied=3),
    f"fhir/{BULK}Catheryn_Macejkovic_62247e85-c8c1-4047-90b3-e0b3a9c59600.json": loaded(14, 68, 510_690),
    f"fhir/{BULK}Dwain_McGlynn_7515d14b-843b-4210-8b6b-a33ab253d560.json": loaded(17, 47, 225_146, denied=2),
    "fhir/carin-for-blue-button-test-kit__c4bb_eob_include_bundle.json": loaded(5, 6, 161_000),
    "fhir/carin-for-blue-button-test-kit__c4bb_eob_inpatient_example.json": loaded(1, 13, 139_357),
    "fhir/davinci-pas-test-kit__conformant_pas_bundle_v110.json": refused("nothing_to_load"),
    "fhir/davinci-pas-test-kit__pas_claim.json": refused("nothing_to_load"),
    "fhir/davinci-pas-test-kit__valid_pa_response_bundle.json": loaded(authorizations=1),
    "fhir/hl7-r4-examples__Claim-100150.json": loaded(1, 1),
    "fhir/hl7-r4-examples__Claim-960150.json": loaded(1, 1),
    "fhir/hl7-r4-examples__Claim-MED-00050.json": loaded(1, 1),
    "fhir/hl7-r4-examples__ClaimResponse-R3500.json": loaded(1, 1, 10_047),
    "fhir/hl7-r4-examples__ClaimResponse-R3502.json": loaded(1, 1, 18_200),
    "fhir/hl7-r4-examples__ExplanationOfBenefit-EB3500.json": loaded(1, 2, 9_600),
    "fhir/hl7-r4-examples__PaymentReconciliation-ER2500.json": refused("nothing_to_load"),
    "fhir/iris-fhir-template__Carroll471_O-Hara248_274f5452-2a39-44c4-a7cb-f36de467762e.json": loaded(
        30, 76, 2_113_200, denied=3
    ),
    "malformed/eob_bad_line.ndjson": loaded(2, 8, 700, rejected=1, authorizations=3),
    "malformed/eob_bulk_export.ndjson": loaded(3, 12, 1_050, partial=1, authorizations=3),
    "malformed/eob_mixed_types.ndjson": loaded(1, 4, 350, rejected=2),
    "malformed/835_gzipped.835.gz": Told("x12", "loaded", 2, 2, 94_500),
    "malformed/utf16_export.835": Told("x12", "loaded", 2, 2, 94_500),
    "malformed/html_error_page.835": refused("unknown_format"),
    "malformed/empty.835": refused("empty_file"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_public_file_gives_what_was_counted_in_it(shared_data: Path, name: str):
    assert _told(load((shared_data / name).read_bytes())) == FILES[name]


def test_every_public_fhir_file_is_in_the_table(shared_data: Path):
    named = {path.name for path in (shared_data / "fhir").iterdir()}
    named |= {path.name for path in (shared_data / "malformed").glob("*.ndjson")}
    assert {name.partition("/")[2] for name in FILES} >= named


def test_a_public_zip_holds_one_file_that_somebody_meant(shared_data: Path):
    archive = load((shared_data / "malformed/835_in_zip_with_macosx.zip").read_bytes())
    (member,) = archives.members_of(archive)
    assert member.batch is not None
    services.load(member.batch.pk)
    member.batch.refresh_from_db()
    assert _told(member.batch) == Told("x12", "loaded", 2, 2, 94_500)


@pytest.mark.parametrize("name", ["ETL-CMS__Input_Test_Files.xlsx", "X12-Parser-Encoder__eligibility_template.xlsx"])
def test_a_public_workbook_waits_for_its_columns_to_be_matched(shared_data: Path, name: str):
    batch = load((shared_data / "csv" / name).read_bytes())
    assert (batch.format, batch.state, batch.claims) == ("xlsx", "mapping", 0)


def test_the_bad_line_is_named_by_its_number(shared_data: Path):
    load((shared_data / "malformed/eob_bad_line.ndjson").read_bytes())
    load((shared_data / "malformed/eob_mixed_types.ndjson").read_bytes())
    assert list(Rejection.objects.order_by("pk").values_list("position", "field", "code")) == [
        (2, "resource", "bad_json"), (4, "resourceType", "not_a_resource"), (5, "resourceType", "not_a_resource"),
    ]  # fmt: skip


def test_what_is_no_claims_file_is_told_to_its_sender(shared_data: Path):
    batch = load((shared_data / "malformed/html_error_page.835").read_bytes())
    assert "a sign-in page" in batch.error_message


def test_a_denial_without_a_reason_stays_unknown(shared_data: Path):
    load((shared_data / "fhir/bcda-app__test.ndjson").read_bytes())
    denied = Claim.objects.filter(outcome=Outcome.DENIED)
    assert list(denied.values_list("denial_category", "denial_carc", "billed_cents", "paid_cents")) == [
        ("UNSPEC", "", 1_000, 0)
    ]


def _told(batch: Batch) -> Told:
    answers = Adjudication.objects.filter(batch_id=batch.pk)
    return Told(
        batch.format,
        batch.status,
        batch.claims,
        batch.lines,
        batch.paid_cents,
        answers.filter(outcome=Outcome.DENIED).count(),
        answers.filter(outcome=Outcome.PARTIAL).count(),
        batch.rejected,
        batch.authorizations,
        batch.statuses,
        batch.error_code,
    )
