"""The command line's way with files in other columns."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.factories import organization
from tests.ingestion.test_mapping import EXPORT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    organization(slug="lakeside")
    path = tmp_path / "weekly.csv"
    path.write_text(EXPORT)
    return path


def told(*words: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command(*words, "--tenant", "lakeside", "--json", stdout=out, stderr=io.StringIO())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def kept(export: Path, **changes: Any) -> Path:
    """The proposal for the file as a file of its own."""
    path = export.with_suffix(".json")
    path.write_text(json.dumps(told("mapping", "propose", str(export)) | changes))
    return path


def ingested(path: Path, *more: str) -> tuple[dict[str, Any], int]:
    out, code = io.StringIO(), 0
    try:
        call_command("ingest", "--tenant", "lakeside", "--json", str(path), *more, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return json.loads(out.getvalue()), code


def test_a_file_that_needs_a_mapping_ends_the_command_with_the_next_step(export: Path) -> None:
    result, code = ingested(export)
    assert (result["status"], result["reasons"], result["claims"], code) == (
        "needs_mapping",
        {"needs_mapping": 1},
        0,
        1,
    )
    assert "send it again with --profile NAME" in result["error"]
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("ingest", "--tenant", "lakeside", str(export), stdout=out)
    assert "weekly.csv: kept, not loaded: this file needs a mapping" in out.getvalue()


def test_a_mapping_is_proposed_imported_and_used(export: Path) -> None:
    assert told("mapping", "import", str(kept(export, name="Weekly"))) == {"name": "Weekly", "version": 1}
    result, code = ingested(export, "--profile", "Weekly")
    assert (result["status"], result["claims"], result["profile"], result["profile_version"], code) == (
        "loaded", 3, "Weekly", 1, 0,
    )  # fmt: skip
    assert ingested(export)[0]["status"] == "duplicate"


def test_what_was_exported_is_imported_again_as_the_next_version(export: Path) -> None:
    told("mapping", "import", str(kept(export, name="Weekly")))
    found = told("mapping", "export", "Weekly")
    assert (found["name"], found["columns"]["claim #"], found["day_order"]) == ("Weekly", "claim_id", "mdy")
    export.with_suffix(".json").write_text(json.dumps(found | {"payer": "Civic Care"}))
    assert told("mapping", "import", str(export.with_suffix(".json")))["version"] == 2
    listed = told("mapping", "list")
    assert (listed["name"], listed["version"], listed["active"], listed["created_by"]) == (
        "Weekly", 2, True, "command:mapping",
    )  # fmt: skip
    assert told("mapping", "retire", "Weekly") == {"name": "Weekly", "version": 2}
    assert told("mapping", "list")["active"] is False


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["export"], "missing_argument"),
        (["export", "Nothing"], "unknown_profile"),
        (["import", "/nowhere.json"], "unreadable_path"),
        (["propose", "/nowhere.csv"], "unreadable_path"),
    ],
)
def test_what_cannot_be_done_is_said(export: Path, words: list[str], code: str) -> None:
    with pytest.raises(CommandError, match=code):
        call_command("mapping", *words, "--tenant", "lakeside")


def test_json_that_is_no_mapping_is_refused(export: Path) -> None:
    for text, code in (("[]", "bad_profile"), ('{"name": "x", "colour": 1}', "bad_profile"), ("{}", "bad_name")):
        export.with_suffix(".json").write_text(text)
        with pytest.raises(CommandError, match=code):
            call_command("mapping", "import", str(export.with_suffix(".json")), "--tenant", "lakeside")


def test_an_unknown_profile_ends_ingest_before_anything_is_kept(export: Path) -> None:
    with pytest.raises(CommandError, match="unknown_profile"):
        call_command("ingest", "--tenant", "lakeside", "--profile", "Nothing", str(export))


def test_files_of_other_versions_are_read_again(export):
    profile = kept(export, name="Weekly")
    told("mapping", "import", str(profile))
    ingested(export, "--profile", "Weekly")
    assert told("mapping", "read-again", "Weekly") == {"files": 0}
    said = json.loads(profile.read_text())
    swapped = {"paid": "billed", "billed": "paid"}
    columns = {name: swapped.get(ours, ours) for name, ours in said["columns"].items()}
    profile.write_text(json.dumps({**said, "columns": columns}))
    told("mapping", "import", str(profile))
    answer = told("mapping", "read-again", "Weekly")
    assert {name: answer[name] for name in ("status", "claims", "rejected", "withdrawn_answers")} == {
        "status": "partly_loaded", "claims": 2, "rejected": 1, "withdrawn_answers": 2,
    }  # fmt: skip
    assert told("mapping", "read-again", "Weekly") == {"files": 0}
