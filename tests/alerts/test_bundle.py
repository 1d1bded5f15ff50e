"""What an incident was worked out from, to take away: whole, the same twice, checked by its own script, without PHI."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.alerts.bundles import checked, unpacked
from tests.alerts.conftest import Practice
from upstream.alerts.bundle import bundle_of
from upstream.alerts.models import Incident, IncidentClaim
from upstream.audit.models import PHIAccess

FILES = [
    "README.txt", "inputs/claims.csv", "inputs/events.csv", "inputs/run.json", "manifest.json", "outputs/incident.json",
    "outputs/members.csv", "verify.py",
]  # fmt: skip


@pytest.fixture
def content(practice: Practice, incident: Incident) -> bytes:
    return bundle_of(incident, actor="user:x", practice="Lakeside")


def test_it_holds_what_it_says_and_checks_itself(content: bytes, incident: Incident, tmp_path: Path) -> None:
    folder = unpacked(content, tmp_path)
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == FILES
    run = json.loads((folder / "inputs/run.json").read_text())
    assert (run["method"]["name"], run["input_hash"]) == ("two-clock 2", incident.last_run.input_hash)
    told = json.loads((folder / "outputs/incident.json").read_text())
    assert (told["title"], told["observed"], told["lost_cents"]) == (
        incident.title, incident.observed, incident.lost_cents,
    )  # fmt: skip
    code, said = checked(folder)
    assert (code, said.splitlines()[-1]) == (0, "everything holds")
    assert f"ok     observed is {incident.observed}, again {incident.observed}" in said
    assert "ok     the claims behind it are those that it describes" in said


def test_it_is_the_same_twice(content: bytes, incident: Incident) -> None:
    assert bundle_of(incident, actor="user:y", practice="Lakeside") == content


def test_whoever_takes_it_is_written_down(content: bytes, incident: Incident) -> None:
    entry = PHIAccess.objects.get()
    assert (entry.actor, entry.action, entry.subject, entry.records) == (
        "user:x", "download_bundle", f"incident:{incident.public_id}", incident.observed,
    )  # fmt: skip


def test_claims_are_named_by_opaque_ids_and_days_are_weeks(content: bytes, incident: Incident, tmp_path: Path) -> None:
    folder = unpacked(content, tmp_path)
    with (folder / "inputs/claims.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    behind = {str(m.claim.public_id) for m in IncidentClaim.objects.select_related("claim")}
    assert behind <= {row["claim"] for row in rows}
    assert {row["submitted_week"][-2:] for row in rows[:500]} <= {f"{day:02}" for day in range(1, 32)}
    assert set(rows[0]) == {
        "claim", "procedure_code", "denial_reason", "location", "submitted_week", "decision_week", "outcome",
        "billed_cents", "allowed_cents", "paid_cents", "dear", "terms", "turned_away", "price_cents", "chance",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "was", "now", "said"),
    [
        ("outputs/incident.json", '"title": "', '"title": "X', "WRONG  outputs/incident.json is the file"),
        ("outputs/members.csv", "36000", "36001", "WRONG  30 claims add up to claims_cents"),
        ("inputs/claims.csv", "denied", "paid", "WRONG  the claims behind it are those that it describes"),
    ],
)
def test_a_changed_file_is_noticed(name: str, was: str, now: str, said: str, content: bytes, tmp_path: Path) -> None:
    file = unpacked(content, tmp_path) / name
    assert was in file.read_text()
    file.write_text(file.read_text().replace(was, now))
    code, told = checked(tmp_path)
    assert code == 1
    assert said in told


def test_the_command_writes_it(practice: Practice, incident: Incident, tmp_path: Path, settings: Settings) -> None:
    slug, path = practice.world.organization.slug, tmp_path / "b.zip"
    call_command("bundle", str(incident.public_id), "--tenant", slug, "--output", str(path), stdout=io.StringIO())
    assert zipfile.ZipFile(path).testzip() is None
    with pytest.raises(CommandError, match="no such incident"):
        call_command("bundle", "6d1f2a40-0000-4000-8000-000000000000", "--tenant", slug, "--output", str(path))
