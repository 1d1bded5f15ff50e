"""What files come wrapped in, and what hostile ones do: edge cases 7, 28, 29 and 30 of the table of thirty."""

import gzip
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.ingestion.formats.fhir import PAID as PAID_ITEM
from tests.ingestion.formats.fhir import amount, bundle, eob, item, lines
from tests.ingestion.formats.workbooks import HEADER, by_hand, workbook, zipped
from tests.ingestion.hostile import CASES, sheet_bomb
from tests.ingestion.world import PAID_835, load, x12
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim
from upstream.ingestion.models import Rejection

ROOT = Path(__file__).parents[2]
MOST_MB = 96
OUTCOMES = {
    "json_field": "0 too_long",
    "json_depth": "0 too_deep",
    "json_array": "no_resources",
    "json_nul": "1",
    "json_bundle": "6421",
    "json_lines": "4368",
    "json_long_line": "3214",
    "xml_attribute": "xml_too_long",
    "xml_text": "0",
    "xml_depth": "xml_too_deep",
    "xml_elements": "too_long",
    "xml_entities": "forbidden_xml",
    "csv_field": "row_too_long",
    "csv_nul": "row_too_long",
    "x12_element": "segment_too_long",
    "x12_nul": "0",
    "gzip_bomb": "archive_bomb",
    "zip_bomb": "archive_bomb",
    "xlsx_bomb": "archive_bomb",
    "xlsx_rows": "8000",
}


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_or_huge_file_takes_little_memory(case: str):
    done = subprocess.run(
        [sys.executable, "-m", "tests.ingestion.hostile", case], cwd=ROOT, capture_output=True, check=True, timeout=240
    )
    found = json.loads(done.stdout)
    assert found["outcome"] == OUTCOMES[case]
    assert found["grew"] < MOST_MB


@pytest.mark.usefixtures("practice")
def test_everything_that_fhir_files_do_at_once():
    denied = eob(
        item(amount("submitted", 100), amount("benefit", 0)),
        payment={"amount": {"value": 0}}, supportingInfo=None, identifier=[{"value": "C2"}],
    )  # fmt: skip
    older = eob(
        {"sequence": 1, "service": {"coding": [{"code": "99213"}]}, "adjudication": list(PAID_ITEM)}, use=None,
        outcome=None, supportingInfo=None, information=[], identifier=[{"value": "C3"}],
    )  # fmt: skip
    patient = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Lovelace"}]}
    large = bundle(*[eob(item(*PAID_ITEM), supportingInfo=None, identifier=[{"value": f"B{n}"}]) for n in range(94)])
    content = b"\n".join(
        [
            lines(eob(item(*PAID_ITEM)), denied, older),
            b'{"resourceType": "ExplanationOfBenefit", "cut',
            lines({"resourceType": "OperationOutcome", "issue": []}, bundle(patient, urls=True), large),
            lines(eob(item(*PAID_ITEM), status="cancelled", meta={"versionId": "2"})),
        ]
    )
    batch = load(gzip.compress(content), name="export.ndjson")
    assert (batch.format, batch.status, batch.claims, batch.rejected) == ("fhir", "partly_loaded", 98, 1)
    assert batch.notices == {"older_version": 1, "operation_outcome": 1}
    assert list(Rejection.objects.values_list("position", "code")) == [(4, "bad_json")]
    unknown = Claim.objects.get(outcome=Outcome.DENIED)
    assert (unknown.denial_category, unknown.denial_carc, unknown.paid_cents) == ("UNSPEC", "", 0)
    void = Adjudication.objects.get(outcome=Outcome.REVERSED)
    assert void.reverses is not None
    assert (void.paid_cents + void.reverses.paid_cents, void.claim_id) == (0, void.reverses.claim_id)
    assert Claim.objects.filter(outcome=Outcome.PAID).count() == 96


@pytest.mark.usefixtures("practice")
def test_a_resent_export_changes_nothing():
    content = lines(eob(item(*PAID_ITEM)), eob(item(*PAID_ITEM), supportingInfo=None, identifier=[{"value": "C2"}]))
    load(content)
    again = load(content.replace(b"\n", b"\r\n\r\n"))
    assert (again.claims, again.new_adjudications, Adjudication.objects.count()) == (2, 0, 2)


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_files_of_windows_tools_are_decoded(encoding: str):
    remit = x12(PAID_835, amount="64").decode()
    answer = lines(eob(item(*PAID_ITEM))).decode()
    assert [load(text.encode(encoding)).format for text in (remit, answer)] == ["x12", "fhir"]
    assert Claim.objects.count() == 1


@pytest.mark.usefixtures("practice")
def test_a_worksheet_of_a_practice():
    rows = [
        ["Claims of March", None],
        [],
        HEADER,
        [
            "00123",
            "Summit Mutual",
            99213,
            "M54.50",
            "Main",
            date(2026, 3, 2),
            date(2026, 3, 16),
            "paid",
            None,
            100,
            80,
            64,
        ],
        ["=HYPERLINK(1)", "Summit Mutual", "99213", "", "", "2026-03-02", "", "pending", "", 1, "", ""],
        ["C2", "Summit Mutual", "99213", "", "", "2026-03-02", "2026-03-16", "denied", "CO-197;CO-16", "x", "", ""],
        ["Total", None, None, None, None, None, None, None, None, 200],
    ]
    batch = load(workbook(rows), name="claims.xlsx")
    assert (batch.format, batch.status, batch.claims, batch.notices) == ("xlsx", "partly_loaded", 1, {"total_row": 1})
    assert sorted(Rejection.objects.values_list("position", "field", "code")) == [
        (5, "claim_id", "missing_value"), (6, "billed", "bad_amount"),
    ]  # fmt: skip
    assert Claim.objects.get().submitted_date == date(2026, 3, 2)


@pytest.mark.usefixtures("practice")
def test_the_worker_goes_on_after_hostile_files():
    linked = by_hand(
        "",
        rels='<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="http://x" TargetMode="External"/>'
        "</Relationships>",
    )
    hostile = {
        "bomb.xlsx": sheet_bomb(),
        "links.xlsx": linked,
        "entities.xml": b'<!DOCTYPE a [<!ENTITY a "b">]><Bundle xmlns="http://hl7.org/fhir">&a;</Bundle>',
        "login.835": b"<!DOCTYPE html><html><body>Please sign in</body></html>",
        "error.835": b'{"error": "unauthorized"}',
        "path.zip": zipped({"../../x": "<html></html>"}),
        "nul.csv": b"\0" * 4096,
    }
    codes = [load(content, name=name).error_code for name, content in hostile.items()]
    assert codes == ["archive_bomb", "no_sheet", *["unknown_format"] * 3, "", "empty_file"]
    assert load(x12(PAID_835, amount="64")).status == "loaded"
    assert Claim.objects.count() == 1
