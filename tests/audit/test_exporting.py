"""What the access log is asked for, and the file of it, which proves itself."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from tests import factories
from upstream.audit import whence
from upstream.audit.exporting import export, verify
from upstream.audit.queries import Asked, accesses, purposes
from upstream.audit.services import record_access, verify_chain
from upstream.core import tenancy
from upstream.core.errors import Unreadable
from upstream.tenants.models import Organization

NIGHT, NOON = datetime(2026, 3, 3, 4, tzinfo=UTC), datetime(2026, 3, 3, 18, tzinfo=UTC)


@pytest.fixture
def practice(db: None, settings: Settings) -> Iterator[Organization]:
    """Somebody worked at noon and exported at ten in the evening (Chicago)."""
    made = factories.organization("hillside")
    with tenancy.bind(made.pk), transaction.atomic():
        settings.FIXED_NOW = NOON
        with whence.came_from("203.0.113.9"):
            record_access(actor="user:1", action="show_claim_number", subject="claim:0a1b", purpose="work a claim")
        record_access(actor="client:partner", action="api.refused", subject="claim:0a1b", outcome="refused")
        settings.FIXED_NOW = NIGHT
        record_access(actor="user:2", action="export_claims", subject="=claims", records=250, purpose="=cmd")
        yield made


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (Asked(), [1, 2, 3]),
        (Asked(actor="user:1"), [1]),
        (Asked(actor="machines"), [2]),
        (Asked(action="exports"), [3]),
        (Asked(action="exports", hours="after"), [3]),
        (Asked(hours="after"), [3]),
        (Asked(subject="0A1B"), [1, 2]),
        (Asked(purpose="work a claim"), [1]),
        (Asked(address="203.0.113.9"), [1]),
        (Asked(outcome="refused"), [2]),
        (Asked(least=101), [3]),
        (Asked(first=date(2026, 3, 3)), [1, 2]),
        (Asked(last=date(2026, 3, 2)), [3]),
    ],
)
def test_each_question_finds_its_entries(practice: Organization, asked: Asked, numbers: list[int]) -> None:
    assert [entry.number for entry in accesses(asked, practice.time_zone)] == numbers


def test_reasons_ever_given_can_be_chosen(practice: Organization) -> None:
    assert purposes() == ["=cmd", "work a claim"]


def test_entries_with_and_without_an_address_are_one_chain(practice: Organization) -> None:
    assert verify_chain().broken_at == 0


def test_export_holds_the_entries_asked_for_and_is_one_itself(practice: Organization) -> None:
    made = io.BytesIO()
    manifest = export(Asked(least=101), made, actor="user:9", practice=practice)
    with zipfile.ZipFile(made) as archive:
        lines = [json.loads(line) for line in archive.read("accesses.jsonl").splitlines()]
        table = archive.read("accesses.csv").decode().splitlines()
    assert [(line["number"], line["records"], line["address"]) for line in lines] == [(3, 250, "")]
    assert table[1].startswith("3,2026-03-03T04:00:00+00:00,user:2,export_claims,'=claims,250,'=cmd,granted,")
    assert manifest["asked"] == {"least": "101"}
    assert (manifest["entries"], manifest["chain_entries"], manifest["chain_ok"]) == (1, 4, True)
    assert accesses(Asked(action="export_audit"), "UTC").get().actor == "user:9"
    assert verify(made)["exported_by"] == "user:9"


@pytest.mark.parametrize("changed", ["accesses.jsonl", "manifest.json"])
def test_an_export_that_was_changed_is_refused(practice: Organization, tmp_path: Path, changed: str) -> None:
    made = io.BytesIO()
    export(Asked(), made, actor="user:9", practice=practice)
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[changed] = parts[changed].replace(b"user:9" if changed == "manifest.json" else b"user:1", b"user:8")
    file = tmp_path / "audit.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(CommandError, match="not as it was exported"):
        call_command("verify_audit_export", str(file))


def test_another_file_is_no_export() -> None:
    with pytest.raises(Unreadable, match="no export"):
        verify(io.BytesIO(b"nothing"))
