"""Authorizations and coverages over the API: the same rows as the pages list, and people on purpose alone."""

import json
from typing import Any

from tests.api.conftest import Caller, rows_of
from tests.ingestion.told import authorization, coverage, tell
from upstream.core import tenancy


def test_they_are_listed_and_narrowed_down(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        tell(authorization(), authorization("A1", authorization_number="AUTH78"), coverage(), coverage(False))
    (refused, approved) = rows_of(us.get("authorizations/"))
    assert {name: refused[name] for name in ("status", "procedure_code", "units", "day", "decided_date")} == {
        "status": "A3", "procedure_code": "73721", "units": "2.000", "day": "2026-03-04", "decided_date": "2026-03-04",
    }  # fmt: skip
    assert len(refused["id"]) == 32
    assert "identity" not in refused
    assert rows_of(us.get("authorizations/?status=A1")) == [approved]
    assert [row["status"] for row in rows_of(us.get("coverages/"))] == ["active", "inactive"]
    assert rows_of(us.get("coverages/?status=active&until=2026-02-28")) == []
    assert us.get("coverages/?status=none").status_code == 400


def test_people_are_named_with_the_scope_alone(us: Caller, caller_of: Any, settings: Any) -> None:
    settings.REAL_DATA_MODE = True
    with tenancy.bind(us.practice.pk):
        tell(authorization(), coverage())
    reader = caller_of(us.practice, "read", "read_phi")
    (row,) = rows_of(reader.get("authorizations/?fields=identity"))
    assert row["identity"]["last_name"] == "Lovelace"
    assert row["identity"]["authorization_number"] == "AUTH77"
    refused = caller_of(us.practice, "read").get("coverages/?fields=identity")
    assert (refused.status_code, json.loads(refused.content)["code"]) == (403, "missing_scope")
