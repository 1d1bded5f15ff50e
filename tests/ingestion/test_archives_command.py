"""`ingest` of an archive answers for each file inside it."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from tests.factories import organization
from tests.ingestion.formats.workbooks import zipped
from tests.ingestion.test_archives import OTHER, REMIT, damaged
from tests.ingestion.world import csv_of, paid


@pytest.mark.django_db(transaction=True)
def test_the_command_answers_for_each_file_of_an_archive(tmp_path, capsys):
    org = organization("hillside")
    file = tmp_path / "march.zip"
    file.write_bytes(
        damaged(zipped({"first.835": REMIT, "in/b.835": OTHER, "sub.zip": zipped({"c.csv": csv_of(paid())})}))
    )
    with pytest.raises(SystemExit):
        call_command("ingest", str(file), tenant=org.slug, json=True)
    assert results(capsys, file) == [
        ("first.835", "", "rejected", {"member_damaged": 1}), ("in/b.835", "x12", "loaded", {}),
        ("sub.zip!c.csv", "csv", "loaded", {}),
    ]  # fmt: skip
    with pytest.raises(SystemExit):
        call_command("ingest", str(file), tenant=org.slug, json=True)
    assert [row[2] for row in results(capsys, file)] == ["rejected", "duplicate", "duplicate"]


def results(capsys: Any, file: Any) -> list[tuple[str, str, str, dict[str, int]]]:
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [(r["file"].removeprefix(f"{file}!"), r["format"], r["status"], r["reasons"]) for r in found]
