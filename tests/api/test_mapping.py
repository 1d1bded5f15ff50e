"""Files in other columns over the API: proposed without a value, checked, confirmed."""

import json
from typing import Any

import pytest
from django.db import transaction

from tests.api.conftest import Caller, asked_of_database, told
from tests.api.test_document import declared
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.ingestion import services
from upstream.ingestion.models import Batch, MappingProfile

EXPORT = b"""Claim #,Payor,CPT,DOS,Chg Amt,Ins Pmt,Denial Cd,Pmt Date,Patient,Status
1001,Summit Mutual,99213,02/02/2026,$120.00,80.00,,02/20/2026,"Moon, June",Paid in full
1002,Summit Mutual,73721,02/03/2026,"$1,900.00",0.00,CO197,02/21/2026,"Moon, June",Denied
1003,Summit Mutual,99213,02/33/2026,120,,,,"Moon, June",Moonlit
"""


@pytest.fixture
def waiting(us: Caller) -> str:
    """The path of the mapping of a file that waits."""
    job = json.loads(us.post("uploads/", EXPORT).content)["job"].removeprefix("/api/v1/")
    read(us)
    assert json.loads(us.get(job).content)["status"] == "needs_mapping"
    return f"{job}mapping/"


def read(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        with transaction.atomic():
            newest = Batch.objects.latest("pk").pk
        services.load(newest)


def proposed(us: Caller, path: str) -> dict[str, Any]:
    response = us.get(path)
    assert response.status_code == 200
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_a_proposal_holds_no_value_of_the_file(us: Caller, waiting: str) -> None:
    found = proposed(us, waiting)
    assert {column["key"]: column["column"] for column in found["columns"]} == {
        "claim #": "claim_id", "payor": "payer", "cpt": "procedure_code", "dos": "service_date", "chg amt": "billed",
        "ins pmt": "paid", "denial cd": "denial_reason", "pmt date": "payment_date", "patient": "patient_name",
        "status": "status",
    }  # fmt: skip
    assert (found["line"], found["rows"], found["missing"], found["other_words"]) == (1, 3, [], 1)
    assert [(word["word"], word["status"]) for word in found["words"]] == [
        ("denied", "denied"),
        ("paid in full", "paid"),
    ]
    assert not [value for value in ("Moon", "moonlit", "1001", "1,900", "99213") if value in json.dumps(found)]
    assert list(declared("ProposalShape").iter_errors(found)) == []


def test_a_check_tells_what_would_come_of_it(us: Caller, waiting: str) -> None:
    mapping = proposed(us, waiting)["mapping"]
    response = us("PUT", waiting, {**mapping, "name": "Export", "check_only": True})
    assert response.status_code == 200
    found = json.loads(response.content)
    assert list(declared("MappingAnswer").iter_errors(found)) == []
    assert found == {
        "confirmed": False, "name": "Export", "version": 0, "missing": [],
        "check": {
            "claims": 2, "lines": 0, "rejected": 1, "billed": "2020.00", "paid": "80.00", "whole": True, "problem": "",
            "reasons": [{"field": "submitted_date", "code": "bad_date", "rows": 1}],
            "rejections": [{"line": 4, "field": "submitted_date", "code": "bad_date"}],
        },
    }  # fmt: skip
    with tenancy.bind(us.practice.pk), transaction.atomic():
        assert not MappingProfile.objects.exists()


def test_a_confirmed_mapping_loads_the_file_and_the_next_one(us: Caller, waiting: str) -> None:
    mapping = proposed(us, waiting)["mapping"]
    mapping["statuses"]["moonlit"] = "pending"
    response = us("PUT", waiting, {**mapping, "name": "Export"})
    found = json.loads(response.content)
    assert (response.status_code, found["confirmed"], found["version"]) == (202, True, 1)
    read(us)
    job = waiting.removesuffix("mapping/")
    assert json.loads(us.get(job).content)["counts"] == {"claims": 2, "lines": 0, "adjudications": 2, "rejected": 1}
    again = us("PUT", waiting, {**mapping, "name": "Export"})
    assert (again.status_code, told(again)["code"]) == (409, "not_waiting")
    us.post("uploads/", EXPORT.replace(b"1001", b"2001"))
    read(us)
    with tenancy.bind(us.practice.pk), transaction.atomic():
        assert (Claim.objects.count(), MappingProfile.objects.get().source) == (3, Batch.objects.first().received_from)


def test_a_mapping_may_be_named_with_the_file(us: Caller, waiting: str) -> None:
    us("PUT", waiting, {**proposed(us, waiting)["mapping"], "name": "Export"})
    assert us.post("uploads/?profile=Export", EXPORT + b"\n", Idempotency_Key="k").status_code == 202
    assert told(us.post("uploads/", EXPORT + b"\n", Idempotency_Key="k"))["code"] == "key_reused"
    assert told(us.post("uploads/?profile=Other", EXPORT + b"\n"))["code"] == "unknown_profile"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"columns": {}}, 422, "mapping_incomplete"),
        ({"columns": {"claim #": "claim_id", "payor": "claim_id"}}, 422, "column_twice"),
        ({"columns": {"claim #": "shoe_size"}}, 400, "invalid"),
        ({"decimals": "roman"}, 400, "invalid"),
        ({"name": ""}, 400, "invalid"),
        ({"tenant": 7}, 400, "invalid"),
    ],
)
def test_what_will_not_do_is_refused(us: Caller, waiting: str, change: dict[str, Any], status: int, code: str) -> None:
    refused = us("PUT", waiting, {**proposed(us, waiting)["mapping"], "name": "Export", **change})
    assert (refused.status_code, told(refused)["code"]) == (status, code)


@pytest.mark.parametrize("rows", [1, 3])
def test_questions_do_not_grow_with_rows(us: Caller, rows: int) -> None:
    head, *lines = EXPORT.splitlines()
    job = json.loads(us.post("uploads/", b"\n".join([head, *lines[:rows]])).content)["job"].removeprefix("/api/v1/")
    read(us)
    mapping = proposed(us, f"{job}mapping/")["mapping"]
    with asked_of_database() as asked:
        us.get(f"{job}mapping/")
    with asked_of_database() as checked:
        us("PUT", f"{job}mapping/", {**mapping, "name": "Export", "check_only": True})
    assert (len(asked), len(checked)) == (4, 3)
