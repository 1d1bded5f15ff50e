"""Exports: everything once, nothing about people unless on purpose, and no text that a spreadsheet calculates."""

import csv
import io
import json
from datetime import date

import duckdb
import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests import factories
from tests.factories import findings
from upstream.audit.models import PHIAccess
from upstream.claims.models import Claim, ClaimIdentity, Patient
from upstream.claims.models.identity import packed
from upstream.core import tenancy
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://evil.example","x")'


def sealed(model, row, *values: str) -> bytes:
    return tenant_keys().seal(packed(*values), model.TABLE, "sealed", row)


def identify(claim: Claim, number: str, last_name: str) -> None:
    """Give a claim its number and a person."""
    keys = tenant_keys()
    key = keys.index("member_id", f"M-{number}")
    claim.patient = Patient.objects.create(
        key_bidx=key, fingerprint=key, sealed=sealed(Patient, key, "", last_name, "", "", "A-1")
    )
    claim.save()
    ClaimIdentity.objects.create(
        claim=claim,
        number_bidx=claim.number_bidx,
        fingerprint=key,
        sealed=sealed(ClaimIdentity, bytes(claim.number_bidx), number, "", "", ""),
    )


@pytest.fixture
def practice():
    """Two claims of two payers, one payer named by a formula; a biller and a clinician."""
    organization = factories.organization("hillside")
    with tenancy.bind(organization.pk):
        identify(factories.claim(factories.payer("Summit Mutual"), "C-1"), "C-1", "Quimby")
        later = factories.claim(factories.payer(FORMULA), "C-2", submitted_date=date(2026, 3, 3))
        identify(later, "C-2", "=1+1")
        factories.member("biller", email="dana@hillside.example")
        factories.member("clinician", email="lee@hillside.example")
        yield organization


def run(path, *arguments: str, name: str = "export_claims") -> dict:
    out = io.StringIO()
    call_command(name, "--tenant", "hillside", "--output", str(path), "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def rows_of(path) -> list[dict]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def by_biller(*arguments: str) -> list[str]:
    return ["--with-phi", "--actor", "dana@hillside.example", "--reason", "Appeal of March denials", *arguments]


def test_a_csv_has_every_claim_once_and_nobody_in_it(practice, tmp_path):
    assert run(tmp_path / "claims.csv")["rows"] == 2
    text = (tmp_path / "claims.csv").read_text()
    assert [(row["payer"], row["billed"], row["status"]) for row in rows_of(tmp_path / "claims.csv")] == [
        (f"'{FORMULA}", "100.00", "paid"),
        ("Summit Mutual", "100.00", "paid"),
    ]
    assert "Quimby" not in text
    assert "C-1" not in text
    assert PHIAccess.objects.count() == 0


def test_a_workbook_holds_text_where_a_formula_was_meant(practice, tmp_path):
    run(tmp_path / "claims.xlsx", "--format", "xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "claims.xlsx")["Export"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (FORMULA, "s")
    assert (sheet["Q2"].value, sheet["Q2"].data_type) == (100, "n")


def test_parquet_has_real_types(practice, tmp_path):
    run(tmp_path / "claims.parquet", "--format", "parquet")
    found = duckdb.execute(
        "SELECT sum(billed)::varchar, min(submitted_date), any_value(typeof(known_at)), max(denial_reason)"
        " FROM read_parquet(?)",
        [str(tmp_path / "claims.parquet")],
    ).fetchone()
    assert found == ("200.00", date(2026, 3, 2), "TIMESTAMP", "")
    assert [path.name for path in tmp_path.iterdir() if path.suffix in {".csv", ".part"}] == []


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_identifying_values_are_exported_on_the_record(practice, tmp_path, form):
    run(tmp_path / f"claims.{form}", *by_biller("--format", form))
    entry = PHIAccess.objects.get()
    assert (entry.action, entry.records, entry.purpose, entry.outcome) == (
        "export_claims", 2, "Appeal of March denials", "granted",
    )  # fmt: skip
    assert entry.actor.startswith("user:")
    assert (tmp_path / f"claims.{form}").stat().st_mode & 0o077 == 0


def test_who_a_claim_is_about_stands_in_its_row(practice, tmp_path):
    run(tmp_path / "claims.csv", *by_biller())
    rows = rows_of(tmp_path / "claims.csv")
    assert [(row["claim_id"], row["patient_last_name"], row["patient_account"]) for row in rows] == [
        ("C-2", "'=1+1", "A-1"),
        ("C-1", "Quimby", "A-1"),
    ]


@pytest.mark.parametrize("email", ["lee@hillside.example", "nobody@hillside.example"])
def test_whoever_may_not_see_people_exports_nothing_and_it_is_written_down(practice, tmp_path, email):
    with pytest.raises(CommandError, match="may_not_see_phi"):
        run(tmp_path / "claims.csv", "--with-phi", "--actor", email, "--reason", "curious")
    assert list(tmp_path.glob("*claims*")) == []
    assert PHIAccess.objects.get().outcome == "refused"


@pytest.mark.parametrize("arguments", [["--with-phi"], ["--with-phi", "--actor", "dana@hillside.example"]])
def test_without_a_person_or_a_reason_there_are_no_identifying_values(practice, tmp_path, arguments):
    with pytest.raises(CommandError, match="reason"):
        run(tmp_path / "claims.csv", *arguments)


def test_a_failed_export_leaves_no_file(practice, tmp_path):
    with pytest.raises(CommandError, match="there is no folder"):
        run(tmp_path / "missing" / "claims.csv")
    assert list(tmp_path.glob("*claims*")) == []


def test_what_a_killed_export_left_behind_goes_and_what_runs_stays(practice, tmp_path):
    gone, running = tmp_path / ".claims.csv.abc.99999999", tmp_path / ".claims.csv.abc.1"
    for folder in (gone, running):
        folder.mkdir()
        (folder / "export").write_text("Quimby")
    run(tmp_path / "claims.csv")
    assert (gone.exists(), running.exists()) == (False, True)


def test_incidents_are_exported_with_their_money(practice, tmp_path):
    found = findings.incident(factories.payer("Civic Care"), findings.run())
    assert run(tmp_path / "incidents.csv", name="export_incidents")["rows"] == 1
    (row,) = rows_of(tmp_path / "incidents.csv")
    assert (row["incident_id"], row["payer"], row["lost"]) == (str(found.public_id), "Civic Care", "11900.00")


def test_with_people_an_incident_is_exported_claim_by_claim(practice, tmp_path):
    found = findings.incident(factories.payer("Civic Care"), findings.run())
    findings.behind(found, *Claim.objects.all())
    assert run(tmp_path / "people.csv", *by_biller(), name="export_incidents")["rows"] == 2
    assert {(row["incident_id"], row["claim_id"]) for row in rows_of(tmp_path / "people.csv")} == {
        (str(found.public_id), "C-1"),
        (str(found.public_id), "C-2"),
    }
    assert PHIAccess.objects.get().records == 2
