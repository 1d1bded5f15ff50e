"""Every table of public origin: what is proposed for its columns, and what comes of it once they are matched.

Each row was checked by hand against the file's own text: the columns by what stands in them, the counts and sums by
adding them up apart from our readers.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.ingestion.world import load
from upstream.core.errors import Unreadable
from upstream.ingestion import mapping
from upstream.ingestion.formats.mapping import Proposal, propose
from upstream.ingestion.formats.mapping_check import Check, check
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.formats.readers import reader_of
from upstream.ingestion.models import Batch
from upstream.tenants.services import tenant_keys

EMEDNY = (
    "patient=patient_name code=procedure_code modifier=modifiers billed_units=units transaction_date=decided_date"
    " charge_amount=billed allowed_amount=allowed paid_amount=paid payer=payer start_date=service_date"
    " payer_classification=payer_order adj_0_code=denial_reason adj_0_group=denial_group"
)
SYNPUF = (
    "desynpuf_id=patient_account clm_id=claim_id clm_from_dt=service_date icd9_dgns_cd_1=diagnosis"
    " hcpcs_cd_1=procedure_code"
)
# file, line of the titles, separator, columns, rows looked at, the file's columns with ours, what is still missing
PROPOSED = [
    ("csv/ETL-CMS__DE1_0_2008_to_2010_Carrier_Claims_Sample_0A.csv", 1, ",", 142, 1,
     SYNPUF + " line_nch_pmt_amt_1=paid line_alowd_chrg_amt_1=allowed", "payer billed"),
    ("csv/ETL-CMS__DE1_0_2008_to_2010_Inpatient_Claims_Sample_0.csv", 1, ",", 81, 2,
     SYNPUF + " clm_pmt_amt=paid", "payer billed"),
    ("csv/ETL-CMS__DE1_0_2008_to_2010_Outpatient_Claims_Sample_0.csv", 1, ",", 76, 2,
     SYNPUF + " clm_pmt_amt=paid at_physn_npi=rendering_npi", "payer billed"),
    ("csv/ETL-CMS__Input_Test_Files.xlsx", 1, ",", 142, 2,
     SYNPUF + " prf_physn_npi_1=rendering_npi line_nch_pmt_amt_1=paid line_alowd_chrg_amt_1=allowed", "payer billed"),
    ("csv/X12-Parser-Encoder__eligibility_template.xlsx", 1, ",", 9, 0,
     "last_name=patient_last_name first_name=patient_first_name date_of_birth=patient_birth_date member_id=member_id"
     " service_date=service_date", "claim_id payer status billed"),
    ("csv/bcg-835-parser__emedny_sample.csv", 1, ",", 23, 10, EMEDNY, "claim_id"),
    ("csv/bcg-835-parser__united_healthcare_legacy_sample.csv", 1, ",", 26, 5, EMEDNY + " marker=claim_id", ""),
    ("csv/beneficiary-fhir-data__outpatient.csv", 1, "|", 234, 19,
     "bene_id=patient_account clm_id=claim_id clm_from_dt=service_date clm_freq_cd=frequency_code clm_pmt_amt=paid"
     " org_npi_num=billing_npi clm_tot_chrg_amt=billed prncpal_dgns_cd=diagnosis clm_line_num=line_id"
     " rev_cntr=revenue_code hcpcs_cd=procedure_code hcpcs_1st_mdfr_cd=modifiers"
     " rev_cntr_ptnt_rspnsblty_pmt=patient_responsibility rndrng_physn_npi=rendering_npi", "payer"),
    ("csv/dbt-synthea__claims.csv", 1, ",", 31, 1000,
     "id=claim_id patientid=patient_account primarypatientinsuranceid=payer_id servicedate=service_date status1=status"
     " lastbilleddate1=submitted_date", "payer billed"),
    ("csv/dbt-synthea__claims_transactions.csv", 1, ",", 33, 1000,
     "claimid=claim_id chargeid=line_id patientid=patient_account fromdate=service_date modifier1=modifiers units=units"
     " unitamount=billed payments=paid patientinsuranceid=member_id", "payer"),
    ("csv/edi-835-parser__all_samples.csv", 1, ",", 27, 18,
     EMEDNY.replace(" payer_classification=payer_order", "")
     + " marker=claim_id payer_claim_control_number=payer_control_number", ""),
    ("csv/revenue-cycle-healthcare-claims__ds0.csv", 1, ",", 21, 1,
     "payer_allowed_amt=allowed observed_paid_amt=paid", "claim_id payer submitted_date billed"),
    ("csv/revenue-cycle-healthcare-claims__ds1.csv", 1, ",", 11, 12,
     "payer_allowed_amt=allowed observed_paid_amt=paid", "claim_id payer submitted_date billed"),
    ("csv/revenue-cycle-healthcare-claims__ds2.csv", 1, ",", 8, 2,
     "hcpcs_cd=procedure_code", "claim_id payer submitted_date status billed"),
    ("csv/revenue-cycle-healthcare-claims__ds3_top25.csv", 1, ",", 14, 2,
     "desynpuf_id=patient_account clm_id=claim_id payer_allowed_amt=allowed observed_paid_amt=paid"
     " top_hcpcs=procedure_code", "payer submitted_date billed"),
    ("csv/tuva__raw_data__medical_claim.csv", 1, ",", 148, 0,
     "claim_id=claim_id claim_line_number=line_id person_id=patient_account member_id=member_id payer=payer"
     " plan=product claim_start_date=service_date place_of_service_code=place_of_service"
     " revenue_center_code=revenue_code"
     " service_unit_quantity=units hcpcs_code=procedure_code hcpcs_modifier_1=modifiers rendering_npi=rendering_npi"
     " billing_npi=billing_npi paid_date=payment_date paid_amount=paid allowed_amount=allowed charge_amount=billed"
     " diagnosis_code_1=diagnosis", ""),
    ("malformed/claims_bom_semicolon.csv", 1, ";", 23, 10, EMEDNY, "claim_id"),
    ("malformed/claims_money_formats.csv", 1, ",", 7, 5,
     "claim_id=claim_id payer=payer dos=service_date billed=billed allowed=allowed paid=paid denial_code=denial_reason",
     ""),
    ("malformed/claims_ragged_rows.csv", 1, ",", 23, 10, EMEDNY, "claim_id"),
    ("malformed/claims_title_rows_and_total.csv", 4, ",", 23, 11, EMEDNY, "claim_id"),
    ("public_data/qhp_issuer_denials_AK_AL_AR_AZ_DE_2022-2024.csv", 1, ",", 13, 55,
     "issuer_name=payer", "claim_id submitted_date status billed"),
    ("public_data/qhp_state_denials_2024claims.csv", 1, ",", 12, 30,
     "", "claim_id payer submitted_date status billed"),
]  # fmt: skip
NAMES = [row[0] for row in PROPOSED]


def proposal_for(path: Path) -> tuple[str, Any, Proposal]:
    kind, table = mapping.table_in([path.read_bytes()])
    return kind, table, propose(table)


@pytest.mark.parametrize(("file", "line", "separator", "width", "rows", "columns", "missing"), PROPOSED, ids=NAMES)
def test_which_column_is_which(
    shared_data: Path, file: str, line: int, separator: str, width: int, rows: int, columns: str, missing: str
) -> None:
    _, table, found = proposal_for(shared_data / file)
    assert (table.line, table.separator, len(table.titles), len(table.rows)) == (line, separator, width, rows)
    assert found.profile.columns == dict(pair.split("=") for pair in columns.split())
    assert found.missing == tuple(missing.split())


EMEDNY_CLAIM = {"marker": "claim_id"}
# file, columns that a person adds (old: none for taking one away), what else is said; then claims, lines, rows left
# out by reason, notices, cents billed and paid
READ: list[tuple[Any, ...]] = [
    ("csv/ETL-CMS__DE1_0_2008_to_2010_Carrier_Claims_Sample_0A.csv",
     {"line_alowd_chrg_amt_1": "billed"}, {"payer": "Medicare"}, 1, 0, {}, {}, 10_000, 8_000),
    ("csv/ETL-CMS__DE1_0_2008_to_2010_Inpatient_Claims_Sample_0.csv",
     {"clm_pmt_amt": "billed"}, {"payer": "Medicare", "status_from_amounts": True}, 2, 0, {}, {}, 1_600_000, 0),
    ("csv/ETL-CMS__Input_Test_Files.xlsx",
     {"line_alowd_chrg_amt_1": "billed"}, {"payer": "Medicare"}, 2, 0, {}, {"other_sheets": 1}, 17_000, 13_000),
    ("csv/bcg-835-parser__emedny_sample.csv", EMEDNY_CLAIM, {"lines": True}, 0, 0,
     {"decided_date unknown_date_order": 1, "claim_id other_line_rejected": 9}, {}, 0, 0),
    ("csv/bcg-835-parser__emedny_sample.csv", {**EMEDNY_CLAIM, "transaction_date": "received_date"},
     {"lines": True, "undated": True}, 1, 10, {}, {}, 10_250, 4_575),
    ("csv/bcg-835-parser__united_healthcare_legacy_sample.csv", {}, {}, 2, 5, {}, {}, 115_752, 34_999),
    ("csv/beneficiary-fhir-data__outpatient.csv", {}, {"payer": "Medicare"}, 19, 19, {}, {}, 13_205_609, 13_205_609),
    ("csv/edi-835-parser__all_samples.csv", {}, {}, 2, 5,
     {"billed missing_value": 1, "decided_date unknown_date_order": 1, "claim_id other_line_rejected": 11}, {}, 115_752,
     34_999),
    ("malformed/claims_bom_semicolon.csv", {**EMEDNY_CLAIM, "transaction_date": "received_date"},
     {"lines": True, "undated": True}, 1, 10, {}, {}, 10_250, 4_575),
    ("malformed/claims_money_formats.csv", {}, {}, 1, 0,
     {"allowed negative_amount": 1, "allowed bad_amount": 1, "payer missing_value": 1, "billed bad_amount": 1}, {},
     120_000, 0),
    ("malformed/claims_ragged_rows.csv", {**EMEDNY_CLAIM, "transaction_date": "received_date"},
     {"lines": True, "undated": True}, 0, 0, {" ragged_row": 3, "claim_id other_line_rejected": 7}, {}, 0, 0),
    ("malformed/claims_title_rows_and_total.csv", {**EMEDNY_CLAIM, "transaction_date": "received_date"},
     {"lines": True, "undated": True}, 1, 10, {}, {"total_row": 1}, 10_250, 4_575),
]  # fmt: skip


def read_by(path: Path, columns: dict[str, str], changes: dict[str, Any]) -> Check:
    kind, _, found = proposal_for(path)
    taken = set(columns.values()) | {found.profile.columns.get(key) for key in columns}
    kept = {key: column for key, column in found.profile.columns.items() if column not in taken}
    profile: Profile = replace(found.profile, columns=kept | columns, **changes)
    return check(reader_of(kind, profile)([path.read_bytes()]))


@pytest.mark.parametrize(
    ("file", "columns", "changes", "claims", "lines", "left_out", "notices", "billed", "paid"), READ
)
def test_what_comes_of_it(
    shared_data: Path, file: str, columns: dict[str, str], changes: dict[str, Any], claims: int, lines: int,
    left_out: dict[str, int], notices: dict[str, int], billed: int, paid: int,
) -> None:  # fmt: skip
    found = read_by(shared_data / file, columns, changes)
    reasons = {f"{column} {code}": rows for (column, code), rows in found.reasons.items()}
    assert (found.claims, found.lines, reasons, dict(found.notices)) == (claims, lines, left_out, notices)
    assert (found.billed_cents, found.paid_cents, found.problem) == (billed, paid, "")


@pytest.mark.parametrize("file", NAMES)
@pytest.mark.usefixtures("practice")
def test_every_table_is_kept_until_its_columns_are_matched(shared_data: Path, file: str) -> None:
    batch = load((shared_data / file).read_bytes(), name=file)
    assert (batch.status, batch.error_code, batch.claims) == ("needs_mapping", "needs_mapping", 0)
    assert mapping.preview(batch, tenant_keys()).table.titles
    assert Batch.objects.count() == 1


def test_every_table_is_in_the_list(shared_data: Path) -> None:
    found = {
        str(path.relative_to(shared_data))
        for folder, pattern in (("csv", "*"), ("malformed", "*.csv"), ("public_data", "*.csv"))
        for path in (shared_data / folder).glob(pattern)
    }
    assert found == set(NAMES)


def test_a_page_that_was_saved_instead_of_a_file_is_no_table(shared_data: Path) -> None:
    with pytest.raises(Unreadable, match="web page"):
        mapping.table_in([(shared_data / "malformed/html_error_page.835").read_bytes()])
